"""Counting profiles: named, versioned answers to "who is a visitor, and when does an entry count?".

A profile is never changed once figures were published under it: a new version stands beside it.
Aligned with the named schemes, not certified by them.
"""

from dataclasses import dataclass
from typing import Any

from fairapp.core.errors import DomainError
from fairapp.core.i18n import _, _l
from fairapp.fairs.models import BadgeKind as K
from fairapp.gates.rules import mark_of

EVERY_MARK = 0b1111


@dataclass(frozen=True)
class Profile:
    """`visitors` count from the first admitted entry, `hall_only` once they entered a zone;
    with `official_hours` only entries while the fair is open count for both."""

    name: str
    label: Any
    visitors: frozenset[K]
    hall_only: frozenset[K]
    official_hours: bool

    def mask(self, kind: str) -> int:
        """The marks (gates.rules.mark_of) under which an entry makes a person of this kind a visitor; 0 for never."""
        halls = (True,) if kind in self.hall_only else (False, True)
        hours = (True,) if self.official_hours else (False, True)
        if kind not in self.visitors | self.hall_only:
            return 0
        return sum(mark_of(in_hours, in_hall) for in_hours in hours for in_hall in halls)

    @property
    def kinds(self) -> list[str]:
        """Kinds of badge whose holders can be visitors."""
        return sorted(self.visitors | self.hall_only)


_GUESTS = frozenset({K.VISITOR, K.GUEST})
_SPEAKERS = frozenset({K.SPEAKER})
DEFAULT = "fairapp-1"
PROFILES: dict[str, Profile] = {
    profile.name: profile
    for profile in (
        Profile(
            DEFAULT,
            _l("FairApp 1: visitors and guests in opening hours, speakers with a hall scan"),
            _GUESTS,
            _SPEAKERS,
            True,
        ),
        Profile("iso-1", _l("Aligned with ISO 25639-1:2025: press and speakers apart"), _GUESTS, _SPEAKERS, True),
        Profile("ufi-1", _l("Aligned with UFI: visitors and guests in opening hours"), _GUESTS, frozenset(), True),
        Profile(
            "fkm-1",
            _l("Aligned with FKM: visitors, guests and press in opening hours"),
            _GUESTS | {K.PRESS},
            frozenset(),
            True,
        ),
        Profile(
            "cn-municipal-1",
            _l("Chinese municipal: visitors, guests, press and speakers at any hour"),
            _GUESTS | {K.PRESS} | _SPEAKERS,
            frozenset(),
            False,
        ),
    )
}


def profile_named(name: str) -> Profile:
    """The profile of that name. DomainError unknown_profile."""
    try:
        return PROFILES[name]
    except KeyError:
        raise DomainError("unknown_profile", _("There is no counting profile of this name."), status=404) from None
