"""Filters, the language and the nonce for every template, and the headers of every page."""

import secrets
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, Response, current_app, g, has_request_context, request
from jinja2 import StrictUndefined

from fairapp.core.text import i18n, money
from fairapp.core.web.listing import same_filters

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

ISOLATION_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def init_app(app: Flask) -> None:
    """Filters, context and the headers that keep a page to itself."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        money=money.money_text,
        short_money=money.short_money_text,
        number=i18n.number_text,
        moment=i18n.moment_text,
        day=i18n.day_text,
        country=i18n.country_name,
        localised=i18n.localised,
    )
    app.jinja_env.globals.update(csp_nonce=csp_nonce, same_filters=same_filters)
    app.context_processor(_context)
    app.after_request(_guarded)


def csp_nonce() -> str:
    """Return this answer's nonce for <script> and <style>."""
    nonce: str = g.setdefault("csp_nonce", secrets.token_urlsafe(16))
    return nonce


def _context() -> dict[str, Any]:
    locale = i18n.current_locale()
    if not has_request_context():  # a mail written by a job or a command
        return {"locale": locale}
    other = "en" if locale == "zh_Hans" else "zh_Hans"
    return {"locale": locale, "other_locale": other, "other_locale_url": _with_language(other)}


def _with_language(code: str) -> str:
    pairs = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return f"{quote(_address_to_open())}?{urlencode([*pairs, ('lang', code)], errors='replace')}"


def _address_to_open() -> str:
    """Return this page's address; where it answers a form and no link opens it, that of the nearest page above it."""
    routes, path = current_app.create_url_adapter(request), request.path
    if routes is None or request.url_rule is None or "GET" in (request.url_rule.methods or ()):
        return path
    while path and not routes.test(path, "GET"):
        path = path.rpartition("/")[0]
    return path or "/"


def _guarded(response: Response) -> Response:
    headers = response.headers
    for name, value in ISOLATION_HEADERS.items():
        headers.setdefault(name, value)
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", POLICY.format(nonce=csp_nonce()))
        headers.setdefault("Cache-Control", "no-store")
    return response
