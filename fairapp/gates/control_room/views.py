"""The control room: all gates at this moment, contradictions, corrections, and counts by hand."""

from datetime import datetime
from uuid import UUID

from flask import abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.accounts.sign_in.sessions import TOKEN_KINDS
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, current_locale, moment_text
from fairapp.core.web.access import requires
from fairapp.core.web.listing import paginate, paginate_rows
from fairapp.fairs.venue import queries as venue
from fairapp.gates import labels
from fairapp.gates.blueprint import blueprint
from fairapp.gates.control_room import contradictions, services, snapshot, watch_ticket
from fairapp.gates.control_room.forms import CloseStayForm, ManualCountForm, NoteForm, WithdrawForm
from fairapp.gates.control_room.live_fragment import LiveFragment, fragment_response, pack_fragment
from fairapp.gates.control_room.queries import counted_as
from fairapp.gates.counting import manual_counts as manual_queries
from fairapp.gates.counting import queries
from fairapp.visitors.badges.queries import visitor_by_badge_number
from fairapp.visitors.models import Visitor

TOKEN_KINDS[watch_ticket.PREFIX] = watch_ticket.actor_by_ticket


# --- now -----------------------------------------------------------------------------------------


@blueprint.get("/desk/gates/control")
@requires(Permission.RUN_GATES)
def control_desk() -> ResponseReturnValue:
    """Show all gates at this moment."""
    now, ticket = _shared_snapshot(), watch_ticket.issue_ticket(g.fair.id)
    return render_template("gates/control.html", ticket=ticket, switches=_switches(), **_labels(), now=now)


@blueprint.get("/desk/gates/control/live")
@requires(Permission.WATCH_GATES)
def control_live() -> ResponseReturnValue:
    """Show the moving part of the control desk, drawn once every two seconds for all who watch; see also front.py."""
    return fragment_response(snapshot.share((g.fair.id, current_locale()), _draw_fragment), request.environ)


@blueprint.get("/desk/gates/control/ticket")
@requires(Permission.RUN_GATES)
def control_ticket() -> ResponseReturnValue:
    """Issue a fresh ticket for the moving part."""
    return jsonify(ticket=watch_ticket.issue_ticket(g.fair.id))


def _draw_fragment() -> LiveFragment:
    now = _shared_snapshot()
    return pack_fragment(render_template("gates/_control.html", now=now, **_labels()), moment_text(now.at, "seconds"))


def _shared_snapshot() -> snapshot.Snapshot:
    shared: snapshot.Snapshot = snapshot.share((g.fair.id,), lambda: snapshot.take_snapshot(g.fair))
    return shared


def _labels() -> dict[str, object]:
    return {"labels": labels.DECISIONS, "decision_label": labels.decision_label, "conflict_labels": labels.CONFLICTS}


def _switches() -> list[dict[str, object]]:
    """Where a hard stop can be turned: the whole fair, and zones with a limit."""
    whole_fair = {"code": "", "zone": None, "limit": g.fair.approved_capacity, "on": g.fair.capacity_hard_stop}
    zones = [
        {"code": zone.code, "zone": zone, "limit": zone.capacity, "on": zone.hard_stop} for zone in venue.zones(g.fair)
    ]
    return [switch for switch in (whole_fair, *zones) if switch["limit"] is not None]


@blueprint.post("/desk/gates/control/hard-stop/<any(on, off):state>")
@requires(Permission.RUN_GATES)
def turn_hard_stop(state: str) -> ResponseReturnValue:
    """Refuse entry when the place in `?zone=` (none: the whole fair) is full, or only warn."""
    code = request.args.get("zone", "")
    with transaction():
        zones = {zone.code: zone for zone in venue.zones(g.fair)}
        zone = (zones.get(code) or abort(404)) if code else None
        services.turn_hard_stop(actor=g.actor, fair=g.fair, zone=zone, on=state == "on")
    flash(_("Entry is refused when it is full.") if state == "on" else _("The gates only warn."), "good")
    return redirect(url_for("gates.control_desk"))


# --- contradictions ------------------------------------------------------------------------------


@blueprint.get("/desk/gates/conflicts")
@requires(Permission.SEE_GATES)
def conflicts() -> ResponseReturnValue:
    """Show scans that contradict each other or the rule, with both devices and operators."""
    everything = request.args.get("show") == "all"
    page = paginate_rows(contradictions.list_pairs(g.fair.id, open_only=not everything))
    shown = {"contradictions": contradictions.describe_pairs(g.fair.id, page.rows), "labels": labels.CONFLICTS}
    return render_template("gates/conflicts.html", page=page, everything=everything, **shown)


