"""What several pages of deals share: fetching, answering, QR, words for templates."""

from typing import Any
from uuid import UUID

import qrcode
from flask import abort, g, request

from fairapp.core.text.i18n import _
from fairapp.core.text.money import from_minor
from fairapp.core.web.access import Actor
from fairapp.core.web.forms import Form
from fairapp.core.web.listing import without_filter
from fairapp.deals import rules
from fairapp.deals.draft import Side
from fairapp.deals.enums import DealStatus
from fairapp.deals.forms.steps import AnswerForm
from fairapp.deals.labels import amount_in_words
from fairapp.deals.labels import deal as labels
from fairapp.deals.labels.breakdown import key_label
from fairapp.deals.labels.reasons import flag_label, reason_label
from fairapp.deals.models import Deal
from fairapp.deals.parties.queries import visitor_by_badge
from fairapp.deals.queries.lists import FILTERS
from fairapp.deals.queries.records import deal_visible_to
from fairapp.deals.rules import Act
from fairapp.deals.services.confirm import Answer
from fairapp.deals.totals.breakdowns import facet_keys
from fairapp.deals.totals.conditions import NOT_STATED

FACET_BOXES = ("day", "country", "category", "delegation", "hall")


def deal_or_404(deal_id: UUID, actor: Actor | None = None) -> Deal:
    """Return a deal this person may see, or answer 404."""
    return deal_visible_to(actor or g.actor, deal_id) or abort(404)


def template_context() -> dict[str, Any]:
    """Return what every template about deals needs."""
    return {
        "labels": labels,
        "rules": rules,
        "Act": Act,
        "DealStatus": DealStatus,
        "amount_words": amount_words,
        "reason_label": reason_label,
        "flag_label": flag_label,
        "facet_label": facet_label,
        "without": without_filter,
    }


def amount_words(deal: Deal) -> dict[str, str]:
    """Return the deal's amount in words."""
    return amount_in_words.in_words(from_minor(deal.amount_minor or 0, deal.currency))


def side_by_badge(text: str) -> Side:
    """Return the person whose badge the desk scanned or typed; a badge nobody holds finds no party."""
    visitor = visitor_by_badge(g.fair, text)
    return Side(visitor_id=visitor.id if visitor else UUID(int=0))


def answer_from_form(form: AnswerForm, method: str) -> Answer:
    """Return what the other side says, by the button it pressed."""
    nothing = form.say.data == "no_deal"
    return Answer(
        amount_minor=None if nothing else form.minor,
        currency=form.currency.data,
        method=method,
        terms_seq=shown_terms(form),
        note=form.note.data or "",
        reason=("no_deal" if nothing else form.reason.data or "other_amount") if form.say.data != "confirm" else None,
    )


def shown_terms(form: Form) -> int:
    """Return the entry whose terms the page showed; 0, which is none, when the page did not say."""
    text = str(form["terms"].data or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def answer_form(deal: Deal) -> AnswerForm:
    """Return the form in which the other side answers, in the declared currency."""
    return AnswerForm(currency=deal.currency, terms=str(deal.terms_seq))


def show_terms_now(form: Form, deal: Deal) -> Form:
    """Return the form bound to the terms as they stand now: the page beside it shows these."""
    form["terms"].data = str(deal.terms_seq)
    return form


def refuse_missing_amount(form: AnswerForm, deal: Deal) -> bool:
    """Refuse an answer without an amount, where one is needed; return whether it was refused."""
    missing = form.minor is None and form.say.data != "no_deal" and deal.amount_minor is not None
    if missing:
        form.amount.errors = [*form.amount.errors, _("Type the amount as you know it.")]
    return missing


def qr_path(text: str) -> dict[str, Any]:
    """Return a QR code as one SVG path and its size in modules."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=3)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    return {"path": path, "size": len(matrix)}


def facet_choices() -> dict[str, list[tuple[str, Any]]]:
    """Return the choices of the filter line: the values that the deals of this fair have."""
    every, nothing = ("", _("All")), (NOT_STATED, _("Not stated"))
    choices: dict[str, list[tuple[str, Any]]] = {
        "counts_as": list(labels.SUMS.items()),
        "tier": [every, *labels.TIERS.items()],
        "status": [every, *labels.STATUSES.items()],
        "total": [every, *labels.COUNTED.items()],
        "open": [every, *labels.OPEN.items()],
    }
    for name, rows in facet_keys(g.fair.id, FACET_BOXES).items():
        choices[name] = [every, *((row["key"], key_label(name, row)) for row in rows), nothing]
    return choices


def facet_label(name: str, value: str) -> str:
    """Return a filter of the address in words, for those that have no box of their own."""
    value_labels = {"held": labels.HOLDS, "fate": labels.DEAL_OUTCOMES}.get(name, {})
    row = {"key": "" if value == NOT_STATED else value, "label_zh": "", "label_en": ""}
    if name in {"platform", "zone"} and row["key"]:
        row |= next((facet for facet in facet_keys(g.fair.id, (name,))[name] if facet["key"] == value), {})
    label = labels.DIMENSIONS.get(name, labels.FILTERS.get(name, name))
    return f"{label}: {value_labels.get(value) or key_label(name, row)}"


def address_filters() -> dict[str, str]:
    """Return the filters in the address."""
    return {name: request.args.get(name, "")[:100] for name in FILTERS}


def parse_client_id(text: str | None) -> UUID | None:
    """Return the form's own id, so that sending it twice declares one deal; None when it is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None
