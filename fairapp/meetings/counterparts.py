"""Finding the counterpart that a text names: the holder of a badge, or an exhibitor by name or booth."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, localised
from fairapp.core.web.access import Actor
from fairapp.exhibitors.booths.rules import LIVE_STATES
from fairapp.exhibitors.models import BoothAssignment, Exhibitor, ExhibitorStatus
from fairapp.exhibitors.queries import exhibitors_visible_to
from fairapp.fairs.booths.queries import booth_by_number
from fairapp.fairs.models import Fair
from fairapp.visitors.badges.code import Verdict
from fairapp.visitors.badges.queries import badge_for_code, live_badge, visitor_by_badge_number, visitor_by_id
from fairapp.visitors.grants.rules import is_code, typed_number
from fairapp.visitors.search.queries import search_visitors

MAX_SUGGESTIONS = 5


@dataclass(frozen=True)
class NamedBadge:
    """What a text about a badge says: the holder whose code was read, the holder the desk means, or a number alone."""

    visitor_id: UUID | None = None
    badge_number: str = ""
    badge_read: bool = False


def resolve_badge(fair: Fair, text: str, *, at_desk: bool = False) -> NamedBadge:
    """Return what a scanned code, a badge number or (at the desk) a name means.

    To an exhibitor a typed number stays a number, whoever wears it. DomainError at `badge`: `bad_badge`,
    `foreign_badge`, `badge_ended`; at the desk also `nobody`, `several`.
    """
    text = text.strip()
    if not text:
        return NamedBadge()
    if is_code(text):
        return NamedBadge(_holder_of_code(fair, text), badge_read=True)
    if at_desk:
        is_number = not any(letter.isalpha() for letter in text) and any(letter.isdecimal() for letter in text)
        return NamedBadge(_holder_of_number(fair, text) if is_number else _visitor_by_name(fair, text))
    number = typed_number(text)
    if not number:
        raise _refusal("bad_badge", _("Scan the code of a badge, or type its number."))
    return NamedBadge(badge_number=number)


def _refusal(code: str, message: str, field: str = "badge") -> DomainError:
    return DomainError(code, message, field=field)


def _holder_of_code(fair: Fair, text: str) -> UUID:
    reading = badge_for_code(fair, text)
    if reading.verdict is Verdict.FOREIGN:
        raise _refusal("foreign_badge", _("This badge is of another fair."))
    if reading.badge is None:
        raise _refusal("bad_badge", _("This is not a badge of this fair. Scan it again."))
    if reading.badge.status != "active":
        raise _refusal("badge_ended", _("This badge has ended. Ask for the person's new badge."))
    person: UUID = reading.badge.person_id
    return person


def _holder_of_number(fair: Fair, text: str) -> UUID:
    visitor = visitor_by_badge_number(fair.id, text[:40])
    if visitor is None or visitor.erased_at is not None:
        raise _refusal("nobody", _("No badge has the number %(number)s.", number=text[:40]))
    return visitor.merged_into_id or visitor.id


def _visitor_by_name(fair: Fair, text: str) -> UUID:
    visitors = search_visitors(fair.id, text, MAX_SUGGESTIONS + 1)
    if not visitors:
        raise _refusal("nobody", _("Nobody of that name has a badge. Write name and company below instead."))
    if len(visitors) > 1:
        names = [f"{row.name} · {row.company} · {row.number}" for row in visitors[:MAX_SUGGESTIONS]]
        message = _("Several people fit. Type the number of the one you mean: %(names)s", names="; ".join(names))
        raise _refusal("several", message)
    person: UUID = visitors[0].id
    return person


def badge_number_of(visitor_id: UUID | None, fair: Fair) -> str:
    """Return what to show in a field of the desk that `resolve_badge` reads: the number of the person's badge, '' for none."""
    visitor = visitor_by_id(fair.id, visitor_id) if visitor_id else None
    badge = live_badge(visitor) if visitor else None
    return badge.number if badge else ""


def resolve_exhibitor(actor: Actor, fair: Fair, text: str) -> Exhibitor:
    """Return the approved exhibitor of a booth or a name; DomainError at `exhibitor`: `nobody`, `several`."""
    approved = exhibitors_visible_to(actor).where(Exhibitor.status == ExhibitorStatus.APPROVED)
    booth = booth_by_number(fair, text)
    if booth is not None:
        of_booth = select(BoothAssignment.exhibitor_id).where(
            BoothAssignment.fair_id == fair.id,
            BoothAssignment.booth_id == booth.id,
            BoothAssignment.state.in_(LIVE_STATES),
        )
        holder: Exhibitor | None = db.session.scalar(approved.where(Exhibitor.id.in_(of_booth)))
        if holder is not None:
            return holder
    exact = db.session.scalars(approved.where(or_(Exhibitor.name_zh == text, Exhibitor.name_en == text)).limit(2)).all()
    is_alike = or_(
        Exhibitor.name_zh.icontains(text, autoescape=True), Exhibitor.name_en.icontains(text, autoescape=True)
    )
    exhibitors: Sequence[Exhibitor] = (
        exact if len(exact) == 1 else db.session.scalars(approved.where(is_alike).limit(MAX_SUGGESTIONS + 1)).all()
    )
    if not exhibitors:
        raise _refusal("nobody", _("No exhibitor has this name or booth."), "exhibitor")
    if len(exhibitors) > 1:
        names = "; ".join(localised(exhibitor) for exhibitor in exhibitors[:MAX_SUGGESTIONS])
        raise _refusal(
            "several", _("Several exhibitors fit. Write more of the name: %(names)s", names=names), "exhibitor"
        )
    return exhibitors[0]
