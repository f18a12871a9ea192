"""Reading one row of a list of deals, and what can be wrong with it: a row comes in whole or not at all."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from fairapp.core.imports.columns import plain_heading
from fairapp.core.text import money
from fairapp.core.text.amounts import read_amount, read_currency, split_amount
from fairapp.core.text.i18n import _l
from fairapp.core.text.number_columns import ColumnStyle
from fairapp.core.text.numbers import QUANTITY, ExactNumber, NumberError, number_problem, read_number
from fairapp.core.web.forms import has_forbidden_characters, tidy
from fairapp.deals.enums import Channel, CustomsMode, Nature, Party, Tier
from fairapp.deals.imports.columns import COLUMNS, DealMapping
from fairapp.deals.slips.rules import slip_number
from fairapp.exhibitors.companies.countries import country_code
from fairapp.exhibitors.companies.identifiers import hs_code
from fairapp.exhibitors.companies.names import plain_name

PROBLEMS = {
    "needed": _l("The %(field)s is missing."),
    "unusable_text": _l("The %(field)s has characters that cannot be used."),
    "too_long": _l("The %(field)s is longer than %(longest)s characters."),
    "bad_value": _l("“%(value)s” cannot be read as %(field)s."),
    "unknown": _l("The fair has no %(field)s “%(value)s”."),
    "same_as": _l("The same as row %(row)s. Give each deal a reference if they are two."),
    "other_parties": _l("This reference belongs to a deal of other parties, D-%(number)s."),
    "is_void": _l("Deal D-%(number)s of this reference is void."),
    "held": _l("Held: %(hold)s. It stands outside every total."),
    "refused": "%(why)s",  # a rule's own words
    "no_currency": _l("Nothing says in which currency this amount is. Choose it."),
    "number": "",  # why a number was not read: see NumberError
}
NUMBERS = frozenset({"amount", "quantity"})
NOTES = frozenset({"held"})
MAX_LENGTHS = {"key": 100, "hs_code": 10, "unit": 20, "signer_name": 100, "signer_title": 100, "slip": 30, "note": 1000}
MAX_LENGTHS |= {"seller_code": 60, "buyer_code": 60, "email": 254, "quantity": 30}
_LABELS = {column.name: column.label for column in COLUMNS}
_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "tier": {
        Tier.CONTRACT: ("合同", "签订合同", "正式合同", "contract"),
        Tier.AGREEMENT: ("协议", "签约协议", "框架协议", "agreement", "framework agreement", "mou"),
        Tier.INTENT: ("意向", "意向成交", "采购意向", "intent", "intention", "letter of intent", "loi"),
        Tier.ONSITE_ORDER: ("现场订单", "现场成交", "订单", "onsite order", "on-site order", "order"),
    },
    "nature": {
        Nature.GOODS_EXPORT: ("出口", "货物出口", "goods exported", "export"),
        Nature.GOODS_IMPORT: ("进口", "货物进口", "goods imported", "import"),
        Nature.DOMESTIC_SALE: ("内销", "国内贸易", "内贸", "domestic sale", "domestic"),
        Nature.CROSS_BORDER_SUPPLY: ("境外供货", "跨境供货", "supply abroad"),
        Nature.PLATFORM_ONBOARDING: ("平台入驻", "入驻平台", "joining a platform", "onboarding"),
        Nature.SERVICE: ("服务", "service", "services"),
        Nature.INVESTMENT: ("投资", "招商引资", "investment"),
        Nature.STRATEGIC: ("战略合作", "战略", "strategic"),
    },
    "channel": {
        Channel.BOOTH: ("展位", "booth", "at the booth"),
        Channel.MEETING: ("洽谈", "对接会", "meeting", "in a meeting"),
        Channel.CEREMONY: ("签约仪式", "仪式", "ceremony", "at a signing ceremony"),
        Channel.ONLINE: ("线上", "online"),
    },
    "reported_by": {
        Party.SELLER: ("卖方", "供应商", "展商", "seller", "supplier", "exhibitor"),
        Party.BUYER: ("买方", "采购商", "buyer"),
        Party.PLATFORM: ("平台", "platform"),
        Party.DELEGATION: ("交易团", "代表团", "delegation"),
        Party.SIGNING_DESK: ("签约台", "签约服务台", "signing desk"),
        Party.ORGANISER: ("主办方", "组委会", "organiser", "organizer"),
    },
    "customs_mode": {mode: (f"{mode}",) for mode in CustomsMode},
}
_READ = {
    name: {plain_heading(word): str(code) for code, words in codes.items() for word in (str(code), *words)}
    for name, codes in _WORDS.items()
}
MAX_QUANTITY = Decimal(10) ** 12
INCOTERMS = frozenset("EXW FCA FAS FOB CFR CIF CPT CIP DAP DPU DDP".split())
_DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")


@dataclass(frozen=True)
class Problem:
    """A code of PROBLEMS and its words; a note comes along, anything else refuses the row."""

    code: str
    words: dict[str, Any] = field(default_factory=dict)

    @property
    def is_note(self) -> bool:
        return self.code in NOTES

    def __str__(self) -> str:
        if self.code == "number":
            return f"{_LABELS[self.words['field']]}: {number_problem(self.words['why'], self.words)}"
        words = {
            name: str(_LABELS.get(value, value) if name == "field" else value) for name, value in self.words.items()
        }
        return str(PROBLEMS[self.code]) % words


@dataclass
class DealRow:
    """A row as read: typed values by field, the key that finds it again, and what was wrong."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    key: str = ""
    digest: str = ""
    amount_text: str = ""

    @property
    def name(self) -> str:
        return " → ".join(part for part in (self.values.get("seller", ""), self.values.get("buyer", "")) if part)

    @property
    def refused(self) -> bool:
        return any(not problem.is_note for problem in self.problems)


