"""Forgeries of a workbook's file that know how it is checked: false parts beside the true ones, things laid over
cells, and figures changed and sealed anew. Each says where it stands."""

import io
import re
from collections.abc import Callable

from bench.workbook_tampering import FINGERPRINTS_MARK, ROW, File
from bench.workbook_tampering import KINDS as TAMPERED
from fairapp.core.documents.row_spool import row_renderer
from fairapp.reports.verify_workbook import (
    CHECKS,
    CONTENT_HASH,
    FIELDS,
    FINGERPRINTS,
    LEDGER,
    SHARES,
    TABLES,
    Book,
    Sheet,
    SheetSeal,
    Table,
    content_hash,
    letter,
    named,
    part_hashes,
    tables_of,
    total_column,
)
from fairapp.reports.workbook.writer import seal_lines

BOOK, BOOK_RELS, ROOT_RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"
FALSE_TEXT = b"<is><t>1,000,000</t></is>"
Forged = tuple[bytes, str]


def changed(file: File, part: str, old: bytes, new: bytes, further_parts: dict[str, bytes] | None = None) -> bytes:
    """Return the file with something put once in place of another thing in a part, and further parts."""
    assert old in file.parts[part], (part, old)
    return File(file.parts | (further_parts or {}), file.rng).with_part(part, file.parts[part].replace(old, new, 1))


def _shadow_book(file: File) -> Forged:
    """Every true part stays; the package points to a book beside them."""
    name = f"xl/worksheets/book{file.rng.randint(1, 99)}.xml"
    return changed(file, ROOT_RELS, BOOK.encode(), name.encode(), {name: file.parts[BOOK]}), ROOT_RELS


def _shadow_sheet(file: File) -> Forged:
    part = file.rng.choice(list(file.tabs))
    false = f"xl/worksheets/sheet{file.rng.randint(50, 99)}.xml"
    more = {false: file.parts[part].replace(b"<v>1", b"<v>9")}
    return changed(file, BOOK_RELS, f'"/{part}"'.encode(), f'"/{false}"'.encode(), more), BOOK


def _shadow_styles(file: File) -> Forged:
    name = f"xl/styles{file.rng.randint(2, 99)}.xml"
    more = {name: file.parts["xl/styles.xml"].replace(b"#,##0", b"#,##0,,")}
    return changed(file, BOOK_RELS, b'"styles.xml"', f'"/{name}"'.encode(), more), BOOK_RELS


def _other_type(file: File) -> Forged:
    part = file.rng.choice(list(file.tabs))
    old = f'PartName="/{part}" ContentType="'.encode()
    return changed(file, "[Content_Types].xml", old, old + b"x-"), BOOK_RELS


def _cells_swapped(file: File) -> Forged:
    """Two cells of a row stand one for the other, the later first."""
    rows: list[re.Match[bytes]] = []
    while not rows:
        part = file.rng.choice(list(file.tabs))
        rows = [row for row in ROW.finditer(file.parts[part]) if len(re.findall(rb'<c r="', row[0])) > 1]
    row = file.rng.choice(rows)
    places = re.findall(rb'<c r="([A-Z]+\d+)"', row[0])
    at = file.rng.randrange(len(places) - 1)
    swap = {places[at]: places[at + 1], places[at + 1]: places[at]}
    new = re.sub(rb'(?<=<c r=")[A-Z]+\d+', lambda found: swap.get(found[0], found[0]), row[0])
    return changed(file, part, row[0], new), f"{file.tabs[part]}!{row[1].decode()}"


def _part(file: File, pattern: str) -> str:
    return file.rng.choice([name for name in file.parts if re.fullmatch(pattern, name)])


def _text_box(file: File) -> Forged:
    name = _part(file, r"xl/drawings/drawing\d+\.xml")
    box = b"<absoluteAnchor><sp><txBody><t>1,000,000</t></txBody></sp></absoluteAnchor></wsDr>"
    return changed(file, name, b"</wsDr>", box), name


def _chart_cache(file: File) -> Forged:
    name = _part(file, r"xl/charts/chart\d+\.xml")
    return changed(file, name, b"</f></numRef>", b'</f><numCache><ptCount val="1"/></numCache></numRef>'), name


def _chart_elsewhere(file: File) -> Forged:
    """A chart that shows another column."""
    name = _part(file, r"xl/charts/chart\d+\.xml")
    return changed(file, name, b"$7:", b"$8:") if b"$7:" in file.parts[name] else changed(file, name, b"$", b""), name


def _picture(file: File) -> Forged:
    name = _part(file, r"xl/media/image\d+\.png")
    return changed(file, name, b"IEND", b"IENE"), name


def _flat(file: File) -> Forged:
    """Columns and rows nobody sees."""
    part = file.rng.choice([part for part in file.tabs if b"<col " in file.parts[part]])
    ways = [(rb'(<col )width="[\d.]+"', rb'\1width="0"'), (rb"(<col )", rb'\1hidden="true" ')]
    ways += [(rb'(<row r="7")', rb'\1 hidden="true"'), (rb'(<row r="7")', rb'\1 ht="0" customHeight="1"')]
    pattern, new = file.rng.choice(ways)
    return file.with_part(part, re.sub(pattern, new, file.parts[part], count=1)), file.tabs[part]


