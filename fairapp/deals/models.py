"""The deal as it stands, and what hangs on it: years, flags, links, proof."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, fair_foreign_key, fair_relationship, partial_unique_index
from fairapp.core.data.files import StoredFile
from fairapp.deals.enums import Basis


class Terms:
    """The terms that stand after an entry: the same columns in the deal and, copied, in every entry.

    Names of lists and countries are copied here, so a report never joins what may change later. Texts people typed are
    here only as salted digests. Money is minor units; rates are decimal text, target currency for one whole unit.
    `held` is None or a `Hold`; `usd_minor` is None without a rate.
    """

    status: Mapped[str] = mapped_column(String(12))
    held: Mapped[str | None] = mapped_column(String(12))
    counts_as: Mapped[str] = mapped_column(String(12))
    tier: Mapped[str] = mapped_column(String(12))
    nature: Mapped[str] = mapped_column(String(20))
    customs_mode: Mapped[str | None] = mapped_column(String(4))
    channel: Mapped[str] = mapped_column(String(10))
    signed_on: Mapped[date]
    relation: Mapped[str] = mapped_column(String(16))
    earlier_number: Mapped[int | None]
    earlier_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    counted_minor: Mapped[int | None] = mapped_column(BigInteger)
    firm_minor: Mapped[int | None] = mapped_column(BigInteger)
    option_minor: Mapped[int | None] = mapped_column(BigInteger)
    basis: Mapped[str] = mapped_column(String(10))
    counter_currency: Mapped[str | None] = mapped_column(String(3))
    counter_minor: Mapped[int | None] = mapped_column(BigInteger)
    rate_usd: Mapped[str | None] = mapped_column(String(40))
    rate_cny: Mapped[str | None] = mapped_column(String(40))
    rate_on: Mapped[date | None]
    rate_source: Mapped[str] = mapped_column(String(200))
    usd_minor: Mapped[int | None] = mapped_column(BigInteger)
    cny_minor: Mapped[int | None] = mapped_column(BigInteger)
    seller_digest: Mapped[str] = mapped_column(String(64))
    seller_exhibitor_id: Mapped[UUID | None]
    seller_country: Mapped[str] = mapped_column(String(2))
    seller_ownership: Mapped[str] = mapped_column(String(10))
    seller_type: Mapped[str] = mapped_column(String(20))
    seller_province: Mapped[str] = mapped_column(String(60))
    seller_city: Mapped[str] = mapped_column(String(60))
    industrial_belt: Mapped[str] = mapped_column(String(100))
    buyer_digest: Mapped[str] = mapped_column(String(64))
    buyer_exhibitor_id: Mapped[UUID | None]
    buyer_visitor_id: Mapped[UUID | None]  # the badge that proves presence
    buyer_country: Mapped[str] = mapped_column(String(2))
    country: Mapped[str] = mapped_column(String(2))  # of the party abroad, see rules.reported_country
    country_zh: Mapped[str] = mapped_column(String(100))
    country_en: Mapped[str] = mapped_column(String(100))
    category_code: Mapped[str] = mapped_column(String(20))
    category_zh: Mapped[str] = mapped_column(String(100))
    category_en: Mapped[str] = mapped_column(String(100))
    delegation_code: Mapped[str] = mapped_column(String(20))
    delegation_zh: Mapped[str] = mapped_column(String(200))
    delegation_en: Mapped[str] = mapped_column(String(200))
    platform_id: Mapped[UUID | None]
    platform_zh: Mapped[str] = mapped_column(String(200))
    platform_en: Mapped[str] = mapped_column(String(200))
    zone_code: Mapped[str] = mapped_column(String(20))
    zone_zh: Mapped[str] = mapped_column(String(200))
    zone_en: Mapped[str] = mapped_column(String(200))
    hall_code: Mapped[str] = mapped_column(String(20))
    booth: Mapped[str] = mapped_column(String(40))
    goods_digest: Mapped[str] = mapped_column(String(64))
    hs_code: Mapped[str] = mapped_column(String(6))
    marks: Mapped[str] = mapped_column(String(20))  # of new, green, smart
    quantity: Mapped[str] = mapped_column(String(30))  # decimal text
    unit: Mapped[str] = mapped_column(String(20))
    unit_price_minor: Mapped[int | None] = mapped_column(BigInteger)
    incoterm: Mapped[str] = mapped_column(String(3))
    delivery_from: Mapped[date | None]
    delivery_until: Mapped[date | None]
    evidence_grade: Mapped[str | None] = mapped_column(String(1))
    evidence_digest: Mapped[str | None] = mapped_column(String(64))
    # What became of it, as last answered after the fair: the stage asked, a DealOutcome, and what was carried out.
    follow_days: Mapped[int | None]
    follow_state: Mapped[str | None] = mapped_column(String(12))
    executed_minor: Mapped[int | None] = mapped_column(BigInteger)
    executed_usd: Mapped[int | None] = mapped_column(BigInteger)


def _group_index(name: str, key: str) -> Index:
    """The index of lists narrowed to one group: they come in the order of the list, so a page reads fifty rows.

    What they may be narrowed and ordered by besides stands behind: it is looked up here, and only deals that fit are read.
    """
    besides = (column for column in ("usd_minor", "tier", "counts_as", "signed_on", "country") if column != key)
    return Index(f"ix_deals_{name}", "fair_id", key, "declared_at", "number", *besides)


class Deal(Terms, FairScoped):
    """One economic agreement between a seller and a buyer: a cache that the entries rebuild.

    Below the terms stands what is not in the chain: names, contacts and typed texts, which can be
    erased (with `salt`, so that the digests say nothing any more), and who did what, for the rules.
    """

    __tablename__ = "deals"

    number: Mapped[int]
    late: Mapped[bool] = mapped_column(default=False)  # declared after closing; in the chain its first entry says so
    last_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    terms_seq: Mapped[int] = mapped_column(BigInteger, default=0)  # the entry that made the terms as they are shown
    wrong_answers: Mapped[int] = mapped_column(default=0)  # other amounts typed by the other side, to these terms
    salt: Mapped[str] = mapped_column(String(32))
    seller_key: Mapped[str] = mapped_column(String(64))
    buyer_key: Mapped[str] = mapped_column(String(64))
    parties_key: Mapped[str] = mapped_column(String(64))
    seller_name: Mapped[str] = mapped_column(String(200))
    seller_code: Mapped[str] = mapped_column(String(60), default="")
    buyer_name: Mapped[str] = mapped_column(String(200))
    buyer_code: Mapped[str] = mapped_column(String(60), default="")
    buyer_ownership: Mapped[str] = mapped_column(String(10), default="")
    buyer_type: Mapped[str] = mapped_column(String(20), default="")
    buyer_province: Mapped[str] = mapped_column(String(60), default="")
    buyer_city: Mapped[str] = mapped_column(String(60), default="")
    contact_name: Mapped[str] = mapped_column(String(100), default="")  # of the side that must confirm
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_locale: Mapped[str] = mapped_column(String(10), default="en")
    goods_zh: Mapped[str] = mapped_column(String(200), default="")
    goods_en: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    ceremony: Mapped[str] = mapped_column(String(200), default="")
    first_event: Mapped[str] = mapped_column(String(200), default="")
    signer_name: Mapped[str] = mapped_column(String(100), default="")
    signer_title: Mapped[str] = mapped_column(String(100), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    category_id: Mapped[UUID | None]
    meeting_id: Mapped[UUID | None]
    as_told: Mapped[bool] = mapped_column(default=False)  # the other side is named by the declarant, not by its badge
    import_key: Mapped[str] = mapped_column(String(64), default="")  # finds the row of a list again
    import_digest: Mapped[str] = mapped_column(String(64), default="")  # of the row as it came in last
    merged_into_id: Mapped[UUID | None]  # the deal of which this was another report
    declared_by: Mapped[str] = mapped_column(String(12))  # a Party
    declared_by_id: Mapped[UUID | None]
    declared_by_organisation_id: Mapped[UUID | None]
    declared_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    confirmed_method: Mapped[str | None] = mapped_column(String(12))
    screened_at: Mapped[datetime | None]
    screened_by_id: Mapped[UUID | None]
    returned_at: Mapped[datetime | None]  # sent back to the declarant, who has not answered yet
    first_verifier_id: Mapped[UUID | None]
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[UUID | None]
    links_sent: Mapped[int] = mapped_column(default=0)  # of this series: new terms, or the desk, begin another

    flags: Mapped[list["DealFlag"]] = relationship(
        primaryjoin="and_(Deal.fair_id == DealFlag.fair_id, Deal.id == foreign(DealFlag.deal_id))",
        order_by="DealFlag.position",
        cascade="all, delete-orphan",
    )
    year_parts: Mapped[list["DealYear"]] = relationship(
        primaryjoin="and_(Deal.fair_id == DealYear.fair_id, Deal.id == foreign(DealYear.deal_id))",
        order_by="DealYear.year",
        cascade="all, delete-orphan",
    )

    @property
    def years(self) -> str:
        """The yearly parts as an entry of the ledger says them: "2021:150000;2022:150000", minor units."""
        parts = self.year_parts if self.basis == Basis.YEARLY else []
        return ";".join(f"{part.year}:{part.amount_minor}" for part in sorted(parts, key=lambda part: part.year))

    @property
    def risk(self) -> str:
        """The flags as an entry of the ledger says them: "like_12,slip_1000"."""
        return ",".join(flag.text for flag in self.flags)

    __table_args__ = (
        fair_foreign_key("exhibitors", "seller_exhibitor_id"),
        fair_foreign_key("exhibitors", "buyer_exhibitor_id"),
        fair_foreign_key("exhibitors", "platform_id"),
        fair_foreign_key("visitors", "buyer_visitor_id"),
        fair_foreign_key("meetings", "meeting_id"),
        fair_foreign_key("deals", "merged_into_id"),
        fair_foreign_key("product_categories", "category_id"),
        UniqueConstraint("fair_id", "number", name="uq_deals_number"),
        partial_unique_index("uq_deals_import_key", "fair_id", "import_key", where=text("import_key <> ''")),
        CheckConstraint("merged_into_id IS NULL OR status = 'void'", name="merged_is_void"),
        CheckConstraint("seller_key <> buyer_key", name="two_parties"),
        CheckConstraint("(amount_minor IS NULL) = (nature = 'strategic')", name="amount_unless_strategic"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("firm_minor + option_minor = amount_minor", name="firm_and_option_sum"),
        CheckConstraint("(rate_usd IS NULL) = (usd_minor IS NULL) OR amount_minor IS NULL", name="usd_by_rate"),
        CheckConstraint("follow_state IS NULL OR follow_days IS NOT NULL", name="stage_of_answer"),
        CheckConstraint("executed_minor IS NULL OR follow_state = 'executed'", name="executed_amount"),
        Index("ix_deals_declared_at", "fair_id", "declared_at", "number"),
        Index("ix_deals_usd", "fair_id", "usd_minor"),
        Index("ix_deals_status", "fair_id", "status", "usd_minor"),
        *(
            _group_index(name, key)
            for name, key in (
                ("country", "country"),
                ("category", "category_code"),
                ("delegation", "delegation_code"),
                ("hall", "hall_code"),
                ("day", "signed_on"),
            )
        ),
        Index(  # lists of deals by what became of them
            "ix_deals_fate",
            "fair_id",
            "follow_state",
            "declared_at",
            "number",
            "counts_as",
            "tier",
            "country",
            "delegation_code",
            sqlite_where=text("follow_state IS NOT NULL"),
            postgresql_where=text("follow_state IS NOT NULL"),
        ),
        Index(  # the verifiers' queue is counted and put in order from here alone, see queries/desk.py
            "ix_deals_queue",
            "fair_id",
            "status",
            "usd_minor",
            "number",
            "first_verifier_id",
            "id",
            "held",  # nothing here, but SQLite reads the deals themselves for what an index does not name
            "returned_at",
            sqlite_where=text("status = 'confirmed' AND held IS NULL AND returned_at IS NULL"),
            postgresql_where=text("status = 'confirmed' AND held IS NULL AND returned_at IS NULL"),
        ),
        Index(
            "ix_deals_returned",
            "fair_id",
            "returned_at",
            sqlite_where=text("returned_at IS NOT NULL"),
            postgresql_where=text("returned_at IS NOT NULL"),
        ),
        Index(
            "ix_deals_sector",
            "fair_id",
            "category_code",
            "usd_minor",
            sqlite_where=text("held IS NULL AND status <> 'void'"),
            postgresql_where=text("held IS NULL AND status <> 'void'"),
        ),
        Index(  # which deals count what they add to an earlier one
            "ix_deals_earlier",
            "fair_id",
            "earlier_number",
            sqlite_where=text("earlier_number IS NOT NULL"),
            postgresql_where=text("earlier_number IS NOT NULL"),
        ),
        Index(
            "ix_deals_merged",
            "fair_id",
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        Index("ix_deals_parties", "fair_id", "parties_key", "declared_at"),
        Index("ix_deals_seller", "fair_id", "seller_key", "usd_minor"),
        Index("ix_deals_buyer", "fair_id", "buyer_key"),
        Index("ix_deals_seller_exhibitor", "fair_id", "seller_exhibitor_id"),
        Index("ix_deals_buyer_exhibitor", "fair_id", "buyer_exhibitor_id"),
        Index(
            "ix_deals_held",
            "fair_id",
            "held",
            sqlite_where=text("held IS NOT NULL"),
            postgresql_where=text("held IS NOT NULL"),
        ),
        Index(
            "ix_deals_without_rate",
            "fair_id",
            "currency",
            sqlite_where=text("rate_usd IS NULL"),
            postgresql_where=text("rate_usd IS NULL"),
        ),
    )


class DealFlag(FairScoped):
    """A sign that a deal should be looked at first, in the order they were raised."""

    __tablename__ = "deal_flags"

    deal_id: Mapped[UUID]
    position: Mapped[int]  # from 1
    flag: Mapped[str] = mapped_column(String(12))  # a RiskFlag
    number: Mapped[int | None]  # of the other deal, of sellers, or a factor

    __table_args__ = (
        fair_foreign_key("deals", "deal_id"),
        CheckConstraint("position > 0", name="position_positive"),
        CheckConstraint("(number IS NULL) = (flag = 'shown_link')", name="number_unless_shown_link"),
        Index("ix_deal_flags_deal", "fair_id", "deal_id"),
    )

    @property
    def text(self) -> str:
        """The flag as an entry of the ledger says it."""
        return self.flag if self.number is None else f"{self.flag}_{self.number}"


class DealYear(FairScoped):
    """One year's part of a yearly deal; the parts sum to its amount."""

    __tablename__ = "deal_years"

    deal_id: Mapped[UUID]
    year: Mapped[int]
    amount_minor: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        fair_foreign_key("deals", "deal_id"),
        UniqueConstraint("fair_id", "deal_id", "year", name="uq_deal_years_year"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
    )


