"""What waits for a decision about exhibitors."""

from sqlalchemy import func, select

from fairapp.accounts.permissions import Permission
from fairapp.core.data.db import db
from fairapp.core.text.i18n import _
from fairapp.core.todo import TodoItem
from fairapp.core.web.access import Actor
from fairapp.exhibitors.booths.queries import booths_of, pending_holds
from fairapp.exhibitors.models import ExhibitorStatus
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.exhibitors.search.queries import count_by_status
from fairapp.fairs.models import Fair


def waiting_for(actor: Actor, fair: Fair) -> list[TodoItem]:
    """Count applications and holds for the organiser, and a booth to choose for an exhibitor's people."""
    if actor.may(Permission.MANAGE_EXHIBITORS):
        applied = count_by_status(fair.id).get(ExhibitorStatus.APPLIED, 0)
        holds = db.session.scalar(select(func.count()).select_from(pending_holds(actor).order_by(None).subquery())) or 0
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
