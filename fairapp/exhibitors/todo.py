"""What waits for a decision about exhibitors."""

from sqlalchemy import func, select

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.text.i18n import _
from fairapp.core.todo import TodoItem
from fairapp.core.web.access import Actor
from fairapp.exhibitors.booths.queries import booth_holds, booths_of
from fairapp.exhibitors.models import ExhibitorStatus
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.exhibitors.search.queries import status_counts
from fairapp.fairs.models import Fair


def waiting_for(actor: Actor, fair: Fair) -> list[TodoItem]:
    """Applications and booth holds for the organiser; a booth to choose for an exhibitor's people."""
    if actor.may(Permission.MANAGE_EXHIBITORS):
        applied = status_counts(fair.id).get(ExhibitorStatus.APPLIED, 0)
        holds = db.session.scalar(select(func.count()).select_from(booth_holds(actor).order_by(None).subquery())) or 0
        return [
            TodoItem(
                _("Applications to decide"), applied, "exhibitors.exhibitors", {"status": "applied", "sort": "applied"}
            ),
            TodoItem(_("Booth holds to confirm"), holds, "exhibitors.holds", urgent=holds > 0),
        ]
    exhibitor = exhibitor_of(actor, fair)
    if exhibitor is None:
        return []
    missing = int(not booths_of(exhibitor))
    return [TodoItem(_("Choose your booth"), missing, "exhibitors.my_booth", urgent=bool(missing))]
