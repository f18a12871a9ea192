"""Questions about paper slips: which are where, and which are missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import case, func, select

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.deals.models import Deal
from fairapp.deals.slips.models import DealSlip
from fairapp.deals.slips.rules import NumberRange, slip_code, to_ranges


@dataclass(frozen=True)
class SlipCounts:
    """The number of printed slips by where they are: entered, spoiled, handed out and not back, still at the desk."""

    printed: int = 0
    handed_out: int = 0
    entered: int = 0
    spoiled: int = 0
    missing: int = 0
    at_desk: int = 0


@dataclass(frozen=True)
class OutstandingSlips:
    """Slips that somebody was given and that have not come back."""

    holder: str
    numbers: list[NumberRange]
    count: int


def slip_by_number(fair_id: int, number: int) -> DealSlip | None:
    """Return the printed slip of a number."""
    return db.session.scalar(select(DealSlip).where(DealSlip.fair_id == fair_id, DealSlip.number == number))


def slip_of(deal: Deal) -> DealSlip | None:
    """Return the slip that a deal was entered from, None when it was declared otherwise."""
    return db.session.scalar(select(DealSlip).where(DealSlip.fair_id == deal.fair_id, DealSlip.deal_id == deal.id))


def usable_slip(fair_id: int, number: int, field: str = "slip") -> DealSlip:
    """Return a printed slip that was neither entered nor crossed out, as it stands now.

    DomainError at `field`: unknown_slip, slip_used, slip_spoiled.
    """
    query = select(DealSlip).where(DealSlip.fair_id == fair_id, DealSlip.number == number)
    slip: DealSlip | None = db.session.scalar(query.execution_options(populate_existing=True))
    code = slip_code(number)
    if slip is None:
        raise DomainError("unknown_slip", _("No slip %(code)s was printed.", code=code), field=field, status=422)
    if slip.deal_id is not None:
        raise DomainError("slip_used", _("This slip was entered already."), field=field, status=422)
    if slip.spoiled_at is not None:
        message = _("Slip %(code)s was crossed out: %(why)s", code=code, why=slip.spoiled_reason)
        raise DomainError("slip_spoiled", message, field=field, status=422)
    return slip


def slip_counts(fair_id: int) -> SlipCounts:
    """Count printed slips by where they are: printed = entered + spoiled + missing + at_desk.

    `handed_out` says how many of them left the desk at all.
    """
    is_open = DealSlip.deal_id.is_(None) & DealSlip.spoiled_at.is_(None)
    handed = DealSlip.handed_at.is_not(None)
    conditions = (
        handed,
        DealSlip.deal_id.is_not(None),
        DealSlip.spoiled_at.is_not(None),
        is_open & handed,
        is_open & ~handed,
    )
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions]
    row = db.session.execute(select(func.count(), *sums).where(DealSlip.fair_id == fair_id)).one()
    return SlipCounts(*(int(value) for value in row))


def list_missing_slips(fair_id: int) -> list[OutstandingSlips]:
    """List who has slips that have not come back, by name."""
    query = select(DealSlip.handed_to, DealSlip.number).where(
        DealSlip.fair_id == fair_id,
        DealSlip.handed_at.is_not(None),
        DealSlip.deal_id.is_(None),
        DealSlip.spoiled_at.is_(None),
    )
    rows = db.session.execute(query.order_by(DealSlip.handed_to, DealSlip.number)).all()
    return [
        _outstanding(holder, (row.number for row in own)) for holder, own in groupby(rows, lambda row: row.handed_to)
    ]


def _outstanding(holder: str, numbers: Iterable[int]) -> OutstandingSlips:
    ranges = to_ranges(numbers)
    return OutstandingSlips(holder, ranges, sum(run.count for run in ranges))


def slips_at_desk(fair_id: int) -> list[NumberRange]:
    """List the printed slips that nobody was given, as ranges."""
    query = select(DealSlip.number).where(
        DealSlip.fair_id == fair_id,
        DealSlip.handed_at.is_(None),
        DealSlip.deal_id.is_(None),
        DealSlip.spoiled_at.is_(None),
    )
    return to_ranges(db.session.scalars(query))


def list_spoiled_slips(fair_id: int) -> list[DealSlip]:
    """List the crossed out slips, by number."""
    query = select(DealSlip).where(DealSlip.fair_id == fair_id, DealSlip.spoiled_at.is_not(None))
    return list(db.session.scalars(query.order_by(DealSlip.number)))


def slips_in_range(fair_id: int, numbers: NumberRange) -> list[DealSlip]:
    """List the printed slips of a range, in order."""
    query = select(DealSlip).where(
        DealSlip.fair_id == fair_id, DealSlip.number >= numbers.first, DealSlip.number <= numbers.last
    )
    return list(db.session.scalars(query.order_by(DealSlip.number)))


def list_entered_slips(fair_id: int, limit: int = 20) -> list[DealSlip]:
    """List the slips entered last."""
    query = select(DealSlip).where(DealSlip.fair_id == fair_id, DealSlip.deal_id.is_not(None))
    return list(db.session.scalars(query.order_by(DealSlip.entered_at.desc(), DealSlip.number.desc()).limit(limit)))
