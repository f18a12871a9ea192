"""The ledger as it stood after an entry: nothing here reads a deal, only what entries said."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from fairapp.core.data.db import db
from fairapp.deals.ledger import chain
from fairapp.deals.ledger.models import DealEntry
from fairapp.deals.ledger.rules import StatedDays, stated_days

_ENTRY = DealEntry.__table__.c
_STREAMED = 2_000
LINE_COLUMNS = ("deal_id", "deal_number", "seq", *chain.TERMS)
STATEMENT_COLUMNS = ("deal_id", "seq", "verb", "outcome", "reason")
Line = dict[str, Any]


def deal_lines_at(fair_id: int, until: int, among: Select[UUID] | None = None) -> Iterator[Line]:
    """Yield each deal as its last entry up to `until` says it stands, in the order of those entries.

    The columns of LINE_COLUMNS, and `first_seq`, its first entry. `among` narrows to some deals.
    """
    entries = (_ENTRY.fair_id == fair_id, _ENTRY.seq <= until, _ENTRY.deal_id.is_not(None))
    narrowed = entries if among is None else (*entries, _ENTRY.deal_id.in_(among))
    ends = select(func.max(_ENTRY.seq), func.min(_ENTRY.seq)).where(*narrowed).group_by(_ENTRY.deal_id)
    first_of = {row[0]: row[1] for row in db.session.execute(ends)}
    last_of_each = select(func.max(_ENTRY.seq)).where(*narrowed).group_by(_ENTRY.deal_id)
    # "in", not a join: SQLite walks a join of the two without an index, once an entry
    query = select(*(_ENTRY[name] for name in LINE_COLUMNS)).where(
        _ENTRY.fair_id == fair_id, _ENTRY.seq.in_(last_of_each)
    )
    for row in db.session.execute(query.order_by(_ENTRY.seq).execution_options(yield_per=_STREAMED)):
        line = dict(zip(LINE_COLUMNS, row, strict=True))
        yield line | {"first_seq": first_of[line["seq"]]}


def deals_changed_between(fair_id: int, after: int, until: int) -> Select[UUID]:
    """Return the deals about which something was said after one entry and up to another, as a subquery."""
    return select(_ENTRY.deal_id).where(
        _ENTRY.fair_id == fair_id, _ENTRY.seq > after, _ENTRY.seq <= until, _ENTRY.deal_id.is_not(None)
    )


def fair_days_until(fair_id: int, until: int) -> list[StatedDays]:
    """List the days of the fair as entries up to `until` stated them, in order."""
    query = select(_ENTRY.seq, _ENTRY.fair_facts).where(_ENTRY.fair_id == fair_id, _ENTRY.seq <= until)
    rows = db.session.execute(query.where(_ENTRY.fair_facts.is_not(None)).order_by(_ENTRY.seq))
    return [stated_days(seq, facts) for seq, facts in rows]


def statements_between(fair_id: int, after: int, until: int) -> Iterator[Line]:
    """Yield what was said after one entry and up to another, in order: the columns of STATEMENT_COLUMNS."""
    query = select(*(_ENTRY[name] for name in STATEMENT_COLUMNS))
    query = query.where(_ENTRY.fair_id == fair_id, _ENTRY.seq > after, _ENTRY.seq <= until, _ENTRY.deal_id.is_not(None))
    query = query.order_by(_ENTRY.seq)
    for row in db.session.execute(query.execution_options(yield_per=_STREAMED)):
        yield dict(zip(STATEMENT_COLUMNS, row, strict=True))
