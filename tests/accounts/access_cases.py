"""Who may open the pages of accounts."""

from collections.abc import Callable
from uuid import UUID

from fairapp.accounts import services
from fairapp.accounts.models import ApiToken, LinkPurpose, ReleaseLink, RoleGrant
from fairapp.accounts.permissions import Role
from fairapp.accounts.rules import RELEASE_LINK_LASTS
from fairapp.accounts.sign_in.single_use_links import issue_link
from fairapp.core.data import clock
from fairapp.core.data.db import db, transaction
from fairapp.core.data.tokens import new_token
from fairapp.core.web.access import Actor
from tests.access import EVERYONE, SIGNED_IN, Case, Side
from tests.factories.accounts import make_grant
from tests.factories.foundation import make_person


def make_token(side: Side) -> ApiToken:
    maker = Actor(label="test", user_id=make_person().id, fair_id=side.fair.id)
    with transaction():
        return services.create_token(
            actor=maker, fair=side.fair, label="Gate", role=Role.STEWARD, expires_at=clock.now()
        )[0]


def a_grant(side: Side) -> RoleGrant:
    return make_grant(side.fair)


def make_link(purpose: LinkPurpose) -> Callable[[Side], str]:
    """Makes the token of a mailed link."""

    def make(_side: Side) -> str:
        user = make_person()
        with transaction():
            return issue_link(user, purpose).rsplit("/", 1)[1]

    return make


def a_waiting_grant(side: Side) -> RoleGrant:
    inviter, invited = Actor(label="test", user_id=make_person().id), make_person()
    with transaction():
        return services.grant_role(actor=inviter, fair=side.fair, user_id=invited.id, role=Role.VERIFIER)


def make_release_link(side: Side) -> str:
    """Makes the token of a link that was mailed to a contact of the authorities."""
    grant = a_waiting_grant(side)
    token, digest = new_token()
    with transaction():
        link = {"email": "bureau@example.org", "digest": digest, "expires_at": clock.now() + RELEASE_LINK_LASTS}
        db.session.add(ReleaseLink(fair_id=side.fair.id, grant_id=grant.id, **link))
    return token


RECORDS = {
    "grant": a_grant,
    "waiting": a_waiting_grant,
    "release": make_release_link,
    "token": make_token,
    "invitation": make_link(LinkPurpose.INVITATION),
    "reset": make_link(LinkPurpose.PASSWORD_RESET),
}

_GRANT = {"args": lambda side: {"grant_id": id_of(side, "grant")}}
_TOKEN = {"args": lambda side: {"token_id": id_of(side, "token")}}


def id_of(side: Side, name: str) -> UUID:
    return side[name].id


CASES = {
    "accounts.sign_in": Case(EVERYONE),
    "accounts.second_step": Case(EVERYONE, status=200),
    "accounts.sign_out": Case(EVERYONE),
    "accounts.invitation": Case(EVERYONE, args=lambda side: {"token": side["invitation"]}, status=200),
    "accounts.reset": Case(EVERYONE, args=lambda side: {"token": side["reset"]}, status=200),
    "accounts.forgotten": Case(EVERYONE),
    "accounts.home": Case(SIGNED_IN, status=302),
    "accounts.fairs": Case(SIGNED_IN, status=200),
    "accounts.account": Case(SIGNED_IN, status=200),
    "accounts.change_password": Case(SIGNED_IN, status=200),
    "accounts.second_factor": Case(SIGNED_IN),
    "accounts.set_up_second_factor": Case(SIGNED_IN),
    "accounts.renew_recovery_codes": Case(SIGNED_IN),
    "accounts.remove_second_factor": Case(SIGNED_IN),
    "accounts.people": Case("organiser", status=200),
    "accounts.invite": Case("organiser", status=200),
    "accounts.withdraw": Case("organiser", **_GRANT),
    "accounts.invite_again": Case("organiser", **_GRANT),
    "accounts.appointments": Case("organiser verifier supervisor", status=200),
    "accounts.release": Case("organiser verifier supervisor", args=lambda side: {"grant_id": id_of(side, "waiting")}),
    "accounts.release_by_link": Case(EVERYONE, args=lambda side: {"token": side["release"]}, status=200),
    "accounts.tokens": Case("organiser", status=200),
    "accounts.new_token": Case("organiser", status=200),
    "accounts.revoke_token": Case("organiser", **_TOKEN),
}
