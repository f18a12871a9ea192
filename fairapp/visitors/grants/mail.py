"""Mails to a person about exhibitors: a question, or that details were passed on."""

from fairapp.accounts.links import public_address
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _l
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import Fair
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.grants.labels import QUESTIONS
from fairapp.visitors.grants.models import ContactRequest
from fairapp.visitors.models import Visitor


def contacts_address(fair: Fair, visitor: Visitor) -> str:
    """Return the address of the page on which the person answers and withdraws."""
    return public_address("visitors.contacts", fair=fair.code, token=badge_link.badge_token(visitor))


def mail_question(fair: Fair, visitor: Visitor, request: ContactRequest) -> None:
    """Mail the person what an exhibitor wrote down, and where to answer."""
    queue_mail(
        "visitors/was_that_you",
        recipient=visitor.email,
        subject=_l(
            "Was that you? A question from %(fair)s", fair=fair.name_en if _is_english(visitor) else fair.name_zh
        ),
        locale=visitor.locale,
        fair_id=fair.id,
        fair=fair,
        visitor=visitor,
        contact_request=request,
        words=QUESTIONS[request.topic],
        url=contacts_address(fair, visitor),
    )


def mail_passed_on(fair: Fair, visitor: Visitor, exhibitor: Exhibitor) -> None:
    """Mail the person that an exhibitor has their details now, and where to withdraw."""
    queue_mail(
        "visitors/passed_on",
        recipient=visitor.email,
        subject=_l(
            "Your details were passed on at %(fair)s", fair=fair.name_en if _is_english(visitor) else fair.name_zh
        ),
        locale=visitor.locale,
        fair_id=fair.id,
        fair=fair,
        visitor=visitor,
        exhibitor=exhibitor,
        url=contacts_address(fair, visitor),
    )


def _is_english(visitor: Visitor) -> bool:
    return visitor.locale == "en"
