"""Questions about the ledger: its head, its rows as text, and whether it is whole."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import String, Uuid, func, select, type_coerce

from fairapp.core.db import db, dialect
from fairapp.core.i18n import _
from fairapp.deals import ledger, summing
from fairapp.deals.ledger import Broken, Chain
from fairapp.deals.models import Deal, DealEntry, DealTotals, LedgerCheck, LedgerHead
from fairapp.fairs.models import Fair

_ENTRY = DealEntry.__table__.c
_STREAMED = 2_000
_STATUS_AT = ledger.FIELDS.index("status")
_DEAL_AT = ledger.FIELDS.index("deal_id")


@dataclass
class LedgerReport:
    """What a verification found: every broken entry in order, or none."""

    entries: int = 0
    head_hash: str = ledger.GENESIS
    broken: list[Broken] = field(default_factory=list)
    milliseconds: int = 0

    @property
    def ok(self) -> bool:
        return not self.broken

    def text(self) -> str:
        """For a terminal: the head, then each broken entry with its problem."""
        lines = [f"entries {self.entries}, head {self.head_hash}"]
        if self.ok:
            return "\n".join([*lines, f"whole: verified in {self.milliseconds} ms"])
        lines.append(f"BROKEN: {len(self.broken)} problems, first at entry {self.broken[0].seq}")
        return "\n".join([*lines, *(f"entry {one.seq}: {one.problem}" for one in self.broken)])


def ledger_head(fair_id: int) -> tuple[int, str]:
    """Number of entries and the hash of the last; (0, 64 zeros) before the first."""
    head = LedgerHead.__table__
    row = db.session.execute(select(head.c.entries, head.c.head_hash).where(head.c.fair_id == fair_id)).first()
    return (row.entries, row.head_hash) if row else (0, ledger.GENESIS)


def ledger_rows(fair_id: int, until: int | None = None) -> Iterator[list[str]]:
    """Each entry up to `until` as text: the fields of `ledger.FIELDS`, then prev_hash and row_hash."""
    columns = [_ENTRY[name] for name in (*ledger.FIELDS, "prev_hash", "row_hash")]
    query = select(*columns).where(_ENTRY.fair_id == fair_id).order_by(_ENTRY.seq)
    if until is not None:
        query = query.where(_ENTRY.seq <= until)
    for row in db.session.execute(query.execution_options(yield_per=_STREAMED)):
        yield ledger.texts(row)


def _bare(column: Any) -> Any:
    """A UUID as the text SQLite keeps: a hundred thousand objects less to make."""
    return type_coerce(column, String) if isinstance(column.type, Uuid) and dialect() == "sqlite" else column


def _hyphened(text: str) -> str:
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _stored_rows(fair_id: int) -> Iterator[tuple[int, str, str, list[str]]]:
    """(seq, prev_hash, row_hash, texts) of each entry, streamed."""
    names = (*ledger.FIELDS, "prev_hash", "row_hash")
    query = select(*(_bare(_ENTRY[name]) for name in names)).where(_ENTRY.fair_id == fair_id).order_by(_ENTRY.seq)
    bare = [at for at, name in enumerate(names) if isinstance(_ENTRY[name].type, Uuid)]
    hexadecimal = dialect() == "sqlite"
    for row in db.session.execute(query.execution_options(yield_per=_STREAMED)):
        values = ledger.texts(row)
        if hexadecimal:
            for at in bare:
                if values[at] != "-":
                    values[at] = _hyphened(values[at])
        hashed, prev = values.pop(), values.pop()
        yield row[1], prev, hashed, values


def ledger_report(fair_id: int) -> LedgerReport:
    """Verify a fair's ledger: the chain, its head, the heads seen before, and the deals and sums made of it."""
    started = time.perf_counter()
    entries, head_hash = ledger_head(fair_id)
    chain, last, seen = Chain(), {}, _heads_seen(fair_id)
    for seq, prev, hashed, values in _stored_rows(fair_id):
        chain.follow(seq, prev, hashed, values)
        last[values[_DEAL_AT]] = (seq, values)
        if seen.get(seq, hashed) != hashed:
            chain.broken.append(Broken(seq, "not_the_head_seen_before"))
    chain.end(entries, head_hash)
    broken = chain.broken + _broken_deals(fair_id, last) + _broken_sums(fair_id, entries)
    broken.sort(key=lambda one: one.seq)
    return LedgerReport(chain.seq, chain.hash, broken, int((time.perf_counter() - started) * 1000))


def _heads_seen(fair_id: int) -> dict[int, str]:
    """Heads that earlier verifications saw: a chain written anew does not pass through them."""
    query = select(LedgerCheck.entries, LedgerCheck.head_hash).where(LedgerCheck.fair_id == fair_id, LedgerCheck.ok)
    return {row.entries: row.head_hash for row in db.session.execute(query)}


