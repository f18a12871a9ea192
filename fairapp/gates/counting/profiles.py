"""Counting profiles: named, versioned answers to "who is a visitor, and when does an entry count?".

A profile is never changed once figures were published under it: a new version stands beside it.
Aligned with the named schemes, not certified by them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, _l
from fairapp.fairs.models import BadgeKind as K
from fairapp.gates.rules import entry_mark


@dataclass(frozen=True)
class International:
    """When a fair may be called international: per cent of exhibitors, visitors and net area from abroad
    (None: not asked), all of them or any. With `overseas` Hong Kong, Macao and Taiwan are abroad (境外), else
    only foreign countries (外国)."""

    exhibitors: int | None
    visitors: int | None
    area: int | None = None
    needs_all: bool = False
    overseas: bool = False


@dataclass(frozen=True)
class Profile:
    """`visitors` count from the first admitted entry, `hall_only` once they entered a zone;
    with `official_hours` only entries while the fair is open count for both. `as_of` dates the reading of
    `scheme` that this version holds."""

    name: str
    version: int
    as_of: date
    scheme: str
    label: Any
    visitors: frozenset[K]
    hall_only: frozenset[K]
    official_hours: bool
    international: International

    def mask(self, kind: str) -> int:
        """Return the marks (gates.rules.entry_mark) under which an entry makes a person of this kind a visitor; 0 for never."""
        halls = (True,) if kind in self.hall_only else (False, True)
        hours = (True,) if self.official_hours else (False, True)
        if kind not in self.visitors | self.hall_only:
            return 0
        return sum(entry_mark(in_hours, in_hall) for in_hours in hours for in_hall in halls)

    @property
    def kinds(self) -> list[str]:
        """Kinds of badge whose holders can be visitors."""
        return sorted(self.visitors | self.hall_only)


_GUESTS = frozenset({K.VISITOR, K.GUEST})
_SPEAKERS = frozenset({K.SPEAKER})
_READ_ON = date(2025, 12, 1)
_EITHER = International(exhibitors=10, visitors=5)
DEFAULT = "fairapp-1"
PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            DEFAULT,
            1,
            _READ_ON,
            "FairApp",
            _l("FairApp 1: visitors and guests in opening hours, speakers with a hall scan"),
            visitors=_GUESTS,
            hall_only=_SPEAKERS,
            official_hours=True,
            international=_EITHER,
        ),
        Profile(
            "iso-1",
            1,
            _READ_ON,
            "ISO 25639-1:2025",
            _l("Aligned with ISO 25639-1:2025: press and speakers apart"),
            visitors=_GUESTS,
            hall_only=_SPEAKERS,
            official_hours=True,
            international=_EITHER,
        ),
        Profile(
            "ufi-1",
            1,
            _READ_ON,
            "UFI",
            _l("Aligned with UFI: visitors and guests in opening hours"),
            visitors=_GUESTS,
            hall_only=frozenset(),
            official_hours=True,
            international=_EITHER,
        ),
        Profile(
            "fkm-1",
            1,
            _READ_ON,
            "FKM",
            _l("Aligned with FKM: visitors, guests and press in opening hours"),
            visitors=_GUESTS | {K.PRESS},
            hall_only=frozenset(),
            official_hours=True,
            international=International(exhibitors=10, visitors=5, needs_all=True),
        ),
        Profile(
            "cn-municipal-1",
            1,
            _READ_ON,
            "市级统计 Chinese municipal",
            _l("Chinese municipal: visitors, guests, press and speakers at any hour"),
            visitors=_GUESTS | {K.PRESS} | _SPEAKERS,
            hall_only=frozenset(),
            official_hours=False,
            international=International(exhibitors=10, visitors=5, area=20, overseas=True),
        ),
    )
}


def profile_named(name: str) -> Profile:
    """Return the profile of that name. DomainError: unknown_profile."""
    try:
        return PROFILES[name]
    except KeyError:
        raise DomainError("unknown_profile", _("There is no counting profile of this name."), status=404) from None
