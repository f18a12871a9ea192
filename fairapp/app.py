"""The program put together; the only file that knows every feature."""

import re
from dataclasses import asdict
from importlib import import_module
from typing import Any

from apiflask import APIBlueprint, APIFlask
from apiflask.exceptions import HTTPError
from flask import Blueprint
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from fairapp import cli, health, navigation, reactions
from fairapp.accounts.sign_in import sessions
from fairapp.config import ROOT, Settings
from fairapp.core import errors, log
from fairapp.core.data import db
from fairapp.core.jobs import queue
from fairapp.core.text import i18n
from fairapp.core.web import access, api, http, task_views, templating
from fairapp.fairs.queries import fair_by_code
from fairapp.gates import front

# Left to right: a feature knows only what stands left of it.
FEATURES = (
    "audit",
    "accounts",
    "fairs",
    "exhibitors",
    "visitors",
    "gates",
    "meetings",
    "deals",
    "reports",
    "dashboard",
    "demo",
)


def create_app(settings: Settings | None = None, **overrides: Any) -> APIFlask:
    """Return the WSGI application; `overrides` are keys of Flask's configuration."""
    settings = settings or Settings()
    app = APIFlask(
        "fairapp",
        title="FairApp",
        version="1",
        instance_path=str(settings.instance_path),
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
        spec_path="/api/v1/openapi.json",
        docs_path=None,
        json_errors=False,  # core.errors answers, as a page or as JSON
    )
    app.request_class = http.Request
    app.url_map.converters["int"] = http.NineDigits
    configure(app, settings, overrides)
    for part in (log, errors, db, i18n, templating, queue):
        part.init_app(app)
    access.init_app(
        app, load_fair=fair_by_code, load_actor=sessions.load_actor, load_token_actor=sessions.actor_by_token
    )
    sessions.init_app(app)
    app.register_error_handler(HTTPError, api.problem_response)
    register(app, task_views.blueprint)
    register_features(app)
    for part in (navigation, reactions, cli, health, front):
        part.init_app(app)
    serve_behind_proxies(app, settings)
    return app


def configure(app: APIFlask, settings: Settings, overrides: dict[str, Any]) -> None:
    """Set the configuration: settings under their own names (`MAIL_FROM`) and under those of Flask's extensions."""
    settings.check(app.debug)
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    app.config.update({name.upper(): value for name, value in asdict(settings).items()})
    app.config.update(settings.flask())
    app.config.update(
        INSTANCE_PATH=str(settings.instance_path),
        UPLOAD_FOLDER=str(settings.instance_path / "uploads"),
        SIGN_IN_ENDPOINT="accounts.sign_in",
        VALIDATION_ERROR_STATUS_CODE=422,
    )
    app.config.update(overrides)


def register_features(app: APIFlask) -> None:
    """Read every room's tables, jobs, pages and API, then register each feature's blueprints once."""
    for feature in FEATURES:
        modules = [import_module(name) for name in declaring_modules(feature)]
        for blueprint in dict.fromkeys(getattr(module, "blueprint", None) for module in modules):
            register(app, blueprint)


def declaring_modules(feature: str) -> list[str]:
    """List the modules of a feature, in any of its rooms, that must be read for what they declare; tables first."""
    folder = ROOT / "fairapp" / feature
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted(folder.rglob("*.py"))]
    return [name for part in ("models", "jobs", "views", "api") for name in names if re.search(rf"[._]{part}\b", name)]


def register(app: APIFlask, blueprint: Blueprint | None) -> None:
    """Register a blueprint's views; pages are no part of the API's description."""
    if blueprint is None:
        return
    if not isinstance(blueprint, APIBlueprint):
        blueprint.enable_openapi = False  # type: ignore[attr-defined]
    app.register_blueprint(blueprint)


def serve_behind_proxies(app: APIFlask, settings: Settings) -> None:
    """Serve static files by WhiteNoise, and believe forwarded addresses only from the proxies one has."""
    static = WhiteNoise(app.wsgi_app, root=str(ROOT / "static"), prefix="static/", autorefresh=app.debug)
    app.wsgi_app = static  # type: ignore[method-assign]
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
