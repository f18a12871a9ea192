"""Where people come from, in the two senses the law counts: 境外 overseas, 外国 foreign (counting.md)."""

MAINLAND = "CN"
OVERSEAS_NOT_FOREIGN = frozenset({"HK", "MO", "TW"})


def is_overseas(country: str) -> bool:
    """Return whether a country is 境外: outside the mainland; Hong Kong, Macao and Taiwan are."""
    return country not in {MAINLAND, ""}


def is_foreign(country: str) -> bool:
    """Return whether a country is 外国: neither the mainland nor Hong Kong, Macao or Taiwan."""
    return is_overseas(country) and country not in OVERSEAS_NOT_FOREIGN
