"""Registrations in numbers."""

from datetime import UTC, date, datetime

import pytest

from fairapp.core.data.db import transaction
from fairapp.core.web.access import system
from fairapp.visitors import services
from fairapp.visitors.registration import figures
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_visitor

# 20:00 UTC is the next day in Fuzhou
LATE = datetime(2021, 3, 1, 20, 0, tzinfo=UTC)
PEOPLE = (
    {"category": "PRO", "country": "CN", "province": "福建", "registered_at": LATE},
    {"category": "PRO", "country": "HK", "registered_at": LATE},
    {"category": "GEN", "country": "US", "is_returning": True},
    {"category": "EXH", "country": "CN"},
)


@pytest.fixture
def fair(app, clock):
    fair = make_fair()
    for person in PEOPLE:
        make_visitor(fair, **person)
    return fair


def test_totals_tell_overseas_from_foreign(fair) -> None:
    assert figures.registration_totals(fair.id) == {
        "registrations": 3,
        "overseas": 2,
        "foreign": 1,
        "professional": 2,
        "general": 1,
        "returning": 1,
        "new": 2,
    }


def test_each_breakdown_adds_up(fair) -> None:
    assert figures.registrations_by_kind(fair.id) == {"visitor": 3, "exhibitor": 1}
    assert figures.registrations_by_category(fair.id) == [
        ("EXH", "exhibitor", 1),
        ("GEN", "visitor", 1),
        ("PRO", "visitor", 2),
    ]
    assert figures.registrations_by_country(fair.id) == {"CN": 1, "HK": 1, "US": 1}
    assert figures.registrations_by_province(fair.id) == {"福建": 1}


def test_a_day_is_a_day_of_the_fairs_place(fair) -> None:
    assert figures.registrations_by_day(fair) == {date(2021, 3, 2): 2, date(2021, 3, 18): 1}


def test_a_merged_person_counts_once_and_as_staff(fair) -> None:
    visitor, staff = make_visitor(fair)[0], make_visitor(fair, category="EXH")[0]
    with transaction():
        services.merge_visitors(actor=system(fair.id), first=visitor, second=staff, reason="same")
    assert figures.registrations_by_kind(fair.id) == {"visitor": 3, "exhibitor": 2}


@pytest.mark.parametrize(
    ("country", "overseas", "foreign"),
    [
        ("CN", False, False),
        ("HK", True, False),
        ("MO", True, False),
        ("TW", True, False),
        ("US", True, True),
        ("", False, False),
    ],
)
def test_countries(country: str, overseas: bool, foreign: bool) -> None:
    assert (figures.is_overseas(country), figures.is_foreign(country)) == (overseas, foreign)
