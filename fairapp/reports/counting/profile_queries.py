"""The figures of a fair under every counting profile, and what makes the difference."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from fairapp.exhibitors import figures as exhibitors
from fairapp.fairs.models import Fair
from fairapp.gates.counting import figures as gates
from fairapp.gates.counting.profiles import PROFILES, Profile, profile_named
from fairapp.reports.counting.international import Criterion, criteria, is_international, share_from_abroad


@dataclass(frozen=True)
class UnderProfile:
    """One profile with its five figures, the share of visitors from abroad, and the word "international".

    `differs` says by kind of badge and reason how many people count here (+) or not (-), unlike under
    the fair's own profile.
    """

    profile: Profile
    figures: gates.Attendance
    share_from_abroad: Decimal | None
    criteria: list[Criterion]
    is_international: bool
    differs: list[tuple[str, str, int]]


def under_profiles(fair: Fair) -> list[UnderProfile]:
    """Every profile, the fair's own first."""
    own = profile_named(fair.counting_profile)
    registered = gates.registered_by_kind(fair.id)
    came = gates.people_by_mark(fair.id)
    abroad = {
        "exhibitors": dict(exhibitors.exhibitors_by_country(fair.id)),
        "area": exhibitors.net_area_by_country(fair.id),
    }
    ordered = sorted(PROFILES.values(), key=lambda one: one.name != own.name)
    return [_under(fair, profile, own, registered, came, abroad) for profile in ordered]


def _under(
    fair: Fair,
    profile: Profile,
    own: Profile,
    registered: Counter[str],
    came: list[tuple[str, int, int]],
    abroad: dict[str, dict[str, int]],
) -> UnderProfile:
    visitors: Counter[str] = Counter()
    for group in gates.audience(fair.id, profile):
        visitors[group.country] += group.people
    met = criteria(profile.international, abroad | {"visitors": visitors})
    return UnderProfile(
        profile,
        gates.attendance(fair.id, profile, registered=registered),
        share_from_abroad(profile.international, visitors),
        met,
        is_international(profile.international, met),
        _differences(profile, own, came),
    )


def _differences(profile: Profile, own: Profile, came: list[tuple[str, int, int]]) -> list[tuple[str, str, int]]:
    found: Counter[tuple[str, str]] = Counter()
    for kind, marks, people in came:
        why, why_not = gates.excluded_because(own, kind, marks), gates.excluded_because(profile, kind, marks)
        if why and not why_not:
            found[kind, why] += people
        elif why_not and not why:
            found[kind, why_not] -= people
    return [(kind, reason, people) for (kind, reason), people in sorted(found.items())]
