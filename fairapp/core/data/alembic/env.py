"""How migrations run: on the program's own engine, all of them in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
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


def refuse_orphans(connection: Connection) -> None:
    """RuntimeError, and nothing is stored, when a row points nowhere."""
    if connection.dialect.name == "sqlite" and (
        orphans := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(5)
    ):
        raise RuntimeError(f"rows point nowhere: {orphans}")


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
