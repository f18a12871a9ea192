"""The gates today and the list of scans; the page at the gate is in scanner/views.py."""

from collections.abc import Iterator
from typing import Any

from flask import Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from fairapp.accounts.permissions import Permission
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, transaction
from fairapp.core.documents.spreadsheet import export_response
from fairapp.core.text.i18n import _, localised, number_text
from fairapp.core.web.access import requires
from fairapp.core.web.listing import paginate
from fairapp.fairs import queries as fairs
from fairapp.fairs.venue import queries as venue
from fairapp.gates import labels
from fairapp.gates.blueprint import blueprint
from fairapp.gates.control_room.contradictions import list_contradictions
from fairapp.gates.control_room.filters import parse_day, scan_filter
from fairapp.gates.control_room.queries import ScanFilter, count_scans, filtered_scans, latest_scans, list_scans
from fairapp.gates.counting import queries
from fairapp.gates.models import Scan

LATEST = 12


@blueprint.get("/desk/gates")
@requires(Permission.SEE_GATES)
def overview() -> ResponseReturnValue:
    """Show all gates today, or on the day in `?day=`: movement, crowd, refusals, contradictions."""
    day = parse_day(request.args.get("day", "")) or queries.day_to_watch(g.fair)
    return render_template(
        "gates/overview.html",
        day=day,
        days=[fair_day.on for fair_day in fairs.fair_days(g.fair)],
        live=day == queries.today(g.fair),
        moves=queries.moves_by_gate(g.fair, day),
        hours=queries.hours_by_gate(g.fair, day),
        rooms=queries.rooms(g.fair, day),
        refusals=queries.refusals(g.fair.id, day),
        labels=labels.DECISIONS,
        **_latest(),
    )


def _latest() -> dict[str, Any]:
    rows = db.session.execute(latest_scans(g.actor, LATEST)).all()
    contradictions = list_contradictions(g.fair.id, open_only=True, limit=5)
    return {"latest": rows, "contradictions": contradictions, "decision_label": labels.decision_label}


@blueprint.get("/desk/gates/live")
@requires(Permission.SEE_GATES)
def live() -> ResponseReturnValue:
    """Return the figures of the overview as texts, for static/js/live.js."""
    day = queries.today(g.fair)
    moves, rooms = queries.moves_by_gate(g.fair, day), queries.rooms(g.fair, day)
    texts = {
        "entries": sum(gate.entries_into_fair for gate in moves),
        "exits": sum(gate.exits for gate in moves),
        "refused": sum(gate.refused for gate in moves),
    }
    for at_gate in moves:
        for name in ("entries", "exits", "refused"):
            texts[f"{at_gate.gate.code}.{name}"] = getattr(at_gate, name)
    for room in rooms:
        texts[f"inside.{room.zone.code if room.zone else ''}"] = room.inside
    return jsonify({key: number_text(value) for key, value in texts.items()})


@blueprint.get("/desk/gates/latest")
@requires(Permission.SEE_GATES)
def latest() -> ResponseReturnValue:
    """Show the part of the overview with the last scans and contradictions."""
    return render_template("gates/_latest.html", **_latest())


@blueprint.get("/desk/gates/scans")
@requires(Permission.SEE_GATES)
def scans() -> ResponseReturnValue:
    """Show every scan, narrowed by gate, result, direction and day."""
    chosen = scan_filter(request.args)
    ids = filtered_scans(g.actor, chosen).with_only_columns(Scan.id)
    page = paginate(ids, total=count_scans(g.fair.id, chosen))
    return render_template(
        "gates/scans.html",
        page=page,
        rows=list_scans(g.actor, page.rows),
        chosen=chosen,
        gates=venue.gates(g.fair, closed_too=True),
        days=[fair_day.on for fair_day in fairs.fair_days(g.fair)],
        labels=labels.DECISIONS,
        directions=labels.DIRECTIONS,
        decision_label=labels.decision_label,
    )


@blueprint.post("/desk/gates/scans/export")
@requires(Permission.SEE_GATES)
def export() -> Response:
    """Send the scans that the list shows, all of them, as XLSX."""
    chosen = scan_filter(request.args)
    with transaction():
        audit.record(
            Event.LIST_EXPORTED, actor=g.actor, fair_id=g.fair.id, subject="scans", filters=dict(request.args.items())
        )
    headings = [_("Time"), _("Gate"), _("Direction"), _("Result"), _("Badge"), _("Name"), _("Company"), _("Read by")]
    headings += [_("Override reason"), _("Device time"), _("Received")]
    return export_response(f"scans-{g.fair.code}", headings, _export_rows(chosen))


def _export_rows(chosen: ScanFilter) -> Iterator[list[Any]]:
    rows = db.session.execute(filtered_scans(g.actor, chosen).execution_options(yield_per=2000))
    for scan, gate, name, company, number in rows:
        yield [
            scan.at,
            localised(gate),
            str(labels.DIRECTIONS[scan.direction]),
            labels.decision_label(scan.decision),
            number or "",
            name or "",
            company or "",
            str(labels.METHODS[scan.method]),
            scan.override_reason,
            scan.device_at,
            scan.received_at,
        ]
