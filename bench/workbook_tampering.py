"""Ways to tamper with a workbook's file: each changes one random place and says where it stands."""

import hashlib
import io
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from fairapp.reports.verify_workbook import FIELDS, FINGERPRINTS

FINGERPRINTS_MARK = FINGERPRINTS.partition(" ")[2].encode()  # the part of the title that every encoding writes alike
CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"((?:(?!/>)[^>])*)>(.*?)</c>', re.DOTALL)
ROW = re.compile(rb'<row r="(\d+)"[^>]*>.*?</row>', re.DOTALL)
TEXT, VALUE, FORMULA = (
    re.compile(rb"(<t[^>]*>)([^<]+)(</t>)"),
    re.compile(rb"<v>([^<]+)</v>"),
    re.compile(rb"<f>([^<]+)</f>"),
)


@dataclass
class File:
    """The parts of a workbook, its tabs by part, and where each sheet's fingerprints begin."""

    parts: dict[str, bytes]
    rng: random.Random
    tabs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = re.findall(r'<sheet [^>]*name="([^"]*)"', self.parts["xl/workbook.xml"].decode())
        self.tabs = {f"xl/worksheets/sheet{at}.xml": name for at, name in enumerate(names, start=1)}

    def with_part(self, name: str, content: bytes) -> bytes:
        """Return the whole file with one part changed."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
            for part, part_content in (self.parts | {name: content}).items():
                target.writestr(part, part_content)
        return out.getvalue()

    def part_of(self, number: int) -> str:
        """Return the part of a sheet by its number."""
        return next(part for part, tab in self.tabs.items() if tab.startswith(f"{number} "))

    def cells(self, part: str, fits: Callable[[bytes], bool]) -> list[re.Match[bytes]]:
        """Return the cells of a sheet whose content fits, without the fingerprints."""
        content = self.parts[part]
        end = content.find(FINGERPRINTS_MARK)
        return [cell for cell in CELL.finditer(content, 0, end if end > 0 else len(content)) if fits(cell[4])]

    def anywhere(self, fits: Callable[[bytes], bool], other_than: int = 15) -> tuple[str, re.Match[bytes]]:
        """Return a random cell of any sheet but one, with its part."""
        cells: list[tuple[str, re.Match[bytes]]] = []
        while not cells:
            part = self.rng.choice([part for part, tab in self.tabs.items() if not tab.startswith(f"{other_than} ")])
            cells = [(part, cell) for cell in self.cells(part, fits)]
        return self.rng.choice(cells)

    def put(self, part: str, cell: re.Match[bytes], new: bytes) -> tuple[bytes, str]:
        """Return the file with the inside of a cell changed, and the cell's place."""
        content = self.parts[part]
        changed = content[: cell.start(4)] + new + content[cell.end(4) :]
        return self.with_part(part, changed), f"{self.tabs[part]}!{cell[1].decode()}{cell[2].decode()}"


def open_file(content: bytes, rng: random.Random) -> File:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return File({name: source.read(name) for name in source.namelist()}, rng)


def _text(file: File) -> tuple[bytes, str]:
    part, cell = file.anywhere(lambda inside: bool(TEXT.search(inside)))
    return file.put(part, cell, TEXT.sub(rb"\1\2x\3", cell[4], count=1))


def _number(file: File) -> tuple[bytes, str]:
    part, cell = file.anywhere(_is_number)
    return file.put(part, cell, VALUE.sub(lambda found: b"<v>%d</v>" % (int(float(found[1])) + 1), cell[4]))


def _is_number(inside: bytes) -> bool:
    return bool(VALUE.search(inside)) and b"<f>" not in inside


def _of_deals(file: File) -> tuple[bytes, str]:
    part = file.part_of(file.rng.choice([10, 11, 12, 13, 14]))
    cell = file.rng.choice(file.cells(part, _is_number))
    return file.put(part, cell, VALUE.sub(lambda found: b"<v>%d</v>" % (int(float(found[1])) + 1), cell[4]))


def _formula(file: File) -> tuple[bytes, str]:
    part, cell = file.anywhere(lambda inside: b"<f>" in inside)
    return file.put(part, cell, FORMULA.sub(rb"<f>1+\1</f>", cell[4]))


def _formula_gone(file: File) -> tuple[bytes, str]:
    part, cell = file.anywhere(lambda inside: b"<f>" in inside)
    return file.put(part, cell, b"<v>1</v>")


def _stored_result(file: File) -> tuple[bytes, str]:
    part, cell = file.anywhere(lambda inside: b"<f>" in inside)
    return file.put(part, cell, FORMULA.search(cell[4])[0] + b"<v>7</v>")  # type: ignore[index]


def _as_text(file: File) -> tuple[bytes, str]:
    part, cell = file.anywhere(_is_number)
    content = file.parts[part]
    changed = re.sub(rb' t="n"', b"", cell[3]) + b' t="str"'
    new = content[: cell.start(3)] + changed + content[cell.end(3) :]
    return file.with_part(part, new), f"{file.tabs[part]}!{cell[1].decode()}{cell[2].decode()}"


def _entries(file: File) -> tuple[str, list[re.Match[bytes]]]:
    part = file.part_of(15)
    return part, [row for row in ROW.finditer(file.parts[part]) if len(TEXT.findall(row[0])) > 40][1:]


