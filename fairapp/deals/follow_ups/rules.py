"""After the fair, pure: which question is due when, what an answer may say, and what the answers come to."""

from dataclasses import dataclass
from datetime import date, timedelta

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.deals.enums import DealOutcome, Party
from fairapp.deals.follow_ups.models import AnswerClass
from fairapp.deals.labels.reasons import LOST_REASONS

STAGES = (30, 90, 180, 365)  # days after the last day of the fair
REMIND_AFTER = timedelta(days=10)
LINK_DAYS = 120
FINAL_OUTCOMES = (DealOutcome.EXECUTED, DealOutcome.LOST)  # is not asked again
MAX_TIMES_AGREED = 10


def due_on(ends_on: date, days: int) -> date:
    """Return the day on which a stage's question is due."""
    return ends_on + timedelta(days=days)


def stage_due(ends_on: date, today: date) -> int | None:
    """Return the stage whose question is due, the last one reached; None before the first.

    Who was not asked in time is asked once, not four times.
    """
    reached = [days for days in STAGES if due_on(ends_on, days) <= today]
    return reached[-1] if reached else None


def check_answer(state: str, *, executed: int | None, agreed: int | None, reason: str | None) -> None:
    """Demand of an executed deal its amount (minor units of its currency), of a lost one its reason.

    DomainError unknown_fate, amount_needed, amount_not_possible, unknown_reason.
    """
    if state not in set(DealOutcome):
        raise DomainError("unknown_fate", _("Choose one."), field="state", status=422)
    if state == DealOutcome.EXECUTED and agreed is not None:
        _check_amount(executed, agreed)
    if state == DealOutcome.LOST and reason not in LOST_REASONS:
        raise DomainError("unknown_reason", _("Choose one."), field="reason", status=422)


def _check_amount(executed: int | None, agreed: int) -> None:
    if executed is None:
        raise DomainError("amount_needed", _("Say how much was carried out."), field="amount", status=422)
    if not 0 < executed <= agreed * MAX_TIMES_AGREED:
        text = _("This is more than ten times what was agreed: look at the zeros, or declare a new deal.")
        raise DomainError("amount_not_possible", text, field="amount", status=422)


def answer_class(*, asked: str, declared_by: str, is_signed_in: bool, is_known_address: bool) -> AnswerClass:
    """Return whose word an answer is: `asked` is the side it comes from, `declared_by` the side that made the deal.

    What the desk wrote down is the seller's declaration.
    """
    declarant = Party.BUYER if declared_by == Party.BUYER else Party.SELLER
    if asked == declarant:
        return AnswerClass.D
    if is_signed_in:
        return AnswerClass.A
    return AnswerClass.B if is_known_address else AnswerClass.C


@dataclass(frozen=True)
class Conversion:
    """The outcomes of a group of deals, counted among those in the declared total; amounts in USD minor units.

    `usd` is what they came to at the fair, `converted_usd` that of the deals since signed or carried out,
    `executed_usd` what was carried out. All but `deals` and `usd` count answers of the other side alone (classes A and
    B); `answered_typed` (C) and `answered_own` (D) are the answers that stand apart.
    """

    key: str
    label_zh: str
    label_en: str
    deals: int
    usd: int
    answered: int = 0
    executed: int = 0
    contracted: int = 0
    talking: int = 0
    lost: int = 0
    converted_usd: int = 0
    executed_usd: int = 0
    answered_typed: int = 0
    answered_own: int = 0

    @property
    def converted(self) -> int:
        """Deals signed or carried out since."""
        return self.executed + self.contracted

    @property
    def by_number(self) -> float | None:
        """Converted deals for each declared one, None without deals."""
        return self.converted / self.deals if self.deals else None

    @property
    def by_value(self) -> float | None:
        """Executed dollars for each declared one, None without value."""
        return self.executed_usd / self.usd if self.usd else None


@dataclass(frozen=True)
class Response:
    """The questions and answers of one stage."""

    days: int
    due: date
    asked: int = 0
    reminded: int = 0
    answered: int = 0

    @property
    def rate(self) -> float | None:
        return self.answered / self.asked if self.asked else None
