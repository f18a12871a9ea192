"""A fair and people with roles, stored as they are; features make theirs through services."""

from datetime import date
from itertools import count

from fairapp.accounts import queries
from fairapp.accounts.models import Organisation, RoleGrant, User
from fairapp.accounts.permissions import NEEDS_SECOND_FACTOR, Role
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_numbers = count(1)


def make_fair(code: str = "", **changes: object) -> Fair:
    """A fair of three days in March 2021 in Fuzhou."""
    values = {
        "code": code or f"fair{next(_numbers)}",
        "name_zh": "测试交易会",
        "name_en": "Test Fair",
        "starts_on": date(2021, 3, 18),
        "ends_on": date(2021, 3, 20),
    }
    with transaction() as session:
        session.add(fair := Fair(**{**values, **changes}))
    return fair


def make_organisation(name: str = "Blue Harbour Trading") -> Organisation:
    with transaction() as session:
        session.add(organisation := Organisation(name_zh="蓝港贸易", name_en=name))
    return organisation


def make_person(
    fair: Fair | None = None, role: Role | None = None, organisation: Organisation | None = None, **changes: object
) -> User:
    """A user; with `role` in `fair`; an exhibitor gets an organisation."""
    number = next(_numbers)
    values = {"email": f"person{number}@example.com", "name": f"Person {number}", "locale": "en", **changes}
    if role in NEEDS_SECOND_FACTOR:
        values.setdefault("totp_secret", TOTP_SECRET)
    if role is Role.EXHIBITOR and organisation is None:
        organisation = make_organisation()
    with transaction() as session:
        session.add(user := User(**values))
        session.flush()
        if fair is not None and role is not None:
            owner = organisation.id if organisation else None
            session.add(RoleGrant(fair_id=fair.id, user_id=user.id, role=role, organisation_id=owner))
    return user


def actor(user: User, fair: Fair | None = None) -> Actor:
    """The person as services know them."""
    return queries.actor_of(user, fair.id if fair else None)


def make_actor(fair: Fair, role: Role, organisation: Organisation | None = None) -> Actor:
    """A new person with that role, as services know them."""
    return actor(make_person(fair, role, organisation), fair)


def again(record: object) -> None:
    """Read a record anew from the database."""
    db.session.refresh(record)
