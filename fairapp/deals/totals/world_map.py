"""A map of the world's land without any border: where countries lie, for circles that say how much.

Both come from the package world-atlas (Natural Earth), copied into static/vendor/world with the other front-end
files. The map is cut at 30° west, so that it shows Asia and America's two sides of the Pacific.
"""

import json
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from babel.core import get_global

from fairapp.config import ROOT

WIDTH, HEIGHT = 1000, 400
_SCALE = WIDTH / 360
_NORTH, _CUT = 84.0, -30.0
_FOLDER = ROOT / "static" / "vendor" / "world"
# What the outlines of a country say badly: its far islands, or a shape too small to be drawn.
_ELSEWHERE = {
    "US": (-98.0, 39.0),
    "FR": (2.5, 46.5),
    "NO": (9.0, 61.5),
    "NL": (5.5, 52.2),
    "RU": (90.0, 61.0),
    "FJ": (178.0, -17.8),
}

Point = tuple[float, float]  # longitude and latitude, degrees


class Place(NamedTuple):
    """The place of a country on the map."""

    x: float
    y: float


@cache
def land() -> str:
    """Return all land as one SVG path on a sheet of WIDTH × HEIGHT, cut at 180°; the page draws it twice, side by side."""
    world = _read("land-110m.json")
    (shape,) = world["objects"]["land"]["geometries"]
    return "".join(_path(ring) for rings in shape["arcs"] for ring in _rings(world, rings))


@cache
def places() -> dict[str, Place]:
    """Return the middle of each country's largest piece of land, by ISO 3166 code."""
    world = _read("countries-50m.json")
    middles = {}
    for shape in world["objects"]["countries"]["geometries"]:
        if code := _code(shape.get("id", "")):
            pieces = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
            largest = max((_rings(world, rings[:1])[0] for rings in pieces), key=_size)
            middles[code] = _on_sheet(*_ELSEWHERE.get(code, _middle(largest)))
    return middles


def _read(name: str) -> dict[str, Any]:
    world: dict[str, Any] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    (scale_x, scale_y), (start_x, start_y) = world["transform"]["scale"], world["transform"]["translate"]
    arcs = []
    for arc in world["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + start_x, y * scale_y + start_y))
        arcs.append(points)
    world["arcs"] = arcs
    return world


def _rings(world: dict[str, Any], rings: list[list[int]]) -> list[list[Point]]:
    """Closed lines from numbered arcs; a negative number (~n) is an arc walked backwards."""
    arcs = world["arcs"]
    return [_unwrap([point for at in ring for point in (arcs[at] if at >= 0 else arcs[~at][::-1])]) for ring in rings]


def _unwrap(ring: list[Point]) -> list[Point]:
    """A line that goes on beyond 180° instead of jumping to the other edge of the sheet."""
    turns, line = 0, ring[:1]
    for (before, _), (x, y) in pairwise(ring):
        turns += (before - x > 180) - (x - before > 180)
        line.append((x + 360 * turns, y))
    return line


def _path(ring: list[Point]) -> str:
    """A line in whole units of the sheet, without the points that fall together; nothing for what is a speck."""
    flat = [(round((x + 180) * _SCALE), round((_NORTH - y) * _SCALE)) for x, y in ring]
    points = [point for at, point in enumerate(flat) if at == 0 or point != flat[at - 1]]
    if len(points) < 4:
        return ""
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"


def _size(ring: list[Point]) -> float:
    """Twice the area within a line, degrees squared."""
    return abs(sum(x * ring[at - 1][1] - ring[at - 1][0] * y for at, (x, y) in enumerate(ring)))


def _middle(ring: list[Point]) -> Point:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2


def _on_sheet(longitude: float, latitude: float) -> Place:
    x = ((longitude - _CUT) % 360) * _SCALE
    return Place(round(x, 1), round((_NORTH - latitude) * _SCALE, 1))


def _code(number: str) -> str:
    """ISO 3166: the letters of a country's number, '' for what has none."""
    return str(next(iter(get_global("territory_aliases").get(number, [])), ""))
