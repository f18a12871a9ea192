"""A fair with its categories of visitors, and its desk."""

import pytest

from fairapp.accounts.permissions import Role
from fairapp.fairs.models import Fair
from tests.client import PageClient
from tests.factories.foundation import make_fair, make_person
from tests.factories.visitors import make_categories


@pytest.fixture
def fair(app) -> Fair:
    fair = make_fair("open")
    make_categories(fair)
    return fair


@pytest.fixture
def desk(fair: Fair, signed_in) -> PageClient:
    return signed_in(make_person(fair, Role.ORGANISER))
