"""The page action that has an audit pack made."""

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission as P
from fairapp.core.data.db import transaction
from fairapp.core.web.access import requires
from fairapp.reports.audit_pack.jobs import start_audit_pack
from fairapp.reports.blueprint import blueprint


@blueprint.post("/counting/audit-pack")
@requires(P.TAKE_AUDIT_PACK)
def audit_pack() -> ResponseReturnValue:
    """Begin to make an audit pack, and show how far it is."""
    with transaction():
        task = start_audit_pack(actor=g.actor, fair=g.fair)
    return redirect(url_for("tasks.task", task_id=task.id))
