"""A publication built from the fair, and its workbook made again: the same bytes, or a word on what differs."""

import hashlib
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any
from xml.parsers import expat

from fairapp.core.data.db import snapshot
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.deals.ledger.receipts import row_hash_at
from fairapp.fairs.models import Fair
from fairapp.reports.fair_workbook import DEFINITIONS, NEWEST, Definition, collect_facts
from fairapp.reports.ledger_reading import read_ledger
from fairapp.reports.publications.models import Publication
from fairapp.reports.publications.queries import earlier_publication_facts, frozen_content, next_number
from fairapp.reports.rules import EarlierPublication
from fairapp.reports.workbook.layout import Sheet, Stamp, Words
from fairapp.reports.workbook.serialization import dump, first_difference

Progress = Callable[[int], None]


@dataclass(frozen=True)
class BuiltPublication:
    """Everything a publication will keep: its columns by name, what it froze, and the workbook, open at its start."""

    values: dict[str, Any]
    content: bytes
    workbook: IO[bytes]


def number_label(number: int, label_zh: str, label_en: str) -> Words:
    """Return '第2期 第2天 18:00', 'No. 2 day 2, 18:00'."""
    return Words(f"第{number}期 {label_zh}".strip(), f"No. {number} {label_en}".strip())


def build_publication(
    fair: Fair, label_zh: str, label_en: str, prepared_by: str = "", progress: Progress = lambda done: None
) -> BuiltPublication:
    """Cut the figures off now, and write the workbook they make; its cover names who prepared it.

    DomainError workbook_unsound.
    """
    with snapshot():
        number = next_number(fair.id)
        earlier = earlier_publication_facts(fair)
        facts, reading = collect_facts(fair, earlier, number_label(number, label_zh, label_en), prepared_by)
    stamp, definition = facts["stamp"], DEFINITIONS[NEWEST]
    sheets = definition.sheets(fair.id, facts, reading)
    facts["published"] = published_sheets(sheets)
    content, frozen_sha256 = dump(facts)
    written = _write_workbook(definition, sheets, stamp, progress)
    check_workbook_opens(written)
    return BuiltPublication(
        {
            "number": number,
            "follows": earlier[-1]["number"] if earlier else 0,
            "label_zh": label_zh,
            "label_en": label_en,
            "definition_version": definition.version,
            "profile": stamp.profile,
            "as_of": datetime.fromisoformat(stamp.as_of),
            "watermark": reading.watermark,
            "head_hash": stamp.ledger_head,
            "totals": totals_of(reading.sums),
            "frozen_sha256": frozen_sha256,
            "content_hash": written.content_hash,
            "workbook_sha256": written.sha256,
            "workbook_size": written.size,
        },
        content,
        written.file,
    )


@dataclass(frozen=True)
class WrittenWorkbook:
    """A workbook in a file of its own, open at its start, with its hashes."""

    file: IO[bytes]
    content_hash: str
    sha256: str
    size: int


def _write_workbook(
    definition: Definition, sheets: dict[int, Sheet], stamp: Stamp, progress: Progress
) -> WrittenWorkbook:
    file: Any = TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
    content_hash = definition.write(iter(sheets.values()), stamp, file, progress)
    size = file.tell()
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return WrittenWorkbook(file, content_hash, sha256, size)


def check_workbook_opens(written: WrittenWorkbook) -> None:
    """Open the saved workbook again, as whoever receives it will: every part is whole and can be read.

    DomainError workbook_unsound, with the first part that is not. What the cells say is for verify_workbook.py,
    which takes longer than the writing.
    """
    try:
        with zipfile.ZipFile(written.file) as book:
            for name in book.namelist():
                _read_part(book, name)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError) as error:
        written.file.close()
        message = _("The workbook cannot be opened again: %(what)s", what=str(error))
        raise DomainError("workbook_unsound", message, status=409) from error
    written.file.seek(0)


def _read_part(book: zipfile.ZipFile, name: str) -> None:
    with book.open(name) as part:
        if name.endswith((".xml", ".rels")):
            expat.ParserCreate().ParseFile(part)
        while part.read(1 << 20):  # to its end: there the checksum is compared
            pass


def totals_of(sums: Any) -> dict[str, Any]:
    """Return the published totals: for each of the three sums its figures, and those of its tiers."""
    return {name: row | {"tiers": sums.by_tier(name)} for name, row in sums.by_sum().items()}


def published_sheets(sheets: dict[int, Sheet]) -> dict[str, Sheet]:
    """Return the sheets made from the ledger, as they are published; the ledger's own lines are not said twice."""
    return {str(number): sheets[number] for number in DEFINITIONS[NEWEST].of_ledger}


def rebuild_publication(publication: Publication, progress: Progress = lambda done: None) -> IO[bytes]:
    """Write a publication's workbook from the ledger and what was frozen; return the file, open at its start.

    DomainError publication_differs, naming what differs, when it would not be the same bytes.
    """
    with snapshot():
        sheets, facts = rebuild_sheets(publication)
    written = _write_workbook(DEFINITIONS[publication.definition_version], sheets, facts["stamp"], progress)
    if written.sha256 != publication.workbook_sha256:
        written.file.close()
        raise publication_differs(_("the file itself: %(hash)s", hash=written.sha256))
    return written.file


def rebuild_sheets(publication: Publication) -> tuple[dict[int, Sheet], dict[str, Any]]:
    """Return the sheets of a publication, computed anew and compared with what was published; and what was frozen.

    DomainError publication_differs, naming the first difference.
    """
    try:
        facts = frozen_content(publication)
    except ValueError as error:
        raise publication_differs(_("what was kept beside the ledger")) from error
    if _head_at(publication) != publication.head_hash:
        raise publication_differs(_("entry %(seq)s of the ledger", seq=publication.watermark))
    earlier = [EarlierPublication(fact["number"], fact["watermark"], fact["day"]) for fact in facts["earlier"]]
    reading = read_ledger(publication.fair_id, publication.watermark, facts["starts_on"], earlier)
    sheets = DEFINITIONS[publication.definition_version].sheets(publication.fair_id, facts, reading)
    difference = first_difference(publication.totals, totals_of(reading.sums), _("the totals"))
    for number, sheet in facts["published"].items():
        title = f"{sheet.number} {sheet.title}"
        difference = difference or first_difference(sheet, sheets[int(number)], title)
    if difference:
        raise publication_differs(difference)
    return sheets, facts


def _head_at(publication: Publication) -> str:
    try:
        return row_hash_at(publication.fair_id, publication.watermark)
    except LookupError:
        return ""


def publication_differs(what: str) -> DomainError:
    """Return the refusal to hand out another file than the published one."""
    return DomainError(
        "publication_differs", _("This is not what was published. It differs in: %(what)s", what=what), status=409
    )
