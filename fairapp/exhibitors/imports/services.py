"""A list of exhibitors becomes exhibitors, halls and booths: all of it or nothing, and a second time nothing new."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from fairapp.accounts.services import create_organisations
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.documents.spreadsheet import read_rows
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.exhibitors.booths.services import assign_booths, release_expired_holds
from fairapp.exhibitors.companies.profile import new_exhibitor, update_name_index
from fairapp.exhibitors.imports.columns import ListMapping, guess_list_mapping
from fairapp.exhibitors.imports.plan import Plan, RowOutcome, RowPlan, plan_import
from fairapp.exhibitors.imports.queries import fair_snapshot
from fairapp.exhibitors.imports.report import ImportReport, make_report
from fairapp.exhibitors.models import Exhibitor, ExhibitorStatus
from fairapp.fairs.booths.queries import booth_ids_by_number
from fairapp.fairs.booths.services import NewBooth, add_booth_rows
from fairapp.fairs.models import Fair
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct
from fairapp.fairs.venue import queries as venue
from fairapp.fairs.venue.services import add_hall

MAX_ROWS = 20_000


def import_file(
    *,
    actor: Actor,
    fair: Fair,
    content: bytes,
    filename: str,
    mapping: ListMapping | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Import an XLSX, XLS, ODS or CSV file; without a mapping as its headings suggest. DomainError: see read_rows."""
    rows = read_rows(content, filename)
    return import_exhibitors(
        actor=actor, fair=fair, rows=rows, mapping=mapping or guess_list_mapping(rows), dry_run=dry_run
    )


def import_exhibitors(
    *, actor: Actor, fair: Fair, rows: Sequence[Sequence[str]], mapping: ListMapping, dry_run: bool = False
) -> ImportReport:
    """Import a list; a bad row is named and harms no other. Nothing is written with `dry_run`.

    DomainError: exhibitors_closed, no_name_column, too_many_rows.
    """
    require_open(fair, FairAct.ADD_EXHIBITORS)
    if not {"name_zh", "name_en"} & set(mapping.columns):
        message = _("No column of the list is a name. Say which column holds the names.")
        raise DomainError("no_name_column", message, field="name_zh", status=422)
    if len(rows) > MAX_ROWS:
        raise DomainError("too_many_rows", _("Import at most %(rows)s rows at a time.", rows=MAX_ROWS), status=422)
    if not dry_run:
        release_expired_holds(actor=actor, fair=fair)
    plan = plan_import(rows, mapping, fair_snapshot(fair))
    report = make_report(plan, dry_run)
    if not dry_run:
        _carry_out(actor, fair, plan)
        audit.record(Event.EXHIBITORS_IMPORTED, actor=actor, fair_id=fair.id, subject=fair, **report.counts)
    return report


# --- carrying out ---------------------------------------------------------------------------------


def _carry_out(actor: Actor, fair: Fair, plan: Plan) -> None:
    _add_venue(actor, fair, plan)
    exhibitors = _create(actor, fair, [row for row in plan.rows if row.outcome is RowOutcome.CREATED])
    exhibitors |= _update(actor, fair, [row for row in plan.rows if row.outcome is RowOutcome.UPDATED])
    ids = booth_ids_by_number(fair.id)
    pairs = [(exhibitors[row.number], ids[number]) for row in plan.rows for number in row.booths]
    assign_booths(actor=actor, fair_id=fair.id, pairs=pairs)


def _add_venue(actor: Actor, fair: Fair, plan: Plan) -> None:
    for hall in plan.halls:
        add_hall(actor=actor, fair=fair, code=hall.code, name_zh=hall.name_zh, name_en=hall.name_en)
    halls = {hall.code: hall.id for hall in venue.halls(fair)}
    booths = [NewBooth(number, halls[code]) for number, code in plan.booths.items()]
    add_booth_rows(actor=actor, fair=fair, rows=booths)


def _create(actor: Actor, fair: Fair, rows: list[RowPlan]) -> dict[int, Exhibitor]:
    if not rows:
        return {}
    names = [(row.values["name_zh"], row.values["name_en"]) for row in rows]
    organisations = create_organisations(actor=actor, names=names)
    decided = {"status": ExhibitorStatus.APPROVED, "decided_at": clock.now(), "decided_by_id": actor.user_id}
    created = {
        row.number: new_exhibitor(
            fair.id, row.values, import_key=row.import_key, organisation_id=organisation.id, **decided
        )
        for row, organisation in zip(rows, organisations, strict=True)
    }
    with translate_integrity_errors(_changed_meanwhile()):
        db.session.add_all(created.values())
    return created


def _update(actor: Actor, fair: Fair, rows: list[RowPlan]) -> dict[int, Exhibitor]:
    ids = [row.company_id for row in rows]
    query = select(Exhibitor).where(Exhibitor.fair_id == fair.id, Exhibitor.id.in_(ids)).order_by(Exhibitor.id)
    locked = query.with_for_update().execution_options(populate_existing=True)
    exhibitors: dict[Any, Exhibitor] = (
        {exhibitor.id: exhibitor for exhibitor in db.session.scalars(locked)} if ids else {}
    )
    with translate_integrity_errors(_changed_meanwhile()):
        for row in rows:
            record = exhibitors[row.company_id]
            record.import_key = record.import_key or row.import_key
            for name, value in row.values.items():
                setattr(record, name, value)
            update_name_index(record)
    for row in rows:
        changed = sorted(row.values) + ["booths"] * bool(row.booths)
        detail = {"changed": changed, "by": "import"}
        audit.record(
            Event.EXHIBITOR_CHANGED, actor=actor, fair_id=fair.id, subject=exhibitors[row.company_id], **detail
        )
    return {row.number: exhibitors[row.company_id] for row in rows}


def _changed_meanwhile() -> dict[str, DomainError]:
    message = _("Somebody changed exhibitors while the list was read. Look at the preview again.")
    error = DomainError("changed_meanwhile", message)
    return {"uq_exhibitors_import_key": error, "uq_exhibitors_credit_code": error}
