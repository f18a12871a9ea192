from datetime import timedelta

import pytest
from sqlalchemy import select

from fairapp.accounts import queries, services
from fairapp.accounts.models import ApiToken, RoleGrant, User
from fairapp.accounts.permissions import PERMISSIONS, Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import AccountEvent, FairEvent
from fairapp.core.data import clock as moments
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from tests.factories.accounts import PASSWORD, make_grant, make_member
from tests.factories.foundation import make_actor, make_fair, make_organisation, make_person
from tests.mail import links_in, text_of

pytestmark = pytest.mark.usefixtures("app")


def last_event(fair: Fair) -> FairEvent:
    return db.session.scalars(
        select(FairEvent).where(FairEvent.fair_id == fair.id).order_by(FairEvent.id.desc())
    ).first()


def account_events(user: User) -> list[str]:
    return list(
        db.session.scalars(select(AccountEvent.event).where(AccountEvent.user_id == user.id).order_by(AccountEvent.id))
    )


def test_a_created_person_has_a_lower_case_address_and_a_hashed_password() -> None:
    with transaction():
        user = services.create_user(actor=system(label="test"), email=" Mei@Example.COM", name="Mei", password=PASSWORD)
    assert (user.email, user.name, user.may_create_fairs) == ("mei@example.com", "Mei", False)
    assert user.password_hash.startswith("$argon2id$")
    assert account_events(user) == [Event.USER_JOINED]


def test_an_address_has_one_account() -> None:
    make_person(email="mei@example.com")
    with pytest.raises(DomainError, match="email_taken") as refused, transaction():
        services.create_user(actor=system(), email="MEI@example.com", name="Another")
    assert refused.value.field == "email"


def test_organisations_come_in_bulk_with_one_line_in_the_trail() -> None:
    fair = make_fair()
    with transaction():
        made = services.create_organisations(actor=system(fair.id), names=[("蓝港", "Blue"), ("红河", "Red")])
    assert [(one.name_zh, one.name_en) for one in made] == [("蓝港", "Blue"), ("红河", "Red")]
    assert (last_event(fair).event, last_event(fair).detail) == (Event.ORGANISATIONS_CREATED, {"count": 2})


def test_an_invited_newcomer_gets_a_role_and_a_link(mailbox) -> None:
    fair = make_fair(name_en="Spring Fair")
    with transaction():
        grant = services.invite_member(
            actor=system(fair.id, "test"),
            fair=fair,
            email="New@example.com",
            name="新人",
            role=Role.STEWARD,
            locale="en",
        )
    assert (grant.role, grant.user.email, grant.user.password_hash) == (Role.STEWARD, "new@example.com", "")
    event = last_event(fair)
    assert (event.event, event.subject_id, event.detail) == (
        Event.ROLE_GRANTED,
        str(grant.id),
        {"role": "steward", "appointment": "direct", "user": str(grant.user_id)},
    )
    mail = mailbox.only("new@example.com")
    assert mail["Subject"] == "Your invitation to Spring Fair"
    assert "scan badges at Spring Fair" in text_of(mail)
    assert links_in(mail)[0].startswith("/account/invitation/")


def test_an_invitation_speaks_the_language_of_the_invited(mailbox) -> None:
    fair = make_fair(name_zh="春季交易会")
    with transaction():
        services.invite_member(actor=system(fair.id), fair=fair, email="a@example.com", name="甲", role=Role.VIEWER)
    assert mailbox.only("a@example.com")["Subject"] == "春季交易会邀请函"


def test_who_has_an_account_gets_the_role_and_a_notice(mailbox) -> None:
    first, second = make_fair(), make_fair()
    user = make_member(first, Role.VIEWER)
    with transaction():
        grant = services.invite_member(
            actor=system(second.id), fair=second, email="mei@example.com", name="Other name", role=Role.VERIFIER
        )
    assert (grant.user_id, user.name) == (user.id, "Lin Mei")
    assert links_in(mailbox.only("mei@example.com")) == ["/account/sign-in"]


def test_a_member_of_an_exhibitor_speaks_for_its_organisation(mailbox) -> None:
    fair, organisation = make_fair(), make_organisation("Blue Harbour")
    with transaction():
        services.invite_member(
            actor=system(fair.id),
            fair=fair,
            email="a@example.com",
            name="A",
            role=Role.EXHIBITOR,
            organisation=organisation,
            locale="en",
        )
    actor = queries.actor_of(queries.user_by_email("a@example.com"), fair.id)
    assert (actor.roles, actor.organisation_ids) == ({"exhibitor"}, {organisation.id})
    assert "speak for Blue Harbour" in text_of(mailbox.only("a@example.com"))


def test_a_role_is_held_once(mailbox) -> None:
    fair = make_fair()
    grant = make_grant(fair)
    with pytest.raises(DomainError, match="already_member") as refused, transaction():
        services.invite_member(actor=system(fair.id), fair=fair, email=grant.user.email, name="X", role=Role.STEWARD)
    assert refused.value.field == "email"
    assert mailbox.mails == []


def test_a_withdrawn_role_can_be_given_again() -> None:
    fair = make_fair()
    grant = make_grant(fair)
    with transaction():
        services.withdraw_role(actor=system(fair.id), grant=grant)
    with transaction():
        services.grant_role(actor=system(fair.id), fair=fair, user_id=grant.user_id, role=Role.STEWARD)
    assert queries.actor_of(grant.user, fair.id).roles == {"steward"}


