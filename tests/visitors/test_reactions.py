"""A category keeps the code that badges carry."""

import pytest
from apiflask import APIFlask

from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.fairs.venue.services import add_zone, change_part, remove_part
from fairapp.visitors.registration.services import change_visitor
from fairapp.visitors.rules import NewVisitor
from tests.factories.fairs import make_ground
from tests.factories.visitors import make_visitor


def test_a_code_that_badges_carry_stays(app: APIFlask) -> None:
    ground = make_ground()
    fair, guests, by = ground.fair, ground.categories["GUE"], system(ground.fair.id)
    with transaction():
        zone = add_zone(actor=by, fair=fair, code="VIP", name_zh="贵宾区", name_en="Guests", admits=["GUE"])
    visitor, _badge = make_visitor(fair, category="GUE", name="Ann")
    with transaction():  # the record moves on, the badge in the person's hand does not
        change_visitor(actor=by, fair=fair, visitor=visitor, new=NewVisitor(category="PRO", name="Ann"))
    with pytest.raises(DomainError) as refusal, transaction():
        change_part(actor=by, part=guests, code="GUEST")
    assert (refusal.value.code, refusal.value.field) == ("code_known", "code")
    assert (guests.code, zone.admits) == ("GUE", ["GUE"])
    with transaction():
        change_part(actor=by, part=guests, name_en="Guest of honour")
        change_part(actor=by, part=zone, admits=[])
    with pytest.raises(DomainError) as refusal, transaction():
        remove_part(actor=by, part=guests)
    assert refusal.value.code == "code_known"
