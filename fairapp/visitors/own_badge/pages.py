"""The page of one's own badge."""

from typing import Any

from flask import g, render_template
from markupsafe import Markup

from fairapp.fairs.queries import fair_days
from fairapp.visitors import rules
from fairapp.visitors.badges import batches
from fairapp.visitors.badges import pdf as badge_pdf
from fairapp.visitors.badges import qr as badge_qr
from fairapp.visitors.erasure.forms import EraseForm
from fairapp.visitors.models import Visitor


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
        erase=EraseForm(formdata=None),
    )


def picture_of(shown: Any) -> Markup | None:
    """The QR code, drawn by us: letters of the code never reach the markup."""
    code = badge_pdf.CodeWriter(g.fair)(shown) if shown is not None else ""
    return Markup(badge_qr.svg(code, label="QR")) if code else None


def good_on(shown: Any) -> list[Any]:
    """The days a badge is good for; empty for every day."""
    if shown is None or shown.days == rules.EVERY_DAY:
        return []
    return [day.on for day in fair_days(g.fair) if rules.valid_on(shown.days, day.number)]
