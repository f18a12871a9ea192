"""What a deal adds to which sums, pure: the kept summary and a recount both come from here."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from fairapp.deals.models.words import CountsAs, DealStatus
from fairapp.deals.rules import totals_reached

Values = Mapping[str, Any]  # the terms of a deal, by column

# Each dimension: the columns of its key and of its two labels (None: the key is its own label).
DIMENSIONS: dict[str, tuple[str | None, str | None, str | None]] = {
    "all": (None, None, None),
    "day": ("signed_on", None, None),
    "country": ("country", "country_zh", "country_en"),
    "category": ("category_code", "category_zh", "category_en"),
    "hs": ("hs_code", None, None),  # the chapter: two digits
    "ownership": ("seller_ownership", None, None),
    "delegation": ("delegation_code", "delegation_zh", "delegation_en"),
    "district": ("seller_province", None, None),
    "platform": ("platform_id", "platform_zh", "platform_en"),
    "customs": ("customs_mode", None, None),
    "zone": ("zone_code", "zone_zh", "zone_en"),
    "hall": ("hall_code", None, None),
    "nature": ("nature", None, None),
}
COUNTS = (
    "declared_count",
    "confirmed_count",
    "verified_count",
    "without_rate_count",
    "held_count",
    "disputed_count",
)
SUMS = (
    "declared_usd",
    "declared_cny",
    "confirmed_usd",
    "confirmed_cny",
    "verified_usd",
    "verified_cny",
    "held_usd",
    "disputed_usd",
)
COLUMNS = (*COUNTS, *SUMS)


class Group(NamedTuple):
    """A row of the summary."""

    dimension: str
    key: str
    counts_as: str
    tier: str


def key_in(dimension: str, terms: Values) -> str:
    """The deal's key in a dimension, '' when it has none: so every dimension adds up to the whole."""
    column = DIMENSIONS[dimension][0]
    value = terms[column] if column else None
    if value is None:
        return ""
    return str(value)[:2] if dimension == "hs" else str(value)


def groups(terms: Values) -> list[Group]:
    """The rows a deal stands in, one a dimension."""
    return [Group(name, key_in(name, terms), terms["counts_as"], terms["tier"]) for name in DIMENSIONS]


def labels(group: Group, terms: Values) -> tuple[str, str]:
    """The names of a group's key, Chinese and English, as the deal copied them."""
    _, zh, en = DIMENSIONS[group.dimension]
    return (terms[zh], terms[en]) if zh and en else (group.key, group.key)


def figures(terms: Values) -> Counter[str]:
    """What a deal adds to each column of the rows it stands in."""
    usd, cny = terms["usd_minor"] or 0, terms["cny_minor"] or 0
    if terms["status"] == DealStatus.VOID:
        return Counter()
    if terms["held"] is not None:
        return Counter(held_count=1, held_usd=usd)
    if terms["usd_minor"] is None and terms["counts_as"] != CountsAs.STRATEGIC:
        return Counter(without_rate_count=1)
    found: Counter[str] = Counter()
    for total in totals_reached(terms["status"], None):
        found.update({f"{total}_count": 1, f"{total}_usd": usd, f"{total}_cny": cny})
    if terms["status"] == DealStatus.DISPUTED:
        found.update(disputed_count=1, disputed_usd=usd)
    return found


def changes(before: Values | None, after: Values) -> list[dict[str, Any]]:
    """What to add to which rows of the summary when a deal's terms change; rows without a change are left out."""
    found: dict[Group, Counter[str]] = {}
    for terms, sign in ((before, -1), (after, 1)):
        if terms is None:
            continue
        added = figures(terms)
        for group in groups(terms):
            row = found.setdefault(group, Counter())
            for column, value in added.items():
                row[column] += sign * value
    sources = dict.fromkeys(groups(after), after)
    return [
        dict(zip(("label_zh", "label_en"), labels(group, sources.get(group, before or after)), strict=True))
        | group._asdict()
        | {column: row[column] for column in COLUMNS}
        for group, row in found.items()
        if any(row.values())
    ]


def figures_of_many(terms: Values, deals: int) -> Counter[str]:
    """What `deals` deals that count alike add, `terms` holding the sums of their amounts."""
    return Counter(
        {column: value * deals if column.endswith("_count") else value for column, value in figures(terms).items()}
    )
