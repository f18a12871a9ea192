"""What the larger pages show, gathered in one place."""

from typing import Any

from flask import Response, abort, g, render_template
from markupsafe import Markup

from fairapp.core.text.i18n import _
from fairapp.fairs.queries import fair_days
from fairapp.visitors import forms, labels, queries, rules
from fairapp.visitors.badges import batches
from fairapp.visitors.badges import pdf as badge_pdf
from fairapp.visitors.badges import qr as badge_qr
from fairapp.visitors.jobs import PDF
from fairapp.visitors.models import Badge, Visitor


def badge_page(visitor: Visitor, token: str, form: Any) -> str:
    """A person's own badge, large enough for a camera, and what they may do with their data."""
    shown = batches.printable_badge(g.fair.id, visitor.id)
    return render_template(
        "visitors/badge.html",
        visitor=visitor,
        badge=shown,
        picture=picture_of(shown),
        number=badge_pdf.spaced(shown.number) if shown else "",
        days=good_on(shown),
        token=token,
        form=form,
        erase=forms.EraseForm(formdata=None),
    )


def visitor_page(one: Visitor, contact: tuple[str, str] | None = None, merge: Any = None, reason: Any = None) -> str:
    """The page of one record; `contact` only after a reveal."""
    return render_template(
        "visitors/visitor.html",
        visitor=one,
        contact=contact or (rules.masked_mail(one.email), rules.masked_phone(one.phone)),
        revealed=contact is not None,
        badges=queries.badges_of(one),
        spaced=badge_pdf.spaced,
        consents=queries.consents_of(one),
        interests=queries.interests_of(one),
        same=queries.same_contact(one),
        merged=queries.merged_into(one),
        may=rules.may,
        words=labels,
        merge=merge or forms.MergeForm(formdata=None),
        reason=reason or forms.ReasonForm(formdata=None),
    )


def said_after_change(issued: Badge | None) -> str:
    """What to do with the badge after a correction."""
    if issued is None:
        return _("Saved. Print the badge anew if the person shall wear the change.")
    return _("Saved. The category is another one: print the new badge, the old code no longer opens a gate.")


def picture_of(shown: Any) -> Markup | None:
    """The QR code, drawn by us: letters of the code never reach the markup."""
    code = badge_pdf.CodeWriter(g.fair)(shown) if shown is not None else ""
    return Markup(badge_qr.svg(code, label="QR")) if code else None


def good_on(shown: Any) -> list[Any]:
    """The days a badge is good for; empty for every day."""
    if shown is None or shown.days == rules.EVERY_DAY:
        return []
    return [day.on for day in fair_days(g.fair) if rules.valid_on(shown.days, day.number)]


def pdf_of(visitor: Visitor) -> Response:
    shown = batches.printable_badge(g.fair.id, visitor.id) or abort(404)
    answer = Response(badge_pdf.badges_pdf(g.fair, [shown]), mimetype=PDF)
    answer.headers["Content-Disposition"] = f"inline; filename=badge-{shown.number}.pdf"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
