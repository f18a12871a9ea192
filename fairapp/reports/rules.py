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
from fairapp.deals.ledger.rules import StatedDays
from fairapp.deals.totals.rules import figures

TOTALS = ("declared", "confirmed", "verified")
FIGURES = tuple(f"{total}_{what}" for total in TOTALS for what in ("count", "usd"))


@dataclass(frozen=True)
class EarlierPublication:
    """A publication that stands: its number, the last entry in it, and the fair's own day of its cut-off."""

    number: int
    watermark: int
    day: date


class ChangeReason(enum.StrEnum):
    """A reason why a deal counts otherwise than in the publication before."""

    NEW = "new"
    LATE = "late"
    AFTER_CLOSING = "after_closing"
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


_REASONS: dict[tuple[str, str | None], ChangeReason] = {
    (Verb.DECLARE, EntryOutcome.LATE): ChangeReason.AFTER_CLOSING,
    (Verb.CONFIRM, None): ChangeReason.CONFIRMED,
    (Verb.AMEND, EntryOutcome.TERMS): ChangeReason.AMENDED,
    (Verb.AMEND, EntryOutcome.SMALL): ChangeReason.AMENDED,
    (Verb.DISPUTE, None): ChangeReason.DISPUTED,
    (Verb.VERIFY, EntryOutcome.ACCEPTED): ChangeReason.VERIFIED,
    (Verb.VERIFY, EntryOutcome.REFUSED): ChangeReason.NOT_VERIFIED,
    (Verb.HOLD, None): ChangeReason.HELD,
    (Verb.RELEASE, None): ChangeReason.RELEASED,
    (Verb.VOID, None): ChangeReason.VOIDED,
    (Verb.FX_CORRECT, None): ChangeReason.RATE_CORRECTED,
    (Verb.MERGE, EntryOutcome.MERGED): ChangeReason.MERGED,
    (Verb.MERGE, EntryOutcome.KEPT): ChangeReason.MERGED,
    (Verb.MERGE, EntryOutcome.UNDONE): ChangeReason.SEPARATED,
}
# What a table of deals may be made of: a deal in which none of this changed needs no line.
COMPARED_TERMS = (
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


class DealState(NamedTuple):
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
class DealChange:
    """A deal between two publications: how it stood before (None: it was not there) and after, and why."""

    number: int
    reasons: tuple[ChangeReason, ...]
    late_day: int | None
    before: DealState | None
    after: DealState

    def difference(self, counts_as: str) -> tuple[int, ...]:
        """Return by how much each of FIGURES moved in one of the three sums."""
        return tuple(
            after - before
            for before, after in zip(
                figures_within(self.before, counts_as), figures_within(self.after, counts_as), strict=True
            )
        )


_NO_FIGURES = (0,) * len(FIGURES)


def figures_within(state: DealState | None, counts_as: str) -> tuple[int, ...]:
    """Return what a deal added to each of FIGURES in one of the three sums."""
    return state.figures if state is not None and state.counts_as == counts_as else _NO_FIGURES


def deal_state(terms: Mapping[str, Any]) -> DealState:
    """Return how a deal stands by its terms."""
    added = figures(terms)
    return DealState(
        terms["counts_as"],
        terms["tier"],
        terms["status"],
        terms["held"],
        terms["currency"],
        terms["amount_minor"],
        terms["usd_minor"],
        tuple(added[name] for name in FIGURES),
    )


@dataclass(frozen=True)
class SigningOutside:
    """A deal signed on a day that the fair did not have when it was declared, or has no more."""

    number: int
    signed_on: date
    first: StatedDays
    now: StatedDays


def signed_outside(number: int, signed_on: date, first_seq: int, days: Sequence[StatedDays]) -> SigningOutside | None:
    """Return a deal with the days that its signing day falls outside of; None when it is inside both, had and has."""
    had = next((stated for stated in reversed(days) if stated.seq <= first_seq), None)
    if had is None or all(stated.starts_on <= signed_on <= stated.ends_on for stated in (had, days[-1])):
        return None
    return SigningOutside(number, signed_on, had, days[-1])


def late_day(first_seq: int, signed_on: date, opening: date, earlier: Sequence[EarlierPublication]) -> int | None:
    """Return the day of the fair, from 1, that a deal is late for; None when it was in time.

    It is late when it was declared after figures that cover its day of signing were published.
    """
    is_published = any(publication.day >= signed_on and publication.watermark < first_seq for publication in earlier)
    return (signed_on - opening).days + 1 if is_published else None


def change_reasons(
    statements: Iterable[tuple[str, str | None]], *, is_new: bool, late: bool
) -> tuple[ChangeReason, ...]:
    """Return why a deal counts otherwise, from its entries since (verb, outcome), each once, in order."""
    reasons = [ChangeReason.LATE if late else ChangeReason.NEW] if is_new else []
    reasons += [_REASONS[statement] for statement in statements if statement in _REASONS]
    return tuple(dict.fromkeys(reasons)) or (ChangeReason.AMENDED,)


def check_approver(prepared_by: UUID, approver: UUID | None) -> None:
    """Refuse the preparer: another person approves. DomainError same_person."""
    if approver is None or approver == prepared_by:
        raise DomainError("same_person", _("Someone else must approve it: whoever prepared it cannot."))


def parse_addresses(text: str) -> list[str]:
    """Return the addresses of a text, one a line or with commas between, each once."""
    addresses = [address.strip().lower() for address in text.replace(",", "\n").replace(";", "\n").splitlines()]
    return list(dict.fromkeys(address for address in addresses if address))
