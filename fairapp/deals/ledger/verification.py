"""Questions about the ledger: its head, its rows as text, and whether it is whole."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import String, Text, Uuid, cast, func, select, type_coerce

from fairapp.core.data.db import Moment, db, dialect
from fairapp.deals.ledger import chain
from fairapp.deals.ledger.chain import BrokenEntry, ChainCheck
from fairapp.deals.ledger.evidence_check import broken_evidence, broken_names
from fairapp.deals.ledger.models import DealEntry, LedgerCheck, LedgerHead, PublishedHead
from fairapp.deals.models import Deal, DealFlag, DealYear
from fairapp.deals.totals.recount import recounted_sums, stored_sums
from fairapp.fairs.models import Fair

_ENTRY = DealEntry.__table__.c
_STREAMED = 2_000
_STEP = 20_000  # entries between two words of progress
_TERMS_AT = len(chain.STATEMENT)
_DEAL_AT = chain.FIELDS.index("deal_id")


@dataclass
class LedgerReport:
    """The result of a verification: every broken entry in order, or none."""

    entries: int = 0
    head_hash: str = chain.GENESIS
    broken: list[BrokenEntry] = field(default_factory=list)
    milliseconds: int = 0

    @property
    def ok(self) -> bool:
        return not self.broken

    def text(self) -> str:
        """Return the report for a terminal: the head, then each broken entry with its problem."""
        lines = [f"entries {self.entries}, head {self.head_hash}"]
        if self.ok:
            return "\n".join([*lines, f"whole: verified in {self.milliseconds} ms"])
        lines.append(f"BROKEN: {len(self.broken)} problems, first at entry {self.broken[0].seq}")
        problems = (f"entry {broken.seq}: {broken.problem} {broken.subject}".strip() for broken in self.broken)
        return "\n".join([*lines, *problems])


def ledger_head(fair_id: int) -> tuple[int, str]:
    """Return the number of entries and the hash of the last; (0, 64 zeros) before the first."""
    head = LedgerHead.__table__
    row = db.session.execute(select(head.c.entries, head.c.head_hash).where(head.c.fair_id == fair_id)).first()
    return (row.entries, row.head_hash) if row else (0, chain.GENESIS)


def ledger_rows(fair_id: int, until: int | None = None, deal_id: UUID | None = None) -> Iterator[list[str]]:
    """Yield each entry up to `until` (of a deal) as text: the fields of `chain.FIELDS`, then prev_hash and row_hash."""
    for row in _stored_rows(fair_id, until, deal_id):
        yield [*row.text.split("|"), row.prev_hash, row.row_hash]


def _stored_rows(
    fair_id: int, until: int | None = None, deal_id: UUID | None = None, *, after: int = 0
) -> Iterator[Any]:
    """(seq, prev_hash, row_hash, text) of each entry `after` one, streamed."""
    bound = joined_text([_ENTRY[name] for name in chain.FIELDS]).label("text")
    query = select(_ENTRY.seq, _ENTRY.prev_hash, _ENTRY.row_hash, bound).where(_ENTRY.fair_id == fair_id)
    if until is not None:
        query = query.where(_ENTRY.seq <= until)
    if after:
        query = query.where(_ENTRY.seq > after)
    if deal_id is not None:
        query = query.where(_ENTRY.deal_id == deal_id)
    yield from db.session.execute(query.order_by(_ENTRY.seq).execution_options(yield_per=_STREAMED))


def joined_text(columns: list[Any]) -> Any:
    """Return the columns as the chain's text, made by the database: as `chain.canonical_texts` joined by "|"."""
    return func.concat_ws("|", *(_column_text(column) for column in columns))


def _column_text(column: Any) -> Any:
    return func.coalesce(_value_text(column), "-") if column.nullable else _value_text(column)


def _value_text(column: Any) -> Any:
    return _postgresql_text(column) if dialect() == "postgresql" else _sqlite_text(column)


