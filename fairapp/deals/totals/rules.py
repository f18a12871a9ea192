"""What a deal adds to which sums, pure: the kept summary and a recount both come from here."""

from collections import Counter
from collections.abc import Callable, Mapping
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


# Beside them stands what leaves no trace in them. In "void/country" are counted the void deals of a country; and in two
# dimensions what became of deals: in "lost/country" stand those that were last said to be lost, in "done/country" those
# carried out, with what was carried out as their dollars.
VOID = "void"
TOLD_BY = ("country", "delegation")
DONE = "done"


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
    _, zh, en = DIMENSIONS[group.dimension.rpartition("/")[2]]
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


def parts(terms: Values) -> dict[Group, Counter[str]]:
    """What a deal adds to each row it stands in."""
    if terms["status"] == DealStatus.VOID:
        return {group._replace(dimension=f"{VOID}/{group.dimension}"): void() for group in groups(terms)}
    found = dict.fromkeys(groups(terms), figures(terms))
    for name in TOLD_BY:
        found |= what_became(terms, name, key_in(name, terms))
    return found


def void(deals: int = 1) -> Counter[str]:
    """What so many void deals add to the rows that count them."""
    return Counter(declared_count=deals)


def what_became(terms: Values, by: str, key: str, deals: int = 1) -> dict[Group, Counter[str]]:
    """What `deals` deals that count alike add to the rows that tell by `by` what became of deals; nothing as long
    as nobody has answered for them."""
    if terms["follow_state"] is None:
        return {}
    group = Group(f"{terms['follow_state']}/{by}", key, terms["counts_as"], terms["tier"])
    found = {group: figures_of_many(terms, deals)}
    if terms["executed_usd"] is not None and terms["usd_minor"] is not None:
        carried_out = {**terms, "usd_minor": terms["executed_usd"], "cny_minor": None}
        found[group._replace(dimension=f"{DONE}/{by}")] = figures_of_many(carried_out, deals)
    return found


def changes(before: Values | None, after: Values) -> list[dict[str, Any]]:
    """What to add to which rows of the summary when a deal's terms change; rows without a change are left out."""
    found: dict[Group, Counter[str]] = {}
    sources: dict[Group, Values] = {}
    for terms, sign in ((before, -1), (after, 1)):
        if terms is None:
            continue
        for group, added in parts(terms).items():
            sources[group] = terms
            row = found.setdefault(group, Counter())
            for column, value in added.items():
                row[column] += sign * value
    return [
        dict(zip(("label_zh", "label_en"), labels(group, sources[group]), strict=True))
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


# --- figures by group, however they were counted ------------------------------------------------------

Names = dict[tuple[str, str], tuple[str, str]]
Figures = dict[str, int]

# Beside the kept dimensions: counted from the ledger alone, for the workbook. Key, Chinese and English name.
_Wider = Callable[[Values], tuple[str, str, str]]
WIDER: dict[str, _Wider] = {
    "band": lambda deal: (band_of(deal["usd_minor"]),) * 3,
    "term": lambda deal: (term_of(deal["signed_on"], deal["delivery_until"]),) * 3,
    "basis": lambda deal: (deal["basis"],) * 3,
    "belt": lambda deal: (deal["industrial_belt"],) * 3,
    "marks": lambda deal: (deal["marks"],) * 3,
    "origin": lambda deal: ("/".join(filter(None, (deal["seller_province"], deal["seller_city"]))),) * 3,
    "delegation_ownership": lambda deal: _of_delegation(deal, deal["seller_ownership"]),
    "delegation_origin": lambda deal: _of_delegation(deal, deal["seller_province"]),
    "delegation_category": lambda deal: _of_delegation(deal, deal["category_code"]),
}
YEARLY = ("declared_year", "confirmed_year", "verified_year")
WIDER_COLUMNS = (*COLUMNS, *YEARLY)


def _of_delegation(deal: Values, other: str) -> tuple[str, str, str]:
    return f"{deal['delegation_code']}|{other}", deal["delegation_zh"], deal["delegation_en"]


def yearly_figures(terms: Values) -> Counter[str]:
    """`figures`, and the same sums on a yearly basis."""
    found = figures(terms)
    if found["declared_count"]:
        year = year_usd(terms)
        found.update({f"{total}_year": year for total in totals_reached(terms["status"], None)})
    return found


class Sums:
    """Figures by group: `wide` when they were counted from the ledger, with every dimension and column."""

    def __init__(self, *, wide: bool) -> None:
        self.wide = wide
        self.columns = WIDER_COLUMNS if wide else COLUMNS
        self.rows: dict[Group, Figures] = {}
        self.names: Names = {}

    def put(self, group: Group, names: tuple[str, str], figures: Mapping[str, int]) -> None:
        """Add figures to a group; the names last put are those shown."""
        row = self.rows.get(group)
        if row is None:
            row = self.rows[group] = dict.fromkeys(self.columns, 0)
        for column, value in figures.items():
            row[column] += value
        self.names[group.dimension, group.key] = names

    def count(self, terms: Values) -> None:
        """Add a deal as an entry says it stands."""
        found = yearly_figures(terms)
        if not found:
            return
        for group in groups(terms):
            self.put(group, labels(group, terms), found)
        for dimension, name in WIDER.items():
            key, zh, en = name(terms)
            self.put(Group(dimension, key, terms["counts_as"], terms["tier"]), (zh, en), found)

    def by_sum(self) -> dict[str, Figures]:
        """For each of trade, investment and strategic: every column."""
        return self._folded("all", lambda group: group.counts_as, map(str, CountsAs))

    def by_tier(self, counts_as: str = CountsAs.TRADE) -> dict[str, Figures]:
        """For each tier, zeros included: every column."""
        return self._folded("all", lambda group: group.tier, map(str, Tier), counts_as)

    def by(self, dimension: str, counts_as: str = CountsAs.TRADE) -> list[dict[str, Any]]:
        """Rows `{"key", "label_zh", "label_en", …columns}`, the largest declared sum first, days in their order."""
        found = self._folded(dimension, lambda group: group.key, (), counts_as)
        rows = [self._named(dimension, key) | figures for key, figures in found.items() if any(figures.values())]
        if dimension == "day":
            return sorted(rows, key=lambda row: row["key"])
        return sorted(rows, key=lambda row: (-row["declared_usd"], -row["declared_count"], row["key"]))

    def by_tier_and(self, dimension: str, counts_as: str = CountsAs.TRADE) -> dict[str, dict[str, Figures]]:
        """For each tier: the figures by key."""
        found: dict[str, dict[str, Figures]] = {str(tier): {} for tier in Tier}
        for group, figures in self.rows.items():
            if group.dimension == dimension and group.counts_as == counts_as:
                found[group.tier][group.key] = figures
        return found

    def _named(self, dimension: str, key: str) -> dict[str, Any]:
        zh, en = self.names[dimension, key]
        return {"key": key, "label_zh": zh, "label_en": en}

    def _folded(
        self, dimension: str, key: Callable[[Group], str], always: Any, counts_as: str | None = None
    ) -> dict[str, Figures]:
        found = {name: dict.fromkeys(self.columns, 0) for name in always}
        for group, figures in self.rows.items():
            if group.dimension != dimension or counts_as not in (None, group.counts_as):
                continue
            row = found.setdefault(key(group), dict.fromkeys(self.columns, 0))
            for column, value in figures.items():
                row[column] += value
        return found
