"""Where people come from: overseas is more than foreign."""

import pytest

from fairapp.visitors.origins import is_foreign, is_overseas


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
def test_hong_kong_macao_and_taiwan_are_overseas_and_not_foreign(country: str, overseas: bool, foreign: bool) -> None:
    assert (is_overseas(country), is_foreign(country)) == (overseas, foreign)
