"""A list of booths from a file: read, judged row by row, and only then added, all or nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, select

from fairapp.core.data import clock, files
from fairapp.core.data.files import StoredFile
from fairapp.core.documents import spreadsheet
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.text.number_columns import column_style
from fairapp.core.text.numbers import ExactNumber, NumberError, Style, read_number
from fairapp.core.web.access import Actor
from fairapp.fairs.booths import rules
from fairapp.fairs.booths.queries import booth_ids_by_number
from fairapp.fairs.booths.services import NewBooth, add_booth_rows
from fairapp.fairs.models import Booth, BoothKind, Fair, Hall, Zone
from fairapp.fairs.venue import queries as venue

HEADINGS = {
    "hall": ("hall", "展馆", "馆", "馆号"),
    "number": ("number", "booth", "booth number", "booth no", "展位", "展位号", "号码"),
    "zone": ("zone", "展区", "区"),
    "kind": ("kind", "type", "类型", "展位类型"),
    "area": ("area", "area m2", "area m²", "net m2", "net m²", "面积", "面积m2", "面积(m2)", "面积 m²", "净面积"),
}
# What a list looks like: headings as many type them, and one row
EXAMPLE = (
    ("hall 展馆", "number 展位号", "zone 展区", "kind 类型", "area m² 面积"),
    ("H1", "H1-A001", "Z1", "standard", "9"),
)
_UNIT = re.compile(r"\s*(?:m²|m2|㎡|sqm|平方米|平米)\s*\Z", re.IGNORECASE)
KIND_WORDS = {
    BoothKind.STANDARD: ("", "standard", "标准", "标摊", "标准展位"),
    BoothKind.SPECIAL: ("special", "raw", "raw space", "特装", "光地", "特装展位"),
}


@dataclass(frozen=True)
class FileRow:
    """A line of the file (1 is the heading): what it says, and why it cannot be added, if so."""

    line: int
    number: str
    hall: str
    zone: str = ""
    kind: str = BoothKind.STANDARD
    area_m2: int = 9
    error: str = ""
    exists: bool = False  # the fair has the number already

    @property
    def state(self) -> str:
        """Return 'error', 'existing' (the fair has the number already) or 'new'."""
        return "error" if self.error else "existing" if self.exists else "new"


@dataclass(frozen=True)
class BoothFile:
    """All rows of a file."""

    rows: list[FileRow]

    def count(self, state: str) -> int:
        """Count rows that are 'new', 'existing' or 'error'."""
        return sum(row.state == state for row in self.rows)


def store_list(*, actor: Actor, fair: Fair, name: str, content: bytes) -> StoredFile:
    """Store a file for a day, for the person who handed it in; DomainError at `file` when it is no list of booths."""
    read_booths(fair, spreadsheet.read_rows(content, name))
    tomorrow = clock.now() + timedelta(days=1)
    return files.store_file(
        content,
        fair_id=fair.id,
        name=name,
        content_type="application/octet-stream",
        owner_id=actor.user_id,
        expires_at=tomorrow,
    )


def own_lists(actor: Actor) -> Select[StoredFile]:
    """SELECT the files one handed in oneself and that have not expired."""
    return select(StoredFile).where(
        StoredFile.fair_id == actor.fair_id,
        StoredFile.owner_id == actor.user_id,
        StoredFile.expires_at > clock.now(),
    )


def read_list(fair: Fair, file: StoredFile) -> BoothFile:
    """Return the rows of a stored file as the fair stands now."""
    with files.open_file(file) as opened:
        return read_booths(fair, spreadsheet.read_rows(opened.read(), file.name))


class _Context:
    """What a row may refer to, and what was seen so far."""

    def __init__(self, fair: Fair, area_style: Style | None = None) -> None:
        self.area_style = area_style
        self.halls = _by_any_name(venue.halls(fair))
        self.zones = _by_any_name(venue.zones(fair))
        self.numbers = set(booth_ids_by_number(fair.id))
        self.seen: dict[str, int] = {}


def _by_any_name(parts: list[Hall] | list[Zone]) -> dict[str, str]:
    """Return the code by every name people call it."""
    return {name.casefold(): part.code for part in parts for name in (part.name_en, part.name_zh, part.code) if name}


def read_booths(fair: Fair, table: list[list[str]]) -> BoothFile:
    """Judge every row; DomainError `no_columns` when the headings do not name a hall and a number."""
    if not table:
        raise DomainError("empty_file", _("The file is empty."), field="file")
    places = _column_places(table[0])
    if not {"hall", "number"} <= set(places):
        message = _("The first line must name the columns: hall and number, and if you like zone, kind and area.")
        raise DomainError("no_columns", message, field="file")
    if len(table) > rules.MAX_BOOTHS_AT_ONCE * 10:
        raise DomainError("too_many", _("The file has more than 20,000 rows."), field="file")
    rows = list(_cells_by_line(places, table))
    areas = column_style(
        (_square_metres(cells.get("area", "")) for _line, cells in rows), delimiter=spreadsheet.delimiter_of(table)
    )
    context = _Context(fair, areas.style)
    return BoothFile([_judge_row(context, line, cells) for line, cells in rows])


def _column_places(headings: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        words = heading.casefold().split()
        for name, headings_of_column in HEADINGS.items():
            if {" ".join(words), *words} & set(headings_of_column):
                places.setdefault(name, place)
    return places


def _cells_by_line(places: dict[str, int], table: list[list[str]]) -> Iterator[tuple[int, dict[str, str]]]:
    """The cells by column of each line that has some, with its number in the file."""
    for line, cells in enumerate(table[1:], 2):
        cells_by_column = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        if any(cells_by_column.values()):
            yield line, cells_by_column


def _judge_row(context: _Context, line: int, cells: dict[str, str]) -> FileRow:
    number, hall, zone = cells["number"], cells["hall"], cells.get("zone", "")
    try:
        number = _number(context, line, number)
        row = FileRow(
            line,
            number,
            _code_of(context.halls, hall, _("There is no hall %(name)s.", name=hall[:40])),
            _code_of(context.zones, zone, _("There is no zone %(name)s.", name=zone[:40])) if zone else "",
            _kind(cells.get("kind", "")),
            _area(cells.get("area", ""), context.area_style),
            exists=number in context.numbers,
        )
    except ValueError as error:
        return FileRow(line, number[:40], hall[:40], zone[:40], error=str(error.args[0]))
    context.seen[number] = line
    return row


def _number(context: _Context, line: int, text: str) -> str:
    try:
        number = rules.booth_number(text)
    except ValueError as error:
        raise ValueError(_("This is not a booth number.") if text else _("The number is missing.")) from error
    if number in context.seen:
        raise ValueError(_("Line %(line)s has this number too.", line=context.seen[number]))
    if number.casefold() in context.halls:
        raise ValueError(_("This is a hall, not a booth."))
    return number


def _code_of(codes: dict[str, str], name: str, missing: str) -> str:
    if name.casefold() not in codes:
        raise ValueError(missing)
    return codes[name.casefold()]


def _kind(text: str) -> str:
    for kind, names in KIND_WORDS.items():
        if text.casefold() in names:
            return kind
    raise ValueError(_("The kind is standard or raw space."))


def _area(text: str, style: Style | None) -> int:
    if not text:
        return FileRow.area_m2
    try:
        area = int(read_number(_square_metres(text), style=style))
    except NumberError as error:
        if error.readings:
            raise ValueError(error.message) from error
        raise ValueError(_("The area is a whole number of m² from 1 to 100,000.")) from error
    if not 0 < area <= 100_000:
        raise ValueError(_("The area is a whole number of m² from 1 to 100,000."))
    return area


def _square_metres(text: str) -> str:
    """The figures of an area, without their unit."""
    return text if isinstance(text, ExactNumber) else _UNIT.sub("", text)


def add_booths_of_file(*, actor: Actor, fair: Fair, file: BoothFile) -> list[Booth]:
    """Add the new rows; DomainError `bad_rows` while one row is wrong, so that nothing is half done."""
    if file.count("error"):
        raise DomainError("bad_rows", _("Correct the marked rows and hand in the file again."), field="file")
    halls = {hall.code: hall.id for hall in venue.halls(fair)}
    zones = {zone.code: zone.id for zone in venue.zones(fair)}
    rows = [NewBooth(r.number, halls[r.hall], zones.get(r.zone), r.kind, r.area_m2) for r in file.rows if not r.exists]
    return add_booth_rows(actor=actor, fair=fair, rows=rows)
