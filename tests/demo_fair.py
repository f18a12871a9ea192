"""A small fair with everything in it, made once a process: for tests that only read."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask

from fairapp.core.data.db import db
from fairapp.demo.build_demo_fair import build_demo_fair
from fairapp.demo.scale import Scale
from fairapp.fairs.models import Fair
from fairapp.fairs.queries import fair_by_code
from tests.conftest import DATABASE, make_schema, new_postgres_database, program_for
from tests.isolation import forget_lookups

SECOND_DAY = date(2021, 3, 19)
TINY = Scale(
    suppliers=30,
    platforms=5,
    service_providers=2,
    associations=2,
    visitors=150,
    no_shows=60,
    meetings=20,
    deals=60,
    halls=2,
    booths_per_hall=60,
    capacity=100,
)


def demo_program(request: pytest.FixtureRequest, folder: Path, seed: int) -> APIFlask:
    """A program with a database of its own with the tiny fair."""
    if DATABASE == "postgresql":
        url = new_postgres_database(request.getfixturevalue("postgres"), f"demo_{os.urandom(6).hex()}")
    else:
        url = f"sqlite:///{folder / 'demo.db'}"
    program = program_for(folder / "instance", url)
    make_schema(program)
    forget_lookups(program)
    with program.app_context():
        build_demo_fair(TINY, seed, lambda _words: None, SECOND_DAY)
    return program


def command(demo_app: APIFlask, *words: str) -> Any:
    """What `flask words…` does."""
    with demo_app.app_context():
        return demo_app.test_cli_runner().invoke(args=list(words))


@pytest.fixture(scope="session")
def demo_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[APIFlask]:
    """The program with the tiny fair."""
    program = demo_program(request, tmp_path_factory.mktemp("demo"), seed=1)
    yield program
    with program.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def fair(demo_app: APIFlask) -> Iterator[Fair]:
    """Return the tiny fair."""
    with demo_app.app_context():
        tiny_fair = fair_by_code("cbec2021")
        assert tiny_fair is not None
        yield tiny_fair
        db.session.remove()
