"""How migrations run: on the program's own engine, all of them in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection

from fairapp.core.data.db import Base, db


@contextmanager
def orphans_checked_last(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by writing it anew, and would meanwhile take the rows that point to it for orphans.

    Said to the driver, because SQLite does not hear it inside a transaction.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driven = connection.connection.driver_connection
    assert driven is not None
    driven.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driven.execute("PRAGMA foreign_keys=ON")


def refuse_unknown_version() -> None:
    """CommandError, and nothing is changed, when the database is of a version that these migrations do not know."""
    known = {revision.revision for revision in context.script.walk_revisions()}
    with db.engine.connect() as connection:
        unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if not unknown:
        return
    if db.engine.dialect.name == "sqlite":
        database = db.engine.url.database
        way_out = f"move {database} away, with its -wal and -shm if there are any"
    else:
        database, way_out = (
            connection.engine.url.render_as_string(),
            "make an empty database and name it in DATABASE_URL",
        )
    raise CommandError(
        f"{database} was made by another version of FairApp, unreleased or newer ({', '.join(sorted(unknown))}), and this "
        f"one cannot use it: to begin anew, {way_out}, then run this again."
    )


def refuse_orphans(connection: Connection) -> None:
    """RuntimeError, and nothing is stored, when a row points nowhere."""
    if connection.dialect.name == "sqlite" and (
        orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    ):
        raise RuntimeError(f"rows point nowhere: {orphans}")


refuse_unknown_version()
with db.engine.connect() as connection, orphans_checked_last(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,  # SQLite can do it too, as we say BEGIN ourselves
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        refuse_orphans(connection)
