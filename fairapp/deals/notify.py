"""Word to the people behind a deal: why it came back to them."""

from flask import current_app

from fairapp.accounts.queries import user_by_id
from fairapp.core.data.db import db
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _l
from fairapp.deals.enums import Party
from fairapp.deals.labels.reasons import reason_label
from fairapp.deals.models import Deal
from fairapp.deals.parties.queries import approved_exhibitor
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair


def notify_declarant(deal: Deal, *, reason: str = "", note: str = "") -> None:
    """Mail the declarant that the deal was sent back, and why; nothing when nobody can be reached."""
    recipient, locale, signs_in = declarant_address(deal)
    if not recipient:
        return
    fair = db.session.get_one(Fair, deal.fair_id)
    page = f"/fairs/{fair.code}/{'my' if signs_in else 'desk'}/deals/{deal.id}"
    queue_mail(
        "deals/sent_back",
        recipient=recipient,
        subject=_l("Deal D-%(number)s needs your answer", number=deal.number),
        locale=locale,
        fair_id=fair.id,
        fair=fair,
        deal=deal,
        reason=reason_label(reason),
        note=note,
        url=current_app.config["PUBLIC_URL"].rstrip("/") + page,
    )


def declarant_address(deal: Deal) -> tuple[str, str, bool]:
    """Return (mail address, language, whether they sign in to a company's own page) of who declared a deal.

    The company that did, else the person at the desk who entered it; empty texts when nobody is known.
    """
    person = user_by_id(deal.declared_by_id) if deal.declared_by_id else None
    if person is not None and deal.declared_by_organisation_id is not None:
        return person.email, person.locale, True
    company = exhibitor_of_side(deal, deal.declared_by)
    if company is not None and company.contact_email:
        return company.contact_email, company.contact_locale, True
    return (person.email, person.locale, False) if person is not None else ("", "", False)


def exhibitor_of_side(deal: Deal, side: str) -> Exhibitor | None:
    """Return the exhibitor on one side of a deal, if it is one."""
    key = deal.buyer_exhibitor_id if side == Party.BUYER else deal.seller_exhibitor_id
    return approved_exhibitor(deal.fair_id, key) if key else None
