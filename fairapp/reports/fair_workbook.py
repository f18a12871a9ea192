"""Making the workbook: every sheet read at one moment, then written."""

from collections.abc import Callable
from typing import Any, BinaryIO

from sqlalchemy import func, select

from fairapp.core.db import db, snapshot
from fairapp.deals.models import CountsAs, Deal, DealStatus
from fairapp.fairs.models import Fair
from fairapp.reports.layout import Sheet, Stamp
from fairapp.reports.queries import figures, stamp
from fairapp.reports.sheets import cover, deals, exhibitors, proof, visitors
from fairapp.reports.workbook import write_workbook

Figures = dict[str, Any]
# By the number of the workbook's plan; a sheet reads the fair, or the figures known already.
SHEETS: dict[int, Callable[[Fair, Figures], Sheet]] = {
    0: cover.cover,
    1: lambda fair, known: cover.headline(known, _largest_ten(fair)),
    3: lambda fair, _: exhibitors.exhibitors(fair),
    4: lambda fair, _: exhibitors.origin(fair),
    5: lambda fair, _: exhibitors.platforms(fair),
    6: lambda fair, _: visitors.visitors(fair),
    8: lambda fair, _: visitors.flow(fair),
    9: lambda fair, _: visitors.meetings_held(fair),
    10: lambda fair, _: deals.totals(fair),
    11: lambda fair, _: deals.by_country(fair),
    12: lambda fair, _: deals.by_product(fair),
    13: lambda fair, _: deals.by_party(fair),
    15: lambda fair, _: proof.ledger_lines(fair),
    16: lambda fair, _: proof.open_lines(fair),
    18: lambda fair, _: proof.rates(fair),
    23: proof.checks,
}


def write_fair_workbook(fair: Fair, out: BinaryIO, progress: Callable[[int], None] = lambda done: None) -> Stamp:
    """Write the workbook of a fair as it stands now; gives what its cover says."""
    with snapshot():
        sheets, stamped = read_sheets(fair)
    write_workbook(iter(sheets), stamped, out, progress)
    return stamped


def read_sheets(fair: Fair) -> tuple[list[Sheet], Stamp]:
    """Every sheet, in order; call it within a snapshot."""
    known = figures(fair)
    return [read(fair, known) for read in SHEETS.values()], stamp(fair, known)


def read_sheet(fair: Fair, number: int) -> Sheet:
    """One sheet as it stands now, for a page. KeyError when the workbook has none of that number."""
    with snapshot():
        return SHEETS[number](fair, figures(fair))


def _largest_ten(fair: Fair) -> int:
    """The ten largest declared trade deals together, USD minor units."""
    counted = (
        Deal.fair_id == fair.id,
        Deal.counts_as == CountsAs.TRADE,
        Deal.held.is_(None),
        Deal.status != DealStatus.VOID,
    )
    ten = select(Deal.usd_minor).where(*counted, Deal.usd_minor.is_not(None)).order_by(Deal.usd_minor.desc()).limit(10)
    return int(db.session.scalar(select(func.sum(ten.subquery().c.usd_minor))) or 0)
