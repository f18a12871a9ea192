"""Whether a fair may be called international under a counting profile: three shares beside their thresholds. Pure."""

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
    least: int

    @property
    def is_met(self) -> bool:
        return self.share is not None and self.share * 100 >= self.least


def share_from_abroad(rule: International, by_country: Mapping[str, int]) -> Decimal | None:
    """The part from abroad, as the rule understands it; who did not say where from is at home."""
    whole = sum(by_country.values())
    abroad = is_overseas if rule.overseas else is_foreign
    return Decimal(sum(count for code, count in by_country.items() if abroad(code))) / whole if whole else None


def criteria(rule: International, counts: Mapping[str, Mapping[str, int]]) -> list[Criterion]:
    """What the rule asks for; `counts` are exhibitors, visitors and net area by country."""
    asked = {"exhibitors": rule.exhibitors, "visitors": rule.visitors, "area": rule.area}
    return [
        Criterion(name, share_from_abroad(rule, counts[name]), least)
        for name, least in asked.items()
        if least is not None
    ]


def is_international(rule: International, found: list[Criterion]) -> bool:
    """Whether all of the criteria, or any, are met."""
    met = [one.is_met for one in found]
    return all(met) if rule.needs_all else any(met)
