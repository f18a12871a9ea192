"""A breach means that a word is missing in the language of the domain."""

from pathlib import Path

import pytest

from tests.architecture.source import functions, in_layer, length, modules, name_of, nesting, scripts, templates

LONGEST_FUNCTION, LONGEST_VIEW, LONGEST_MODULE, LONGEST_TEMPLATE, DEEPEST = 40, 20, 400, 150, 3
ONE_FILE = {"verify_workbook": 900}  # handed out to people who have Python and nothing else
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "lib", "tools", "manager"}


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("path", [*modules(), *scripts()], ids=name_of)
def test_a_module_fits_a_screen_or_ten(path: Path) -> None:
    assert lines(path) <= ONE_FILE.get(path.stem, LONGEST_MODULE)


@pytest.mark.parametrize("path", [*modules(), *scripts()], ids=name_of)
def test_functions_are_short_and_flat(path: Path) -> None:
    is_view = in_layer(path, "views", "api") and "core" not in path.parts
    limit = LONGEST_VIEW if is_view else LONGEST_FUNCTION
    long = {node.name: length(node) for node in functions(path) if length(node) > limit}
    deep = {node.name: nesting(node) for node in functions(path) if nesting(node) > DEEPEST}
    assert (long, deep) == ({}, {})


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_a_template_is_short(path: Path) -> None:
    assert lines(path) <= LONGEST_TEMPLATE


def test_every_module_is_named_for_what_it_holds() -> None:
    assert [name_of(path) for path in [*modules(), *scripts()] if path.stem in VAGUE or path.parent.name in VAGUE] == []
