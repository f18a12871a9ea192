"""Changes to who exhibits: applications, decisions, their data."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import update

from fairapp.accounts.models import RoleGrant
from fairapp.accounts.permissions import Role
from fairapp.accounts.services import create_organisations, invite_member
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _, _l
from fairapp.core.web.access import Actor
from fairapp.exhibitors import profile, rules
from fairapp.exhibitors.booths import services as booths
from fairapp.exhibitors.events import ExhibitorWithdrawn
from fairapp.exhibitors.models import ActsFor, Exhibitor, ExhibitorStatus
from fairapp.exhibitors.profile import called, checked, index_names, new_exhibitor, not_possible
from fairapp.fairs.models import Fair

Details = Mapping[str, Any]
# Changing one of these changes what is searched and sorted by
_NAMED = {"name_zh", "name_en", "credit_code", "registration_number"}

# --- coming in ------------------------------------------------------------------------------------


def submit_application(*, actor: Actor, fair: Fair, given: Details, locale: str = "zh_Hans") -> Exhibitor:
    """A company asks to exhibit; the contact gets a mail with the reference.

    `given` has keys of `details.FIELDS`. DomainError at the field for each fault of `details.FAULTS`,
    and applications_closed.
    """
    if not fair.applications_open:
        raise DomainError("applications_closed", _("Applications to this fair are closed. Write to the organiser."))
    values = checked(given)
    if profile.needs_credit_code(values.get("kind", ""), values.get("country", "CN")) and not values.get("credit_code"):
        raise DomainError("no_credit_code", profile.FAULTS["no_credit_code"], field="credit_code", status=422)
    exhibitor = new_exhibitor(fair.id, values, contact_locale=locale, notice_version=fair.privacy_notice_version)
    db.session.add(exhibitor)
    db.session.flush()
    audit.record(Event.APPLICATION_SUBMITTED, actor=actor, fair_id=fair.id, subject=exhibitor, kind=exhibitor.kind)
    _tell(exhibitor, fair, "applied", _l("We have your application %(reference)s", reference=exhibitor.reference))
    return exhibitor


def add_exhibitor(*, actor: Actor, fair: Fair, given: Details, invite: bool = False) -> Exhibitor:
    """An exhibitor by the organiser's hand: approved at once. DomainError as in submit_application."""
    return add_exhibitors(actor=actor, fair=fair, rows=[given], invite=invite)[0]


def add_exhibitors(*, actor: Actor, fair: Fair, rows: Iterable[Details], invite: bool = False) -> list[Exhibitor]:
    """Many at once, approved; with `invite` each contact becomes a member. DomainError as in submit_application."""
    added = [new_exhibitor(fair.id, checked(row)) for row in rows]
    _give_organisations(actor, added)
    taken = _("Another approved exhibitor has this credit code.")
    with translate_integrity_errors(
        {"uq_exhibitors_credit_code": DomainError("credit_code_taken", taken, field="credit_code")}
    ):
        for exhibitor in added:
            _decide(actor, exhibitor, ExhibitorStatus.APPROVED)
        db.session.add_all(added)
    for exhibitor in added:
        audit.record(Event.EXHIBITOR_APPROVED, actor=actor, fair_id=fair.id, subject=exhibitor, kind=exhibitor.kind)
        if invite and exhibitor.contact_email:
            invite_contact(actor=actor, fair=fair, exhibitor=exhibitor)
    return added


# --- decisions ------------------------------------------------------------------------------------


def approve_exhibitor(*, actor: Actor, fair: Fair, exhibitor: Exhibitor, invite: bool = True) -> Exhibitor:
    """Let one company in; see approve_exhibitors."""
    return approve_exhibitors(actor=actor, fair=fair, exhibitors=[exhibitor], invite=invite)[0]


def approve_exhibitors(
    *, actor: Actor, fair: Fair, exhibitors: Iterable[Exhibitor], invite: bool = True
) -> list[Exhibitor]:
    """Let companies in: each gets its organisation, and its contact becomes a member by mail.

    DomainError: not_possible (it is approved already), credit_code_taken; then none of them is.
    """
    chosen = list(exhibitors)
    for exhibitor in chosen:
        _move(exhibitor, "approve")
    _give_organisations(actor, [exhibitor for exhibitor in chosen if exhibitor.organisation_id is None])
    for exhibitor in chosen:
        taken = _("%(name)s: another approved exhibitor has this credit code.", name=called(exhibitor))
        with translate_integrity_errors(
            {"uq_exhibitors_credit_code": DomainError("credit_code_taken", taken, field="credit_code")}
        ):
            _decide(actor, exhibitor, ExhibitorStatus.APPROVED)
        audit.record(Event.EXHIBITOR_APPROVED, actor=actor, fair_id=fair.id, subject=exhibitor, kind=exhibitor.kind)
        if invite and exhibitor.contact_email:
            invite_contact(actor=actor, fair=fair, exhibitor=exhibitor)
    return chosen


def _give_organisations(actor: Actor, exhibitors: list[Exhibitor]) -> None:
    if not exhibitors:
        return
    made = create_organisations(actor=actor, names=[(one.name_zh or "", one.name_en or "") for one in exhibitors])
    for exhibitor, organisation in zip(exhibitors, made, strict=True):
        exhibitor.organisation_id = organisation.id
        exhibitor.organisation = organisation


