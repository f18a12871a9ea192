"""The program keeps the laws of the house, in every room."""

import pytest

from tests.architecture.laws import LAWS, Law
from tests.architecture.source import Source

SOURCE = Source()


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_the_law(law: Law) -> None:
    assert list(law(SOURCE)) == []