@pytest.mark.parametrize("giver", [Role.EXHIBITOR, Role.STEWARD, Role.VERIFIER, Role.VIEWER, Role.SUPERVISOR])
def test_nobody_makes_themselves_organiser(giver: Role) -> None:
    fair = make_fair()
    actor = make_actor(fair, giver)
    with pytest.raises(DomainError, match="may_not_grant") as refused, transaction():
        services.grant_role(actor=actor, fair=fair, user_id=actor.user_id, role=Role.ORGANISER)
    assert refused.value.status == 403


def test_a_withdrawn_role_opens_nothing() -> None:
    fair = make_fair()
    grant = make_grant(fair)
    with transaction():
        services.withdraw_role(actor=system(fair.id), grant=grant)
    assert queries.actor_of(grant.user, fair.id).permissions == {"signed_in"}
    assert last_event(fair).event == Event.ROLE_WITHDRAWN
    assert last_event(fair).detail["user"] == str(grant.user_id)
    with pytest.raises(DomainError, match="already_withdrawn"), transaction():
        services.withdraw_role(actor=system(fair.id), grant=grant)


def test_the_last_organiser_who_joined_stays() -> None:
    fair = make_fair()
    make_member(fair, Role.ORGANISER)
    make_grant(fair, Role.ORGANISER)  # invited, has not joined
    joined = db.session.scalars(select(RoleGrant).join(RoleGrant.user).where(User.email == "mei@example.com")).one()
    with pytest.raises(DomainError, match="last_organiser"), transaction():
        services.withdraw_role(actor=system(fair.id), grant=joined)
    make_member(fair, Role.ORGANISER, email="second@example.com")
    with transaction():
        services.withdraw_role(actor=system(fair.id), grant=joined)
    assert joined.withdrawn_at is not None


def test_an_invitation_sent_again_replaces_the_first(mailbox) -> None:
    fair = make_fair()
    with transaction():
        grant = services.invite_member(
            actor=system(fair.id), fair=fair, email="a@example.com", name="A", role=Role.VIEWER
        )
    with transaction():
        services.send_invitation_again(actor=system(fair.id), fair=fair, grant=grant)
    first, second = (links_in(mail)[0].rsplit("/", 1)[1] for mail in mailbox.to("a@example.com"))
    assert queries.user_by_link("invitation", first) is None
    assert queries.user_by_link("invitation", second) == grant.user
    assert last_event(fair).event == Event.INVITATION_SENT_AGAIN


def test_who_joined_needs_no_invitation() -> None:
    fair = make_fair()
    user = make_member(fair, Role.VIEWER)
    grant = queries.live_grants(user.id, fair.id)[0]
    with pytest.raises(DomainError, match="already_joined"), transaction():
        services.send_invitation_again(actor=system(fair.id), fair=fair, grant=grant)


def make_token(fair: Fair, role: Role = Role.STEWARD, days: int = 30) -> tuple[ApiToken, str]:
    organiser = make_actor(fair, Role.ORGANISER)
    with transaction():
        return services.create_token(
            actor=organiser, fair=fair, label="Hall 3", role=role, expires_at=moments.now() + timedelta(days=days)
        )


def test_a_token_can_do_what_its_role_can_and_only_its_digest_is_kept() -> None:
    fair = make_fair()
    token, text = make_token(fair)
    actor = queries.actor_of_token(text, fair.id)
    assert (actor.label, actor.permissions, actor.by_token) == ("Hall 3", PERMISSIONS[Role.STEWARD], True)
    assert text not in str(vars(token))
    assert last_event(fair).event == Event.TOKEN_CREATED


def test_a_token_opens_its_own_fair_alone() -> None:
    fair, other = make_fair(), make_fair()
    _, text = make_token(fair)
    assert queries.actor_of_token(text, other.id) is None
    assert queries.actor_of_token(text + "x", fair.id) is None


def test_an_expired_token_opens_nothing(clock) -> None:
    fair = make_fair()
    _, text = make_token(fair, days=7)
    clock.shift(timedelta(days=7) - timedelta(seconds=1))
    assert queries.actor_of_token(text, fair.id) is not None
    clock.shift(1)
    assert queries.actor_of_token(text, fair.id) is None


def test_a_revoked_token_opens_nothing() -> None:
    fair = make_fair()
    token, text = make_token(fair)
    with transaction():
        services.revoke_token(actor=system(fair.id), token=token)
    assert queries.actor_of_token(text, fair.id) is None
    assert last_event(fair).event == Event.TOKEN_REVOKED
    with pytest.raises(DomainError, match="already_revoked"), transaction():
        services.revoke_token(actor=system(fair.id), token=token)


def test_a_token_dies_with_the_role_of_who_made_it() -> None:
    fair = make_fair()
    token, text = make_token(fair)
    make_member(fair, Role.ORGANISER)
    grant = queries.live_grants(token.user_id, fair.id)[0]
    with transaction():
        services.withdraw_role(actor=system(fair.id), grant=grant)
    assert queries.actor_of_token(text, fair.id) is None


@pytest.mark.parametrize("role", [Role.VERIFIER, Role.EXHIBITOR])
def test_machines_have_no_roles_of_trust(role: Role) -> None:
    with pytest.raises(DomainError, match="role_not_for_tokens"):
        make_token(make_fair(), role)
