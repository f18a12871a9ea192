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
from fairapp.gates.scanning.gate_settings import FairGateSettings
from fairapp.gates.scanning.group_commit import GroupCommitter
from fairapp.gates.scanning.payload import parse_scans
from fairapp.gates.scanning.responses import reasons, scan_response
from fairapp.gates.scanning.scans import allow_scans
from fairapp.gates.scanning.settings_cache import settings_cache

SCANS_PATH = re.compile("/api/v1/fairs/([a-z0-9-]{1,40})/scans")


class LaneServer:
    """Knows lanes by their token; what carries the request to it is nothing to it."""

    def __init__(self, app: Flask, committer: GroupCommitter) -> None:
        self.committer = committer
        self.tokens: TokenCache = app.extensions["token_cache"]
        with app.app_context():
            for locale in LOCALES:
                reasons(locale)

    def sender(self, path: str, authorization: str) -> tuple[Actor, FairGateSettings] | None:
        """Return who sends scans and the settings of its gates, where both were looked up just now."""
        address = SCANS_PATH.fullmatch(path)
        entry = self.tokens.get((address[1], authorization)) if address else None
        if entry is None or not entry[1].may(Permission.HAND_IN_SCANS):
            return None
        settings = settings_cache.get(entry[0].id)
        return None if settings is None else (entry[1], settings)

    def answer(self, path: str, authorization: str, languages: str, content: bytes) -> bytes | None:
        """Return the answer to a request to store scans, as JSON; None for one that must go through Flask.

        What is refused or broken goes there too: Flask tells the lane why, and nothing is stored twice.
        """
        sender = self.sender(path, authorization)
        if sender is None:
            return None
        actor, settings = sender
        received_at = clock.now()
        try:
            scans = allow_scans(actor, settings, parse_scans(content, settings, received_at), received_at)
            results = self.committer.record(settings, actor, scans)
        except Exception:
            return None
        return scan_response(results, received_at, language_for(languages))
