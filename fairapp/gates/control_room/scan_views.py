"""The desk that watches all doors; the page at the door is in scanner_views.py."""

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
from fairapp.gates import labels as words
from fairapp.gates.blueprint import blueprint
from fairapp.gates.control_room.filters import day_of, scan_filter
from fairapp.gates.counting import contradictions, queries
from fairapp.gates.models import Scan
from fairapp.gates.rules import LABELS

LATEST = 12


@blueprint.get("/desk/gates")
@requires(Permission.SEE_GATES)
def overview() -> ResponseReturnValue:
    """All doors today, or on the day asked for: movement, crowd, refusals, contradictions."""
    day = day_of(request.args.get("day", "")) or queries.day_to_watch(g.fair)
    return render_template(
        "gates/overview.html",
        day=day,
        days=[one.on for one in fairs.fair_days(g.fair)],
        live=day == queries.today(g.fair),
        moves=queries.moves_by_gate(g.fair, day),
        hours=queries.hours_by_gate(g.fair, day),
        rooms=queries.rooms(g.fair, day),
        refusals=queries.refusals(g.fair.id, day),
        labels=LABELS,
        **_latest(),
    )


def _latest() -> dict[str, Any]:
    rows = db.session.execute(queries.latest_scans(g.actor, LATEST)).all()
    found = contradictions.contradictions(g.fair.id, open_only=True, limit=5)
    return {"latest": rows, "conflicts": found, "label_of": words.label_of}


@blueprint.get("/desk/gates/live")
@requires(Permission.SEE_GATES)
def live() -> ResponseReturnValue:
    """The figures of the overview as texts, for static/js/live.js."""
    day = queries.today(g.fair)
    moves, rooms = queries.moves_by_gate(g.fair, day), queries.rooms(g.fair, day)
    texts = {
        "entries": sum(one.entries for one in moves),
        "exits": sum(one.exits for one in moves),
        "refused": sum(one.refused for one in moves),
    }
    for one in moves:
        for name in ("entries", "exits", "refused"):
            texts[f"{one.gate.code}.{name}"] = getattr(one, name)
    for room in rooms:
        texts[f"inside.{room.zone.code if room.zone else ''}"] = room.inside
    return jsonify({key: number_text(value) for key, value in texts.items()})


@blueprint.get("/desk/gates/latest")
@requires(Permission.SEE_GATES)
def latest() -> ResponseReturnValue:
    """The part of the overview with the last scans and contradictions."""
    return render_template("gates/_latest.html", **_latest())


@blueprint.get("/desk/gates/scans")
@requires(Permission.SEE_GATES)
def scans() -> ResponseReturnValue:
    """Every scan, narrowed by gate, result, direction and day."""
    wanted = scan_filter(request.args)
    ids = queries.chosen_scans(g.actor, wanted).with_only_columns(Scan.id)
    page = paginate(ids, total=queries.scan_count(g.fair.id, wanted))
    return render_template(
        "gates/scans.html",
        page=page,
        rows=queries.scans_shown(g.actor, page.rows),
        wanted=wanted,
        gates=venue.gates(g.fair, closed_too=True),
        days=[one.on for one in fairs.fair_days(g.fair)],
        labels=LABELS,
        directions=words.DIRECTIONS,
        label_of=words.label_of,
    )


@blueprint.post("/desk/gates/scans/export")
@requires(Permission.SEE_GATES)
def export() -> Response:
    """The scans that the list shows, all of them, as XLSX."""
    wanted = scan_filter(request.args)
    with transaction():
        audit.record(
            Event.LIST_EXPORTED, actor=g.actor, fair_id=g.fair.id, subject="scans", filters=dict(request.args.items())
        )
    headings = [_("Time"), _("Gate"), _("Direction"), _("Result"), _("Badge"), _("Name"), _("Company"), _("Read by")]
    headings += [_("Override reason"), _("Device time"), _("Received")]
    return export_response(f"scans-{g.fair.code}", headings, _export_rows(wanted))


def _export_rows(wanted: queries.ScanFilter) -> Iterator[list[Any]]:
    rows = db.session.execute(queries.chosen_scans(g.actor, wanted).execution_options(yield_per=2000))
    for scan, gate, name, company, number in rows:
        yield [
            scan.at,
            localised(gate),
            str(words.DIRECTIONS[scan.direction]),
            words.label_of(scan.decision),
            number or "",
            name or "",
            company or "",
            str(words.METHODS[scan.method]),
            scan.override_reason,
            scan.device_at,
            scan.received_at,
        ]
