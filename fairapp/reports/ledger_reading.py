"""The ledger up to an entry, read once: the sheets of deals are made of this."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from fairapp.core.data.db import db
from fairapp.deals.enums import CountsAs, DealStatus
from fairapp.deals.ledger.as_of import deal_lines_at, deals_changed_between, fair_days_until, statements_between
from fairapp.deals.ledger.rules import StatedDays
from fairapp.deals.models import Deal
from fairapp.deals.queries.lists import todo_deals
from fairapp.deals.totals.rules import TotalsTable
from fairapp.reports.rules import (
    COMPARED_TERMS,
    DealChange,
    EarlierPublication,
    SigningOutside,
    change_reasons,
    deal_state,
    late_day,
    signed_outside,
)

OPEN_LISTS = ("without_rate", "held", "disputed", "one_sided")
# What a line of the open deals says; names of companies are not in the ledger.
OPEN_COLUMNS = (
    "deal_number",
    "booth",
    "seller_province",
    "country",
    "country_zh",
    "country_en",
    "tier",
    "status",
    "held",
    "currency",
    "amount_minor",
    "counter_currency",
    "counter_minor",
    "usd_minor",
)
Terms = dict[str, Any]


@dataclass
class LedgerReading:
    """The ledger up to `watermark`: sums in every dimension, open deals line by line, what was late by day
    (`[deals, USD minor units]`), the seq of each deal's last entry, the ten largest amounts (USD minor units), and what
    moved since the last publication; `days` are those the ledger states of the fair, `outside` deals signed beyond them.
    """

    watermark: int
    sums: TotalsTable = field(default_factory=lambda: TotalsTable(wide=True))
    open_lines: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {name: [] for name in OPEN_LISTS})
    late_by_day: dict[str, list[int]] = field(default_factory=dict)
    last_seqs: set[int] = field(default_factory=set)
    largest_usd: list[int] = field(default_factory=list)
    changes: list[DealChange] = field(default_factory=list)
    days: list[StatedDays] = field(default_factory=list)
    outside: list[SigningOutside] = field(default_factory=list)


def read_ledger(fair_id: int, watermark: int, opening: date, earlier: Sequence[EarlierPublication]) -> LedgerReading:
    """Read a fair's ledger up to an entry; `earlier` are the publications that stand, the last of them last."""
    reading = LedgerReading(watermark)
    since = earlier[-1].watermark if earlier else watermark
    reading.days = fair_days_until(fair_id, watermark)
    moved: dict[UUID, tuple[Any, ...]] = {}
    late: dict[UUID, int] = {}
    for line in deal_lines_at(fair_id, watermark):
        reading.sums.count(line)
        reading.last_seqs.add(line["seq"])
        _note_open(reading, line)
        _note_outside(reading, line)
        day = late_day(line["first_seq"], line["signed_on"], opening, earlier)
        if day is not None:
            late[line["deal_id"]] = day
            _note_late(reading, line)
        if line["seq"] > since:
            moved[line["deal_id"]] = (line["deal_number"], tuple(line[name] for name in COMPARED_TERMS))
        _note_largest(reading, line)
    for lines in reading.open_lines.values():
        lines.sort(key=lambda line: line[0])
    if earlier:
        reading.changes = _changes(fair_id, since, watermark, moved, late)
    return reading


def _note_open(reading: LedgerReading, line: Terms) -> None:
    if line["status"] == DealStatus.VOID:
        return
    held = line["held"] is not None
    is_in = {
        "without_rate": line["rate_usd"] is None and line["amount_minor"] is not None,
        "held": held,
        "disputed": line["status"] == DealStatus.DISPUTED,
        "one_sided": line["status"] == DealStatus.DECLARED and not held,
    }
    for name in OPEN_LISTS:
        if is_in[name]:
            reading.open_lines[name].append(tuple(line[column] for column in OPEN_COLUMNS))


def _note_outside(reading: LedgerReading, line: Terms) -> None:
    if line["status"] != DealStatus.VOID:
        outside = signed_outside(line["deal_number"], line["signed_on"], line["first_seq"], reading.days)
        reading.outside += [outside] if outside else []


def _note_late(reading: LedgerReading, line: Terms) -> None:
    if line["counts_as"] != CountsAs.TRADE or line["held"] is not None or line["usd_minor"] is None:
        return
    if line["status"] != DealStatus.VOID:
        row = reading.late_by_day.setdefault(line["signed_on"].isoformat(), [0, 0])
        row[0], row[1] = row[0] + 1, row[1] + line["usd_minor"]


def _note_largest(reading: LedgerReading, line: Terms) -> None:
    if line["counts_as"] == CountsAs.TRADE and line["held"] is None and line["status"] != DealStatus.VOID:
        reading.largest_usd = sorted([*reading.largest_usd, line["usd_minor"] or 0], reverse=True)[:10]


def _changes(
    fair_id: int, since: int, watermark: int, moved: dict[UUID, tuple[Any, ...]], late: dict[UUID, int]
) -> list[DealChange]:
    """What moved after one entry and up to another, by the number of the deal."""
    statements: dict[UUID, list[tuple[str, str | None]]] = {}
    for entry in statements_between(fair_id, since, watermark):
        statements.setdefault(entry["deal_id"], []).append((entry["verb"], entry["outcome"]))
    changes = []
    before = {
        line["deal_id"]: tuple(line[name] for name in COMPARED_TERMS)
        for line in deal_lines_at(fair_id, since, deals_changed_between(fair_id, since, watermark))
    }
    for key, (number, terms_after) in moved.items():
        terms_before = before.get(key)
        if terms_before != terms_after:
            changes.append(_change(number, terms_before, terms_after, statements[key], late.get(key)))
    return sorted(changes, key=lambda change: change.number)


def _change(
    number: int,
    terms_before: tuple[Any, ...] | None,
    terms_after: tuple[Any, ...],
    statements: Iterable[tuple[str, str | None]],
    late: int | None,
) -> DealChange:
    after = deal_state(dict(zip(COMPARED_TERMS, terms_after, strict=True)))
    before = None if terms_before is None else deal_state(dict(zip(COMPARED_TERMS, terms_before, strict=True)))
    reasons = change_reasons(statements, is_new=terms_before is None, late=late is not None)
    return DealChange(number, reasons, late if terms_before is None else None, before, after)


def list_open_deals(fair_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """Return the open deals as they stand now, for a page; what is merely not confirmed yet has its own list."""
    columns = [Deal.number if name == "deal_number" else getattr(Deal, name) for name in OPEN_COLUMNS]
    return {
        name: [tuple(row) for row in db.session.execute(todo_deals(fair_id, name).with_only_columns(*columns))]
        for name in OPEN_LISTS
        if name != "one_sided"
    }
