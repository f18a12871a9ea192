"""The stored totals beside a recount of all deals: a verification of the ledger holds the two together."""

from collections import Counter
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, null, select, text

from fairapp.core.data.db import db
from fairapp.deals.models import Deal
from fairapp.deals.totals import rules
from fairapp.deals.totals.models import DealTotals

_DEAL = Deal.__table__.c
# Deals of which all of this is the same count alike, whatever else they say.
_ALIKE = (_DEAL.counts_as, _DEAL.tier, _DEAL.status, _DEAL.held, _DEAL.usd_minor.is_(None).label("unpriced"))


def stored_sums(fair_id: int) -> dict[rules.Group, Counter[str]]:
    """Return the totals as stored, by group, without zeros."""
    table = DealTotals.__table__.c
    names = (*rules.Group._fields, *rules.STORED_COLUMNS)
    rows = db.session.execute(select(*(table[name] for name in names)).where(table.fair_id == fair_id))
    sums = {rules.Group(*row[:4]): +Counter(dict(zip(rules.STORED_COLUMNS, row[4:], strict=True))) for row in rows}
    return {group: values for group, values in sums.items() if values}


def recounted_sums(fair_id: int) -> dict[rules.Group, Counter[str]]:
    """Return the sums counted afresh from all deals, by group, without zeros: the dear way, for verification."""
    sums: dict[rules.Group, Counter[str]] = {}
    for dimension in rules.DIMENSIONS:
        for row in _deals_alike(fair_id, dimension):
            group = rules.Group(dimension, _key_text(row.key), row.counts_as, row.tier)
            sums.setdefault(group, Counter()).update(rules.figures_of_many(row._asdict(), row.deals))
    for dimension in rules.OUTCOME_DIMENSIONS:
        for row in _answered_alike(fair_id, dimension):
            answers = rules.outcome_totals(row._asdict(), dimension, _key_text(row.key), row.deals)
            for group, figures in answers.items():
                sums.setdefault(group, Counter()).update(figures)
    return {group: +values for group, values in sums.items() if any(values.values())}


def _deals_alike(fair_id: int, dimension: str) -> Any:
    """Deals that count alike in a dimension: how many, and their sums."""
    return db.session.execute(_grouped(_key_in(dimension), *_ALIKE).where(_DEAL.fair_id == fair_id))


def _answered_alike(fair_id: int, dimension: str) -> Any:
    """Deals that were answered for and count alike: how many, their sums and what of them was carried out."""
    besides = (_DEAL.follow_state, _DEAL.executed_usd.is_(None).label("not_done"))
    query = _grouped(_key_in(dimension), *_ALIKE, *besides).add_columns(_sum(_DEAL.executed_usd))
    return db.session.execute(query.where(_DEAL.fair_id == fair_id, _DEAL.follow_state.is_not(None)))


def _key_in(dimension: str) -> Any:
    """`rules.key_in` for the database, not yet as text."""
    column = rules.DIMENSIONS[dimension][0]
    key = _DEAL[column] if column else null()
    return func.substr(key, 1, 2) if dimension == "hs" else key


def _key_text(key: Any) -> str:
    return "" if key is None else str(key)


def _grouped(key: Any, *by: Any) -> Select[Any]:
    sums = (_sum(_DEAL.usd_minor), _sum(_DEAL.cny_minor))
    query = select(key.label("key"), *by, func.count().label("deals"), *sums)
    return query.group_by(*(text(str(at)) for at in range(1, len(by) + 2)))


def _sum(column: Any) -> Any:
    return cast(func.sum(column), BigInteger).label(column.name)
