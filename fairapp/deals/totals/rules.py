"""What a deal adds to which totals, pure: those stored with each entry and a recount both come from here."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from fairapp.deals.enums import CountsAs, DealStatus, Tier
from fairapp.deals.rules import totals_reached
from fairapp.deals.totals.size_bands import band_of, term_of, year_usd

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
STORED_COLUMNS = (*COLUMNS, "void_count", "executed_usd")  # the last two are in no total

# By two dimensions it is kept what became of deals: in "lost/country" stand, by country, those that were last said to
# be lost; in "executed/country" those carried out, with the dollars carried out in a column of their own.
OUTCOME_DIMENSIONS = ("country", "delegation")


class Group(NamedTuple):
    """The key of a row of totals: a key of a dimension, one of the three sums, a tier."""

    dimension: str
    key: str
    counts_as: str
    tier: str


def key_in(dimension: str, terms: Values) -> str:
    """Return the deal's key in a dimension, '' when it has none: so every dimension adds up to the same total."""
    column = DIMENSIONS[dimension][0]
    value = terms[column] if column else None
    if value is None:
        return ""
    return str(value)[:2] if dimension == "hs" else str(value)


def groups_of(terms: Values) -> list[Group]:
    """List the groups a deal stands in, one for each dimension."""
    return [Group(name, key_in(name, terms), terms["counts_as"], terms["tier"]) for name in DIMENSIONS]


def group_labels(group: Group, terms: Values) -> tuple[str, str]:
    """Return the Chinese and English name of a group's key, as the deal copied them."""
    _, zh, en = DIMENSIONS[group.dimension.rpartition("/")[2]]
    return (terms[zh], terms[en]) if zh and en else (group.key, group.key)


def figures(terms: Values) -> Counter[str]:
    """Return what a deal adds to each of COLUMNS in the groups it stands in; money in minor units."""
    usd, cny = terms["usd_minor"] or 0, terms["cny_minor"] or 0
    if terms["status"] == DealStatus.VOID:
        return Counter()
    if terms["held"] is not None:
        return Counter(held_count=1, held_usd=usd)
    if terms["usd_minor"] is None and terms["counts_as"] != CountsAs.STRATEGIC:
        return Counter(without_rate_count=1)
    added: Counter[str] = Counter()
    for total in totals_reached(terms["status"], None):
        added.update({f"{total}_count": 1, f"{total}_usd": usd, f"{total}_cny": cny})
    if terms["status"] == DealStatus.DISPUTED:
        added.update(disputed_count=1, disputed_usd=usd)
    return added


def figures_of_many(terms: Values, deals: int) -> Counter[str]:
    """Return what `deals` deals that count alike add, `terms` holding the sums of their amounts."""
    if terms["status"] == DealStatus.VOID:
        return Counter(void_count=deals)
    return Counter(
        {column: value * deals if column.endswith("_count") else value for column, value in figures(terms).items()}
    )


def contributions(terms: Values) -> dict[Group, Counter[str]]:
    """Return what a deal adds to each group of the stored totals: of a void one that it is void, and nothing else."""
    added = dict.fromkeys(groups_of(terms), figures_of_many(terms, 1))
    for dimension in OUTCOME_DIMENSIONS:
        added |= outcome_totals(terms, dimension, key_in(dimension, terms))
    return added


def outcome_totals(terms: Values, dimension: str, key: str, deals: int = 1) -> dict[Group, Counter[str]]:
    """Return what `deals` deals that count alike add to the groups by outcome; nothing until somebody has answered."""
    if terms["follow_state"] is None:
        return {}
    added = figures_of_many(terms, deals)
    if added["declared_count"] and terms["executed_usd"] is not None:
        added["executed_usd"] = terms["executed_usd"]
    return {Group(f"{terms['follow_state']}/{dimension}", key, terms["counts_as"], terms["tier"]): added}


def delta(before: Values | None, after: Values) -> list[dict[str, Any]]:
    """Return the rows to add to the stored totals when a deal's terms change, without those that do not change."""
    rows: dict[Group, Counter[str]] = {}
    sources: dict[Group, Values] = {}
    for terms, sign in ((before, -1), (after, 1)):
        if terms is None:
            continue
        for group, added in contributions(terms).items():
            sources[group] = terms
            row = rows.setdefault(group, Counter())
            for column, value in added.items():
                row[column] += sign * value
    return [
        dict(zip(("label_zh", "label_en"), group_labels(group, sources[group]), strict=True))
        | group._asdict()
        | {column: row[column] for column in STORED_COLUMNS}
        for group, row in rows.items()
        if any(row.values())
    ]


# --- totals by group, however they were counted -------------------------------------------------------

Names = dict[tuple[str, str], tuple[str, str]]
Figures = dict[str, int]

