"""The word "international" under a counting profile: three shares beside their thresholds. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from fairapp.gates.counting.profiles import International
from fairapp.visitors.origins import is_foreign, is_overseas


@dataclass(frozen=True)
class Criterion:
    """A share from abroad (a fraction of one; None: nothing to share) beside the per cent it must reach."""

    name: str
    share: Decimal | None
    min_percent: int

    @property
    def is_met(self) -> bool:
        return self.share is not None and self.share * 100 >= self.min_percent


def share_from_abroad(rule: International, by_country: Mapping[str, int]) -> Decimal | None:
    """Return the part from abroad, as the rule understands it; who did not say where from is at home. None of none."""
    total = sum(by_country.values())
    abroad = is_overseas if rule.overseas else is_foreign
    return Decimal(sum(count for code, count in by_country.items() if abroad(code))) / total if total else None


def criteria(rule: International, counts: Mapping[str, Mapping[str, int]]) -> list[Criterion]:
    """Return what the rule asks for; `counts` are exhibitors, visitors and net area by country."""
    thresholds = {"exhibitors": rule.exhibitors, "visitors": rule.visitors, "area": rule.area}
    return [
        Criterion(name, share_from_abroad(rule, counts[name]), min_percent)
        for name, min_percent in thresholds.items()
        if min_percent is not None
    ]


def is_international(rule: International, criteria: list[Criterion]) -> bool:
    """Tell whether all of the criteria, or any, are met."""
    met = [criterion.is_met for criterion in criteria]
    return all(met) if rule.needs_all else any(met)
