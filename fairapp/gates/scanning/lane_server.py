"""A lane's scans answered without Flask: who sends them and what its gates are is known, at most two seconds old.

Everything else, and every request that is not plainly right, goes through Flask, which answers it as ever. So there
is one guard and one set of messages.
"""

import re

from flask import Flask

from fairapp.accounts.permissions import Permission
from fairapp.core.data import clock
from fairapp.core.text.i18n import LOCALES, language_for
from fairapp.core.web.access import Actor, TokenCache
from fairapp.gates.scanning import gate_settings
from fairapp.gates.scanning.gate_settings import Lanes
from fairapp.gates.scanning.group_commit import GroupCommitter
from fairapp.gates.scanning.payload import arrived
from fairapp.gates.scanning.responses import reasons, scan_response
from fairapp.gates.scanning.scans import arrivals_of

SCANS_PATH = re.compile("/api/v1/fairs/([a-z0-9-]{1,40})/scans")


class LaneServer:
    """Knows lanes by their token; what carries the request to it is nothing to it."""

    def __init__(self, app: Flask, committer: GroupCommitter) -> None:
        self.committer = committer
        self.tokens: TokenCache = app.extensions["token_cache"]
        with app.app_context():
            for locale in LOCALES:
                reasons(locale)

    def sender(self, path: str, authorization: str) -> tuple[Actor, Lanes] | None:
        """Return who sends scans and the settings of its gates, where both were looked up just now."""
        named = SCANS_PATH.fullmatch(path)
        entry = self.tokens.get((named[1], authorization)) if named else None
        if entry is None or not entry[1].may(Permission.HAND_IN_SCANS):
            return None
        lanes = gate_settings.cache.get(entry[0].id)
        return None if lanes is None else (entry[1], lanes)

    def answer(self, path: str, authorization: str, languages: str, content: bytes) -> bytes | None:
        """Return the answer to a request to store scans, as JSON; None for one that must go through Flask.

        What is refused or broken goes there too: Flask tells the lane why, and nothing is stored twice.
        """
        sender = self.sender(path, authorization)
        if sender is None:
            return None
        actor, lanes = sender
        received_at = clock.now()
        try:
            arrivals = arrivals_of(actor, lanes, arrived(content, lanes, received_at), received_at)
            answers = self.committer.record(lanes, actor, arrivals)
        except Exception:
            return None
        return scan_response(answers, received_at, language_for(languages))
