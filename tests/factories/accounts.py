"""People who can sign in, as tests of other features and of accounts need them."""

import pyotp

from fairapp.accounts import services
from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import Role
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from tests.factories.foundation import make_person

PASSWORD = "seven quiet lanterns"


def make_member(
    fair: Fair, role: Role, *, email: str = "mei@example.com", second_factor: bool = False, **changes: object
) -> User:
    """A person with a role and PASSWORD; with a second factor on demand, so that others sign in by password alone."""
    secret = pyotp.random_base32() if second_factor else ""
    with transaction():
        user = services.create_user(actor=system(), email=email, name="Lin Mei", password=PASSWORD, locale="en")
        user.totp_secret = secret
        services.grant_role(actor=system(fair.id), fair=fair, user_id=user.id, role=role)
    for name, value in changes.items():
        setattr(user, name, value)
    return user


def make_grant(fair: Fair, role: Role = Role.STEWARD) -> RoleGrant:
    """A new person's role in a fair."""
    user = make_person()
    with transaction():
        return services.grant_role(actor=system(fair.id), fair=fair, user_id=user.id, role=role)


def code_of(user: User, offset: int = 0) -> str:
    """What the person's authenticator app shows now, or some 30-second steps away."""
    return pyotp.TOTP(user.totp_secret).at(clock.now(), counter_offset=offset)


def grant_to(user: User, fair: Fair, role: Role) -> RoleGrant:
    """One more role for a person."""
    with transaction():
        return services.grant_role(actor=system(fair.id), fair=fair, user_id=user.id, role=role)
