"""A list somebody brings and the report they get: stored a week, for that person in that fair alone."""

from datetime import timedelta
from uuid import UUID

from flask import abort, g

from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.data.files import StoredFile, store_file

LIST_TYPE = "application/octet-stream"
REPORT_TYPE = "application/json"
PRIVATE_FILE_LASTS = timedelta(days=7)


def own_file_or_404(file_id: UUID, content_type: str) -> StoredFile:
    """Return a list or report of this person in this fair, or abort with 404 once it is expired."""
    file = db.session.get(StoredFile, (g.fair.id, file_id))
    fits = file is not None and file.owner_id == g.actor.user_id and file.content_type == content_type
    if file is None or not fits or (file.expires_at and file.expires_at <= clock.now()):
        abort(404)
    return file


def keep_file(content: bytes, name: str, content_type: str) -> StoredFile:
    """Store a list or report for the person who acts, for a week."""
    return store_file(
        content,
        fair_id=g.fair.id,
        name=name[:255],
        content_type=content_type,
        owner_id=g.actor.user_id,
        expires_at=clock.now() + PRIVATE_FILE_LASTS,
    )
