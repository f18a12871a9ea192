"""What a deal's size, delivery term and years say of it: pure. The bands are those Chinese fairs publish."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from fairapp.core.text.money import convert
from fairapp.deals.enums import Basis

# From how many USD minor units on, the smallest first.
BANDS: dict[str, int] = {
    "under_10k": 0,
    "from_10k": 1_000_000,
    "from_100k": 10_000_000,
    "from_1m": 100_000_000,
    "from_10m": 1_000_000_000,
    "from_50m": 5_000_000_000,
    "from_100m": 10_000_000_000,
}
LARGE = ("from_1m", "from_10m", "from_50m", "from_100m")
# Until how many days after signing the goods are delivered; three months are a short order.
DELIVERY: dict[str, int] = {"within_3_months": 92, "within_6_months": 184, "within_12_months": 366}
LAST_TERM = "over_12_months"


def band_of(usd_minor: int | None) -> str:
    """Return the size band of a converted deal (USD minor units), '' for one without a rate or value."""
    if usd_minor is None:
        return ""
    return [name for name, floor in BANDS.items() if usd_minor >= floor][-1]


def term_of(signed_on: date, delivery_until: date | None) -> str:
    """Return the band of a delivery term, '' when no delivery was named."""
    if delivery_until is None:
        return ""
    days = (delivery_until - signed_on).days
    return next((name for name, limit in DELIVERY.items() if days <= limit), LAST_TERM)


def year_usd(terms: Mapping[str, Any]) -> int:
    """Return the deal on a yearly basis (按一年计): one over several years with its first year alone, USD minor units."""
    usd, years = terms["usd_minor"] or 0, terms["years"]
    if terms["basis"] != Basis.YEARLY or not years or not terms["amount_minor"] or terms["rate_usd"] is None:
        return usd
    first = int(years.split(";")[0].partition(":")[2])
    part = first * (terms["counted_minor"] or 0) // terms["amount_minor"]
    return convert(part, terms["currency"], Decimal(terms["rate_usd"]), "USD")
