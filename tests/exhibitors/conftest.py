"""A fair, its desk, and the phone of an exhibitor's own person."""

import pytest
from apiflask import APIFlask

from fairapp.accounts.permissions import Role
from fairapp.exhibitors.models import Exhibitor
from tests.client import PageClient
from tests.factories.exhibitors import make_exhibitor
from tests.factories.fairs import Ground, make_ground
from tests.factories.foundation import make_organisation, make_person


@pytest.fixture
def ground(app: APIFlask) -> Ground:
    return make_ground("fair-e")


@pytest.fixture
def desk(ground: Ground, signed_in) -> PageClient:
    return signed_in(make_person(ground.fair, Role.ORGANISER))


@pytest.fixture
def own(ground: Ground) -> Exhibitor:
    return make_exhibitor(ground.fair, make_organisation(), zone_id=ground.zones[0].id)


@pytest.fixture
def phone(ground: Ground, own: Exhibitor, signed_in) -> PageClient:
    return signed_in(make_person(ground.fair, Role.EXHIBITOR, own.organisation))