def _postgresql_text(column: Any) -> Any:
    if type(column.type) is Moment:
        return func.to_char(func.timezone("UTC", column), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    return column if isinstance(column.type, String) else cast(column, Text)


def _sqlite_text(column: Any) -> Any:
    kind, stored = type(column.type), type_coerce(column, String)
    if kind is Moment:
        return func.substr(stored, 1, 10) + "T" + func.substr(stored, 12) + "Z"
    if kind is Uuid:
        pieces = [func.substr(stored, start, length) for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))]
        return pieces[0] + "-" + pieces[1] + "-" + pieces[2] + "-" + pieces[3] + "-" + pieces[4]
    return stored


def ledger_report(fair_id: int, progress: Callable[[int], object] = lambda done: None) -> LedgerReport:
    """Verify a fair's ledger and return what is broken.

    The chain, its head, the heads seen before, the deals and totals made of it, and what its digests say of names,
    notes and files, and what fairapp/reactions.py adds (the rates). Statements made meanwhile are left to the next verification.
    """
    started = time.perf_counter()
    entries, head_hash = ledger_head(fair_id)
    check, last, seen = ChainCheck(), {}, _heads_seen(fair_id)
    for after in range(0, entries + 1, _STEP):
        rows = _beyond(fair_id, entries) if after + _STEP > entries else []
        for seq, prev, hashed, bound in _chain_rows(fair_id, after, min(after + _STEP, entries), rows):
            check.follow(seq, prev, hashed, bound)
            parts = bound.split("|", _TERMS_AT)
            if parts[_DEAL_AT] != "-":  # else it is about the fair itself
                last[parts[_DEAL_AT]] = (seq, parts[-1])
            if seen.get(seq, hashed) != hashed:
                check.broken.append(BrokenEntry(seq, "not_the_head_seen_before"))
        progress(min(after + _STEP, entries))
    check.finish(entries, head_hash)
    check.broken += [BrokenEntry(seq, "not_the_head_seen_before") for seq in seen if seq > check.seq]
    broken = [*check.broken, *_broken_deals(fair_id, last, entries), *_broken_sums(fair_id, entries)]
    broken += [*broken_evidence(fair_id), *broken_names(fair_id)]
    for check_beside in current_app.extensions["ledger_checks"]:
        broken += check_beside(fair_id)
    broken.sort(key=lambda entry: entry.seq)
    return LedgerReport(check.seq, check.hash, broken, int((time.perf_counter() - started) * 1000))


def _chain_rows(fair_id: int, after: int, until: int, beyond: list[Any]) -> Iterator[Any]:
    """The rows after one and up to another, then those beyond the head."""
    yield from _stored_rows(fair_id, until, after=after)
    yield from beyond


def _beyond(fair_id: int, entries: int) -> list[Any]:
    """Rows that stand behind the head although nobody has appended since it was read."""
    rows = list(_stored_rows(fair_id, after=entries)) if entries else list(_stored_rows(fair_id))
    return rows if ledger_head(fair_id)[0] == entries else []


def _heads_seen(fair_id: int) -> dict[int, str]:
    """Heads that earlier verifications saw or that were published: a chain written anew does not pass through them."""
    seen = select(LedgerCheck.entries, LedgerCheck.head_hash).where(LedgerCheck.fair_id == fair_id, LedgerCheck.ok)
    published = select(PublishedHead.seq, PublishedHead.head_hash).where(PublishedHead.fair_id == fair_id)
    return {seq: head for query in (seen, published) for seq, head in db.session.execute(query)}


def _broken_deals(fair_id: int, last: dict[str, tuple[int, str]], entries: int) -> list[BrokenEntry]:
    """Deals that stand otherwise than their last entry says. A deal changed since the rows were read is left out."""
    broken = []
    for key, last_seq, stands in _deal_texts(fair_id):
        seq, stated = last.pop(key, (0, ""))
        if seq == 0 and last_seq <= entries:
            broken.append(BrokenEntry(last_seq, "deal_without_entry"))
        elif seq and (stands != stated if last_seq == seq else last_seq <= entries or not _newer(fair_id, last_seq)):
            broken.append(BrokenEntry(seq, "deal_differs"))
    return broken + [BrokenEntry(seq, "entry_without_deal") for seq, _stated in last.values()]


