"""What a person says when declaring a deal, before anything is looked up: plain values."""

from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from fairapp.core.data import clock
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.deals import rules
from fairapp.deals.enums import Basis, Channel, Nature, Party, Relation, Tier
from fairapp.fairs.models import Fair


@dataclass(frozen=True)
class Side:
    """A party: an exhibitor of the fair, a badge, or a company by name and country (ISO 3166, two letters).

    With a badge and `as_told` the name is what the declarant says: the badge shows its holder to nobody without a grant.
    """

    exhibitor_id: UUID | None = None
    visitor_id: UUID | None = None
    as_told: bool = False
    name: str = ""
    country: str = ""
    code: str = ""  # credit code or registration number
    ownership: str = ""
    kind: str = ""  # producer, trader, platform … of rules of exhibitors
    province: str = ""
    city: str = ""


@dataclass(frozen=True)
class Draft:
    """A declaration. Amounts are minor units of `currency`; `signed_on` None is today at the fair.

    `nature` '' is derived from the two countries. `years` {2021: 150000} makes the deal yearly.
    """

    seller: Side
    buyer: Side
    declared_by: str = Party.SELLER
    tier: str = Tier.INTENT
    nature: str = ""
    channel: str = Channel.BOOTH
    customs_mode: str | None = None
    currency: str = "USD"
    amount_minor: int | None = None
    firm_minor: int | None = None
    option_minor: int | None = None
    basis: str = Basis.ONE_OFF
    years: dict[int, int] = field(default_factory=dict)
    signed_on: date | None = None
    relation: str = Relation.NEW
    earlier_number: int | None = None
    earlier_minor: int | None = None
    category_id: UUID | None = None
    delegation_id: UUID | None = None
    platform_id: UUID | None = None
    goods_zh: str = ""
    goods_en: str = ""
    hs_code: str = ""
    marks: str = ""
    quantity: str = ""
    unit: str = ""
    unit_price_minor: int | None = None
    incoterm: str = ""
    delivery_from: date | None = None
    delivery_until: date | None = None
    place: str = ""
    ceremony: str = ""
    first_event: str = ""
    signer_name: str = ""
    signer_title: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_locale: str = ""
    meeting_id: UUID | None = None
    note: str = ""


def checked_draft(fair: Fair, draft: Draft) -> Draft:
    """Return the draft with its day set, once its amounts, day and currency are possible.

    DomainError, each at its field: outside_fair, unknown_currency, amount_needed, amount_not_possible,
    parts_do_not_sum, delivery_backwards, years_do_not_sum, year_out_of_range.
    """
    today = clock.day_in_zone(clock.now(), fair.time_zone)
    signed_on = draft.signed_on or min(max(today, fair.starts_on), fair.ends_on)
    rules.check_signing_day(signed_on, fair.starts_on, fair.ends_on, today)
    rules.check_currency(draft.currency, fair.starts_on, fair.ends_on)
    if draft.nature == Nature.STRATEGIC:
        return replace(draft, signed_on=signed_on, amount_minor=None, firm_minor=None, option_minor=None, years={})
    if draft.amount_minor is None:
        raise DomainError("amount_needed", _("Fill in the amount."), field="amount", status=422)
    rules.check_amount(draft.amount_minor)
    rules.check_amount_parts(draft.amount_minor, draft.firm_minor, draft.option_minor)
    rules.check_delivery(draft.delivery_from, draft.delivery_until)
    if draft.basis == Basis.YEARLY:
        rules.check_years(draft.amount_minor, draft.years, signed_on)
    return replace(draft, signed_on=signed_on)
