"""Reasons people choose from when they change a deal, and the words for every reason and flag that is stored."""

from fairapp.core.text.i18n import _, _l
from fairapp.deals.enums import RiskFlag
from fairapp.deals.labels.deal import HOLDS

VOID_REASONS: dict[str, object] = {
    "mistake": _l("Entered by mistake"),
    "duplicate": _l("The same deal twice"),
    "withdrawn": _l("The parties withdrew"),
    "not_of_fair": _l("Not a deal of this fair"),
    "invented": _l("There is no such deal"),
}
REFUSAL_REASONS: dict[str, object] = {
    "unreadable": _l("The evidence cannot be read"),
    "other_amount": _l("The evidence says another amount"),
    "other_party": _l("The evidence names another party"),
    "other_time": _l("The evidence is not of these days"),
    "not_enough": _l("The evidence does not prove the deal"),
    "mistake": _l("The verification was a mistake"),
}
DISPUTE_REASONS: dict[str, object] = {
    "other_amount": _l("The amount is different"),
    "no_deal": _l("We agreed on nothing"),
    "other_terms": _l("The terms are different"),
    "not_us": _l("This is not our company"),
}
LOST_REASONS: dict[str, object] = {
    "price": _l("The price"),
    "quality": _l("Quality or certificates"),
    "delivery": _l("Delivery time or freight"),
    "payment": _l("Payment or credit"),
    "rules": _l("Customs, duties or rules"),
    "rival": _l("Another supplier was chosen"),
    "demand": _l("No demand any more"),
    "silence": _l("The other side stopped answering"),
    "other": _l("Something else"),
}


_REASONS: dict[str, object] = {**VOID_REASONS, **REFUSAL_REASONS, **DISPUTE_REASONS, **LOST_REASONS, **HOLDS}


def reason_label(reason: str) -> object:
    """Return any reason an entry may hold for people: of a list, or `into_12` and `from_13` of a merge."""
    name, _underscore, number = reason.rpartition("_")
    if name in {"into", "from"} and number.isdecimal():
        return _("same deal as D-%(number)s", number=number)
    if name == "earlier" and number.isdecimal():
        return _("follows D-%(number)s, which has changed", number=number)
    return _REASONS.get(reason, reason)


def flag_label(flag: str, number: int | None) -> str:
    """Return a flag of a deal for people."""
    labels = {
        RiskFlag.UNIT_SLIP: _("%(factor)s times the usual", factor=number),
        RiskFlag.LIKE: _("like D-%(number)s", number=number),
        RiskFlag.EARLIER: _("follows D-%(number)s, which has changed", number=number),
        RiskFlag.SELLERS: _("named by %(count)s sellers, seen by nobody", count=number),
        RiskFlag.SHOWN_LINK: _("link shown on the phone"),
    }
    return str(labels[RiskFlag(flag)])
