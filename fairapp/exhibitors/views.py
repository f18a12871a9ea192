"""One exhibitor whole: its record at the desk, and what its own people see first."""

from uuid import UUID

from flask import g, render_template
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.core.web.access import requires
from fairapp.exhibitors import labels, queries, rules
from fairapp.exhibitors.blueprint import blueprint
from fairapp.exhibitors.booths.queries import booths_of
from fairapp.exhibitors.catalogue.queries import products_of
from fairapp.exhibitors.companies.queries import likely_duplicates
from fairapp.exhibitors.pages import exhibitor_or_404
from fairapp.exhibitors.team.queries import team_of

# --- one exhibitor --------------------------------------------------------------------------------


@blueprint.get("/desk/exhibitors/<uuid:exhibitor_id>")
@requires(Permission.SEE_EXHIBITORS)
def exhibitor(exhibitor_id: UUID) -> ResponseReturnValue:
    """Show everything about one company, and which others may be the same."""
    record = exhibitor_or_404(exhibitor_id)
    return render_template(
        "exhibitors/exhibitor.html",
        exhibitor=record,
        booths=booths_of(record),
        products=products_of(record),
        team=team_of(record) if record.organisation_id else [],
        duplicates=likely_duplicates(record),
        history=queries.history_of(record),
        events=labels.EVENTS,
        words=labels,
        may=rules.may,
    )


@blueprint.get("/my/booth")
@requires(Permission.OWN_BOOTH)
def my_booth() -> ResponseReturnValue:
    """Show where the own company stands and what it shows."""
    record = queries.exhibitor_of(g.actor, g.fair)
    if record is None:
        return render_template("exhibitors/no_exhibitor.html")
    return render_template(
        "exhibitors/my_booth.html",
        exhibitor=record,
        others=queries.exhibitors_of(g.actor, g.fair)[1:],
        booths=booths_of(record),
        products=products_of(record),
        words=labels,
    )
