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
from fairapp.visitors.merging.queries import possible_duplicates
from fairapp.visitors.models import Badge, Visitor
from fairapp.visitors.registration.queries import interests_of


def record_page(visitor: Visitor, contact: tuple[str, str] | None = None, merge: Any = None, reason: Any = None) -> str:
    """Draw the page of one record; `contact` only after a reveal."""
    return render_template(
        "visitors/visitor.html",
        visitor=visitor,
        contact=contact or (rules.mask_email(visitor.email), rules.mask_phone(visitor.phone)),
        revealed=contact is not None,
        badges=badges_of(visitor),
        spaced=badge_pdf.spaced_number,
        consents=consents_of(visitor),
        interests=interests_of(visitor),
        same=possible_duplicates(visitor),
        merged=queries.merged_records(visitor),
        may=rules.may,
        words=labels,
        merge=merge or MergeForm(formdata=None),
        reason=reason or ReasonForm(formdata=None),
    )


def change_message(new_badge: Badge | None) -> str:
    """Return what to do with the badge after a correction."""
    if new_badge is None:
        return str(_("Saved. Print the badge anew if the person shall wear the change."))
    return str(_("Saved. The category is another one: print the new badge, the old code no longer opens a gate."))