def _entry(file: File) -> tuple[bytes, str]:
    """A character of a random field of a random entry."""
    part, rows = _entries(file)
    row = file.rng.choice(rows)
    texts = list(TEXT.finditer(row[0]))[: len(FIELDS)]
    text = file.rng.choice(texts)
    new = row[0][: text.start(2)] + text[2] + b"0" + row[0][text.end(2) :]
    return _with_row(file, part, row, new), f"{file.tabs[part]}!{row[1].decode()}"


def _with_row(file: File, part: str, row: re.Match[bytes], new: bytes) -> bytes:
    content = file.parts[part]
    return file.with_part(part, content[: row.start()] + new + content[row.end() :])


def _entry_gone(file: File) -> tuple[bytes, str]:
    part, rows = _entries(file)
    row = file.rng.choice(rows)
    return _with_row(file, part, row, b""), file.tabs[part]


def _entries_swapped(file: File) -> tuple[bytes, str]:
    part, rows = _entries(file)
    at = file.rng.randrange(len(rows) - 1)
    first, second = rows[at], rows[at + 1]
    moved = [second[0].replace(second[1] + b'"', first[1] + b'"'), first[0].replace(first[1] + b'"', second[1] + b'"')]
    content = file.parts[part]
    new = content[: first.start()] + moved[0] + moved[1] + content[second.end() :]
    return file.with_part(part, new), f"{file.tabs[part]}!{first[1].decode()}"


def _rehashed(file: File) -> tuple[bytes, str]:
    """An entry changed and every hash from it on made anew, on the sheet, on the cover and in every heading."""
    part, rows = _entries(file)
    at = file.rng.randrange(len(rows))
    changed_parts, prev = dict(file.parts), ""
    for place, row in enumerate(rows[at:]):
        texts = _values(row[0])
        fields, old = texts[: len(FIELDS)], texts[len(FIELDS) + 1]
        if place == 0:
            prev, fields[FIELDS.index("booth")] = texts[len(FIELDS)], "X9"
            new = _with_booth(row[0])
            changed_parts[part] = changed_parts[part].replace(row[0], new)
        hashed = hashlib.sha256("FL1\n{}\n{}".format(prev, "|".join(fields)).encode()).hexdigest()
        changed_parts = {
            name: content.replace(old.encode(), hashed.encode()) for name, content in changed_parts.items()
        }
        prev = hashed
    return File(changed_parts, file.rng).with_part(part, changed_parts[part]), file.tabs[part]


def _column(name: bytes) -> int:
    number = 0
    for character in name:
        number = number * 26 + character - 64
    return number


def _values(row: bytes) -> list[str]:
    texts = [""] * (len(FIELDS) + 4)
    for cell in CELL.finditer(row):
        text = TEXT.search(cell[4])
        texts[_column(cell[1]) - 1] = text[2].decode() if text else ""
    return [text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">") for text in texts]


def _with_booth(row: bytes) -> bytes:
    wanted = FIELDS.index("booth") + 1
    for cell in CELL.finditer(row):
        if _column(cell[1]) == wanted:
            return row[: cell.start(4)] + b"<is><t>X9</t></is>" + row[cell.end(4) :]
    empty = re.search(rb'<c r="([A-Z]+)\d+"[^>]*/>', row)
    while empty and _column(empty[1]) != wanted:
        empty = re.compile(rb'<c r="([A-Z]+)\d+"[^>]*/>').search(row, empty.end())
    assert empty, "every entry has a cell for its booth"
    cell_text = re.sub(rb" t=\"[a-zA-Z]*\"", b"", empty[0][:-2]) + b' t="inlineStr"><is><t>X9</t></is></c>'
    return row[: empty.start()] + cell_text + row[empty.end() :]


def _fingerprint(file: File) -> tuple[bytes, str]:
    part = file.part_of(23)
    content = file.parts[part]
    start = content.find(FINGERPRINTS_MARK)
    hashes = list(re.finditer(rb"<t>([0-9a-f]{64})</t>", content[start:]))
    chosen = file.rng.choice(hashes)
    at = start + chosen.start(1)
    return file.with_part(part, content[:at] + (b"0" if content[at : at + 1] != b"0" else b"1") + content[at + 1 :]), ""


def _hidden_row(file: File) -> tuple[bytes, str]:
    part = file.rng.choice(list(file.tabs))
    row = file.rng.choice(list(ROW.finditer(file.parts[part])))
    new = row[0].replace(b"<row ", b'<row hidden="1" ', 1)
    return _with_row(file, part, row, new), f"{file.tabs[part]}!{row[1].decode()}"


def _renamed_sheet(file: File) -> tuple[bytes, str]:
    tab = file.rng.choice(list(file.tabs.values()))
    book = file.parts["xl/workbook.xml"].replace(f'name="{tab}"'.encode(), f'name="{tab[:28]}."'.encode())
    return file.with_part("xl/workbook.xml", book), f"{tab[:28]}."


def _macro(file: File) -> tuple[bytes, str]:
    name = file.rng.choice(["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "customXml/item1.xml"])
    return file.with_part(name, b"x"), name


KINDS: dict[str, Callable[[File], tuple[bytes, str]]] = {
    "text": _text,
    "number": _number,
    "deal_total": _of_deals,
    "formula": _formula,
    "formula_gone": _formula_gone,
    "stored_result": _stored_result,
    "number_as_text": _as_text,
    "entry": _entry,
    "entry_gone": _entry_gone,
    "entries_swapped": _entries_swapped,
    "rehashed_tail": _rehashed,
    "fingerprint": _fingerprint,
    "hidden_row": _hidden_row,
    "renamed_sheet": _renamed_sheet,
    "foreign_part": _macro,
}
