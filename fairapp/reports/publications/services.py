"""Changes to publications: prepare one, let another person approve or refuse it, set who is told."""

from email_validator import EmailNotValidError, validate_email

from fairapp.accounts.links import public_address
from fairapp.accounts.permissions import Permission
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.data.files import store_file
from fairapp.core.documents.xlsx import MIME_TYPE
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _, _l
from fairapp.core.web.access import Actor
from fairapp.deals.ledger.services import record_published_head
from fairapp.fairs.models import Fair
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct
from fairapp.reports.publications.build import BuiltPublication
from fairapp.reports.publications.models import (
    Decision,
    FrozenContent,
    Publication,
    PublicationDecision,
    PublicationMailing,
)
from fairapp.reports.publications.queries import list_approved, mailing_of
from fairapp.reports.rules import check_approver, parse_addresses

MAX_ADDRESSES = 20
MAX_ATTACHED = 15 * 1024 * 1024


def prepare_publication(*, actor: Actor, fair: Fair, built: BuiltPublication) -> Publication:
    """Store what was built: its figures, what they were made of, and the file.

    DomainError prepared_meanwhile when another one took the number, not_a_person, may_not_prepare.
    """
    with built.workbook as workbook:  # closed whatever is said of it
        content = workbook.read()
    if actor.user_id is None:
        raise DomainError("not_a_person", _("A publication is prepared by a person."))
    require_open(fair, FairAct.PUBLISH)
    if not actor.may(Permission.PREPARE_PUBLICATIONS):
        raise DomainError("may_not_prepare", _("This person may not prepare publications."), status=403)
    refusal = DomainError("prepared_meanwhile", _("Another publication was prepared meanwhile. Start again."))
    name = f"{fair.code}-{built.values['number']}.xlsx"
    file = store_file(content, fair_id=fair.id, name=name, content_type=MIME_TYPE)
    publication = Publication(
        fair_id=fair.id,
        file_id=file.id,
        prepared_by_id=actor.user_id,
        prepared_by=actor.label,
        prepared_at=clock.now(),
        **built.values,
    )
    with translate_integrity_errors({"uq_publications_number": refusal}):
        db.session.add(publication)
    db.session.add(FrozenContent(fair_id=fair.id, publication_id=publication.id, content=built.content))
    db.session.flush()
    audit.record(
        Event.PUBLICATION_PREPARED,
        actor=actor,
        fair_id=fair.id,
        subject=publication,
        number=publication.number,
        sha256=publication.workbook_sha256,
    )
    return publication


def approve_publication(*, actor: Actor, fair: Fair, publication: Publication) -> PublicationDecision:
    """Publish: the head is kept outside the ledger, and the authorities are told.

    DomainError may_not_approve, same_person, decided_already, published_meanwhile.
    """
    require_open(fair, FairAct.PUBLISH)
    if not actor.may(Permission.APPROVE_PUBLICATIONS):
        raise DomainError("may_not_approve", _("This person may not approve publications."), status=403)
    check_approver(publication.prepared_by_id, actor.user_id)
    _check_follows(publication)
    decision = _decide(actor, publication, Decision.APPROVED)
    head = record_published_head(
        actor=actor,
        fair=fair,
        number=publication.number,
        label_zh=publication.label_zh,
        label_en=publication.label_en,
        seq=publication.watermark,
        content_hash=publication.content_hash,
    )
    recipients = _mail_authorities(fair, publication, head.root_hash)
    audit.record(
        Event.PUBLICATION_APPROVED,
        actor=actor,
        fair_id=fair.id,
        subject=publication,
        number=publication.number,
        head=publication.head_hash,
        told=recipients,
    )
    return decision


def refuse_publication(*, actor: Actor, publication: Publication, reason: str) -> PublicationDecision:
    """Record that it is not published, and why; its number stays its own.

    DomainError reason_needed, decided_already.
    """
    if not reason.strip():
        raise DomainError("reason_needed", _("Say why: it stays with the publication."), field="reason", status=422)
    decision = _decide(actor, publication, Decision.REFUSED, reason.strip())
    audit.record(
        Event.PUBLICATION_REFUSED,
        actor=actor,
        fair_id=publication.fair_id,
        subject=publication,
        number=publication.number,
        reason=reason.strip(),
    )
    return decision


