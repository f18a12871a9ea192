"""The list of deals as a file: what the filters show, one row a deal."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select

from fairapp.core.data.db import db
from fairapp.core.text.i18n import _, country_name
from fairapp.core.text.money import from_minor
from fairapp.deals.labels import deal as labels
from fairapp.deals.models import Deal


def deal_headings() -> list[str]:
    """Return the headings of the exported list, in the reader's language."""
    return [
        _("Deal number"),
        _("Signed on"),
        _("Status"),
        _("Late"),
        _("Held"),
        _("Agreed"),
        _("Nature"),
        _("Seller"),
        _("Country or region of the seller"),
        _("Buyer"),
        _("Other side as told"),
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


def deal_rows(query: Select[Deal]) -> Iterator[list[Any]]:
    """Yield the cells of each deal; amounts are numbers in whole units, a missing rate leaves its cells empty."""
    for deal in db.session.scalars(query.execution_options(yield_per=500)):
        yield [
            f"D-{deal.number}",
            deal.signed_on,
            str(labels.STATUSES[deal.status]),
            str(labels.LATE) if deal.late else "",
            str(labels.HOLDS[deal.held]) if deal.held else "",
            str(labels.TIERS[deal.tier]),
            str(labels.NATURES[deal.nature]),
            deal.seller_name,
            country_name(deal.seller_country),
            deal.buyer_name,
            _("yes") if deal.as_told else "",
            country_name(deal.buyer_country),
            deal.category_zh,
            deal.hs_code,
            deal.delegation_zh,
            deal.booth,
            deal.currency,
            _whole_units(deal.amount_minor, deal.currency),
            deal.rate_usd or "",
            _whole_units(deal.usd_minor, "USD"),
            _whole_units(deal.cny_minor, "CNY"),
        ]


def _whole_units(minor: int | None, currency: str) -> Any:
    return None if minor is None else from_minor(minor, currency)


def breakdown_headings(dimension: str) -> list[str]:
    """Return the headings of a breakdown: its key, then deals and US dollars of each total."""
    named = [
        heading
        for total in labels.TOTALS.values()
        for heading in (_("%(total)s, deals", total=total), _("%(total)s, USD", total=total))
    ]
    return [str(labels.DIMENSIONS[dimension]), *named, _("Held"), _("Without a rate")]


def breakdown_rows(named: list[tuple[str, dict[str, Any]]]) -> Iterator[list[Any]]:
    """Yield one row for each key, with what stands outside the totals at its end."""
    for word, row in named:
        sums = [
            cell
            for total in labels.TOTALS
            for cell in (row[f"{total}_count"], _whole_units(row[f"{total}_usd"], "USD"))
        ]
        yield [word, *sums, row["held_count"], row["without_rate_count"]]
