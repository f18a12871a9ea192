"""One transaction around a test, rolled back at its end, and nothing remembered from the test before."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from apiflask import APIFlask

from fairapp.core.data.db import db
from fairapp.core.data.refresh_ahead import TimedCache


def forget_lookups(program: APIFlask) -> None:
    """Empty every cache of the process, as a new process begins: the rows they were read from are gone."""
    modules = [module for name, module in sys.modules.items() if name.startswith("fairapp.")]
    places = [*(vars(module) for module in modules), program.extensions]
    for cache in [value for place in places for value in place.values() if isinstance(value, TimedCache)]:
        cache.clear()


@contextmanager
def isolated(program: APIFlask) -> Iterator[APIFlask]:
    """An app context whose database forgets all at the end; `transaction()` is a savepoint in it.

    Flask-SQLAlchemy asks its engine for a connection each time, so the engine is swapped for one connection.
    """
    forget_lookups(program)
    with program.app_context():
        engine, engines = db.engine, db._app_engines[program]
        sessions = db.session.session_factory
        connection = engine.connect()
        outer = connection.begin()
        engines[None] = connection
        sessions.configure(join_transaction_mode="create_savepoint")
        db.session.remove()
        try:
            yield program
        finally:
            db.session.remove()
            outer.rollback()
            connection.close()
            engines[None] = engine
            sessions.configure(join_transaction_mode="conditional_savepoint")


@contextmanager
def forgotten() -> Iterator[None]:
    """Inside `isolated`: what happens in this block is undone, what was before stays."""
    db.session.commit()
    savepoint = db.engine.begin_nested()  # type: ignore[attr-defined]
    try:
        yield
    finally:
        db.session.rollback()
        savepoint.rollback()
        db.session.expire_all()
