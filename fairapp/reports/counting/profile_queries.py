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
class ProfileFigures:
    """A profile with its five figures, the share of visitors from abroad, and the word "international".

    `differences` says by kind of badge and reason how many people count here (+) or not (-), unlike under
    the fair's own profile.
    """

    profile: Profile
    figures: gates.Attendance
    share_from_abroad: Decimal | None
    criteria: list[Criterion]
    is_international: bool
    differences: list[tuple[str, str, int]]


def figures_by_profile(fair: Fair) -> list[ProfileFigures]:
    """List the figures under every profile, the fair's own first."""
    own = profile_named(fair.counting_profile)
    registered = gates.registered_by_kind(fair.id)
    people = gates.people_by_mark(fair.id)
    by_country = {
        "exhibitors": dict(exhibitors.exhibitors_by_country(fair.id)),
        "area": exhibitors.net_area_by_country(fair.id),
    }
    ordered = sorted(PROFILES.values(), key=lambda profile: profile.name != own.name)
    return [_profile_figures(fair, profile, own, registered, people, by_country) for profile in ordered]


def _profile_figures(
    fair: Fair,
    profile: Profile,
    own: Profile,
    registered: Counter[str],
    people: list[tuple[str, int, int]],
    by_country: dict[str, dict[str, int]],
) -> ProfileFigures:
    visitors: Counter[str] = Counter()
    for group in gates.audience(fair.id, profile):
        visitors[group.country] += group.people
    criteria_met = criteria(profile.international, by_country | {"visitors": visitors})
    return ProfileFigures(
        profile,
        gates.attendance(fair.id, profile, registered=registered),
        share_from_abroad(profile.international, visitors),
        criteria_met,
        is_international(profile.international, criteria_met),
        _differences(profile, own, people),
    )


def _differences(profile: Profile, own: Profile, people: list[tuple[str, int, int]]) -> list[tuple[str, str, int]]:
    differences: Counter[tuple[str, str]] = Counter()
    for kind, marks, count in people:
        why, why_not = gates.excluded_because(own, kind, marks), gates.excluded_because(profile, kind, marks)
        if why and not why_not:
            differences[kind, why] += count
        elif why_not and not why:
            differences[kind, why_not] -= count
    return [(kind, reason, count) for (kind, reason), count in sorted(differences.items())]
