"""The badge in the person's mailbox."""

from datetime import timedelta

from fairapp.accounts.links import public_address
from fairapp.core.data import clock
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _l
from fairapp.fairs.models import Fair
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.models import Visitor

MAIL_AGAIN_AFTER = timedelta(minutes=10)


def queue_badge_mail(fair: Fair, visitor: Visitor, ended_link: int = 0) -> None:
    """Mail the badge to the person, not more often than a patient person would ask.

    The link with the number `ended_link` ends, if it is the present one.
    """
    too_soon = visitor.mailed_at is not None and clock.now() - visitor.mailed_at < MAIL_AGAIN_AFTER
    if not visitor.email or too_soon:
        return
    visitor.link_issue += visitor.link_issue == ended_link
    visitor.mailed_at = clock.now()
    queue_mail(
        "visitors/badge",
        recipient=visitor.email,
        subject=_l("Your badge for %(fair)s", fair=fair.name_en if visitor.locale == "en" else fair.name_zh),
        locale=visitor.locale,
        fair_id=fair.id,
        attachment=f"badge:{fair.id}:{visitor.id}",
        fair=fair,
        visitor=visitor,
        url=public_address("visitors.badge", fair=fair.code, token=badge_link.badge_token(visitor)),
    )
