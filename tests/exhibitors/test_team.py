"""Who speaks for an exhibitor."""

import pytest

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.queries import exhibitor_of
from fairapp.exhibitors.team.queries import team_of
from fairapp.exhibitors.team.services import invite_team_member
from tests.client import PageClient
from tests.factories.exhibitors import make_exhibitor
from tests.factories.fairs import Ground
from tests.factories.foundation import actor, make_actor, make_organisation, make_person
from tests.mail import Mailbox


def test_a_team_member_is_invited_once(ground: Ground, mailbox: Mailbox) -> None:
    one = make_exhibitor(ground.fair)
    by = make_actor(ground.fair, Role.ORGANISER)
    with transaction():
        invite_team_member(actor=by, fair=ground.fair, exhibitor=one, email="chen@example.com", name="陈星")
    mailbox.only("chen@example.com")
    with pytest.raises(DomainError, match="already_member"), transaction():
        invite_team_member(actor=by, fair=ground.fair, exhibitor=one, email="chen@example.com", name="陈星")


def test_a_team_grows_and_shrinks(ground: Ground, own: Exhibitor, phone: PageClient, mailbox) -> None:
    phone.post_form("/fairs/fair-e/my/team", {"name": "陈星", "email": "chen@example.com", "locale": "en"})
    mailbox.only("chen@example.com")
    page = phone.post_form("/fairs/fair-e/my/team", {"name": "陈星", "email": "chen@example.com", "locale": "en"})
    assert list(page.errors()) == ["email"]
    me, other = team_of(own)
    phone.press("/fairs/fair-e/my/team", f"/fairs/fair-e/my/team/{other.id}/withdraw")
    assert [grant.id for grant in team_of(own)] == [me.id]
    phone.press("/fairs/fair-e/my/team", f"/fairs/fair-e/my/team/{me.id}/withdraw")
    assert team_of(own) == []
    phone.get_page("/fairs/fair-e/my/team", 403)


def test_who_speaks_for_two_acts_for_the_first_and_may_change(ground: Ground, own: Exhibitor, signed_in) -> None:
    rival = make_exhibitor(ground.fair, make_organisation("Rival"))
    person = make_person(ground.fair, Role.EXHIBITOR, rival.organisation)
    by = make_actor(ground.fair, Role.ORGANISER)
    with transaction():
        invite_team_member(actor=by, fair=ground.fair, exhibitor=own, email=person.email, name="x")
    phone, page = signed_in(person), "/fairs/fair-e/my/booth"

    def acts_for() -> Exhibitor | None:
        return exhibitor_of(actor(person, ground.fair), ground.fair)

    assert own.id < rival.id
    assert acts_for() == rival
    for one in (own, rival):
        phone.press(page, f"/fairs/fair-e/my/act-for/{one.id}")
        assert acts_for() == one
    stranger = make_exhibitor(ground.fair)
    assert phone.post(f"/fairs/fair-e/my/act-for/{stranger.id}").status_code == 404
    phone.press(page, f"/fairs/fair-e/my/act-for/{own.id}")
    (me,) = team_of(own)
    phone.press("/fairs/fair-e/my/team", f"/fairs/fair-e/my/team/{me.id}/withdraw")
    assert acts_for() == rival


def test_who_has_no_exhibitor_is_told_so(ground: Ground, signed_in) -> None:
    stranger = signed_in(make_person(ground.fair, Role.EXHIBITOR))
    for page in ("booth", "team"):
        assert "does not exhibit now" in stranger.get_page(f"/fairs/fair-e/my/{page}")
    stranger.get_page("/fairs/fair-e/my/profile", 404)
