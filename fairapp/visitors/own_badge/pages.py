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
from fairapp.visitors.models import EVERY_DAY, Visitor


def badge_page(visitor: Visitor, token: str, form: Any) -> str:
    """Draw a person's own badge, large enough for a camera, and what they may do with their data."""
    printable = batches.printable_badge(g.fair.id, visitor.id)
    return render_template(
        "visitors/badge.html",
        visitor=visitor,
        badge=printable,
        picture=qr_picture(printable),
        number=badge_pdf.spaced_number(printable.number) if printable else "",
        days=valid_days(printable),
        token=token,
        form=form,
        erase=EraseForm(formdata=None),
    )


def qr_picture(badge: Any) -> Markup | None:
    """Return the QR code as SVG, drawn by us: letters of the code never reach the markup."""
    code = badge_pdf.CodeWriter(g.fair)(badge) if badge is not None else ""
    return Markup(badge_qr.svg(code, label="QR")) if code else None


def valid_days(badge: Any) -> list[Any]:
    """List the days a badge is valid; empty for every day."""
    if badge is None or badge.days == EVERY_DAY:
        return []
    return [day.on for day in fair_days(g.fair) if rules.is_valid_on(badge.days, day.number)]
