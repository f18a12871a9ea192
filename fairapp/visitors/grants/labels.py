"""The notice a person reads before details go to one exhibitor, and the words of grants and requests."""

from datetime import date
from typing import Any

from fairapp.core.text.i18n import _, _l, country_name, day_text, localised
from fairapp.exhibitors.models import Exhibitor
from fairapp.visitors.grants.models import GrantMethod, RequestTopic
from fairapp.visitors.grants.rules import is_abroad

FIELDS: dict[str, Any] = {
    "name": _l("My name"),
    "company": _l("My company"),
    "position": _l("My position"),
    "country": _l("My country or region"),
    "mail": _l("My e-mail address"),
    "phone": _l("My phone number"),
}
METHODS: dict[str, Any] = {
    GrantMethod.STANDING: _l("by your answer at registration, when your badge was scanned"),
    GrantMethod.OWN_LINK: _l("on this page"),
    GrantMethod.ON_DEVICE: _l("on the exhibitor's device"),
    GrantMethod.ANSWERED_REQUEST: _l("when you accepted to meet"),
}
QUESTIONS: dict[str, Any] = {
    RequestTopic.INVITED: _l("would like to meet you"),
    RequestTopic.MET: _l("says that it met you"),
    RequestTopic.MISSED: _l("says that you did not come"),
    RequestTopic.DEAL: _l("names your badge as the other side of a deal"),
}
ANSWERS: dict[str, tuple[Any, Any]] = {
    RequestTopic.INVITED: (_l("Accept: they see my name, company, position and country"), _l("Decline")),
    RequestTopic.MET: (_l("Yes, we met"), _l("I was not there")),
    RequestTopic.MISSED: (_l("Yes, I could not come"), _l("I was there")),
    RequestTopic.DEAL: (_l("Yes, that was me"), _l("That was not me")),
}


def notice_text(exhibitor: Exhibitor, until: date) -> str:
    """Return the notice in the reader's language: who receives, what for, how long, where it sits."""
    contact = ", ".join(filter(None, (exhibitor.contact_name, exhibitor.contact_email)))
    name = localised(exhibitor)
    sentences = [
        _(
            "%(exhibitor)s (%(contact)s) will receive what you tick, electronically, to follow up your talk, "
            "until %(day)s.",
            exhibitor=name,
            contact=contact or name,
            day=day_text(until),
        )
    ]
    if is_abroad(exhibitor.country):
        sentences.append(_("It sits abroad: %(country)s.", country=country_name(exhibitor.country)))
    sentences.append(
        _("Withdraw on your own page at any time; saying no changes nothing about your visit or your talks.")
    )
    return " ".join(sentences)
