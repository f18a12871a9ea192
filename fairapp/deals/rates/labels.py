"""Words people read about rates: what one says, what looks odd about it, how a proposal ended."""

from decimal import Decimal
from typing import Any

from fairapp.core.text.i18n import _, _l, number_text
from fairapp.deals.rates.enums import Oddity, ProposalEnd, Quotation
from fairapp.deals.rates.models import RateProposal
from fairapp.deals.rates.rules import STATED_FOR, stated_as

MAX_DIGITS = 10

ENDS = {
    ProposalEnd.RELEASED: _l("Released"),
    ProposalEnd.REFUSED: _l("Not released"),
    ProposalEnd.WITHDRAWN: _l("Taken back"),
    ProposalEnd.DIFFERENT: _l("Typed differently"),
}


def figure_text(figure: Decimal) -> str:
    """Return a rate for people: with separators, at most 10 significant digits."""
    digits = max(0, MAX_DIGITS - 1 - figure.adjusted())
    pattern = "#,##0" if digits == 0 else "#,##0." + "#" * digits
    return number_text(figure, pattern)


def rate_sentences(currency: str, usd: str, cny: str | None) -> list[str]:
    """List what a rate for one unit says, in both directions: '1 USD = 23,050.5 VND'."""
    worth = Decimal(usd)
    sentences = [
        f"1 USD = {figure_text(stated_as(Quotation.PER_USD, worth) / STATED_FOR)} {currency}",
        f"1 {currency} = {figure_text(worth)} USD",
    ]
    return sentences + ([f"1 {currency} = {figure_text(Decimal(cny))} CNY"] if cny and currency != "CNY" else [])


def quotation_choices(currency: str) -> list[tuple[str, str]]:
    """Return the two directions a rate may be stated in, each as an example with a question mark."""
    return [
        (Quotation.PER_USD, f"{STATED_FOR} USD = ? {currency}"),
        (Quotation.PER_UNIT, f"{STATED_FOR} {currency} = ? USD"),
    ]


def stated_text(proposal: RateProposal, stated: str) -> str:
    """Return a stated rate as it was asked for: '100 USD = 2,305,050 VND'."""
    question = dict(quotation_choices(proposal.currency))[Quotation(proposal.quotation)]
    return question.replace("?", figure_text(Decimal(stated)))


def oddity_text(found: dict[str, Any], currency: str) -> str:
    """Return what looks odd about a rate, as a proposal stores it."""
    figure = found["figure"]
    known = _known_rate(found, currency)
    words = {
        Oddity.OUTSIDE: _("%(off)s%% from the last known rate: %(known)s.", off=figure, known=known),
        Oddity.SAME_DAY: _(
            "%(off)s%% from what the European Central Bank says of that day: %(known)s.", off=figure, known=known
        ),
        Oddity.INVERTED: _("It would fit the other way round: look which side the 100 is on."),
        Oddity.SCALE: _(
            "It is about %(times)s times too large or too small: look at the zeros and the point.", times=figure
        ),
        Oddity.YUAN: _("It would fit if it were in yuan: it is asked for in US dollars."),
        Oddity.SWAPPED: _("Dollars and yuan look exchanged."),
        Oddity.CROSS: _(
            "By it one US dollar would be %(implied)s yuan; the other rates of the day say %(known)s.",
            implied=figure.partition(" / ")[0],
            known=figure.partition(" / ")[2],
        ),
        Oddity.NO_REFERENCE: _("There is no known rate to compare it with: the second person types it unseen."),
    }
    return str(words[Oddity(found["oddity"])])


def _known_rate(found: dict[str, Any], currency: str) -> str:
    if "usd" not in found:
        return ""
    return f"{rate_sentences(currency, found['usd'], None)[0]} ({found['source']}, {found['on']})"
