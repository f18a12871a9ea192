"""The colours of tokens.css can be read: WCAG 2.2 AA on light and dark paper."""

import re

import pytest

from fairapp.config import ROOT
from fairapp.fairs.rules import contrast

SHEET = (ROOT / "static" / "css" / "tokens.css").read_text()
SURFACES = ("paper", "ground", "sunk", "hover")
TEXT = [(ink, surface, 4.5) for ink in ("ink", "ink-2", "ink-3") for surface in SURFACES]
TEXT += [(meaning, f"{meaning}-soft", 4.5) for meaning in ("good", "attention", "stop")]
TEXT += [(meaning, "paper", 4.5) for meaning in ("good", "attention", "stop")]
TEXT += [("on-meaning", "stop", 4.5), ("ink", "stop-soft", 4.5), ("ink", "attention-soft", 4.5)]
CONTROLS = [("line-strong", surface, 3.0) for surface in ("paper", "ground")]
CHARTS = [(f"chart-{number}", "paper", 3.0) for number in range(2, 7)]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def themes() -> dict[str, dict[str, str]]:
    light_block, by_system, by_choice = re.split(r"/\* Dark by the system|/\* … or dark", SHEET)
    light = tokens(light_block)
    return {
        "light": light | {"accent": light["accent-light"]},
        "dark": light | tokens(by_system) | {"accent": light["accent-dark"]},
        "chosen dark": light | tokens(by_choice) | {"accent": light["accent-dark"]},
    }


@pytest.mark.parametrize("theme", themes())
def test_every_pair_of_colours_has_enough_contrast(theme: str) -> None:
    colours = themes()[theme]
    pairs = [*TEXT, *CONTROLS, *CHARTS, ("accent", "paper", 4.5), ("on-accent", "accent", 4.5)]
    weak = [(a, b) for a, b, least in pairs if contrast(colours[a], colours[b]) < least]
    assert weak == []


def test_dark_is_the_same_whether_asked_by_system_or_by_person() -> None:
    assert themes()["dark"] == themes()["chosen dark"]
