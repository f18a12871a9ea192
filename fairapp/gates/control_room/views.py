"""The control desk: all doors at this moment, contradictions, corrections, and counts by hand."""

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
from fairapp.gates import labels as words
from fairapp.gates.blueprint import blueprint
from fairapp.gates.control_room import live_fragment, services, snapshot, watch_ticket
from fairapp.gates.counting import contradictions, queries
from fairapp.gates.counting import manual_counts as manual_queries
from fairapp.gates.devices.forms import CloseStayForm, ManualCountForm, NoteForm, WithdrawForm
from fairapp.visitors.badges.queries import visitor_by_badge_number
from fairapp.visitors.models import Visitor

TOKEN_KINDS[watch_ticket.PREFIX] = watch_ticket.watcher_with


# --- now -----------------------------------------------------------------------------------------


@blueprint.get("/desk/gates/control")
@requires(Permission.RUN_GATES)
def control_desk() -> ResponseReturnValue:
    """All doors at this moment."""
    now = _shared_picture()
    return render_template(
        "gates/control.html", ticket=watch_ticket.ticket(g.fair.id), switches=_switches(), **_words(), now=now
    )


@blueprint.get("/desk/gates/control/live")
@requires(Permission.WATCH_GATES)
def control_live() -> ResponseReturnValue:
    """The moving part of the control desk, drawn once every two seconds for all who watch; see also gates.fast."""
    return live_fragment.answer(snapshot.shared((g.fair.id, current_locale()), _drawn), request.environ)


@blueprint.get("/desk/gates/control/ticket")
@requires(Permission.RUN_GATES)
def control_ticket() -> ResponseReturnValue:
    """A fresh ticket for the moving part."""
    return jsonify(ticket=watch_ticket.ticket(g.fair.id))


def _drawn() -> live_fragment.Drawn:
    now = _shared_picture()
    return live_fragment.drawn(
        render_template("gates/_control.html", now=now, **_words()), moment_text(now.at, "seconds")
    )


def _shared_picture() -> snapshot.Picture:
    found: snapshot.Picture = snapshot.shared((g.fair.id,), lambda: snapshot.picture(g.fair))
    return found


def _words() -> dict[str, object]:
    return {"labels": words.LABELS, "label_of": words.label_of, "conflict_words": words.CONFLICTS}


def _switches() -> list[dict[str, object]]:
    """Where a hard stop can be turned: the whole fair, and zones with a limit."""
    whole = {"code": "", "zone": None, "limit": g.fair.approved_capacity, "on": g.fair.capacity_hard_stop}
    zones = [{"code": one.code, "zone": one, "limit": one.capacity, "on": one.hard_stop} for one in venue.zones(g.fair)]
    return [one for one in (whole, *zones) if one["limit"] is not None]


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
    """Scans that contradict each other or the rule, with both devices and operators."""
    everything = request.args.get("show") == "all"
    page = paginate_rows(contradictions.newest_pairs(g.fair.id, open_only=not everything))
    found = contradictions.told(g.fair.id, page.rows)
    return render_template("gates/conflicts.html", page=page, found=found, everything=everything, words=words.CONFLICTS)


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
    found = visitor_by_badge_number(g.fair.id, number)
    if found is None:
        raise DomainError("no_such_badge", _("This fair has no badge of this number."), field="number", status=404)
    return queries.counted_as(found)


def _today_at(local: object) -> datetime:
    return clock.from_zone(datetime.combine(queries.today(g.fair), local), g.fair.time_zone)  # type: ignore[arg-type]


@blueprint.post("/desk/gates/corrections/proof")
@requires(Permission.RUN_GATES)
def prove_counts() -> ResponseReturnValue:
    """Every kept count against a full recount."""
    with transaction():
        proof = services.prove_counts(actor=g.actor, fair=g.fair)
    return render_template("gates/corrections.html", form=CloseStayForm(formdata=None), proof=proof)


# --- counts by hand --------------------------------------------------------------------------------


@blueprint.route("/desk/gates/manual", methods=["GET", "POST"])
@requires(Permission.RUN_GATES)
def manual_counts() -> ResponseReturnValue:
    """What clickers showed at gates whose badges were not read."""
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
    """A wrong count counts no more; its line stays."""
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