def _beside_the_hash(file: File) -> Forged:
    """A figure on the cover, in the row of the content hash."""
    part = file.part_of(0)
    row = next(row for row in ROW.finditer(file.parts[part]) if b"Content hash" in row[0])
    column = file.rng.choice(["C", "D", "E"])
    cell = f'<c r="{column}{row[1].decode()}" t="inlineStr">'.encode() + FALSE_TEXT + b"</c></row>"
    return changed(file, part, row[0], row[0].replace(b"</row>", cell)), f"{file.tabs[part]}!{column}"


def _around(file: File) -> Forged:
    """A heading printed on each page, or an extension."""
    part = file.rng.choice(list(file.tabs))
    new = file.rng.choice([b"<headerFooter><oddHeader>final</oddHeader></headerFooter>", b"<extLst><ext/></extLst>"])
    return changed(file, part, b"</worksheet>", new + b"</worksheet>"), file.tabs[part]


def _look(file: File) -> Forged:
    """A cell shown in another format."""
    part, cell = file.anywhere(lambda inside: b"<v>" in inside)
    old = cell[0][: cell[0].index(b">")]
    new = re.sub(rb' s="\d+"', b"", old) + b' s="%d"' % file.rng.randint(100, 200)
    return changed(file, part, cell[0], cell[0].replace(old, new, 1)), file.tabs[part]


# --- figures changed, and the whole file sealed anew -----------------------------------------------------------------


_SEALS: dict[tuple[str, int], tuple[SheetSeal, str]] = {}


def _seal(book: Book, tab: str, part: str, content: bytes) -> tuple[SheetSeal, str]:
    """The seal of a sheet as it is now, and what stands around its rows; sheets that did not change are read once."""
    key = (part, hash(content))
    if key not in _SEALS:
        seal, sealing = SheetSeal(tab), True
        for number, texts, styles in book.rows(Sheet(tab), part):
            sealing = sealing and texts[:1] != ["s" + FINGERPRINTS]
            if texts[:1] == ["s" + CONTENT_HASH]:
                texts = [texts[0], "", *texts[2:]]
            seal.row(number, texts if sealing else [], styles)
        _SEALS[key] = seal, book.frames[part]
    return _SEALS[key]


def resealed(file: File, part: str, content: bytes) -> bytes:
    """Return the file with a part changed, and every fingerprint and the content hash made anew."""
    changed_parts = file.parts | {part: content}
    book = Book(io.BytesIO(file.with_part(part, content)))
    sealed = {name: _seal(book, tab, name, changed_parts[name]) for tab, name in book.tabs}
    seals, around = [seal for seal, _ in sealed.values()], {name: frame for name, (_, frame) in sealed.items()}
    hashes = part_hashes(book.zip, around)
    checks, cover = file.part_of(CHECKS), file.part_of(0)
    start = next(row for row in ROW.finditer(changed_parts[checks]) if FINGERPRINTS_MARK in row[0])
    first = int(start[1]) + 2
    begin, end = changed_parts[checks].index(f'<row r="{first}"'.encode()), changed_parts[checks].index(b"</sheetData>")
    write = row_renderer(first, [0] * 5)
    fingerprints = b"".join(write(at, line) for at, line in enumerate(seal_lines(seals, hashes)))
    changed_parts[checks] = changed_parts[checks][:begin] + fingerprints + changed_parts[checks][end:]
    stated = re.compile(rb"(Content hash</t>.*?<t>)[0-9a-f]{64}", re.DOTALL)
    changed_parts[cover] = stated.sub(
        lambda found: found[1] + content_hash(seals, hashes).encode(), changed_parts[cover], count=1
    )
    return File(changed_parts, file.rng).with_part(part, changed_parts[part])


def _of_deals(file: File) -> tuple[str, Sheet, Table]:
    """A random table of deals with rows."""
    tables: list[tuple[str, Sheet, Table]] = []
    while not tables:
        number, title = file.rng.choice(list(TABLES))
        part = file.part_of(number)
        sheet = _sheet(file.tabs[part], part, file)
        tables = [(part, sheet, table) for table in tables_of(sheet) if named(table, title) and table.rows]
    return tables[0]


_SHEETS: dict[tuple[str, int], Sheet] = {}


def _sheet(tab: str, part: str, file: File) -> Sheet:
    key = (part, hash(file.parts[part]))
    if key not in _SHEETS:
        book, sheet = Book(io.BytesIO(file.with_part(part, file.parts[part]))), Sheet(tab)
        sheet.cells = {number: texts for number, texts, _styles in book.rows(sheet, part)}
        _SHEETS[key] = sheet
    return _SHEETS[key]


