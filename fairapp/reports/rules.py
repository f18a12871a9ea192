"""The laws of publications: who may approve, what is late, why a deal counts otherwise than before. Pure."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.deals.enums import EntryOutcome, Verb
from fairapp.deals.totals.rules import figures

TOTALS = ("declared", "confirmed", "verified")
FIGURES = tuple(f"{total}_{what}" for total in TOTALS for what in ("count", "usd"))


@dataclass(frozen=True)
class Earlier:
    """A publication that stands: its number, the last entry in it, and the fair's own day of its cut-off."""

    number: int
    watermark: int
    day: date


class Why(enum.StrEnum):
    """Why a deal counts otherwise than in the publication before."""

    NEW = "new"
    LATE = "late"
    AMENDED = "amended"
    CONFIRMED = "confirmed"
    VERIFIED = "verified"
    NOT_VERIFIED = "not_verified"
    DISPUTED = "disputed"
    HELD = "held"
    RELEASED = "released"
    VOIDED = "voided"
    RATE_CORRECTED = "rate_corrected"
    MERGED = "merged"
    SEPARATED = "separated"


_WHY: dict[tuple[str, str | None], Why] = {
    (Verb.CONFIRM, None): Why.CONFIRMED,
    (Verb.AMEND, EntryOutcome.TERMS): Why.AMENDED,
    (Verb.AMEND, EntryOutcome.SMALL): Why.AMENDED,
    (Verb.DISPUTE, None): Why.DISPUTED,
    (Verb.VERIFY, EntryOutcome.ACCEPTED): Why.VERIFIED,
    (Verb.VERIFY, EntryOutcome.REFUSED): Why.NOT_VERIFIED,
    (Verb.HOLD, None): Why.HELD,
    (Verb.RELEASE, None): Why.RELEASED,
    (Verb.VOID, None): Why.VOIDED,
    (Verb.FX_CORRECT, None): Why.RATE_CORRECTED,
    (Verb.MERGE, EntryOutcome.MERGED): Why.MERGED,
    (Verb.MERGE, EntryOutcome.KEPT): Why.MERGED,
    (Verb.MERGE, EntryOutcome.UNDONE): Why.SEPARATED,
}
# What a table of deals may be made of: a deal in which none of this changed needs no line.
SHOWN = (
    "status",
    "held",
    "counts_as",
    "tier",
    "nature",
    "customs_mode",
    "signed_on",
    "currency",
    "amount_minor",
    "counted_minor",
    "basis",
    "years",
    "usd_minor",
    "cny_minor",
    "seller_country",
    "seller_ownership",
    "seller_province",
    "seller_city",
    "industrial_belt",
    "country",
    "category_code",
    "delegation_code",
    "platform_id",
    "zone_code",
    "hall_code",
    "hs_code",
    "marks",
    "delivery_until",
)


class State(NamedTuple):
    """How a deal stood in a publication; `figures` is what it added to each of FIGURES in its own sum."""

    counts_as: str
    tier: str
    status: str
    held: str | None
    currency: str
    amount_minor: int | None
    usd_minor: int | None
    figures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A deal between two publications: how it stood before (None: it was not there) and after, and why."""

    number: int
    why: tuple[Why, ...]
    late_day: int | None
    before: State | None
    after: State

    def moved(self, counts_as: str) -> tuple[int, ...]:
        """By how much each of FIGURES moved in one of the three sums."""
        return tuple(
            stands - was
            for was, stands in zip(part_of(self.before, counts_as), part_of(self.after, counts_as), strict=True)
        )


_NOTHING = (0,) * len(FIGURES)


def part_of(state: State | None, counts_as: str) -> tuple[int, ...]:
    """What a deal added to each of FIGURES in one of the three sums."""
    return state.figures if state is not None and state.counts_as == counts_as else _NOTHING


def state_of(terms: Mapping[str, Any]) -> State:
    """How a deal stands by its terms."""
    found = figures(terms)
    return State(
        terms["counts_as"],
        terms["tier"],
        terms["status"],
        terms["held"],
        terms["currency"],
        terms["amount_minor"],
        terms["usd_minor"],
        tuple(found[name] for name in FIGURES),
    )


def late_day(first_seq: int, signed_on: date, opening: date, earlier: Sequence[Earlier]) -> int | None:
    """The day of the fair a deal is late for: it was signed on a day whose figures were out before it was told."""
    out = any(one.day >= signed_on and one.watermark < first_seq for one in earlier)
    return (signed_on - opening).days + 1 if out else None


def reasons(said: Iterable[tuple[str, str | None]], *, is_new: bool, late: bool) -> tuple[Why, ...]:
    """Why a deal counts otherwise, from what was said of it (verb, outcome), each once, in order."""
    found = [Why.LATE if late else Why.NEW] if is_new else []
    found += [_WHY[one] for one in said if one in _WHY]
    return tuple(dict.fromkeys(found)) or (Why.AMENDED,)


def check_approver(prepared_by: UUID, approver: UUID | None) -> None:
    """Another person than the preparer approves; DomainError same_person."""
    if approver is None or approver == prepared_by:
        raise DomainError("same_person", _("Someone else must approve it: whoever prepared it cannot."))


def addresses_in(text: str) -> list[str]:
    """The addresses of a text, one a line or with commas between, each once."""
    found = [part.strip().lower() for part in text.replace(",", "\n").replace(";", "\n").splitlines()]
    return list(dict.fromkeys(part for part in found if part))
