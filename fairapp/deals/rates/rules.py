"""Exchange rates, pure: how one is read, chosen, and held against what is known. `core.text.money.convert` applies it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal
from typing import Any
from uuid import UUID

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.text.numbers import RATE, read_number
from fairapp.deals.rates.ecb import MAX_BACK_DAYS, round_rate
from fairapp.deals.rates.enums import Oddity, ProposalEnd, Quotation
from fairapp.fairs.models import RatePolicy

MIN_RATE = Decimal(1).scaleb(-9)
MAX_RATE = Decimal(1).scaleb(9)
STATED_FOR = 100  # people state what 100 units are
MAX_OFF = Decimal("0.30")  # farther than this from the last known rate needs a reason
MAX_CROSS_OFF = Decimal("0.02")  # so far apart may two banks say what a dollar is in yuan
MIN_INVERTED_OFF, MAX_INVERTED_OFF = Decimal("0.10"), Decimal("0.03")  # of currencies worth about a dollar
LOOKS_LIKE = Decimal("0.15")  # so near to a likely mistake it is named as one
SCALES = tuple(Decimal(10) ** power for power in (*range(-9, 0), *range(1, 10)))
REFERENCE_DAYS = 366  # a rate older than that says nothing
_EXACT = Context(prec=60)


@dataclass(frozen=True)
class Rate:
    """USD and CNY for one whole unit of a currency; `cny` is None while nobody knows it."""

    usd: Decimal
    cny: Decimal | None
    on: date
    source: str


@dataclass(frozen=True)
class Reference:
    """A rate that is known already: USD for one unit, of which day, by whom; `is_official` if the ECB's for the day."""

    usd: Decimal
    on: date
    source: str
    is_official: bool = False


