"""Limits on typing badge numbers: counted alike on pages and in the API, and told to the supervisor."""

from flask import g
from werkzeug.exceptions import TooManyRequests

from fairapp.accounts.sign_in.rate_limits import count_attempt, require_attempts_left
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import transaction
from fairapp.visitors.grants.queries import number_exists
from fairapp.visitors.grants.rules import is_code, typed_number


def count_typed_number(text: str) -> None:
    """Count a badge number that the signed-in account typed; a scanned code costs nothing.

    Abort with 429 after 30 in an hour, or after ten in a quarter of an hour that nobody wears: then any number is
    refused, so that the refusal tells nothing about the last one.
    """
    number = "" if is_code(text) else typed_number(text)
    if not number:
        return
    account = f"{g.fair.id}:{g.actor.user_id}"
    try:
        require_attempts_left("unknown_number", account)
        count_attempt("number", account)
        if not number_exists(g.fair.id, number):
            count_attempt("unknown_number", account)
    except TooManyRequests:
        with transaction():
            audit.record(Event.NUMBERS_GUESSED, actor=g.actor, fair_id=g.fair.id, subject="badge numbers")
        raise
