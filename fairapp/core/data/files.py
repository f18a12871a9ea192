"""Files people hand in or take away: stored by content hash, owned, served only by a checked view."""

import hashlib
import os
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from flask import Response, current_app, send_file
from sqlalchemy import BigInteger, Index, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, after_transaction, db

MADE_FILE_LASTS = timedelta(days=7)  # what was made for one person to take away: badges, packs, lists


class StoredFile(FairScoped):
    """A file of one fair; `owner_id` is the user it belongs to, `expires_at` when it goes."""

    __tablename__ = "stored_files"

    name: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(100))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    owner_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_stored_files_sha256", "fair_id", "sha256"),)

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= clock.now()

    @property
    def path(self) -> Path:
        return folder() / self.sha256[:2] / self.sha256


def folder() -> Path:
    """Return where the contents lie."""
    return Path(current_app.config["UPLOAD_FOLDER"])


def store_file(
    content: bytes,
    *,
    fair_id: int,
    name: str,
    content_type: str,
    owner_id: UUID | None = None,
    expires_at: datetime | None = None,
) -> StoredFile:
    """Store a file; its content is written beside and renamed, so that no reader ever sees half of it."""
    record = StoredFile(
        fair_id=fair_id,
        name=name,
        content_type=content_type,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        owner_id=owner_id,
        created_at=clock.now(),
        expires_at=expires_at,
    )
    _write(record.path, content)
    db.session.add(record)
    db.session.flush()
    return record


def _write(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    with open(beside, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def remove_expired() -> int:
    """Remove the files whose time is over, in all fairs, with contents that no other file has; return how many."""
    expired = list(db.session.scalars(select(StoredFile).where(StoredFile.expires_at <= clock.now())))
    for file in expired:
        db.session.execute(delete(StoredFile).where(StoredFile.fair_id == file.fair_id, StoredFile.id == file.id))
    hashes = {file.sha256 for file in expired}
    still_used = set(db.session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(hashes))))
    for path in {file.path for file in expired if file.sha256 not in still_used}:
        after_transaction(partial(path.unlink, missing_ok=True))
    return len(expired)


def open_file(record: StoredFile) -> BinaryIO:
    """Open the content for reading."""
    return open(record.path, "rb")


def download(record: StoredFile, *, inline: bool = False) -> Response:
    """Return the file as an answer that no browser will run."""
    response = send_file(
        record.path,
        mimetype=record.content_type,
        as_attachment=not inline,
        download_name=record.name,
        etag=record.sha256,
    )
    response.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
