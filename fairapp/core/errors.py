"""A rule of the field that says no is a DomainError. Form errors live on fields; all else is a bug."""

import secrets
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

log = structlog.get_logger()
RETRY_AFTER_S = 5


class DomainError(Exception):
    """A rule said no.

    `code` is for machines, `message` (translated, says what to do) for people, `field` names the
    form field it belongs to, `status` is the HTTP status (409 by default).
    """

    def __init__(self, code: str, message: object, *, field: str | None = None, status: int = 409):
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field
        self.status = status

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def wants_json() -> bool:
    """Return whether the request came from a machine."""
    return request.path.startswith("/api/")


def problem(status: int, code: str, detail: str, **more: Any) -> Response:
    """Return an answer as RFC 9457 describes it."""
    body = {"type": f"urn:fairapp:{code}", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    response = jsonify(body | {"detail": detail} | more)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def init_app(app: Flask) -> None:
    """Answer refusals, HTTP errors and bugs, each as a page or as problem JSON."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _bug)


def _page(status: int, detail: str, reference: str = "") -> ResponseReturnValue:
    return render_template("errors/error.html", status=status, detail=detail, reference=reference), status


def _refused(error: DomainError) -> ResponseReturnValue:
    if wants_json():
        more = {"field": error.field} if error.field else {}
        return problem(error.status, error.code, str(error.message), **more)
    return _page(error.status, str(error.message))


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if wants_json():
        code = HTTPStatus(error.code).phrase.lower().replace(" ", "_").replace("-", "_")
        return problem(error.code, code, error.description or "")
    return _page(error.code, "")


def is_database_away(error: BaseException) -> bool:
    """Return whether the database took no connection, had none left, or hung up."""
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or (isinstance(error, OperationalError) and error.statement is None)
    return isinstance(error, PoolTimeout)


def _database_away(error: Exception) -> ResponseReturnValue:
    log.error("the database is away", error=repr(error)[:300], method=request.method, path=request.path)
    answer = make_response(problem(503, "database_away", "") if wants_json() else _page(503, ""))
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _bug(error: Exception) -> ResponseReturnValue:
    if is_database_away(error):
        return _database_away(error)
    if current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    reference = secrets.token_hex(4)
    log.exception("bug", reference=reference, method=request.method, path=request.path)
    if wants_json():
        return problem(500, "internal_error", "", reference=reference)
    return _page(500, "", reference)
