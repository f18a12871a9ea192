"""A fair with its categories of visitors."""

import pytest

from fairapp.fairs.models import Fair
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_categories


@pytest.fixture
def fair(app) -> Fair:
    fair = make_fair()
    make_categories(fair)
    return fair
