"""The ticket with which the live figures are asked for: one a minute for everyone who may see them.

It spares the server the session, the person and their roles each time a screen asks. It opens no
name of a person, and dies three minutes after its minute, also for one whose role was withdrawn.
"""

from hmac import compare_digest

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock, tokens
from fairapp.core.web.access import Actor

PREFIX = "watch"
WINDOW_S = 60
LASTS = 3  # windows


def issue_ticket(fair_id: int) -> str:
    """Return the ticket of this minute."""
    return _ticket(fair_id, int(clock.now().timestamp()) // WINDOW_S)


def _ticket(fair_id: int, window: int) -> str:
    return f"{PREFIX}.{window}.{tokens.keyed_digest(f'{fair_id}:{window}', 'gate watch')}"


def actor_by_ticket(token: str, fair_id: int) -> Actor | None:
    """Return who shows a ticket: a nameless watcher of one fair; None when it is false, foreign or old."""
    _prefix, _dot, rest = token.partition(".")
    window, _dot, _digest = rest.partition(".")
    if not (window.isascii() and window.isdecimal() and len(window) < 12):
        return None
    age = int(clock.now().timestamp()) // WINDOW_S - int(window)
    if not 0 <= age < LASTS or not compare_digest(
        _ticket(fair_id, int(window)).encode(), token.encode("utf-8", "replace")
    ):
        return None
    return Actor(label=PREFIX, fair_id=fair_id, permissions=frozenset({Permission.WATCH_GATES}), by_token=True)
