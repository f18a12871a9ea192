"""The laws of a deal: its moves, what counts, what is held, who may verify. docs/counting-deals.md explains them."""

import enum
import hashlib
from datetime import date
from uuid import UUID

from fairapp.core.errors import DomainError
from fairapp.core.text.currencies import currencies_valid
from fairapp.core.text.i18n import _
from fairapp.deals.enums import CountsAs, DealStatus, EntryOutcome, Nature, Party, Relation, Verb

LINK_DAYS = 7
MAX_LINKS = 4
MAX_MINOR = 10**16  # no deal is as large, in any currency
MAX_WRONG_ANSWERS = 3  # other amounts than the declared one; then the deal is disputed
MIN_WITNESSES = 2  # who saw an original of which there is no file
PROVING_GRADES = frozenset("ABC")  # D: a statement alone proves nothing
GRADES = ("A", "B", "C", "D")


class Act(enum.StrEnum):
    """A thing that can be done to a deal; each becomes an entry of one verb and outcome."""

    CONFIRM = "confirm"
    DISPUTE = "dispute"
    AMEND = "amend"  # amount, currency, tier, nature or parties: the other side must agree anew
    AMEND_SMALL = "amend_small"
    AGREE = "agree"  # the declarant takes the other side's figure
    ADD_EVIDENCE = "add_evidence"
    SCREEN = "screen"
    RETURN = "return"
    VERIFY = "verify"
    VERIFY_FIRST = "verify_first"
    REFUSE = "refuse"
    HOLD = "hold"
    RELEASE = "release"
    VOID = "void"
    MERGE = "merge"  # the second report of a deal: it leaves the totals
    MERGE_KEEP = "merge_keep"  # the deal that stays
    UNMERGE = "unmerge"  # the second report stands again, as it stood before
    UNMERGE_KEEP = "unmerge_keep"
    CORRECT_RATE = "correct_rate"
    FOLLOW_UP = "follow_up"


ENTRY_OF: dict[Act, tuple[Verb, EntryOutcome | None]] = {
    Act.CONFIRM: (Verb.CONFIRM, None),
    Act.DISPUTE: (Verb.DISPUTE, None),
    Act.AMEND: (Verb.AMEND, EntryOutcome.TERMS),
    Act.AMEND_SMALL: (Verb.AMEND, EntryOutcome.SMALL),
    Act.AGREE: (Verb.AMEND, EntryOutcome.TERMS),
    Act.ADD_EVIDENCE: (Verb.AMEND, EntryOutcome.EVIDENCE),
    Act.SCREEN: (Verb.SCREEN, EntryOutcome.PASSED),
    Act.RETURN: (Verb.SCREEN, EntryOutcome.RETURNED),
    Act.VERIFY: (Verb.VERIFY, EntryOutcome.ACCEPTED),
    Act.VERIFY_FIRST: (Verb.VERIFY, EntryOutcome.FIRST_OF_TWO),
    Act.REFUSE: (Verb.VERIFY, EntryOutcome.REFUSED),
    Act.HOLD: (Verb.HOLD, None),
    Act.RELEASE: (Verb.RELEASE, None),
    Act.VOID: (Verb.VOID, None),
    Act.MERGE: (Verb.MERGE, EntryOutcome.MERGED),
    Act.MERGE_KEEP: (Verb.MERGE, EntryOutcome.KEPT),
    Act.UNMERGE: (Verb.MERGE, EntryOutcome.UNDONE),
    Act.UNMERGE_KEEP: (Verb.MERGE, EntryOutcome.UNDONE),
    Act.CORRECT_RATE: (Verb.FX_CORRECT, None),
    Act.FOLLOW_UP: (Verb.FOLLOW_UP, None),
}

_S = DealStatus
_ALWAYS = (
    Act.AMEND_SMALL,
    Act.ADD_EVIDENCE,
    Act.SCREEN,
    Act.RETURN,
    Act.HOLD,
    Act.RELEASE,
    Act.CORRECT_RATE,
    Act.FOLLOW_UP,
    Act.MERGE_KEEP,
    Act.UNMERGE_KEEP,
)
_LIVE = (_S.DECLARED, _S.DISPUTED, _S.CONFIRMED, _S.VERIFIED)