@dataclass(frozen=True)
class Finding:
    """What looks odd about a proposed rate; `figure` is the factor, the percent or what others say, as text."""

    oddity: Oddity
    figure: str = ""
    reference: Reference | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the finding as a proposal stores it."""
        stored: dict[str, Any] = {"oddity": str(self.oddity), "figure": self.figure}
        if self.reference is not None:
            stored |= {"usd": rate_text(self.reference.usd), "on": self.reference.on.isoformat()}
            stored |= {"source": self.reference.source}
        return stored


def rate_day(policy: str, opening: date, signed_on: date) -> date:
    """Return the day whose rate a deal takes: the opening day for all, or its own signing day."""
    return signed_on if policy == RatePolicy.SIGNING_DAY else opening


def parse_rate(text: str) -> Decimal:
    """Read a typed rate, between 0.000000001 and 100,000,000,000 for 100 units. NumberError for what has no one reading;
    ValueError beyond these bounds."""
    rate = read_number(text, RATE)
    if not MIN_RATE <= rate <= MAX_RATE * STATED_FOR:
        raise ValueError("not a rate")
    return rate


def rate_text(rate: Decimal) -> str:
    """Return a rate as it is stored: decimal digits, no exponent, no zeros at the end."""
    text = f"{rate:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def usd_of(quotation: str, stated: Decimal) -> Decimal:
    """Return USD for one unit, 18 significant digits, from units for 100 USD or USD for 100 units."""
    if quotation == Quotation.PER_USD:
        return round_rate(_EXACT.divide(Decimal(STATED_FOR), stated))
    return round_rate(_EXACT.divide(stated, Decimal(STATED_FOR)))


def stated_as(quotation: str, usd: Decimal) -> Decimal:
    """Return what 100 USD or 100 units are, as `quotation` says, from USD for one unit; 18 significant digits."""
    if quotation == Quotation.PER_USD:
        return round_rate(_EXACT.divide(Decimal(STATED_FOR), usd))
    return round_rate(_EXACT.multiply(usd, Decimal(STATED_FOR)))


def cny_of(currency: str, usd: Decimal, cny_stated: Decimal | None, dollar_in_yuan: Decimal | None) -> Decimal | None:
    """Return CNY for one unit: as stated for 100 units, else over the dollar in yuan; None where nobody knows."""
    if currency == "CNY":
        return Decimal(1)
    if cny_stated is not None:
        return round_rate(_EXACT.divide(cny_stated, Decimal(STATED_FOR)))
    return None if dollar_in_yuan is None else round_rate(_EXACT.multiply(usd, dollar_in_yuan))


# --- is it plausible? -----------------------------------------------------------------------------


def list_oddities(
    currency: str,
    quotation: str,
    usd: Decimal,
    cny: Decimal | None,
    *,
    references: Sequence[Reference],
    dollar_in_yuan: Decimal | None,
) -> list[Finding]:
    """List what looks odd about a rate (USD and CNY for one unit), nothing when all agrees.

    `references` are the last known rates of the currency, of any source; `dollar_in_yuan` is what the other rates of
    the same sheet say. Far off is measured in the direction of the quotation.
    """
    found = [] if references else [Finding(Oddity.NO_REFERENCE)]
    for reference in references:
        found += _against(reference, quotation, usd, dollar_in_yuan)
    return [*_each_once(found), *_across(currency, usd, cny, dollar_in_yuan)]


def needs_reason(findings: Sequence[Finding]) -> bool:
    """Return whether a rate with these oddities is prepared with a reason alone."""
    return any(finding.oddity != Oddity.NO_REFERENCE for finding in findings)


def _each_once(findings: list[Finding]) -> list[Finding]:
    first: dict[Oddity, Finding] = {}
    for finding in findings:
        first.setdefault(finding.oddity, finding)
    return list(first.values())


def _against(reference: Reference, quotation: str, usd: Decimal, dollar_in_yuan: Decimal | None) -> list[Finding]:
    """What is odd beside one known rate."""
    times = _EXACT.divide(usd, reference.usd)
    off = round((1 / times if quotation == Quotation.PER_USD else times) - 1, 9)  # beyond lies what rounding left
    inverted = _EXACT.multiply(usd, reference.usd)
    if abs(off) <= MAX_OFF:
        is_inverted = abs(off) > MIN_INVERTED_OFF and abs(inverted - 1) <= MAX_INVERTED_OFF
        found = [Finding(Oddity.INVERTED, reference=reference)] if is_inverted else []
        is_off = reference.is_official and abs(off) > MAX_CROSS_OFF
        return [Finding(Oddity.SAME_DAY, f"{off * 100:+.1f}", reference)] + found if is_off else found
    found = [Finding(Oddity.OUTSIDE, f"{off * 100:+.0f}", reference)]
    if _is_near(inverted, Decimal(1)):
        found.append(Finding(Oddity.INVERTED, reference=reference))
    if scale := next((scale for scale in SCALES if _is_near(times, scale)), None):
        found.append(Finding(Oddity.SCALE, rate_text(scale if scale > 1 else 1 / scale), reference))
    if dollar_in_yuan is not None and _is_near(times, dollar_in_yuan):
        found.append(Finding(Oddity.YUAN, reference=reference))
    return found


def _across(currency: str, usd: Decimal, cny: Decimal | None, dollar_in_yuan: Decimal | None) -> list[Finding]:
    """What is odd beside the other rates of the sheet: the dollar in yuan that the row implies."""
    if cny is None or dollar_in_yuan is None or currency == "USD":
        return []
    implied = _EXACT.divide(cny, usd)
    if abs(_EXACT.divide(implied, dollar_in_yuan) - 1) <= MAX_CROSS_OFF:
        return []
    figure = f"{implied:.6g} / {dollar_in_yuan:.6g}"
    swapped = _is_near(_EXACT.multiply(implied, dollar_in_yuan), Decimal(1))
    return [Finding(Oddity.CROSS, figure)] + ([Finding(Oddity.SWAPPED)] if swapped else [])


def _is_near(value: Decimal, target: Decimal) -> bool:
    return abs(_EXACT.divide(value, target) - 1) <= LOOKS_LIKE


# --- who may say it -------------------------------------------------------------------------------

_LIKE_LATIN = str.maketrans("авсенкмортхεβνοτ", "abcehkmoptxebvot")  # Cyrillic and Greek letters that look Latin
_ACRONYMS = re.compile(r"(?<![a-z])(?:e[\W_]*c[\W_]*b|b[\W_]*c[\W_]*e|e[\W_]*z[\W_]*b)(?![a-z])|eцб")
_NAMES = re.compile(
    r"eur[a-z]{0,11}[cz]ent[a-z]{0,6}ban|eur[a-z]{0,11}ban[a-z]{0,2}[cz]ent|ban[a-z]{0,6}[cz]ent[a-z]{0,6}euro"
    r"|[cz]ent[a-z]{0,6}ban[a-z]{0,8}euro|eurofxref|euroforeignexchange|euroreferencerate"
    r"|[欧歐](?:洲|州|盟|元区|元區)?(?:中央|央行|央银|央銀)|европеискиицентральныибанк|유럽중앙은행"
)


def names_the_ecb(text: str) -> bool:
    """Return whether a typed source names the European Central Bank, however it is spelled."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    plain = "".join(sign for sign in plain if unicodedata.category(sign) not in {"Mn", "Cf"})
    plain = unicodedata.normalize("NFC", plain)
    latin = plain.translate(_LIKE_LATIN)
    squeezed = (re.sub(r"[\W_]", "", spelling) for spelling in (plain, latin))
    return bool(_ACRONYMS.search(latin)) or any(_NAMES.search(spelling) for spelling in squeezed)