def read_row(
    number: int, cells: Sequence[str], mapping: DealMapping, styles: Mapping[str, ColumnStyle] | None = None
) -> DealRow:
    """Read one row of the list; `number` is its place in the file, from 1, `styles` those of its columns of numbers."""
    styles = styles or {}
    row = DealRow(number)
    texts = {column.name: _text(row, column.name, mapping.cell(cells, column.name)) for column in COLUMNS}
    row.values = dict(texts)
    for name in ("seller", "buyer"):
        if not texts[name] and not row.refused:
            row.problems.append(Problem("needed", {"field": name}))
    for name, read in _READERS.items():
        _read(row, name, texts[name], read)
    row.values["reported_by"] = row.values["reported_by"] or mapping.reported_by
    row.values["tier"] = row.values["tier"] or str(Tier.INTENT)
    row.values["seller_country"] = row.values["seller_country"] or "CN"
    _read_quantity(row, texts["quantity"], styles.get("quantity", ColumnStyle()))
    _read_amount(row, texts["amount"], mapping, styles.get("amount", ColumnStyle()))
    if not row.values["buyer_country"] and not row.refused:
        row.problems.append(Problem("needed", {"field": "buyer_country"}))
    row.key, row.digest = _key(row), _digest(row.values)
    return row


def _text(row: DealRow, name: str, cell: str) -> str:
    if isinstance(cell, ExactNumber) and name in NUMBERS:
        return cell
    text = tidy(" ".join(cell.split())) or ""
    if has_forbidden_characters(text):
        row.problems.append(Problem("unusable_text", {"field": name}))
        return ""
    longest = MAX_LENGTHS.get(name, 200)
    if len(text) > longest:
        row.problems.append(Problem("too_long", {"field": name, "longest": longest}))
        return text[:longest]
    return "" if text in {"-", "–", "/", "无", "N/A", "n/a"} else text


def _read(row: DealRow, name: str, text: str, read: Any) -> None:
    if not text:
        return
    try:
        row.values[name] = read(text)
    except (ValueError, KeyError, ArithmeticError):
        row.problems.append(Problem("bad_value", {"field": name, "value": text[:60]}))