def invite_contact(*, actor: Actor, fair: Fair, exhibitor: Exhibitor) -> RoleGrant | None:
    """The contact person becomes a member of the exhibitor's team, told by mail; None when they are one already.

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
    """Someone more who speaks for the exhibitor. DomainError: already_member (field "email"), not_possible."""
    if exhibitor.organisation is None or exhibitor.status != ExhibitorStatus.APPROVED:
        raise not_possible(exhibitor)
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
    """One who speaks for several exhibitors acts for this one from now on: what they may do stays the same.

    DomainError: chosen_meanwhile.
    """
    mine = (ActsFor.fair_id == exhibitor.fair_id, ActsFor.user_id == actor.user_id)
    changed = db.session.execute(update(ActsFor).where(*mine).values(exhibitor_id=exhibitor.id))
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        twice = DomainError("chosen_meanwhile", _("You chose twice in one moment. Look for whom you act now."))
        with translate_integrity_errors({"uq_acts_for_person": twice}):
            db.session.add(ActsFor(fair_id=exhibitor.fair_id, user_id=actor.user_id, exhibitor_id=exhibitor.id))
    audit.record(
        Event.EXHIBITOR_CHANGED, actor=actor, fair_id=exhibitor.fair_id, subject=exhibitor, changed=["acts_for"]
    )


def refuse_exhibitors(*, actor: Actor, fair: Fair, exhibitors: Iterable[Exhibitor], reason: str) -> list[Exhibitor]:
    """Turn applications down; each contact gets the reason. DomainError: not_possible, no_reason (field "reason")."""
    if not reason.strip():
        raise DomainError("no_reason", _("Say why. The applicant gets your words."), field="reason", status=422)
    chosen = list(exhibitors)
    for exhibitor in chosen:
        _move(exhibitor, "refuse")
        exhibitor.refusal_reason = reason
        _decide(actor, exhibitor, ExhibitorStatus.REFUSED)
        audit.record(Event.EXHIBITOR_REFUSED, actor=actor, fair_id=fair.id, subject=exhibitor, reason=reason)
        _tell(exhibitor, fair, "refused", _l("About your application %(reference)s", reference=exhibitor.reference))
    return chosen


def withdraw_exhibitor(*, actor: Actor, fair: Fair, exhibitor: Exhibitor, reason: str = "") -> Exhibitor:
    """Take a company out of the fair: its booths are free, its staff's badges end. DomainError: not_possible."""
    _move(exhibitor, "withdraw")
    booths.release_all(actor=actor, exhibitor=exhibitor)
    _decide(actor, exhibitor, ExhibitorStatus.WITHDRAWN)
    event = ExhibitorWithdrawn(fair.id, exhibitor.id, actor)
    audit.record(event, actor=actor, fair_id=fair.id, subject=exhibitor, reason=reason)
    return exhibitor


def change_exhibitor(*, actor: Actor, exhibitor: Exhibitor, **given: Any) -> Exhibitor:
    """Change what is said about a company. DomainError as in submit_application, credit_code_taken, not_possible."""
    _locked(exhibitor)
    if not rules.may(exhibitor.status, "change"):
        raise not_possible(exhibitor)
    values = checked(_with_country(exhibitor, given))
    changed = sorted(name for name, value in values.items() if value != getattr(exhibitor, name))
    if not changed:
        return exhibitor
    taken = _("Another approved exhibitor has this credit code.")
    with translate_integrity_errors(
        {"uq_exhibitors_credit_code": DomainError("credit_code_taken", taken, field="credit_code")}
    ):
        for name in changed:
            setattr(exhibitor, name, values[name])
        if _NAMED & set(changed):
            index_names(exhibitor)
    audit.record(Event.EXHIBITOR_CHANGED, actor=actor, fair_id=exhibitor.fair_id, subject=exhibitor, changed=changed)
    return exhibitor


def _with_country(exhibitor: Exhibitor, given: Details) -> Details:
    """Phone numbers and credit codes are read by the country."""
    numbers = {"contact_phone", "credit_code"} & set(given)
    return {"country": exhibitor.country, **given} if numbers else given


def _move(exhibitor: Exhibitor, verb: str) -> None:
    _locked(exhibitor)
    if not rules.may(exhibitor.status, verb):
        raise not_possible(exhibitor)


def _locked(exhibitor: Exhibitor) -> None:
    """Two people who decide at once do it one after the other."""
    db.session.flush()  # a refresh forgets what was not stored
    db.session.refresh(exhibitor, Exhibitor.__table__.columns.keys(), with_for_update=True)


def _decide(actor: Actor, exhibitor: Exhibitor, status: ExhibitorStatus) -> None:
    exhibitor.status = status
    exhibitor.decided_at = clock.now()
    exhibitor.decided_by_id = actor.user_id


def _tell(exhibitor: Exhibitor, fair: Fair, template: str, subject: object) -> None:
    if exhibitor.contact_email:
        queue_mail(
            f"exhibitors/{template}",
            recipient=exhibitor.contact_email,
            subject=subject,
            locale=exhibitor.contact_locale or "zh_Hans",
            fair_id=fair.id,
            fair=fair,
            exhibitor=exhibitor,
        )