MOVES: dict[tuple[DealStatus, Act], DealStatus] = {
    **{(status, act): status for status in _LIVE for act in _ALWAYS},
    **{(status, act): _S.VOID for status in _LIVE for act in (Act.VOID, Act.MERGE)},
    **{(status, Act.DISPUTE): _S.DISPUTED for status in _LIVE},
    **{(status, Act.AMEND): _S.DECLARED for status in _LIVE},
    (_S.DECLARED, Act.CONFIRM): _S.CONFIRMED,
    (_S.DISPUTED, Act.CONFIRM): _S.CONFIRMED,
    (_S.DISPUTED, Act.AGREE): _S.CONFIRMED,
    (_S.CONFIRMED, Act.VERIFY): _S.VERIFIED,
    (_S.CONFIRMED, Act.VERIFY_FIRST): _S.CONFIRMED,
    (_S.CONFIRMED, Act.REFUSE): _S.CONFIRMED,
    (_S.VERIFIED, Act.REFUSE): _S.CONFIRMED,  # undone by a new entry
}


def may(status: str, act: Act, held: str | None = None) -> bool:
    """Return whether the act makes sense now; templates ask before they show a button."""
    if act is Act.HOLD and held is not None:
        return False
    if act is Act.RELEASE and held is None:
        return False
    if act in {Act.VERIFY, Act.VERIFY_FIRST} and held is not None:
        return False
    return (DealStatus(status), act) in MOVES


def status_after(status: str, act: Act, held: str | None = None) -> DealStatus:
    """Return the status after the act; DomainError deal_state when it makes no sense now."""
    if not may(status, act, held):
        raise DomainError("deal_state", _("This is not possible any more: the deal has changed meanwhile."))
    return MOVES[DealStatus(status), act]


def other_side(declared_by: str) -> Party:
    """Return the side that has not spoken: the seller when the buyer declared, else the buyer."""
    return Party.SELLER if declared_by == Party.BUYER else Party.BUYER


# --- what counts --------------------------------------------------------------------------------


def counts_as(nature: str) -> CountsAs:
    """Return which of the three sums a deal belongs to; trade, investment and strategic are never added up."""
    if nature == Nature.INVESTMENT:
        return CountsAs.INVESTMENT
    return CountsAs.STRATEGIC if nature == Nature.STRATEGIC else CountsAs.TRADE


def totals_reached(status: str, held: str | None) -> tuple[str, ...]:
    """Return in which of the three totals a deal stands; a confirmed deal stays among the declared."""
    if held is not None or status == DealStatus.VOID:
        return ()
    if status == DealStatus.VERIFIED:
        return ("declared", "confirmed", "verified")
    return ("declared", "confirmed") if status == DealStatus.CONFIRMED else ("declared",)


def counted_amount(relation: str, amount: int | None, earlier: int | None, *, in_this_fair: bool = False) -> int | None:
    """Return how much of an amount counts (Sanming's rules), in the units of `amount`.

    Once, at first signing; an upgrade moves the tier and adds nothing; an increase adds the increment; a change of
    owner counts for the later event. `in_this_fair`: the earlier deal is one of this fair, so what it counts is not
    counted again.
    """
    if amount is None:
        return None
    if relation == Relation.UPGRADE:
        return 0
    if relation == Relation.INCREASE or (relation == Relation.CHANGE_OF_OWNER and in_this_fair):
        return max(0, amount - (earlier or 0))
    return amount


def reported_country(seller: str, buyer: str) -> str:
    """Return the country a deal is reported under: that of the party abroad, the buyer's when both are."""
    return seller if buyer == "CN" else buyer


def usual_nature(seller: str, buyer: str) -> Nature:
    """Return what a deal between two countries usually is; Hong Kong, Macao and Taiwan are other customs areas."""
    if seller == buyer == "CN":
        return Nature.DOMESTIC_SALE
    if seller == "CN":
        return Nature.GOODS_EXPORT
    return Nature.GOODS_IMPORT if buyer == "CN" else Nature.CROSS_BORDER_SUPPLY


# --- what the terms must keep -------------------------------------------------------------------


def check_currency(currency: str, starts_on: date, ends_on: date) -> None:
    """Refuse what is no currency of ISO 4217 valid on a day of the fair; DomainError unknown_currency."""
    if currency not in currencies_valid(starts_on, ends_on):
        raise DomainError("unknown_currency", currency_problem(currency), field="currency", status=422)


def currency_problem(currency: str) -> str:
    """Return why a code is no currency of the fair, for people."""
    if currency == "CNH":
        return str(_("CNH is no currency of ISO 4217. Use CNY."))
    return str(_("%(code)s is no currency of ISO 4217 on the days of the fair.", code=currency[:10]))


def check_amount(minor: int) -> None:
    """Refuse an amount (minor units) that no deal has; DomainError amount_not_possible."""
    if not 0 < minor < MAX_MINOR:
        raise DomainError("amount_not_possible", _("This amount cannot be right."), field="amount", status=422)