def check_source(source: str) -> None:
    """Refuse a source that is empty or names the ECB; DomainError source_needed, source_is_the_ecb."""
    if not re.search(r"\w", source):
        raise _refusal("source_needed", _("Say who publishes this rate."), "source")
    if names_the_ecb(source):
        message = _(
            "Rates of the European Central Bank are taken by the program from the bank's own file; nobody types them. "
            "Name the bank or notice that you have before you."
        )
        raise _refusal("source_is_the_ecb", message, "source")


def check_stated(quotation: str, stated: Decimal) -> None:
    """Refuse what no rate is; DomainError bad_quotation, bad_rate."""
    if quotation not in set(Quotation):
        raise _refusal("bad_quotation", _("Choose one."), "quotation")
    if not MIN_RATE <= stated / STATED_FOR <= MAX_RATE:
        raise _refusal("bad_rate", _("This rate cannot be right."), "rate")


def check_observed(observed_on: date, valid_on: date) -> None:
    """Demand a quotation of that day or of the 7 days before it; DomainError bad_day."""
    if not valid_on - timedelta(days=MAX_BACK_DAYS) <= observed_on <= valid_on:
        message = _(
            "Use a rate of %(day)s, or of one of the %(days)s days before it; never of a later day.",
            day=valid_on.isoformat(),
            days=MAX_BACK_DAYS,
        )
        raise _refusal("bad_day", message, "observed_on")


def check_second_person(prepared_by: UUID, person: UUID | None) -> None:
    """Refuse whoever prepared the rate, and what is no person; DomainError not_a_person, same_person."""
    check_person(person)
    if person == prepared_by:
        raise DomainError("same_person", _("Someone else must release it: whoever prepared it cannot."))


def check_person(person: UUID | None) -> None:
    """Demand a person: a command, a task or a program releases no rate; DomainError not_a_person."""
    if person is None:
        raise DomainError("not_a_person", _("A rate is prepared and released by people."), status=403)


def check_open(ended: str | None) -> None:
    """Refuse a proposal that has ended; DomainError decided_already, which says how."""
    words = {
        ProposalEnd.RELEASED: _("This rate was released already. Nothing was done twice."),
        ProposalEnd.REFUSED: _("This rate was refused meanwhile."),
        ProposalEnd.WITHDRAWN: _("This rate was withdrawn meanwhile."),
        ProposalEnd.DIFFERENT: _("Another rate was typed for it meanwhile, so it was not released."),
    }
    if ended is not None:
        raise DomainError("decided_already", words[ProposalEnd(ended)])


def _refusal(code: str, message: str, field: str) -> DomainError:
    return DomainError(code, message, field=field, status=422)