@blueprint.post("/desk/gates/conflicts/<uuid:scan_id>")
@requires(Permission.RUN_GATES)
def resolve_conflict(scan_id: UUID) -> ResponseReturnValue:
    """Say what was found out."""
    form = NoteForm()
    scan = contradictions.contradicting_scan(g.actor, scan_id) or abort(404)
    if form.validate():
        with form.saving() as saved:
            services.resolve_conflict(actor=g.actor, scan=scan, note=form.note.data)
        if saved.ok:
            flash(_("Noted. It is kept under “All”."), "good")
            return redirect(url_for("gates.conflicts", page=request.args.get("page")))
    _flash_errors(form)
    return redirect(url_for("gates.conflicts", page=request.args.get("page"), _anchor=str(scan_id)))


def _flash_errors(form: NoteForm | WithdrawForm) -> None:
    texts = [str(text) for errors in form.errors.values() for text in errors] or [_("Fill this in.")]
    flash(" ".join(texts), "stop")


# --- corrections -----------------------------------------------------------------------------------


@blueprint.route("/desk/gates/corrections", methods=["GET", "POST"])
@requires(Permission.RUN_GATES)
def gate_corrections() -> ResponseReturnValue:
    """Close the stay of someone who left unseen."""
    form = CloseStayForm()
    if form.validate_on_submit():
        with form.saving() as saved:
            visitor = _visitor_with(str(form.number.data))
            left_at = _today_at(form.left_at.data)
            services.close_stay(actor=g.actor, fair=g.fair, visitor=visitor, left_at=left_at, reason=form.reason.data)
        if saved.ok:
            flash(_("The stay is closed."), "good")
            return redirect(url_for("gates.gate_corrections"))
    return render_template("gates/corrections.html", form=form, proof=None)


def _visitor_with(number: str) -> Visitor:
    visitor = visitor_by_badge_number(g.fair.id, number)
    if visitor is None:
        raise DomainError("no_such_badge", _("This fair has no badge of this number."), field="number", status=404)
    return counted_as(visitor)


def _today_at(local: object) -> datetime:
    return clock.from_zone(datetime.combine(queries.today(g.fair), local), g.fair.time_zone)  # type: ignore[arg-type]


@blueprint.post("/desk/gates/corrections/proof")
@requires(Permission.RUN_GATES)
def prove_counts() -> ResponseReturnValue:
    """Compare every kept count with a full recount."""
    with transaction():
        proof = services.prove_counts(actor=g.actor, fair=g.fair)
    return render_template("gates/corrections.html", form=CloseStayForm(formdata=None), proof=proof)


# --- counts by hand --------------------------------------------------------------------------------


@blueprint.route("/desk/gates/manual", methods=["GET", "POST"])
@requires(Permission.RUN_GATES)
def manual_counts() -> ResponseReturnValue:
    """Show and take what clickers counted at gates whose badges were not read."""
    form = ManualCountForm(g.fair, data={"local_day": queries.day_to_watch(g.fair)})
    if form.validate_on_submit():
        with form.saving() as saved:
            services.add_manual_count(actor=g.actor, fair=g.fair, **form.values())
        if saved.ok:
            flash(_("Noted. It stands apart from the scans."), "good")
            return redirect(url_for("gates.manual_counts"))
    page = paginate(manual_queries.manual_counts_visible_to(g.actor))
    return render_template("gates/manual.html", page=page, form=form, totals=manual_queries.totals(g.fair.id))


@blueprint.post("/desk/gates/manual/<uuid:count_id>/withdraw")
@requires(Permission.RUN_GATES)
def withdraw_manual_count(count_id: UUID) -> ResponseReturnValue:
    """Let a wrong count count no more; its line stays."""
    form = WithdrawForm()
    count = manual_queries.manual_count_visible_to(g.actor, count_id) or abort(404)
    if form.validate():
        with form.saving() as saved:
            services.withdraw_manual_count(actor=g.actor, count=count, reason=form.reason.data)
        if saved.ok:
            flash(_("The count is withdrawn."), "good")
            return redirect(url_for("gates.manual_counts"))
    _flash_errors(form)
    return redirect(url_for("gates.manual_counts"))
