"""Making the workbook: every sheet read at one moment, then written."""

from collections.abc import Callable
from typing import BinaryIO

from sqlalchemy import func, select

from fairapp.core.db import db, snapshot
from fairapp.deals.models import CountsAs, Deal, DealStatus
from fairapp.fairs.models import Fair
from fairapp.reports.layout import Sheet, Stamp
from fairapp.reports.queries import figures, stamp
from fairapp.reports.sheets import cover, deals, exhibitors, proof, visitors
from fairapp.reports.workbook import write_workbook

SHEET_COUNT = 16


def write_fair_workbook(fair: Fair, out: BinaryIO, progress: Callable[[int], None] = lambda done: None) -> Stamp:
    """Write the workbook of a fair as it stands now; gives what its cover says."""
    with snapshot():
        sheets, stamped = read_sheets(fair)
    write_workbook(iter(sheets), stamped, out, progress)
    return stamped


def read_sheets(fair: Fair) -> tuple[list[Sheet], Stamp]:
    """Every sheet, in order; call it within a snapshot."""
    known = figures(fair)
    stamped = stamp(fair, known)
    sheets = [
        cover.cover(fair, known, stamped),
        cover.headline(known, _largest_ten(fair)),
        exhibitors.exhibitors(fair),
        exhibitors.origin(fair),
        exhibitors.platforms(fair),
        visitors.visitors(fair),
        visitors.flow(fair),
        visitors.meetings_held(fair),
        deals.totals(fair),
        deals.by_country(fair),
        deals.by_product(fair),
        deals.by_party(fair),
        proof.ledger_lines(fair),
        proof.open_lines(fair),
        proof.rates(fair),
        proof.checks(fair, known),
    ]
    return sheets, stamped


def _largest_ten(fair: Fair) -> int:
    """The ten largest declared trade deals together, USD minor units."""
    counted = (Deal.fair_id == fair.id, Deal.counts_as == CountsAs.TRADE, Deal.held.is_(None), Deal.status != DealStatus.VOID)
    ten = select(Deal.usd_minor).where(*counted, Deal.usd_minor.is_not(None)).order_by(Deal.usd_minor.desc()).limit(10)
    return int(db.session.scalar(select(func.sum(ten.subquery().c.usd_minor))) or 0)
