"""Two persons means two persons: whoever may verify or approve is released by somebody else."""

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from fairapp.accounts import queries as accounts
from fairapp.accounts import rules, services
from fairapp.accounts.appointments.queries import count_appointed_by_one
from fairapp.accounts.appointments.services import release_role
from fairapp.accounts.models import Appointment, RoleGrant
from fairapp.accounts.permissions import Permission, Role
from fairapp.accounts.rules import ReleaseFault
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.fairs.services import create_fair
from fairapp.reports.publications.services import change_mailing
from tests.factories.foundation import actor, make_actor, make_fair, make_person
from tests.mail import links_in, text_of

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("role", "by_person", "makes_fair", "appointment"),
    [
        (Role.STEWARD, True, False, "direct"),
        (Role.VIEWER, False, False, "direct"),
        (Role.ORGANISER, True, True, "maker"),
        (Role.ORGANISER, True, False, "waiting"),
        (Role.VERIFIER, True, False, "waiting"),
        (Role.VERIFIER, False, False, "server"),
    ],
)
def test_how_a_role_begins(role: Role, by_person: bool, makes_fair: bool, appointment: str) -> None:
    assert rules.appointment_of(role, by_person=by_person, makes_fair=makes_fair) == appointment


@pytest.mark.parametrize(
    ("releaser", "releases", "appointment", "fault"),
    [
        (C, True, "waiting", None),
        (A, True, "waiting", ReleaseFault.OWN_ROLE),
        (B, True, "waiting", ReleaseFault.OWN_INVITATION),
        (C, False, "waiting", ReleaseFault.NO_SECOND_PERSON),
        (None, True, "waiting", ReleaseFault.NO_SECOND_PERSON),
        (C, True, "released", ReleaseFault.NOT_WAITING),
    ],
)
def test_who_may_release(releaser: UUID | None, releases: bool, appointment: str, fault: ReleaseFault | None) -> None:
    found = rules.release_fault(
        appointment=appointment, invited_id=A, granted_by_id=B, releaser_id=releaser, releases=releases
    )
    assert found == fault


def waiting_verifier(fair: Any, inviter: Actor) -> RoleGrant:
    with transaction():
        return services.invite_member(
            actor=inviter, fair=fair, email=f"v{uuid4().hex[:8]}@example.com", name="V", role=Role.VERIFIER
        )


def test_one_person_with_two_mailboxes_verifies_and_approves_nothing(app) -> None:
    maker = Actor("Maker", make_person(may_create_fairs=True).id)
    days = {"starts_on": date(2021, 3, 18), "ends_on": date(2021, 3, 20)}
    with transaction():
        fair = create_fair(actor=maker, code="alone", name_zh="独展", name_en="Alone", **days)
    mailbox = make_person()
    organiser = accounts.actor_of(accounts.user_by_id(maker.user_id), fair.id)
    for role in (Role.VERIFIER, Role.ORGANISER):
        with transaction():
            services.grant_role(actor=organiser, fair=fair, user_id=mailbox.id, role=role)
    second = actor(mailbox, fair)
    assert second.may(Permission.SEE_DEALS)
    assert not second.may(Permission.VERIFY_DEALS)
    assert not second.may(Permission.APPROVE_PUBLICATIONS)
    for grant in accounts.live_grants(mailbox.id, fair.id):
        for who, code in ((organiser, "own_invitation"), (second, "no_second_person")):
            with pytest.raises(DomainError) as refusal, transaction():
                release_role(actor=who, grant=grant)
            assert refusal.value.code == code


def test_a_second_organiser_releases_and_only_once(app) -> None:
    fair = make_fair()
    inviter, other = (make_actor(fair, Role.ORGANISER) for _ in range(2))
    grant = waiting_verifier(fair, inviter)
    with transaction():
        release_role(actor=other, grant=grant)
    assert (grant.appointment, grant.released_by_id, grant.released_by) == ("released", other.user_id, other.label)
    assert actor(grant.user, fair).may(Permission.VERIFY_DEALS)
    with pytest.raises(DomainError) as refusal, transaction():
        release_role(actor=other, grant=grant)
    assert refusal.value.code == "not_waiting"


