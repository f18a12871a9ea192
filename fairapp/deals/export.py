"""The list of deals as a file: what the filters show, one row a deal."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select

from fairapp.core.db import db
from fairapp.core.i18n import _, country_name
from fairapp.core.money import from_minor
from fairapp.deals import words
from fairapp.deals.models import Deal


def headings() -> list[str]:
    return [
        _("Deal number"),
        _("Signed on"),
        _("Status"),
        _("Held"),
        _("Agreed"),
        _("Nature"),
        _("Seller"),
        _("Country or region of the seller"),
        _("Buyer"),
        _("Country or region of the buyer"),
        _("Fair category"),
        _("HS code"),
        _("Delegation"),
        _("Booth"),
        _("Currency"),
        _("Amount"),
        _("USD per unit"),
        _("USD"),
        _("CNY"),
    ]


def rows(query: Select[Deal]) -> Iterator[list[Any]]:
    """The cells of each deal; amounts are numbers in whole units, a missing rate leaves its cells empty."""
    for deal in db.session.scalars(query.execution_options(yield_per=500)):
        yield [
            f"D-{deal.number}",
            deal.signed_on,
            str(words.STATUSES[deal.status]),
            str(words.HOLDS[deal.held]) if deal.held else "",
            str(words.TIERS[deal.tier]),
            str(words.NATURES[deal.nature]),
            deal.seller_name,
            country_name(deal.seller_country),
            deal.buyer_name,
            country_name(deal.buyer_country),
            deal.category_zh,
            deal.hs_code,
            deal.delegation_zh,
            deal.booth,
            deal.currency,
            _whole(deal.amount_minor, deal.currency),
            deal.rate_usd or "",
            _whole(deal.usd_minor, "USD"),
            _whole(deal.cny_minor, "CNY"),
        ]


def _whole(minor: int | None, currency: str) -> Any:
    return None if minor is None else from_minor(minor, currency)