def check_amount_parts(amount: int, firm: int | None, option: int | None) -> None:
    """Demand that firm and option part sum to the amount; DomainError parts_do_not_sum."""
    if (firm or option) and (firm or 0) + (option or 0) != amount:
        raise DomainError(
            "parts_do_not_sum", _("The firm and the option part must add up to the amount."), field="firm", status=422
        )


def check_years(amount: int, years: dict[int, int], signed_on: date) -> None:
    """Demand that the years of a yearly deal sum to its amount; DomainError years_do_not_sum, year_out_of_range."""
    if any(not signed_on.year <= year <= signed_on.year + 30 or part <= 0 for year, part in years.items()):
        raise DomainError(
            "year_out_of_range", _("Give years from the signing on, each with an amount."), field="years", status=422
        )
    if sum(years.values()) != amount:
        raise DomainError("years_do_not_sum", _("The years must add up to the amount."), field="years", status=422)


def check_delivery(first: date | None, last: date | None) -> None:
    """Demand that a delivery window ends after it begins; DomainError delivery_backwards."""
    if first and last and last < first:
        raise DomainError("delivery_backwards", _("Delivery ends after it begins."), field="delivery_until", status=422)


def check_signing_day(signed_on: date, starts_on: date, ends_on: date, today: date) -> None:
    """Demand a day of the fair that is not in the future; DomainError outside_fair."""
    if not starts_on <= signed_on <= min(ends_on, max(today, starts_on)):
        last = min(ends_on, max(today, starts_on))
        raise DomainError(
            "outside_fair",
            _(
                "Choose a day of the fair: from %(first)s to %(last)s.",
                first=starts_on.isoformat(),
                last=last.isoformat(),
            ),
            field="signed_on",
            status=422,
        )


def check_relation(
    relation: str, amount: int | None, earlier: int | None, *, is_named: bool, in_this_fair: bool
) -> None:
    """Demand that what follows an earlier deal names it: by number, or by the event of its first signing (`is_named`).

    `in_this_fair`: it is a deal of this fair. DomainError earlier_needed, earlier_amount_needed, no_increase,
    upgrade_here.
    """
    if relation == Relation.NEW:
        return
    if not is_named:
        raise _wrong_relation("earlier_needed", _("Name the earlier deal: its number, or where it was first signed."))
    if relation == Relation.UPGRADE and in_this_fair:
        raise _wrong_relation("upgrade_here", _("The earlier deal is in this fair: correct what was agreed there."))
    if relation != Relation.INCREASE or amount is None:
        return
    if not earlier:
        raise _wrong_relation("earlier_amount_needed", _("Fill in the amount of the earlier deal."), "earlier")
    if earlier >= amount:
        raise _wrong_relation("no_increase", _("An increased deal is larger than the earlier one."), "earlier")


def _wrong_relation(code: str, message: str, field: str = "relation") -> DomainError:
    return DomainError(code, message, field=field, status=422)


# --- who may verify -----------------------------------------------------------------------------


def needs_second_verifier(usd_minor: int | None, limit: int) -> bool:
    """Return whether two persons must see the evidence: above the fair's limit (USD minor units), or without a rate."""
    return usd_minor is None or usd_minor > limit


def check_verifier(
    verifier: UUID | None, *, touched: set[UUID], first: UUID | None, grade: str, files: int, seen_by: set[UUID]
) -> None:
    """Demand a verifier who had no part in the deal, is not the first of two, and has seen proof.

    A file proves by itself; an original that was only looked at needs two persons who say so (`seen_by`).
    DomainError own_deal, same_verifier, no_evidence, one_person_saw, grade_too_low.
    """
    if verifier is None or verifier in touched:
        raise DomainError("own_deal", _("Someone who neither entered nor screened this deal must verify it."))
    if first is not None and first == verifier:
        raise DomainError("same_verifier", _("A second person must verify a deal of this size."))
    if not files and not seen_by:
        raise DomainError("no_evidence", _("Add the evidence first: a file, or a note of the original that was shown."))
    if not files and len(seen_by) < MIN_WITNESSES:
        message = _("One person alone has seen the original: add a file, or let a second person note that they saw it.")
        raise DomainError("one_person_saw", message)
    if grade not in PROVING_GRADES:
        raise DomainError(
            "grade_too_low",
            _("Grade D proves nothing: refuse the verification, or ask for more."),
            field="grade",
            status=422,
        )


def witness_digest(description: str, witness_id: UUID | None) -> str:
    """Return the hex SHA-256 that stands for an original that somebody saw: of the words and of who says so."""
    return hashlib.sha256(f"{description}\n{witness_id or '-'}".encode()).hexdigest()
