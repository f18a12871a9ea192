"""What phones at the gates ask for: to be set up, what they must know offline, and to tell how they are."""

import gzip
import json
from datetime import datetime
from typing import Any

from flask import Response, abort, g, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import fields, validate

from fairapp.accounts.permissions import Permission
from fairapp.accounts.sign_in import rate_limits
from fairapp.accounts.sign_in.sessions import TOKEN_KINDS
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.errors import problem
from fairapp.core.text.i18n import _
from fairapp.core.web.access import requires, unsigned
from fairapp.core.web.api import Strict, Text
from fairapp.gates.blueprint import api_blueprint as blueprint
from fairapp.gates.devices import queries, services
from fairapp.gates.devices.contact import Contact, note_contact
from fairapp.gates.devices.offline_list import device_json, offline_list, offline_rules, version_time
from fairapp.gates.devices.roster import roster_page
from fairapp.gates.devices.rules import TOKEN_PREFIX
from fairapp.gates.models import Device

TOKEN_KINDS[TOKEN_PREFIX] = queries.actor_by_device_token
MIN_PACKED = 1000  # bytes; what is shorter is sent as it is


class EnrolIn(Strict):
    token = Text(required=True, max_length=100)
    pin = Text(max_length=8)
    device_time = fields.AwareDateTime()


class ContactIn(Strict):
    battery = fields.Integer(allow_none=True, strict=True, validate=validate.Range(0, 100))
    queue = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 10_000_000))
    list_version = Text(allow_none=True, max_length=60)
    list_as_of = fields.AwareDateTime(allow_none=True)
    device_time = fields.AwareDateTime()
    version = Text(max_length=40, load_default="")


@blueprint.post("/devices/enrol")
@unsigned
@blueprint.input(EnrolIn, arg_name="body")
@blueprint.doc(summary="A phone takes up its set-up link, once")
def enrol(body: dict[str, Any]) -> ResponseReturnValue:
    rate_limits.count_attempt("device", body["token"])
    pin, device_time = body.get("pin", ""), body.get("device_time")
    with transaction():
        done = services.enrol_device(actor=g.actor, fair=g.fair, secret=body["token"], pin=pin, device_time=device_time)
        device, end = device_json(done.device), queries.device_end(done.device)
    if not done.token:
        return problem(403, "wrong_pin", _("This PIN is not right."), left=done.tries_left)
    expires_at = end.isoformat() if end else None
    answer = {"device": device, "token": done.token, "expires_at": expires_at}
    return jsonify({**answer, "server_time": clock.now().isoformat()}), 201


@blueprint.post("/devices/mine")
@requires(Permission.SCAN_BADGES)
@blueprint.doc(summary="The signed-in person's own phone becomes a gate: a link that works once")
def use_mine() -> ResponseReturnValue:
    if g.actor.by_token:
        abort(403)
    with transaction():
        made = services.use_own_phone(actor=g.actor, fair=g.fair)
        device = device_json(made.device)
    return jsonify(device=device, link=_set_up_link(made.secret)), 201


def _set_up_link(secret: str) -> str:
    """Where a phone is set up; the secret stands behind the # and so never reaches a server's log."""
    return f"{url_for('gates.device_app')}#set-up={secret}"


def _own_device() -> Device:
    return queries.own_device(g.actor) or abort(403)


@blueprint.get("/devices/me/list")
@requires(Permission.BE_A_DEVICE)
@blueprint.doc(summary="What a lane must know to decide alone: whole, or what changed since a version")
def device_list() -> ResponseReturnValue:
    content = offline_list(g.fair, _own_device(), request.args.get("since", ""))
    return _packed(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


def _packed(plain: bytes, packed: bytes | None = None) -> Response:
    """JSON, by gzip for those who take it."""
    response = Response(plain, mimetype="application/json", headers={"Cache-Control": "no-store"})
    response.vary.add("Accept-Encoding")
    if len(plain) > MIN_PACKED and request.accept_encodings.quality("gzip") > 0:
        response.set_data(packed or gzip.compress(plain, 1, mtime=0))
        response.content_encoding = "gzip"
    return response


@blueprint.get("/devices/me/roster")
@requires(Permission.BE_A_DEVICE)
@blueprint.doc(summary="Names by badge, each sealed under a key that only the badge gives")
def device_roster() -> ResponseReturnValue:
    page = roster_page(g.fair.id, request.args.get("after", ""))
    response = _packed(page.plain, page.packed)
    response.set_etag(page.etag)
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)


@blueprint.post("/devices/me/contact")
@requires(Permission.BE_A_DEVICE)
@blueprint.input(ContactIn, arg_name="body")
@blueprint.doc(summary="A device tells how it is")
def device_contact(body: dict[str, Any]) -> ResponseReturnValue:
    contact = Contact(
        queue=body["queue"],
        battery=body.get("battery"),
        device_time=body.get("device_time"),
        list_as_of=_list_moment(body),
        app_version=body["version"],
    )
    with transaction():
        note_contact(g.actor, contact)
        end = queries.device_end(_own_device())
    return jsonify(
        server_time=clock.now().isoformat(),
        revoked=False,
        list_version=offline_rules(g.fair).version,
        expires_at=end.isoformat() if end else None,
    )


def _list_moment(body: dict[str, Any]) -> datetime | None:
    as_of: datetime | None = body.get("list_as_of")
    return as_of or version_time(body.get("list_version") or "")
