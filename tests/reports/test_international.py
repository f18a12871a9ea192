"""The word "international" by the thresholds of each profile."""

import pytest

from fairapp.gates.counting.profiles import PROFILES
from fairapp.reports.counting.international import criteria, is_international

HOME = {"CN": 100}


def shares(exhibitors: int = 0, visitors: int = 0, area: int = 0, *, country: str = "DE") -> dict[str, dict[str, int]]:
    """Counts of which so many per cent are from that country."""
    percents = {"exhibitors": exhibitors, "visitors": visitors, "area": area}
    return {name: {"CN": 100 - percent, country: percent} for name, percent in percents.items()}


@pytest.mark.parametrize(
    ("counts", "names"),
    [
        (shares(), ""),
        (shares(exhibitors=9, visitors=4, area=19), ""),
        (shares(exhibitors=10), "cn-municipal-1 fairapp-1 iso-1 ufi-1"),
        (shares(visitors=5), "cn-municipal-1 fairapp-1 iso-1 ufi-1"),
        (shares(exhibitors=10, visitors=5), "cn-municipal-1 fairapp-1 fkm-1 iso-1 ufi-1"),
        (shares(area=20), "cn-municipal-1"),
        (shares(exhibitors=50, visitors=50, area=50, country="HK"), "cn-municipal-1"),  # overseas, not foreign
        ({"exhibitors": {}, "visitors": {}, "area": {}}, ""),
    ],
)
def test_who_may_be_called_international(counts: dict[str, dict[str, int]], names: str) -> None:
    met = [
        name
        for name, profile in sorted(PROFILES.items())
        if is_international(profile.international, criteria(profile.international, counts))
    ]
    assert " ".join(met) == names


def test_every_profile_says_which_version_of_what_it_is() -> None:
    for name, profile in PROFILES.items():
        assert name == profile.name and name.endswith(f"-{profile.version}")
        assert profile.scheme and profile.as_of.year > 2000