def _broken_deals(fair_id: int, last: dict[str, tuple[int, list[str]]]) -> list[Broken]:
    """Deals whose columns are not what their last entry says. A deal changed since the rows were read is left out."""
    deal = Deal.__table__.c
    columns = [_bare(deal[name]) for name in ("id", "last_seq", *ledger.TERMS)]
    bare = [at for at, name in enumerate(ledger.TERMS) if isinstance(deal[name].type, Uuid)]
    hexadecimal = dialect() == "sqlite"
    broken = []
    for row in db.session.execute(
        select(*columns).where(deal.fair_id == fair_id).execution_options(yield_per=_STREAMED)
    ):
        key, last_seq, *terms = ledger.texts(row)
        if hexadecimal:
            key = _hyphened(key)
            for at in bare:
                terms[at] = terms[at] if terms[at] == "-" else _hyphened(terms[at])
        seq, values = last.pop(key, (0, []))
        if int(last_seq) == seq and terms != values[_STATUS_AT:]:
            broken.append(Broken(seq, "deal_differs"))
        elif seq == 0:
            broken.append(Broken(int(last_seq), "deal_without_entry"))
    return broken + [Broken(seq, "entry_without_deal") for seq, _values in last.values()]


def _broken_sums(fair_id: int, entries: int) -> list[Broken]:
    """Whether the kept summary is the recount; asked only while nobody has appended meanwhile."""
    kept, counted = kept_sums(fair_id), recounted_sums(fair_id)
    if kept == counted or ledger_head(fair_id)[0] != entries:
        return []
    return [Broken(entries, "sums_differ")]


def kept_sums(fair_id: int) -> dict[summing.Group, Counter[str]]:
    """The summary as kept, without rows of zeros."""
    table = DealTotals.__table__.c
    names = (*summing.Group._fields, *summing.COLUMNS)
    rows = db.session.execute(select(*(table[name] for name in names)).where(table.fair_id == fair_id))
    found = {}
    for row in rows:
        values = +Counter(dict(zip(summing.COLUMNS, row[4:], strict=True)))
        if values:
            found[summing.Group(*row[:4])] = values
    return found


def recounted_sums(fair_id: int) -> dict[summing.Group, Counter[str]]:
    """The summary counted afresh from all deals: the dear way, for verification and tests."""
    deal = Deal.__table__.c
    rows = db.session.execute(select(*(deal[name] for name in summing.TERMS_READ)).where(deal.fair_id == fair_id))
    counted = summing.recount(row._asdict() for row in rows)
    return {group: +values for group, values in counted.items()}


def last_ledger_checks() -> list[dict[str, Any]]:
    """For each fair with a ledger: `{"fair", "ok", "at"}`; `ok` is None before the first verification."""
    latest = (
        select(LedgerCheck.fair_id, func.max(LedgerCheck.id).label("id")).group_by(LedgerCheck.fair_id).subquery()
        if dialect() == "sqlite"
        else select(LedgerCheck.fair_id, LedgerCheck.id)
        .distinct(LedgerCheck.fair_id)
        .order_by(LedgerCheck.fair_id, LedgerCheck.id.desc())
        .subquery()
    )
    rows = db.session.execute(
        select(Fair.code, LedgerCheck.ok, LedgerCheck.at)
        .join(LedgerHead, LedgerHead.fair_id == Fair.id)
        .outerjoin(latest, latest.c.fair_id == Fair.id)
        .outerjoin(LedgerCheck, (LedgerCheck.fair_id == latest.c.fair_id) & (LedgerCheck.id == latest.c.id))
        .order_by(Fair.code)
    )
    return [{"fair": row.code, "ok": row.ok, "at": row.at and row.at.isoformat()} for row in rows]


def ledger_checks(fair_id: int, limit: int = 10) -> list[LedgerCheck]:
    """The last verifications, newest first."""
    query = select(LedgerCheck).where(LedgerCheck.fair_id == fair_id).order_by(LedgerCheck.at.desc()).limit(limit)
    return list(db.session.scalars(query))


def problem_word(problem: str) -> str:
    """A broken entry's problem for people."""
    words = {
        "missing": _("is missing"),
        "not_chained": _("does not follow the entry before it"),
        "changed": _("was changed after it was written"),
        "separator_in_text": _("holds a character that a text of the chain cannot hold"),
        "beyond_head": _("stands beyond the head"),
        "not_the_head": _("is not the head that was kept"),
        "not_the_head_seen_before": _("is not what an earlier verification saw"),
        "deal_differs": _("says something else than the deal it made"),
        "deal_without_entry": _("belongs to a deal without an entry"),
        "entry_without_deal": _("belongs to a deal that is gone"),
        "sums_differ": _("does not lead to the sums kept beside it"),
    }
    return words.get(problem, problem)