@pytest.mark.parametrize("who", ["user_id", "granted_by_id"])
def test_the_database_refuses_one_person_in_two_places(app, who: str) -> None:
    fair = make_fair()
    grant = waiting_verifier(fair, make_actor(fair, Role.ORGANISER))
    values = {
        "appointment": Appointment.RELEASED,
        "released_at": grant.granted_at,
        "released_by_id": getattr(grant, who),
    }
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(update(RoleGrant).where(RoleGrant.id == grant.id).values(**values))
    direct = update(RoleGrant).where(RoleGrant.id == grant.id).values(appointment=Appointment.DIRECT)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(direct)


def test_a_token_never_verifies_or_approves(app) -> None:
    fair = make_fair()
    maker = make_actor(fair, Role.ORGANISER)
    with transaction():
        _token, text = services.create_token(
            actor=maker, fair=fair, label="Office", role=Role.ORGANISER, expires_at=None
        )
    machine = accounts.actor_of_token(text, fair.id)
    assert machine is not None
    assert machine.may(Permission.SEE_FIGURES)
    assert not machine.may(Permission.APPROVE_PUBLICATIONS)


def test_pages_show_who_waits_and_the_second_person_releases(app, signed_in) -> None:
    fair = make_fair()
    inviter, other = (signed_in(make_person(fair, Role.ORGANISER)) for _ in range(2))
    inviter.post_form(
        f"/fairs/{fair.code}/desk/people/invite",
        {"email": "vera@example.com", "name": "Vera", "role": "verifier", "locale": "en"},
    )
    waiting = f"/fairs/{fair.code}/desk/people/waiting"
    assert "waits for somebody else" in inviter.get_page(waiting).html
    assert "Roles to be released by a second person" in other.get_page(f"/fairs/{fair.code}/desk/").html
    page = other.get_page(waiting)
    action = re.search(r'action="([^"]+/release)"', page.html)
    assert action is not None
    assert inviter.post(action.group(1)).status_code == 302
    assert db.session.scalar(select(RoleGrant.appointment).where(RoleGrant.role == "verifier")) == "waiting"
    other.post(action.group(1))
    assert db.session.scalar(select(RoleGrant.appointment).where(RoleGrant.role == "verifier")) == "released"
    assert "released by" in inviter.get_page(f"/fairs/{fair.code}/desk/people").html


def test_a_contact_of_the_authorities_releases_by_a_mailed_link_within_seven_days(
    app, mailbox, signed_in, client, clock
) -> None:
    fair = make_fair()
    person = make_person(fair, Role.ORGANISER)
    organiser = actor(person, fair)
    with transaction():
        change_mailing(
            actor=organiser, fair=fair, addresses=f"bureau@example.org\n{person.email}", attaches=False, locale="en"
        )
    grant = waiting_verifier(fair, organiser)
    links = [link for mail in mailbox.to("bureau@example.org") for link in links_in(mail) if "/release/" in link]
    assert not [link for mail in mailbox.to(person.email) for link in links_in(mail) if "/release/" in link]
    path = links[0]
    assert client.get_page(path).html
    again = db.session.get_one(RoleGrant, (fair.id, grant.id))
    assert again.appointment == "waiting"  # a scanner of mails opened it, and nothing happened
    clock.shift(7 * 86400 + 1)
    assert client.open(path).status_code == 404
    clock.shift(-2)
    assert client.post(path).status_code == 200
    db.session.refresh(again)
    assert (again.appointment, again.released_by, again.released_by_id) == ("released", "bureau@example.org", None)
    assert client.open(path).status_code == 404


def test_the_server_appoints_where_nobody_else_can_and_it_is_counted(app) -> None:
    fair = make_fair()
    result = app.test_cli_runner().invoke(
        args=["users", "grant", "lin@example.org", fair.code, "verifier", "--name", "Lin"]
    )
    assert result.exit_code == 0, result.output
    assert count_appointed_by_one(fair.id) == 1


def test_old_and_new_addresses_are_told_when_the_list_changes(app, mailbox) -> None:
    fair = make_fair()
    organiser = make_actor(fair, Role.ORGANISER)
    for addresses in ("a@example.org", "b@example.org"):
        with transaction():
            change_mailing(actor=organiser, fair=fair, addresses=addresses, attaches=False, locale="en")
    assert [len(mailbox.to(address)) for address in ("a@example.org", "b@example.org")] == [2, 1]
    assert "You are not told any more" in text_of(mailbox.to("a@example.org")[-1])
