"""Reading the cells of one row of a list, and what can be wrong with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fairapp.core.text.i18n import _l
from fairapp.core.web.forms import has_forbidden_characters, tidy
from fairapp.exhibitors.companies.names import plain_name
from fairapp.exhibitors.companies.profile import FAULTS
from fairapp.exhibitors.imports.columns import COLUMNS, ListMapping
from fairapp.exhibitors.models import ExhibitorKind

# Problems name what was not taken of a row. A fatal one refuses the row; a note says only how it was read.
PROBLEMS = {
    "no_name": _l("The row has no name."),
    "no_name_booth": _l("The row has no name. It names booth %(booth)s, which stays free for others."),
    "unusable_text": _l("The %(field)s has characters that cannot be used."),
    "too_long": _l("The %(field)s is longer than %(longest)s characters."),
    "bad_value": _l("“%(value)s” is left out: %(why)s"),
    "bad_kind": _l("“%(value)s” is no kind of exhibitor and is left out."),
    "unknown_zone": _l("The fair has no zone “%(value)s”; it is left out."),
    "unknown_delegation": _l("The fair has no delegation “%(value)s”; it is left out."),
    "unknown_product_category": _l("The fair has no product category “%(value)s”; it is left out."),
    "no_country": _l("Nobody would know where this new company is from. Correct its country or region."),
    "has_applied": _l("This company has applied. Decide on its application first."),
    "was_refused": _l("This company was refused. Approve it on its own page first."),
    "has_withdrawn": _l("This company has withdrawn. Approve it on its own page first."),
    "same_as": _l("The same company as in row %(row)s."),
    "same_as_refused": _l("The same company as in row %(row)s, which was not taken."),
    "booth_twice": _l("Booth %(booth)s stands twice in the row and counts once."),
    "hall_for_booth": _l("“%(booth)s” is a hall in place of a booth number; no booth is assigned for it."),
    "bad_booth": _l("“%(booth)s” is not a booth number."),
    "booth_wanted_by_two": _l("Booth %(booth)s is wanted by two: %(name)s in row %(row)s keeps it."),
    "booth_taken": _l("Booth %(booth)s belongs to %(name)s."),
    "booth_withdrawn": _l("Booth %(booth)s is not on the plan any more."),
    "no_hall": _l("The fair has no booth %(booth)s, and the list names no hall for it."),
}
NOTES = frozenset({"booth_twice", "same_as"})

MAX_LENGTHS = {
    "name_zh": 200,
    "name_en": 200,
    "credit_code": 60,
    "registration_number": 60,
    "kind": 60,
    "country": 100,
    "province": 60,
    "city": 60,
    "industry": 200,
    "industrial_belt": 100,
    "contact_name": 100,
    "contact_email": 254,
    "contact_phone": 60,
    "website": 200,
    "profile_zh": 4000,
    "profile_en": 4000,
}
# Words that are kept as codes and told in the reader's language
_WORDS: dict[str, dict[Any, Any]] = {"field": {column.name: column.label for column in COLUMNS}, "why": FAULTS}
_KINDS = {
    "supplier": ("供应商", "供货商", "工厂", "企业", "生产商", "exhibitor", "展商", "参展商"),
    "platform": ("平台", "电商平台", "平台企业", "e-commerce platform"),
    "service_provider": ("服务商", "服务企业", "综合服务商", "service"),
    "association": ("协会", "商会", "行业协会", "chamber", "机构"),
}
_KIND_WORDS = {plain_name(word): kind for kind, words in _KINDS.items() for word in (*words, kind)}
_ENTRY_SEPARATOR = re.compile(r"[;；|\n]")
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BREAK_IN_CHINESE = re.compile("(?<=[\u3000-\u9fff\uff00-\uffef])\\s*\n\\s*(?=[\u3000-\u9fff\uff00-\uffef])")
_BOOTH_SEPARATOR = re.compile(r"[,，、]")
_EXHIBITS = ("展商", "参展", "exhibit", "展位")
_HOSTS = ("主办", "承办", "协办", "host", "organis", "organiz", "论坛")


@dataclass(frozen=True)
class Problem:
    """Something of a row that was not taken: a code of PROBLEMS and its values; a `fatal` one refuses the row."""

    code: str
    words: dict[str, Any] = field(default_factory=dict)
    fatal: bool = False

    @property
    def is_note(self) -> bool:
        return self.code in NOTES

    def __str__(self) -> str:
        values = {name: _WORDS.get(name, {}).get(value, value) for name, value in self.words.items()}
        return str(PROBLEMS[self.code]) % {name: str(word) for name, word in values.items()}


def read_values(row: Sequence[str], mapping: ListMapping) -> tuple[dict[str, Any], list[Problem]]:
    """Return the texts of a row by field, tidy, and what is wrong with them.

    Names are always there, other fields where the list has a column.
    """
    values: dict[str, Any] = {"name_zh": "", "name_en": ""}
    problems: list[Problem] = []
    for name, max_length in MAX_LENGTHS.items():
        if name not in mapping.columns:
            continue
        text = _one_line(mapping.cell(row, name)) if not name.startswith("profile_") else mapping.cell(row, name)
        text = tidy(text) or ""
        text = "" if text.casefold() in EMPTY_SIGNS else text
        problem = _text_problem(name, text, max_length)
        if problem is not None:
            problems.append(problem)
        elif text or name not in {"country", "kind"}:
            values[name] = text
    _read_kind(values, problems)
    return values, problems


def _one_line(text: str) -> str:
    """Return a cell without what spreadsheets bring unseen: line breaks, text direction marks, zero-width spaces."""
    return " ".join(_BREAK_IN_CHINESE.sub("", _UNSEEN.sub("", text)).split())


def _text_problem(name: str, text: str, max_length: int) -> Problem | None:
    fatal = name.startswith("name_")
    values = {"field": name, "longest": max_length}
    if has_forbidden_characters(text, lines=name.startswith("profile_")):
        return Problem("unusable_text", values, fatal)
    return Problem("too_long", values, fatal) if len(text) > max_length else None


def _read_kind(values: dict[str, Any], problems: list[Problem]) -> None:
    text = values.pop("kind", "")
    kind = _KIND_WORDS.get(plain_name(text))
    if kind:
        values["kind"] = ExhibitorKind(kind)
    elif text:
        problems.append(Problem("bad_kind", {"value": text}))


def split_halls(cell: str) -> list[str]:
    """List the halls a cell names, in their order."""
    return [text.strip() for text in _ENTRY_SEPARATOR.split(cell) if text.strip()]


def split_booths(row: Sequence[str], mapping: ListMapping) -> list[tuple[str, str]]:
    """List (hall, booth) as a row pairs them: hall by hall where there are as many, else all in the one hall."""
    halls = split_halls(mapping.cell(row, "halls"))
    entries = [text.strip() for text in _ENTRY_SEPARATOR.split(mapping.cell(row, "booths")) if text.strip()]
    paired = len(halls) == len(entries)
    pairs = []
    for place, entry in enumerate(entries):
        hall = halls[place] if paired else halls[0] if len(halls) == 1 else ""
        pairs += [(hall, part.strip()) for part in _BOOTH_SEPARATOR.split(entry) if part.strip()]
    return [(hall, text) for hall, text in pairs if text.casefold() not in EMPTY_SIGNS]


def is_host_only(role: str) -> bool:
    """Return whether a role says that a company hosts and does not exhibit."""
    plain = role.casefold()
    return any(word in plain for word in _HOSTS) and not any(word in plain for word in _EXHIBITS)


EMPTY_SIGNS = frozenset({"-", "--", "/", "\\", "无", "暂无", "n/a", "na", "none", "null", "待定", "tbd"})