def _check_follows(publication: Publication) -> None:
    """The differences it explains are those to the last one published."""
    standing = list_approved(publication.fair_id)
    if (standing[0].publication.number if standing else 0) != publication.follows:
        raise _published_meanwhile()


def _published_meanwhile() -> DomainError:
    return DomainError(
        "published_meanwhile",
        _(
            "Another publication came out after this one was prepared: prepare it anew, so that its differences are right."
        ),
    )


def _decide(actor: Actor, publication: Publication, decided: Decision, reason: str = "") -> PublicationDecision:
    if actor.user_id is None:
        raise DomainError("not_a_person", _("A publication is decided by a person."))
    decision = PublicationDecision(
        fair_id=publication.fair_id,
        publication_id=publication.id,
        prepared_by_id=publication.prepared_by_id,
        follows=publication.follows,
        decision=str(decided),
        reason=reason,
        decided_by_id=actor.user_id,
        decided_by=actor.label,
        decided_at=clock.now(),
    )
    refusals = {
        "uq_publication_decisions_publication": DomainError(
            "decided_already", _("This publication was decided already.")
        ),
        "uq_publication_decisions_line": _published_meanwhile(),
    }
    with translate_integrity_errors(refusals):
        db.session.add(decision)
    return decision


def _mail_authorities(fair: Fair, publication: Publication, root: str) -> int:
    """Mail the authorities; return how many addresses."""
    mailing = mailing_of(fair.id)
    if mailing is None:
        return 0
    addresses = parse_addresses(mailing.addresses)
    attached = mailing.attaches and publication.workbook_size <= MAX_ATTACHED
    for address in addresses:
        queue_mail(
            "reports/published",
            recipient=address,
            subject=_mail_subject(fair, publication, mailing.locale),
            locale=mailing.locale,
            fair_id=fair.id,
            attachment=f"publication:{fair.id}:{publication.number}" if attached else "",
            fair=fair,
            publication=publication,
            root=root,
            attached=attached,
            url=public_address("reports.publication", fair=fair.code, number=publication.number),
        )
    return len(addresses)


def _mail_subject(fair: Fair, publication: Publication, locale: str) -> str:
    if locale == "en":
        return f"{fair.name_en}: publication {publication.number}, {publication.label_en}"
    return f"{fair.name_zh}：第{publication.number}期 {publication.label_zh}"


def change_mailing(
    *, actor: Actor, fair: Fair, addresses: str, attaches: bool, locale: str, names_people: bool = True
) -> PublicationMailing:
    """Set who is told, in which language, whether the workbook goes with the mail, and whether covers name people.

    DomainError at "addresses": bad_address, too_many_addresses.
    """
    recipients = parse_addresses(addresses)
    if len(recipients) > MAX_ADDRESSES:
        raise _address_refusal("too_many_addresses", _("At most %(most)s addresses.", most=MAX_ADDRESSES))
    for address in recipients:
        _check_address(address)
    mailing = mailing_of(fair.id)
    if mailing is None:
        db.session.add(mailing := PublicationMailing(fair_id=fair.id, addresses=""))
    former = parse_addresses(mailing.addresses)
    mailing.addresses, mailing.attaches, mailing.locale = "\n".join(recipients), attaches, locale
    mailing.names_people = names_people
    db.session.flush()
    audit.record(
        Event.PUBLICATION_MAILING_CHANGED, actor=actor, fair_id=fair.id, subject=mailing, addresses=len(recipients)
    )
    _mail_list_change(actor, fair, former, recipients, locale)
    return mailing


def _mail_list_change(actor: Actor, fair: Fair, former: list[str], recipients: list[str], locale: str) -> None:
    """Tell old and new addresses who is told from now on: nobody leaves the list unseen."""
    if set(former) == set(recipients):
        return
    for address in sorted({*former, *recipients}):
        queue_mail(
            "reports/mailing_changed",
            recipient=address,
            subject=_l(
                "Who is told of the publications of %(fair)s", fair=fair.name_en if locale == "en" else fair.name_zh
            ),
            locale=locale,
            fair_id=fair.id,
            fair=fair,
            changed_by=actor.label,
            added=sorted(set(recipients) - set(former)),
            removed=sorted(set(former) - set(recipients)),
            stays=address in recipients,
        )


def _check_address(address: str) -> None:
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        raise _address_refusal("bad_address", _("%(address)s is no e-mail address.", address=address)) from error


def _address_refusal(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="addresses", status=422)