def day_of(text: str) -> date:
    """Read 2021-03-18, 2021/3/18, 2021年3月18日 or 20210318; a time behind it is left out.

    ValueError for anything else.
    """
    match = _DAY.match(text)
    if match is None:
        raise ValueError("not a day")
    return date(*(int(part) for part in match.groups()))


def _read_quantity(row: DealRow, text: str, column: ColumnStyle) -> None:
    if not text:
        return
    try:
        number = read_number(text, QUANTITY, style=column.style, is_chosen=column.is_chosen)
    except NumberError as error:
        row.problems.append(_number_problem("quantity", error))
        return
    if number >= MAX_QUANTITY:
        row.problems.append(Problem("bad_value", {"field": "quantity", "value": text[:60]}))
    row.values["quantity"] = f"{number:f}"[:30]


def _number_problem(name: str, error: NumberError) -> Problem:
    return Problem("number", {"field": name, "why": error.code, **error.words})


def _slip(text: str) -> int:
    number = slip_number(text)
    if number is None:
        raise ValueError("not a slip")
    return number


def _incoterm(text: str) -> str:
    code = text.upper()[:3]
    if code not in INCOTERMS:
        raise ValueError("not an incoterm")
    return code


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", text):
        raise ValueError("not an address")
    return text


def _customs(text: str) -> str:
    return _READ["customs_mode"][re.sub(r"\D", "", text)[:4]]


_READERS: dict[str, Any] = {
    **{name: (lambda text, known=known: known[plain_heading(text)]) for name, known in _READ.items()},
    "customs_mode": _customs,
    "seller_country": country_code,
    "buyer_country": country_code,
    "signed_on": day_of,
    "hs_code": hs_code,
    "incoterm": _incoterm,
    "slip": _slip,
    "email": _email,
}


def _read_amount(row: DealRow, text: str, mapping: DealMapping, column: ColumnStyle) -> None:
    """The amount in minor units, by the unit of the list; a cell that brings a unit of its own must not be raised again."""
    row.amount_text, row.values["amount"] = text, None
    unit = _read_currency(row, text, mapping)
    if not text:
        if row.values["nature"] != Nature.STRATEGIC:
            row.problems.append(Problem("needed", {"field": "amount"}))
        return
    if not row.values["currency"]:
        row.problems.append(Problem("no_currency"))
        return
    code, style, is_chosen = row.values["currency"], column.style, column.is_chosen
    try:
        row.values["amount"] = money.to_minor(
            read_amount(text, code, unit=unit, style=style, is_chosen=is_chosen), code
        )
    except NumberError as error:
        row.problems.append(_number_problem("amount", error))


def _read_currency(row: DealRow, amount: str, mapping: DealMapping) -> int:
    """Set the currency: of its own cell, of the amount's, or of the list; return the unit of the amount.

    A code that is none is left for the rule to refuse, which says what to use.
    """
    unit, text = mapping.unit, row.values["currency"]
    try:
        own_unit, code = read_currency(text) if text else (1, "")
    except ValueError:
        if not re.fullmatch("[A-Za-z]{3}", text):
            row.problems.append(Problem("bad_value", {"field": "currency", "value": text[:60]}))
        own_unit, code = 1, text.upper()
    if own_unit not in {1, unit} and unit != 1:
        row.problems.append(Problem("number", {"field": "currency", "why": "two_units", "text": text[:60]}))
    with suppress(NumberError):  # said once the amount is read
        code = code or split_amount(amount).currency
    row.values["currency"] = code or mapping.currency
    return max(unit, own_unit)


def _key(row: DealRow) -> str:
    """The reference of the row, or what makes the deal this one: parties, amount, currency and day."""
    values = row.values
    if values["key"]:
        return _hashed("key", values["key"].casefold())
    parts = [plain_name(str(values[name])) for name in ("seller", "buyer", "goods")]
    return _hashed("row", *parts, *(str(values[name]) for name in ("amount", "currency", "signed_on", "tier", "slip")))


def _digest(values: dict[str, Any]) -> str:
    return _hashed(*(f"{name}={values[name]}" for name in sorted(values)))


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
