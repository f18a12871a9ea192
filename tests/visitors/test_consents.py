"""What people agree to."""

from fairapp.core.data.db import transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.visitors.consents.queries import consents_of
from fairapp.visitors.consents.services import change_consents
from fairapp.visitors.models import Consent, Purpose
from tests.factories.visitors import make_visitor
from tests.visitors.reading import count


def test_a_consent_can_be_taken_back(fair: Fair) -> None:
    visitor, _badge = make_visitor(fair, consents=frozenset({Purpose.LEAD_SHARING}))
    with transaction():
        change_consents(actor=system(fair.id), visitor=visitor, purposes=frozenset(), notice_version=2)
    assert not any(consents_of(visitor).values())
    assert count(Consent) == 2
    with transaction():
        change_consents(actor=system(fair.id), visitor=visitor, purposes=frozenset(), notice_version=2)
    assert count(Consent) == 2
