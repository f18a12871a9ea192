"""A fair with its venue, and its organiser's browser."""

import pytest

from fairapp.accounts.permissions import Role
from tests.client import PageClient
from tests.factories.fairs import make_ground
from tests.factories.foundation import make_person


@pytest.fixture
def ground(app):
    return make_ground("here")


@pytest.fixture
def organiser(ground, signed_in) -> PageClient:
    return signed_in(make_person(ground.fair, Role.ORGANISER))