# Beside the stored dimensions: counted from the ledger alone, for the workbook. Key, Chinese and English name.
WIDER: dict[str, Callable[[Values], tuple[str, str, str]]] = {
    "band": lambda deal: (band_of(deal["usd_minor"]),) * 3,
    "term": lambda deal: (term_of(deal["signed_on"], deal["delivery_until"]),) * 3,
    "basis": lambda deal: (deal["basis"],) * 3,
    "belt": lambda deal: (deal["industrial_belt"],) * 3,
    "marks": lambda deal: (deal["marks"],) * 3,
    "origin": lambda deal: ("/".join(filter(None, (deal["seller_province"], deal["seller_city"]))),) * 3,
    "delegation_ownership": lambda deal: _within_delegation(deal, deal["seller_ownership"]),
    "delegation_origin": lambda deal: _within_delegation(deal, deal["seller_province"]),
    "delegation_category": lambda deal: _within_delegation(deal, deal["category_code"]),
}
YEARLY = ("declared_year", "confirmed_year", "verified_year")
WIDER_COLUMNS = (*COLUMNS, *YEARLY)


def _within_delegation(deal: Values, key: str) -> tuple[str, str, str]:
    return f"{deal['delegation_code']}|{key}", deal["delegation_zh"], deal["delegation_en"]


def yearly_figures(terms: Values) -> Counter[str]:
    """Return `figures`, and the same sums on a yearly basis."""
    added = figures(terms)
    if added["declared_count"]:
        year = year_usd(terms)
        added.update({f"{total}_year": year for total in totals_reached(terms["status"], None)})
    return added


class TotalsTable:
    """Totals by group: `wide` when they were counted from the ledger, with every dimension and column."""

    def __init__(self, *, wide: bool) -> None:
        self.wide = wide
        self.columns = WIDER_COLUMNS if wide else COLUMNS
        self.rows: dict[Group, Figures] = {}
        self.names: Names = {}

    def add(self, group: Group, names: tuple[str, str], figures: Mapping[str, int]) -> None:
        """Add figures to a group; the names added last are those shown."""
        row = self.rows.get(group)
        if row is None:
            row = self.rows[group] = dict.fromkeys(self.columns, 0)
        for column, value in figures.items():
            row[column] += value
        self.names[group.dimension, group.key] = names

    def count(self, terms: Values) -> None:
        """Add a deal as an entry says it stands."""
        added = yearly_figures(terms)
        if not added:
            return
        for group in groups_of(terms):
            self.add(group, group_labels(group, terms), added)
        for dimension, key_and_names in WIDER.items():
            key, zh, en = key_and_names(terms)
            self.add(Group(dimension, key, terms["counts_as"], terms["tier"]), (zh, en), added)

    def by_sum(self) -> dict[str, Figures]:
        """Return every column for each of trade, investment and strategic."""
        return self._folded("all", lambda group: group.counts_as, map(str, CountsAs))

    def by_tier(self, counts_as: str = CountsAs.TRADE) -> dict[str, Figures]:
        """Return every column for each tier, zeros included."""
        return self._folded("all", lambda group: group.tier, map(str, Tier), counts_as)

    def by(self, dimension: str, counts_as: str = CountsAs.TRADE) -> list[dict[str, Any]]:
        """List rows `{"key", "label_zh", "label_en", …columns}`, the largest declared sum first, days in their order."""
        folded = self._folded(dimension, lambda group: group.key, (), counts_as)
        rows = [self._labelled(dimension, key) | figures for key, figures in folded.items() if any(figures.values())]
        if dimension == "day":
            return sorted(rows, key=lambda row: row["key"])
        return sorted(rows, key=lambda row: (-row["declared_usd"], -row["declared_count"], row["key"]))

    def by_tier_and(self, dimension: str, counts_as: str = CountsAs.TRADE) -> dict[str, dict[str, Figures]]:
        """Return the figures by key, for each tier."""
        tiers: dict[str, dict[str, Figures]] = {str(tier): {} for tier in Tier}
        for group, figures in self.rows.items():
            if group.dimension == dimension and group.counts_as == counts_as:
                tiers[group.tier][group.key] = figures
        return tiers

    def _labelled(self, dimension: str, key: str) -> dict[str, Any]:
        zh, en = self.names[dimension, key]
        return {"key": key, "label_zh": zh, "label_en": en}

    def _folded(
        self, dimension: str, key: Callable[[Group], str], always: Iterable[str], counts_as: str | None = None
    ) -> dict[str, Figures]:
        folded = {name: dict.fromkeys(self.columns, 0) for name in always}
        for group, figures in self.rows.items():
            if group.dimension != dimension or counts_as not in (None, group.counts_as):
                continue
            row = folded.setdefault(key(group), dict.fromkeys(self.columns, 0))
            for column, value in figures.items():
                row[column] += value
        return folded
