"""Templates, tests and scripts are held to the sizes of the program."""

from pathlib import Path

import pytest

from tests.architecture.laws import MAX_FUNCTION, MAX_MODULE, long_functions
from tests.architecture.source import Module, name_of, scripts, templates

MAX_TEMPLATE = 150


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("module", scripts(), ids=lambda module: module.name)
def test_what_stands_beside_the_program_is_short_and_flat(module: Module) -> None:
    assert lines(module.path) <= MAX_MODULE
    assert list(long_functions(module, MAX_FUNCTION)) == []


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_a_template_is_short(path: Path) -> None:
    assert lines(path) <= MAX_TEMPLATE
