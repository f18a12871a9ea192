"""What a person says when declaring a deal, before anything is looked up: plain values."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from fairapp.deals.enums import Basis, Channel, Party, Relation, Tier


@dataclass(frozen=True)
class Side:
    """A party: an exhibitor of the fair, a badge, or a company by name and country (ISO 3166, two letters)."""

    exhibitor_id: UUID | None = None
    visitor_id: UUID | None = None
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
