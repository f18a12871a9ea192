"""The gate for machines: scans in batches, the state of the gates, and people looked up by name."""

from collections.abc import Callable
from typing import Any

from apiflask import Schema
from flask import Response, current_app, g, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.errors import problem
from fairapp.core.text.i18n import _, current_locale
from fairapp.core.web.access import View, requires
from fairapp.gates.blueprint import api_blueprint as blueprint
from fairapp.gates.counting import queries
from fairapp.gates.scanning.group_commit import GroupCommitter
from fairapp.gates.scanning.payload import MAX_BYTES, BadInput, SentScans, parse_scans
from fairapp.gates.scanning.responses import ScansAnswer, scan_response
from fairapp.gates.scanning.scans import allow_scans
from fairapp.gates.scanning.schemas import GatesSchema, PeopleSchema, json_schema
from fairapp.gates.scanning.settings_cache import gate_settings
from fairapp.visitors.search.queries import search_visitors

MAX_PEOPLE = 12


def described(*, answer: type, body: type | None = None) -> Callable[[View], View]:
    """Say in the API's description what goes in and out: schemas, or Structs. APIFlask's own `input` and `output`
    would read and check it all a second time."""
    nothing = dict.fromkeys(("example", "examples", "links", "headers"))
    schema = answer() if issubclass(answer, Schema) else json_schema(answer)
    out = {"schema": schema, "schema_adapter_many": False, "status_code": 200, "description": "OK", **nothing}
    spec: dict[str, Any] = {"response": out | {"content_type": "application/json"}}
    if body is not None:
        about = {"body_example": None, "body_examples": None, "content_type": "application/json"}
        spec |= {"body": json_schema(body), **about}

    def mark(view: View) -> View:
        view._spec = getattr(view, "_spec", {}) | spec  # type: ignore[attr-defined]
        return view

    return mark


@blueprint.errorhandler(BadInput)
def bad_input(error: BadInput) -> Response:
    """Tell what is wrong, at its field."""
    return problem(422, "invalid_input", _("Some fields are wrong."), errors={"json": _texts(error.errors)})


def _texts(errors: Any) -> Any:
    if isinstance(errors, dict):
        return {key: _texts(value) for key, value in errors.items()}
    return [_texts(error) for error in errors] if isinstance(errors, list) else str(errors)


@blueprint.post("/scans")
@described(body=SentScans, answer=ScansAnswer)
@blueprint.doc(summary="Decide and store 1 to 500 scans; a scan sent again is answered as before")
@requires(Permission.HAND_IN_SCANS)
def record_scans() -> ResponseReturnValue:
    received_at, settings, actor = clock.now(), gate_settings(g.fair.id), g.actor
    if (request.content_length or 0) > MAX_BYTES:
        raise RequestEntityTooLarge
    if not request.is_json:
        raise UnsupportedMediaType
    content = request.get_data()
    if request.content_length not in {None, len(content)}:
        raise BadRequest  # the line broke
    scans = allow_scans(actor, settings, parse_scans(content, settings, received_at), received_at)
    committer: GroupCommitter = current_app.extensions["group_committer"]
    results = committer.record(settings, actor, scans)
    return Response(scan_response(results, received_at, current_locale()), mimetype="application/json")


@blueprint.get("/gates")
@blueprint.doc(summary="Who is inside, and what each gate saw today")
@described(answer=GatesSchema)
@requires(Permission.SCAN_BADGES)
def gates() -> ResponseReturnValue:
    day = queries.today(g.fair)
    rooms = queries.rooms(g.fair, day)
    return jsonify(
        fair=g.fair.code,
        as_of=clock.now().isoformat(),
        day=day.isoformat(),
        inside=rooms[0].inside,
        capacity=rooms[0].limit,
        level=rooms[0].level,
        zones=[
            {"code": room.zone.code, "inside": room.inside, "capacity": room.limit, "level": room.level}
            for room in rooms
            if room.zone is not None
        ],
        gates=_own_gates(queries.moves_by_gate(g.fair, day)),
    )


def _own_gates(gates: list[queries.GateMoves]) -> list[dict[str, Any]]:
    """A device is told of its own gates alone."""
    own = g.actor.gates
    return [_gate(moves) for moves in gates if own is None or moves.gate.code in own]


def _gate(moves: queries.GateMoves) -> dict[str, Any]:
    gate = moves.gate
    return {
        "code": gate.code,
        "name_zh": gate.name_zh,
        "name_en": gate.name_en,
        "direction": gate.direction,
        "closed": gate.closed_at is not None,
        "entries": moves.entries,
        "exits": moves.exits,
        "refused": moves.refused,
    }


@blueprint.get("/gates/search")
@blueprint.doc(summary="People by name, pinyin, company or badge number")
@described(answer=PeopleSchema)
@requires(Permission.SCAN_BADGES)
def search() -> ResponseReturnValue:
    text = request.args.get("q", "")[:100].strip()
    english = current_locale() == "en"
    people = search_visitors(g.fair.id, text, MAX_PEOPLE) if text else []
    return jsonify(
        found=[
            {
                "badge": str(row.badge_id),
                "name": row.name,
                "company": row.company,
                "category": row.category_en if english else row.category_zh,
                "number": row.number,
            }
            for row in people
        ]
    )
