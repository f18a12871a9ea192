"""A role that may verify or approve is released by a second person, or by a contact of the authorities."""

from collections.abc import Iterable

from sqlalchemy import update

from fairapp.accounts import rules
from fairapp.accounts.appointments import queries
from fairapp.accounts.labels import ROLE_NAMES
from fairapp.accounts.links import public_address
from fairapp.accounts.models import Appointment, AtFair, ReleaseLink, RoleGrant
from fairapp.accounts.permissions import Role
from fairapp.accounts.rules import ReleaseFault
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor

_FAULTS = {
    ReleaseFault.NOT_WAITING: _l("This role does not wait for a second person any more."),
    ReleaseFault.OWN_ROLE: _l("Nobody releases their own role."),
    ReleaseFault.OWN_INVITATION: _l("You gave this role: a second person must release it."),
    ReleaseFault.NO_SECOND_PERSON: _l("Only an organiser or a verifier whose own role stands may release this one."),
}


def release_role(*, actor: Actor, grant: RoleGrant) -> RoleGrant:
    """Release a role that another person gave to a third.

    DomainError: not_waiting, own_role, own_invitation, no_second_person.
    """
    fault = rules.release_fault(
        appointment=grant.appointment,
        invited_id=grant.user_id,
        granted_by_id=grant.granted_by_id,
        releaser_id=actor.user_id,
        releases=queries.is_second_person(actor.user_id, grant.fair_id),
    )
    if fault is not None:
        raise DomainError(str(fault), _FAULTS[fault])
    return _release(actor, grant, actor.label)


def release_role_by_link(*, actor: Actor, fair: AtFair, token: str) -> RoleGrant:
    """Release a role as the contact of the authorities to whom the link was mailed. DomainError link_spent."""
    opened = queries.grant_by_link(fair.id, token)
    if opened is None:
        raise DomainError("link_spent", _l("This link was used before or has expired. Ask for a new one."))
    grant, address = opened
    return _release(actor, grant, address)


def _release(actor: Actor, grant: RoleGrant, released_by: str) -> RoleGrant:
    """One of two at the same moment is refused."""
    still_waits = (
        RoleGrant.fair_id == grant.fair_id,
        RoleGrant.id == grant.id,
        RoleGrant.appointment == Appointment.WAITING,
    )
    values = {
        "appointment": Appointment.RELEASED,
        "released_at": clock.now(),
        "released_by_id": actor.user_id,
        "released_by": released_by,
    }
    changed = db.session.execute(update(RoleGrant).where(*still_waits).values(**values))
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise DomainError(str(ReleaseFault.NOT_WAITING), _FAULTS[ReleaseFault.NOT_WAITING])
    db.session.refresh(grant)
    facts = {"role": grant.role, "user": str(grant.user_id), "by_contact": actor.user_id is None}
    audit.record(Event.ROLE_RELEASED, actor=actor, fair_id=grant.fair_id, subject=grant, **facts)
    return grant


def ask_contacts(*, actor: Actor, fair: AtFair, grant: RoleGrant, addresses: Iterable[str], locale: str) -> int:
    """Mail each contact of the authorities a link that releases a role; return how many.

    An address of somebody who has, or had, a role in the fair is no second person.
    """
    own = queries.staff_addresses(fair.id)
    contacts = sorted({address.strip().lower() for address in addresses} - own)
    for address in contacts:
        token, digest = tokens.new_token()
        expires_at = clock.now() + rules.RELEASE_LINK_LASTS
        db.session.add(
            ReleaseLink(fair_id=fair.id, grant_id=grant.id, email=address, digest=digest, expires_at=expires_at)
        )
        queue_mail(
            "accounts/release_role",
            recipient=address,
            subject=_l("Please look: a new role at %(fair)s", fair=fair.name_en if locale == "en" else fair.name_zh),
            locale=locale,
            fair_id=fair.id,
            fair=fair,
            person=grant.user.name,
            email=grant.user.email,
            invited_by=queries.name_of(grant.granted_by_id),
            role=ROLE_NAMES[Role(grant.role)],
            link=public_address("accounts.release_by_link", fair=fair.code, token=token),
            days=rules.RELEASE_LINK_LASTS.days,
        )
    db.session.flush()
    facts = {"role": grant.role, "contacts": len(contacts)}
    audit.record(Event.RELEASE_ASKED, actor=actor, fair_id=fair.id, subject=grant, **facts)
    return len(contacts)
