"""A gate over a real server, for the tests that look at the wire."""

from collections.abc import Iterator

import pytest
from apiflask import APIFlask

from tests.conftest import copied_database, program_for
from tests.gates.wire import GateWire, gate_wire


@pytest.fixture(scope="module")
def gate(
    program: APIFlask, request: pytest.FixtureRequest, database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GateWire]:
    """A fair of today that no server serves yet."""
    folder = tmp_path_factory.mktemp("gate")
    with gate_wire(folder, copied_database(program, request, folder, database_url), program_for) as wire:
        yield wire


@pytest.fixture(scope="module")
def wire(gate: GateWire) -> Iterator[GateWire]:
    """The fair, served."""
    with gate.server.serving():
        yield gate
