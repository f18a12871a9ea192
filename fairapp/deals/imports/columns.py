"""Which column of a list of deals means what, and in which unit its amounts are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fairapp.core.imports.columns import Column, cell_text, guess_mapping
from fairapp.core.text.amounts import read_currency, unit_in
from fairapp.core.text.currencies import currencies_in
from fairapp.core.text.i18n import _l
from fairapp.core.text.number_columns import ColumnStyle, column_style
from fairapp.deals.enums import Party

COLUMNS = (
    Column("key", _l("Reference"), ("key", "reference", "编号", "记录编号", "合同编号", "合同号", "协议编号", "登记号", "登记编号", "no", "no.", "contract no", "contract number", "deal no")),
    Column("seller", _l("Seller"), ("seller", "卖方", "卖家", "供方", "供货方", "供应商", "甲方", "卖方名称", "供应商名称", "展商", "参展商", "exhibitor", "supplier", "party a", "seller name")),
    Column("seller_country", _l("Country or region of the seller"), ("seller_country", "卖方国别", "卖方国家", "卖方国家或地区", "卖方所在国", "seller country", "country of the seller", "country or region of the seller")),
    Column("seller_code", _l("Registration number of the seller"), ("seller_code", "卖方信用代码", "卖方统一社会信用代码", "卖方注册号", "统一社会信用代码", "seller code", "credit code")),
    Column("buyer", _l("Buyer"), ("buyer", "买方", "买家", "采购方", "采购商", "需方", "乙方", "买方名称", "采购商名称", "purchaser", "customer", "party b", "buyer name")),
    Column("buyer_country", _l("Country or region of the buyer"), ("buyer_country", "买方国别", "买方国家", "买方国家或地区", "采购商国别", "国别", "国家", "国家或地区", "buyer country", "country of the buyer", "country or region of the buyer", "country", "country or region")),
    Column("buyer_code", _l("Registration number of the buyer"), ("buyer_code", "买方注册号", "买方信用代码", "买方统一社会信用代码", "buyer code")),
    Column("amount", _l("Amount"), ("amount", "金额", "成交金额", "签约金额", "合同金额", "意向金额", "成交额", "签约额", "value", "deal value", "contract value", "deal amount")),
    Column("currency", _l("Currency"), ("currency", "币种", "币别", "货币", "ccy")),
    Column("tier", _l("What was agreed"), ("tier", "类别", "签约类别", "成交类别", "类型", "签约类型", "what was agreed", "agreed", "kind", "type")),
    Column("nature", _l("Nature"), ("nature", "性质", "贸易性质", "业务性质")),
    Column("channel", _l("Occasion"), ("channel", "场合", "渠道", "occasion")),
    Column("customs_mode", _l("Customs mode"), ("customs_mode", "海关监管方式", "监管方式", "监管方式代码", "customs mode", "customs")),
    Column("signed_on", _l("Signed on"), ("signed_on", "签约日期", "成交日期", "签订日期", "日期", "签约时间", "date", "signed on", "signing date", "date of signing")),
    Column("reported_by", _l("Reported by"), ("reported_by", "申报方", "填报方", "上报方", "reported by", "reporter")),
    Column("goods", _l("Goods or services"), ("goods", "商品", "产品", "货物", "商品或服务", "商品名称", "产品名称", "项目", "项目名称", "goods or services", "product", "products")),
    Column("category", _l("Fair category"), ("category", "展品类别", "产品类别", "商品类别", "行业", "fair category", "product category", "sector")),
    Column("hs_code", _l("HS code"), ("hs_code", "hs编码", "海关编码", "商品编码", "hs", "hs code")),
    Column("delegation", _l("Delegation"), ("delegation", "交易团", "代表团", "采购团", "trading group")),
    Column("quantity", _l("Quantity"), ("quantity", "数量", "qty")),
    Column("unit", _l("Unit"), ("unit", "单位", "计量单位", "uom")),
    Column("incoterm", _l("Incoterm"), ("incoterm", "贸易术语", "价格条款", "成交方式", "incoterms")),
    Column("place", _l("Place of signing"), ("place", "签约地点", "地点", "place of signing")),
    Column("ceremony", _l("Ceremony"), ("ceremony", "签约仪式", "活动", "signing ceremony")),
    Column("signer_name", _l("Signed by"), ("signer_name", "签约人", "签字人", "signed by", "signer")),
    Column("signer_title", _l("Title of the signer"), ("signer_title", "签约人职务", "职务", "title of the signer")),
    Column("slip", _l("Paper slip"), ("slip", "登记单号", "单号", "slip number", "paper slip")),
    Column("email", _l("E-mail of the other side"), ("email", "买方邮箱", "邮箱", "对方邮箱", "e-mail", "buyer email")),
    Column("note", _l("Note"), ("note", "备注", "说明", "notes", "remark", "remarks")),
)  # fmt: skip

UNITS = {
    1: _l("in whole units"),
    1_000: _l("in thousands"),
    10_000: _l("in 万 (ten thousands)"),
    100_000: _l("in 十万 (hundred thousands)"),
    1_000_000: _l("in millions"),
    10**7: _l("in 千万 (ten millions)"),
    10**8: _l("in 亿"),
    10**9: _l("in billions"),
    10**10: _l("in 百亿 (ten billions)"),
    10**11: _l("in 千亿 (hundred billions)"),
    10**12: _l("in 万亿 (trillions)"),
}
# A line above the headings that says in what the amounts are; 主办单位 and its like are bodies, not units.
_TERMS_LINE = re.compile(
    r"(?:(?<![\u4e00-\u9fff])|(?<=金额)|(?<=货币)|(?<=计量))单位\s*[:：]?\s*([^;；，。)）\]】]*)"
    r"|币[种别]\s*[:：]?\s*([^;；，。)）\]】]*)"
    r"|(?:\b(?:units?|currency)\s*[:：]|\b(?:amounts?|values?|figures?)\s+(?:are\s+)?in\b)\s*([^;；)）\]】]*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class DealMapping:
    """The way to read a list.

    The column of each field, the row of headings (from 0), the unit of its amounts (0 while somebody must choose it),
    and what holds where a cell is empty: the currency ('' while somebody must choose it), and who reports. `style` is
    the decimal sign that somebody chose, '' while the cells say it themselves.
    """

    columns: Mapping[str, int] = field(default_factory=dict)
    heading_row: int = 0
    unit: int = 1
    currency: str = ""
    reported_by: str = Party.ORGANISER
    style: str = ""

    def cell(self, row: Sequence[str], name: str) -> str:
        return cell_text(row, self.columns, name)


def guessed_mapping(rows: Sequence[Sequence[str]]) -> DealMapping:
    """Return the mapping that the headings suggest; 金额（万美元） says the unit and the currency too, and so does a line
    above the headings."""
    columns, at = guess_mapping(COLUMNS, rows)
    heading = rows[at][columns["amount"]] if "amount" in columns else ""
    unit, currency = amount_terms(heading, rows[:at])
    return DealMapping(columns, at, unit, currency)


def amount_terms(heading: str, above: Sequence[Sequence[str]] = ()) -> tuple[int, str]:
    """Return unit and currency that the heading of the amounts and the lines above it say.

    The unit is 0, the currency '' where they contradict each other; a currency that nobody names is '' too.
    """
    lines = [line for cells in above for line in _terms_of_line(cells)]
    units = {unit for text in (heading, *lines) if (unit := unit_in(text)) is not None}
    in_heading = currencies_in(heading)
    codes = in_heading.union(*(currencies_in(line) for line in lines))
    is_clear = len(units) <= 1 and not (units and in_heading and unit_in(heading) is None)
    return (next(iter(units), 1) if is_clear else 0), (next(iter(codes)) if len(codes) == 1 else "")


def _terms_of_line(cells: Sequence[str]) -> list[str]:
    """What a line says of unit and currency: behind 单位, or as a cell of nothing else."""
    texts = [next(filter(None, match.groups()), "") for match in _TERMS_LINE.finditer(" ".join(filter(None, cells)))]
    return texts or [cell for cell in cells if cell and _is_currency(cell)]


def _is_currency(cell: str) -> bool:
    try:
        return bool(read_currency(cell))
    except ValueError:
        return False


def number_styles(rows: Sequence[Sequence[str]], mapping: DealMapping, delimiter: str) -> dict[str, ColumnStyle]:
    """Return the style of each column of numbers in the rows below the headings: that of the amounts helps the others."""
    cells = {name: [mapping.cell(row, name) for row in rows] for name in ("amount", "quantity")}
    styles = {name: column_style(texts, delimiter=delimiter, chosen=mapping.style) for name, texts in cells.items()}
    if styles["quantity"].style is None:
        styles["quantity"] = ColumnStyle(styles["amount"].style)
    return styles