class ConfirmationLink(FairScoped):
    """A link by which the other side agrees: 7 days, used once, the newest alone is valid; four make a series."""

    __tablename__ = "confirmation_links"

    deal_id: Mapped[UUID]
    number: Mapped[int]
    method: Mapped[str] = mapped_column(String(12))
    recipient: Mapped[str] = mapped_column(String(254), default="")
    terms_seq: Mapped[int] = mapped_column(BigInteger)  # of the terms it asks about
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]

    deal: Mapped[Deal] = fair_relationship("ConfirmationLink", "Deal", "deal_id")

    __table_args__ = (
        fair_foreign_key("deals", "deal_id"),
        UniqueConstraint("fair_id", "deal_id", "number", name="uq_confirmation_links_number"),
        CheckConstraint("number > 0", name="number_positive"),
        partial_unique_index(
            "uq_confirmation_links_live",
            "fair_id",
            "deal_id",
            where=text("used_at IS NULL AND replaced_at IS NULL"),
        ),
    )


class Evidence(FairScoped):
    """A proof: a file as it was handed in, by its SHA-256, or an original that someone at the desk has seen."""

    __tablename__ = "deal_evidence"

    deal_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(16))
    file_id: Mapped[UUID | None]
    sha256: Mapped[str] = mapped_column(String(64))  # of the file, or of the description
    description: Mapped[str] = mapped_column(String(300), default="")
    added_by_id: Mapped[UUID | None]
    added_by: Mapped[str] = mapped_column(String(12))  # a Party
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    file: Mapped[StoredFile | None] = fair_relationship("Evidence", "StoredFile", "file_id")

    __table_args__ = (
        fair_foreign_key("deals", "deal_id"),
        fair_foreign_key("stored_files", "file_id"),
        UniqueConstraint("fair_id", "deal_id", "sha256", name="uq_deal_evidence_sha256"),
        CheckConstraint("(kind = 'original_seen') = (file_id IS NULL)", name="file_or_original"),
    )


class EvidencePage(FairScoped):
    """One page of a proof, drawn anew as a plain picture: what the desk looks at instead of the file."""

    __tablename__ = "deal_evidence_pages"

    evidence_id: Mapped[UUID]
    number: Mapped[int]  # from 1
    file_id: Mapped[UUID]

    file: Mapped[StoredFile] = fair_relationship("EvidencePage", "StoredFile", "file_id")

    __table_args__ = (
        fair_foreign_key("deal_evidence", "evidence_id"),
        fair_foreign_key("stored_files", "file_id"),
        UniqueConstraint("fair_id", "evidence_id", "number", name="uq_deal_evidence_pages_number"),
        CheckConstraint("number > 0", name="number_positive"),
    )
