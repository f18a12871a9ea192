"""The page at the door: for a signed-in steward, and as an app of its own that opens without the network."""

import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Response, current_app, g, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_wtf.csrf import generate_csrf

from fairapp.accounts.permissions import Permission
from fairapp.core.text.i18n import LOCALES, _, current_locale
from fairapp.core.web.access import public, requires
from fairapp.fairs.venue import queries as venue
from fairapp.gates.blueprint import blueprint
from fairapp.gates.labels import DIRECTIONS
from fairapp.gates.scanner.labels import override_reasons, scanner_words

# What the app needs besides its own modules; everything is kept on the device.
SHEETS = ("css/tokens.css", "css/base.css", "css/components.css", "css/forms.css", "css/gates.css")
PARTS = (
    *SHEETS,
    "icons.svg",
    "favicon.svg",
    "icon.png",
    "js/dom.js",
    "vendor/idb/index.js",
    "vendor/noble/ed25519.js",
    "vendor/zxing/reader/index.js",
    "vendor/zxing/share.js",
    "vendor/zxing/zxing_reader.wasm",
)
NONCE = re.compile(r' nonce="[^"]*"')


@blueprint.get("/gate")
@requires(Permission.SCAN_BADGES)
def scanner() -> ResponseReturnValue:
    """Show one full-screen page: three colours, no menu."""
    gates = venue.gates(g.fair)
    setup = {
        **_setup(),
        "token": generate_csrf(),
        "mayOverride": g.actor.may(Permission.OVERRIDE_SCANS),
        "gates": [_gate(gate) for gate in gates],
    }
    setup["urls"] |= {"mine": url_for("gates_api.use_mine")}
    return render_template("gates/scanner.html", setup=setup, gates=gates, **_lane_choices())


def _gate(gate: Any) -> dict[str, Any]:
    zone = gate.zone
    return {
        "code": gate.code,
        "name_zh": gate.name_zh,
        "name_en": gate.name_en,
        "direction": gate.direction,
        "closed": False,
        "zone": zone.code if zone else None,
        "zone_names": {"name_zh": zone.name_zh, "name_en": zone.name_en} if zone else None,
    }


def _lane_choices() -> dict[str, Any]:
    return {"directions": DIRECTIONS, "reasons": override_reasons()}


def _setup() -> dict[str, Any]:
    """What both pages are told; nothing of it depends on who asks."""
    return {
        "fair": g.fair.code,
        "time_zone": g.fair.time_zone,
        "locale": current_locale().replace("_", "-"),
        "words": scanner_words(),
        "urls": {
            "scans": url_for("gates_api.record_scans"),
            "status": url_for("gates_api.gates"),
            "search": url_for("gates_api.search"),
            "decoder": url_for("gates.device_decoder"),
        },
    }


@blueprint.get("/scanner/")
@public
def device_app() -> ResponseReturnValue:
    """Show the app of a device: the same for everybody, so that it can be kept."""
    return _shell()


def _shell() -> str:
    setup = _setup()
    setup["urls"] |= {
        "enrol": url_for("gates_api.enrol"),
        "contact": url_for("gates_api.device_contact"),
        "list": url_for("gates_api.device_list"),
        "roster": url_for("gates_api.device_roster"),
        "worker": url_for("gates.device_worker"),
    }
    return render_template("gates/offline.html", setup=setup, sheets=SHEETS, locales=LOCALES, **_lane_choices())


@blueprint.get("/scanner/worker.js")
@public
def device_worker() -> Response:
    """Send the service worker, with the names of the files it keeps; any change in one makes it a new worker."""
    shells = {code: url_for("gates.device_app", lang=code) for code in LOCALES}
    files = [url_for("gates.device_decoder"), url_for("gates.device_manifest")]
    files += [url_for("static", filename=name) for name in _cached_files()]
    facts = {"FAIR": g.fair.code, "VERSION": _version(), "SHELLS": shells, "FILES": files}
    lines = [f"const {name} = {json.dumps(value)};\n" for name, value in facts.items()]
    return _script("".join(lines) + (_static() / "scanner" / "worker.js").read_text(encoding="utf-8"))


@blueprint.get("/scanner/decoder.js")
@public
def device_decoder() -> Response:
    """Send the camera's reader under the app's own address: a worker is kept only where the app is."""
    return _script(f'import "{url_for("static", filename="scanner/decoder.js")}";\n')


@blueprint.get("/scanner/manifest.webmanifest")
@public
def device_manifest() -> Response:
    """Send what a phone needs to put the gate on its home screen."""
    answer = jsonify(
        name=f"{_('Gate')} · {g.fair.code}",
        short_name=_("Gate"),
        id=url_for("gates.device_app"),
        start_url=url_for("gates.device_app"),
        scope=url_for("gates.device_app"),
        display="standalone",
        background_color="#0d1013",
        theme_color="#0d1013",
        icons=_icons(),
    )
    answer.mimetype = "application/manifest+json"
    return answer


def _icons() -> list[dict[str, str]]:
    svg = {"src": url_for("static", filename="favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    png = {"src": url_for("static", filename="icon.png"), "sizes": "512x512", "type": "image/png"}
    return [svg | {"purpose": "any"}, png | {"purpose": "maskable"}]


def _script(text: str) -> Response:
    return Response(text, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


def _static() -> Path:
    return Path(str(current_app.static_folder))


def _cached_files() -> list[str]:
    modules = sorted(
        path.name for path in (_static() / "scanner").glob("*.js") if path.name not in {"main.js", "worker.js"}
    )
    return [*(f"scanner/{name}" for name in modules), *PARTS]


def _version() -> str:
    """Changes with any file of the app and with any word on its page."""
    digest = sha256()
    for code in LOCALES:
        with force_locale(code):
            digest.update(NONCE.sub("", _shell()).encode())
    for name in ["scanner/worker.js", *_cached_files()]:
        path = _static() / name
        digest.update(_digest(path, path.stat().st_mtime_ns))
    return digest.hexdigest()[:16]


@cache
def _digest(path: Path, _changed: int) -> bytes:
    return sha256(path.read_bytes()).digest()
