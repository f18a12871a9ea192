"""Changes of who speaks for an exhibitor."""

from sqlalchemy import update

from fairapp.accounts.models import RoleGrant
from fairapp.accounts.permissions import Role
from fairapp.accounts.services import invite_member
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.exhibitors.companies.profile import wrong_status
from fairapp.exhibitors.models import ActsFor, Exhibitor, ExhibitorStatus
from fairapp.fairs.models import Fair


def invite_contact(*, actor: Actor, fair: Fair, exhibitor: Exhibitor) -> RoleGrant | None:
    """Invite the contact person into the exhibitor's team by mail; return None when they are in it already.

    DomainError: no_contact_mail.
    """
    if not exhibitor.contact_email:
        raise DomainError("no_contact_mail", _("Add the contact's mail address first."), field="contact_email")
    try:
        return invite_team_member(
            actor=actor,
            fair=fair,
            exhibitor=exhibitor,
            email=exhibitor.contact_email,
            name=exhibitor.contact_name or exhibitor.contact_email,
            locale=exhibitor.contact_locale,
        )
    except DomainError as error:
        if error.code != "already_member":
            raise
        return None


def invite_team_member(
    *, actor: Actor, fair: Fair, exhibitor: Exhibitor, email: str, name: str, locale: str = "zh_Hans"
) -> RoleGrant:
    """Invite a person to speak for the exhibitor. DomainError: already_member (field "email"), not_possible."""
    if exhibitor.organisation is None or exhibitor.status != ExhibitorStatus.APPROVED:
        raise wrong_status(exhibitor)
    grant = invite_member(
        actor=actor,
        fair=fair,
        email=email,
        name=name,
        role=Role.EXHIBITOR,
        organisation=exhibitor.organisation,
        locale=locale,
    )
    audit.record(Event.EXHIBITOR_CHANGED, actor=actor, fair_id=fair.id, subject=exhibitor, changed=["team"])
    return grant


def choose_exhibitor(*, actor: Actor, exhibitor: Exhibitor) -> None:
    """Let a person who speaks for several exhibitors act for this one from now on; their permissions stay the same.

    DomainError: chosen_meanwhile.
    """
    choice = (ActsFor.fair_id == exhibitor.fair_id, ActsFor.user_id == actor.user_id)
    changed = db.session.execute(update(ActsFor).where(*choice).values(exhibitor_id=exhibitor.id))
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        twice = DomainError("chosen_meanwhile", _("You chose twice in one moment. Look for whom you act now."))
        with translate_integrity_errors({"uq_acts_for_person": twice}):
            db.session.add(ActsFor(fair_id=exhibitor.fair_id, user_id=actor.user_id, exhibitor_id=exhibitor.id))
    audit.record(
        Event.EXHIBITOR_CHANGED, actor=actor, fair_id=exhibitor.fair_id, subject=exhibitor, changed=["acts_for"]
    )
