"""Changes to who exhibits: applications, and what is decided about them."""

from collections.abc import Iterable

from fairapp.accounts.services import create_organisations
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _, _l
from fairapp.core.web.access import Actor
from fairapp.exhibitors import rules
from fairapp.exhibitors.booths import services as booths
from fairapp.exhibitors.companies import profile
from fairapp.exhibitors.companies.profile import Details, display_name, new_exhibitor, valid_details, wrong_status
from fairapp.exhibitors.events import ExhibitorWithdrawn
from fairapp.exhibitors.models import Exhibitor, ExhibitorStatus
from fairapp.exhibitors.queries import lock_exhibitor
from fairapp.exhibitors.team.services import invite_contact
from fairapp.fairs.models import Fair
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct

# --- coming in ------------------------------------------------------------------------------------


def submit_application(*, actor: Actor, fair: Fair, details: Details, locale: str = "zh_Hans") -> Exhibitor:
    """Store the application of a company and mail its contact the reference.

    `details` has keys of `profile.FIELDS`. DomainError at the field for each fault of `profile.FAULTS`,
    and applications_closed.
    """
    require_open(fair, FairAct.APPLY)
    values = valid_details(details)
    if profile.needs_credit_code(values.get("kind", ""), values.get("country", "CN")) and not values.get("credit_code"):
        raise DomainError("no_credit_code", profile.FAULTS["no_credit_code"], field="credit_code", status=422)
    exhibitor = new_exhibitor(fair.id, values, contact_locale=locale, notice_version=fair.privacy_notice_version)
    db.session.add(exhibitor)
    db.session.flush()
    audit.record(Event.APPLICATION_SUBMITTED, actor=actor, fair_id=fair.id, subject=exhibitor, kind=exhibitor.kind)
    _tell(exhibitor, fair, "applied", _l("We have your application %(reference)s", reference=exhibitor.reference))
    return exhibitor


def add_exhibitor(*, actor: Actor, fair: Fair, details: Details, invite: bool = False) -> Exhibitor:
    """Store an exhibitor that the organiser enters: approved at once. DomainError as in submit_application."""
    return add_exhibitors(actor=actor, fair=fair, rows=[details], invite=invite)[0]


def add_exhibitors(*, actor: Actor, fair: Fair, rows: Iterable[Details], invite: bool = False) -> list[Exhibitor]:
    """Store many, approved; with `invite` each contact becomes a member. DomainError as in submit_application."""
    require_open(fair, FairAct.ADD_EXHIBITORS)
    added = [new_exhibitor(fair.id, valid_details(row)) for row in rows]
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
    """Approve one company; see approve_exhibitors."""
    return approve_exhibitors(actor=actor, fair=fair, exhibitors=[exhibitor], invite=invite)[0]


def approve_exhibitors(
    *, actor: Actor, fair: Fair, exhibitors: Iterable[Exhibitor], invite: bool = True
) -> list[Exhibitor]:
    """Approve companies: each gets its organisation, and its contact becomes a member by mail.

    DomainError: exhibitors_closed, not_possible (it is approved already), credit_code_taken; then none of them is approved.
    """
    require_open(fair, FairAct.ADD_EXHIBITORS)
    chosen = list(exhibitors)
    for exhibitor in chosen:
        _move(exhibitor, "approve")
    _give_organisations(actor, [exhibitor for exhibitor in chosen if exhibitor.organisation_id is None])
    for exhibitor in chosen:
        taken = _("%(name)s: another approved exhibitor has this credit code.", name=display_name(exhibitor))
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
    organisations = create_organisations(
        actor=actor, names=[(exhibitor.name_zh or "", exhibitor.name_en or "") for exhibitor in exhibitors]
    )
    for exhibitor, organisation in zip(exhibitors, organisations, strict=True):
        exhibitor.organisation_id = organisation.id
        exhibitor.organisation = organisation


def refuse_exhibitors(*, actor: Actor, fair: Fair, exhibitors: Iterable[Exhibitor], reason: str) -> list[Exhibitor]:
    """Refuse applications and mail each contact the reason. DomainError: not_possible, no_reason (field "reason")."""
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
    booths.release_booths(actor=actor, exhibitor=exhibitor)
    _decide(actor, exhibitor, ExhibitorStatus.WITHDRAWN)
    event = ExhibitorWithdrawn(fair.id, exhibitor.id, actor)
    audit.record(event, actor=actor, fair_id=fair.id, subject=exhibitor, reason=reason)
    return exhibitor


def decide_applications(
    *, actor: Actor, fair: Fair, exhibitors: Iterable[Exhibitor], verb: str, reason: str = ""
) -> list[Exhibitor]:
    """Approve (`verb` 'approve') or refuse all of them, or none; DomainError as in the service that does it."""
    if verb == "approve":
        return approve_exhibitors(actor=actor, fair=fair, exhibitors=exhibitors)
    return refuse_exhibitors(actor=actor, fair=fair, exhibitors=exhibitors, reason=reason)


def _move(exhibitor: Exhibitor, verb: str) -> None:
    lock_exhibitor(exhibitor)
    if not rules.may(exhibitor.status, verb):
        raise wrong_status(exhibitor)


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
