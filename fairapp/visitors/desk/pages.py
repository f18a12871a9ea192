"""The page of one record at the desk."""

from typing import Any

from flask import render_template

from fairapp.core.text.i18n import _
from fairapp.visitors import labels, queries, rules
from fairapp.visitors.badges import pdf as badge_pdf
from fairapp.visitors.badges.queries import badges_of
from fairapp.visitors.consents.queries import consents_of
from fairapp.visitors.forms import ReasonForm
from fairapp.visitors.merging.forms import MergeForm
from fairapp.visitors.merging.queries import same_contact
from fairapp.visitors.models import Badge, Visitor
from fairapp.visitors.registration.queries import interests_of


def visitor_page(one: Visitor, contact: tuple[str, str] | None = None, merge: Any = None, reason: Any = None) -> str:
    """The page of one record; `contact` only after a reveal."""
    return render_template(
        "visitors/visitor.html",
        visitor=one,
        contact=contact or (rules.masked_mail(one.email), rules.masked_phone(one.phone)),
        revealed=contact is not None,
        badges=badges_of(one),
        spaced=badge_pdf.spaced,
        consents=consents_of(one),
        interests=interests_of(one),
        same=same_contact(one),
        merged=queries.merged_into(one),
        may=rules.may,
        words=labels,
        merge=merge or MergeForm(formdata=None),
        reason=reason or ReasonForm(formdata=None),
    )


def said_after_change(issued: Badge | None) -> str:
    """What to do with the badge after a correction."""
    if issued is None:
        return _("Saved. Print the badge anew if the person shall wear the change.")
    return _("Saved. The category is another one: print the new badge, the old code no longer opens a gate.")