def _deal_texts(fair_id: int) -> Iterator[tuple[str, int, str]]:
    """(id, last_seq, terms as the chain's text) of each deal, made of its columns, its flags and its years."""
    deal = Deal.__table__.c
    in_tables = {"years": _years_by_deal(fair_id), "risk": _flags_by_deal(fair_id)}
    runs = [list(names) for _, names in groupby(chain.TERMS, key=lambda name: name if name in in_tables else "")]
    columns = [joined_text([deal[name] for name in run]) for run in runs if run[0] not in in_tables]
    query = select(joined_text([deal.id]), deal.last_seq, *columns).where(deal.fair_id == fair_id)
    for key, last_seq, *texts in db.session.execute(query.execution_options(yield_per=_STREAMED)):
        rest = iter(texts)
        pieces = [in_tables[run[0]].get(key, "") if run[0] in in_tables else next(rest) for run in runs]
        yield key, last_seq, "|".join(pieces)


def _flags_by_deal(fair_id: int) -> dict[str, str]:
    query = select(DealFlag).where(DealFlag.fair_id == fair_id).order_by(DealFlag.deal_id, DealFlag.position)
    flags: dict[str, list[str]] = defaultdict(list)
    for flag in db.session.scalars(query):
        flags[str(flag.deal_id)].append(flag.text)
    return {key: ",".join(texts) for key, texts in flags.items()}


def _years_by_deal(fair_id: int) -> dict[str, str]:
    query = select(DealYear.deal_id, DealYear.year, DealYear.amount_minor).where(DealYear.fair_id == fair_id)
    years: dict[str, list[str]] = defaultdict(list)
    for deal_id, year, minor in db.session.execute(query.order_by(DealYear.deal_id, DealYear.year)):
        years[str(deal_id)].append(f"{year}:{minor}")
    return {key: ";".join(texts) for key, texts in years.items()}


def _newer(fair_id: int, last_seq: int) -> bool:
    """Whether the ledger has grown to this entry since."""
    return ledger_head(fair_id)[0] >= last_seq


def _broken_sums(fair_id: int, entries: int) -> list[BrokenEntry]:
    """Whether the stored totals are the recount; asked only while nobody has appended meanwhile."""
    if stored_sums(fair_id) == recounted_sums(fair_id) or ledger_head(fair_id)[0] != entries:
        return []
    return [BrokenEntry(entries, "sums_differ")]


def last_ledger_checks() -> list[dict[str, Any]]:
    """List `{"fair", "ok", "at"}` for each fair with a ledger; `ok` is None before the first verification.

    Anybody reads this: a fair that is not public has no name here.
    """
    latest = select(LedgerCheck.fair_id, func.max(LedgerCheck.at).label("at")).group_by(LedgerCheck.fair_id).subquery()
    rows = db.session.execute(
        select(Fair.code, Fair.is_public, LedgerCheck.ok, LedgerCheck.at)
        .join(LedgerHead, LedgerHead.fair_id == Fair.id)
        .outerjoin(latest, latest.c.fair_id == Fair.id)
        .outerjoin(LedgerCheck, (LedgerCheck.fair_id == latest.c.fair_id) & (LedgerCheck.at == latest.c.at))
        .order_by(Fair.code)
    )
    return [
        {"fair": row.code if row.is_public else "", "ok": row.ok, "at": row.at and row.at.isoformat()} for row in rows
    ]


def ledger_checks(fair_id: int, limit: int = 10) -> list[LedgerCheck]:
    """List the last verifications, the newest first."""
    query = select(LedgerCheck).where(LedgerCheck.fair_id == fair_id).order_by(LedgerCheck.at.desc()).limit(limit)
    return list(db.session.scalars(query))
