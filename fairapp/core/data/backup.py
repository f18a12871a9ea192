"""Backup of the embedded database while it is in use."""

import os
from contextlib import closing
from pathlib import Path
from typing import Any

from fairapp.core.data.db import db, dialect, sqlite
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _


def back_up(target: Path) -> None:
    """Copy the SQLite database to `target`, which appears only once it is whole. DomainError on PostgreSQL."""
    if dialect() != "sqlite":
        raise DomainError("not_sqlite", _("This database is PostgreSQL: use pg_dump."))
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        with db.engine.connect() as source, closing(sqlite.connect(str(beside))) as copy:
            embedded: Any = source.connection.driver_connection
            embedded.backup(copy)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