def _typed(file: File, part: str, place: str, value: str) -> bytes:
    """The file, sealed anew, with another number or text in a cell."""
    cell = re.compile(rf'<c r="{place}"[^>]*?(?:/>|>.*?</c>)'.encode(), re.DOTALL)
    inside = f"<v>{value}</v>" if value.isdecimal() else f"<is><t>{value}</t></is>"
    kind = "" if value.isdecimal() else ' t="inlineStr"'
    new = f'<c r="{place}"{kind}>{inside}</c>'.replace("<5", "&lt;5").encode()
    content, count = cell.subn(new, file.parts[part], count=1)
    assert count, place
    return resealed(file, part, content)


def _columns(table: Table) -> list[int]:
    return [at for at, heading in enumerate(table.headings, 1) if total_column(heading)]


def _figure(file: File, value: str) -> Forged:
    part, sheet, table = _of_deals(file)
    row, column = file.rng.choice(table.rows), file.rng.choice(_columns(table))
    return _typed(file, part, f"{letter(column)}{row}", value), sheet.tab


def _figure_typed(file: File) -> Forged:
    return _figure(file, "987654321")


def _figure_hidden(file: File) -> Forged:
    return _figure(file, file.rng.choice(["<5", "–", "*"]))


def _total_typed(file: File) -> Forged:
    """A number in place of the sum."""
    table = None
    while table is None or not table.total:
        part, sheet, table = _of_deals(file)
    place = f"{letter(file.rng.choice(_columns(table)))}{table.total}"
    return _typed(file, part, place, file.rng.choice(["987654321", "…"])), f"{sheet.tab}!{place}"


def _title_renamed(file: File) -> Forged:
    table = None
    while table is None or not table.title:
        part, sheet, table = _of_deals(file)
    return _typed(file, part, f"A{table.head - 1}", "Another title"), sheet.tab


def _heading_renamed(file: File) -> Forged:
    part, sheet, table = _of_deals(file)
    return _typed(file, part, f"{letter(file.rng.choice(_columns(table)))}{table.head}", "甲\nA"), sheet.tab


def _label_renamed(file: File) -> Forged:
    """A row of a table of deals, of the headline or of the checks called by another name."""
    number = file.rng.choice([1, CHECKS])
    labels = {1: "申报金额 Declared: amount", CHECKS: "申报金额＝逐笔账本之和"}
    part = file.part_of(number)
    sheet = _sheet(file.tabs[part], part, file)
    row = next(row for row, texts in sheet.cells.items() if texts[:1] == ["s" + labels[number]])
    return _typed(file, part, f"A{row}", "甲"), sheet.tab


def _share_typed(file: File) -> Forged:
    table = None
    while table is None or not set(SHARES) & set(table.headings):
        part, sheet, table = _of_deals(file)
    column = next(at for at, heading in enumerate(table.headings, 1) if heading in SHARES)
    place = f"{letter(column)}{file.rng.choice(table.rows)}"
    return _typed(file, part, place, "7"), f"{sheet.tab}!{place}"


def _basis_hidden(file: File) -> Forged:
    """No number where the share beside is calculated from it."""
    table = None
    while table is None or SHARES[1] not in table.headings:
        part, sheet, table = _of_deals(file)
    column = next(at for at, name in enumerate(table.headings, 1) if total_column(name) == "declared 金额 USD")
    place = f"{letter(column)}{file.rng.choice(table.rows)}"
    return _typed(file, part, place, "–"), f"{sheet.tab}!{place}"


def _no_number(file: File) -> Forged:
    """An amount of the ledger that is none."""
    part = file.part_of(LEDGER)
    sheet = _sheet(file.tabs[part], part, file)
    row = file.rng.choice([row for row, texts in sheet.cells.items() if "".join(texts[1:2])[1:].isdecimal()])
    place = f"{letter(FIELDS.index('usd_minor') + 1)}{row}"
    return _typed(file, part, place, "x"), f"{sheet.tab}!{row}"


KINDS: dict[str, Callable[[File], Forged]] = {
    **TAMPERED,
    "shadow_book": _shadow_book,
    "shadow_sheet": _shadow_sheet,
    "shadow_styles": _shadow_styles,
    "other_type": _other_type,
    "cells_swapped": _cells_swapped,
    "text_box": _text_box,
    "chart_cache": _chart_cache,
    "chart_elsewhere": _chart_elsewhere,
    "picture": _picture,
    "flat": _flat,
    "beside_the_hash": _beside_the_hash,
    "around_the_rows": _around,
    "look": _look,
    "figure_typed_and_sealed": _figure_typed,
    "figure_hidden_and_sealed": _figure_hidden,
    "total_typed_and_sealed": _total_typed,
    "title_renamed_and_sealed": _title_renamed,
    "heading_renamed_and_sealed": _heading_renamed,
    "label_renamed_and_sealed": _label_renamed,
    "share_typed_and_sealed": _share_typed,
    "basis_hidden_and_sealed": _basis_hidden,
    "no_number_and_sealed": _no_number,
}
