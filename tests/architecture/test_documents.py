"""What docs/architecture.md says of the code is so: its places exist, its roads are roads, its line is the contract's."""

import ast
import itertools
import re
import tomllib

import pytest

from fairapp.app import FEATURES
from fairapp.config import ROOT
from tests.architecture.roles import ROLES
from tests.architecture.source import Source

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PLACE = re.compile(r"`((?:fairapp|templates|static|docs|tests|scripts)/[\w./-]*)`(?: · `(\w+)`)?")
ROAD = re.compile(r"`fairapp/[\w/]+\.py`(?:\s+→\s+`fairapp/[\w/]+\.py`)+")
SOURCE = Source()


@pytest.mark.parametrize(("place", "name"), sorted({match.groups(default="") for match in PLACE.finditer(TEXT)}))
def test_a_place_that_is_named_exists(place: str, name: str) -> None:
    path = ROOT / place
    assert path.exists()
    defined = {node.name for node in ast.walk(ast.parse(path.read_text())) if hasattr(node, "name")} if name else {""}
    assert name in defined


@pytest.mark.parametrize("road", [" ".join(match.group().split()) for match in ROAD.finditer(TEXT)])
def test_a_road_follows_the_imports(road: str) -> None:
    steps = [step.strip("` ").removesuffix(".py").replace("/", ".") for step in road.split("→")]
    assert [pair for pair in itertools.pairwise(steps) if pair[1] not in SOURCE.imported[pair[0]]] == []


def test_the_line_of_features_is_the_one_that_is_checked() -> None:
    line = re.search(r"`(core · .* · app)`", TEXT)
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = [layer.strip("()").removeprefix("fairapp.") for layer in reversed(contracts[0]["layers"])]
    assert line is not None
    assert line.group(1).split(" · ") == ["core", *FEATURES, "app"]
    assert [layer for layer in layers if layer in FEATURES] == list(FEATURES)


def test_every_role_is_explained() -> None:
    assert [role for role in sorted(set(ROLES) - {"blueprint"}) if f"`{role}`" not in TEXT] == []
