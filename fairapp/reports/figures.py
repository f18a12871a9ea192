"""The published figures: a page, `flask figures` and the workbook show this and nothing else."""

from typing import Any

from fairapp.core.data import clock
from fairapp.deals.ledger.receipts import ledger_root
from fairapp.deals.ledger.verification import ledger_head
from fairapp.deals.totals.queries import deal_totals
from fairapp.exhibitors.figures import count_exhibitors
from fairapp.fairs.models import Fair
from fairapp.gates.counting import figures as gates
from fairapp.meetings.levels.queries import level_counts
from fairapp.reports.workbook.layout import Stamp, Words

_COUNTED_EXHIBITORS = ("suppliers", "platforms", "service_providers", "associations", "booths_assigned")


def current_figures(fair: Fair, profile: str | None = None) -> dict[str, Any]:
    """Return every published figure of a fair now, under a counting profile or the fair's own.

    Money in minor units of USD; docs/counting.md says how each is counted.
    """
    counted = count_exhibitors(fair.id)
    entries, head = ledger_head(fair.id)
    return {
        "fair": fair.code,
        "as_of": clock.now().isoformat(timespec="seconds"),
        "profile": profile or fair.counting_profile,
        "exhibitors": {name: counted[name] for name in _COUNTED_EXHIBITORS},
        "visitors": gates.attendance(fair.id, profile).as_dict(),
        "meetings": meeting_figures(fair.id),
        "deals": deal_totals(fair.id),
        "ledger": {"entries": entries, "head": head},
    }


def meeting_figures(fair_id: int) -> dict[str, int]:
    """Return the figures of meetings: `held` is confirmed by the other side or proven; what one side declares is beside it."""
    known = level_counts(fair_id)
    return {
        "held": known.held,
        "declared": known.declared,
        "confirmed": known.confirmed,
        "proven": known.proven,
        "disputed": known.disputed,
        "without_entry": known.without_entry,
    }


def make_stamp(fair: Fair, figures: dict[str, Any]) -> Stamp:
    """Return what every sheet carries; `figures` may say under which publication."""
    return Stamp(
        fair=Words(fair.name_zh, fair.name_en),
        as_of=figures["as_of"],
        profile=figures["profile"],
        publication=figures.get("publication", Words("未发布", "not published")),
        ledger_entries=figures["ledger"]["entries"],
        ledger_head=figures["ledger"]["head"],
        ledger_root=ledger_root(fair.id, figures["ledger"]["entries"]),
    )
