"""The ledger up to an entry, read once: everything the sheets of deals are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from fairapp.core.data.db import db
from fairapp.deals.enums import CountsAs, DealStatus
from fairapp.deals.ledger.as_of import deal_lines_at, deals_changed_between, statements_between
from fairapp.deals.models import Deal
from fairapp.deals.queries.lists import todo_deals
from fairapp.deals.totals.rules import TotalsTable
from fairapp.reports.rules import SHOWN, Change, Earlier, late_day, reasons, state_of

OPEN = ("without_rate", "held", "disputed", "one_sided")
# What a line of the open deals says; names of companies are not in the ledger.
OPEN_LINE = (
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
class Reading:
    """The ledger up to `until`: sums in every dimension, open deals line by line, what was late by day
    (`[deals, USD minor units]`), the seq of each deal's last entry, and what moved since the last publication."""

    until: int
    sums: TotalsTable = field(default_factory=lambda: TotalsTable(wide=True))
    open: dict[str, list[tuple[Any, ...]]] = field(default_factory=lambda: {name: [] for name in OPEN})
    late: dict[str, list[int]] = field(default_factory=dict)
    last: set[int] = field(default_factory=set)
    largest: list[int] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def read_ledger(fair_id: int, until: int, opening: date, earlier: Sequence[Earlier]) -> Reading:
    """Read a fair's ledger up to an entry; `earlier` are the publications that stand, the last of them last."""
    reading = Reading(until)
    since = earlier[-1].watermark if earlier else until
    moved: dict[UUID, tuple[Any, ...]] = {}
    late: dict[UUID, int] = {}
    for line in deal_lines_at(fair_id, until):
        reading.sums.count(line)
        reading.last.add(line["seq"])
        _note_open(reading, line)
        day = late_day(line["first_seq"], line["signed_on"], opening, earlier)
        if day is not None:
            late[line["deal_id"]] = day
            _note_late(reading, line)
        if line["seq"] > since:
            moved[line["deal_id"]] = (line["deal_number"], tuple(line[name] for name in SHOWN))
        _note_largest(reading, line)
    for lines in reading.open.values():
        lines.sort(key=lambda line: line[0])
    if earlier:
        reading.changes = _changes(fair_id, since, until, moved, late)
    return reading


def _note_open(reading: Reading, line: Terms) -> None:
    if line["status"] == DealStatus.VOID:
        return
    held = line["held"] is not None
    found = {
        "without_rate": line["rate_usd"] is None and line["amount_minor"] is not None,
        "held": held,
        "disputed": line["status"] == DealStatus.DISPUTED,
        "one_sided": line["status"] == DealStatus.DECLARED and not held,
    }
    for name in OPEN:
        if found[name]:
            reading.open[name].append(tuple(line[column] for column in OPEN_LINE))


def _note_late(reading: Reading, line: Terms) -> None:
    if line["counts_as"] != CountsAs.TRADE or line["held"] is not None or line["usd_minor"] is None:
        return
    if line["status"] != DealStatus.VOID:
        row = reading.late.setdefault(line["signed_on"].isoformat(), [0, 0])
        row[0], row[1] = row[0] + 1, row[1] + line["usd_minor"]


def _note_largest(reading: Reading, line: Terms) -> None:
    if line["counts_as"] == CountsAs.TRADE and line["held"] is None and line["status"] != DealStatus.VOID:
        reading.largest = sorted([*reading.largest, line["usd_minor"] or 0], reverse=True)[:10]


def _changes(
    fair_id: int, since: int, until: int, moved: dict[UUID, tuple[Any, ...]], late: dict[UUID, int]
) -> list[Change]:
    """What moved after one entry and up to another, by the number of the deal."""
    said: dict[UUID, list[tuple[str, str | None]]] = {}
    for entry in statements_between(fair_id, since, until):
        said.setdefault(entry["deal_id"], []).append((entry["verb"], entry["outcome"]))
    found = []
    before = {
        line["deal_id"]: tuple(line[name] for name in SHOWN)
        for line in deal_lines_at(fair_id, since, deals_changed_between(fair_id, since, until))
    }
    for key, (number, stands) in moved.items():
        was = before.get(key)
        if was != stands:
            found.append(_change(number, was, stands, said[key], late.get(key)))
    return sorted(found, key=lambda change: change.number)


def _change(
    number: int,
    was: tuple[Any, ...] | None,
    stands: tuple[Any, ...],
    said: Iterable[tuple[str, str | None]],
    late: int | None,
) -> Change:
    after = state_of(dict(zip(SHOWN, stands, strict=True)))
    before = None if was is None else state_of(dict(zip(SHOWN, was, strict=True)))
    why = reasons(said, is_new=was is None, late=late is not None)
    return Change(number, why, late if was is None else None, before, after)


def open_now(fair_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """The open deals as they stand now, for a page; what is merely not confirmed yet has its own list."""
    columns = [Deal.number if name == "deal_number" else getattr(Deal, name) for name in OPEN_LINE]
    return {
        name: [tuple(row) for row in db.session.execute(todo_deals(fair_id, name).with_only_columns(*columns))]
        for name in OPEN
        if name != "one_sided"
    }
