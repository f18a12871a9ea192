"""Tables of visitors: everyone who wears a badge, the badges, and what each person agreed to."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import Base, FairScoped, fair_foreign_key, fair_relationship, partial_unique_index
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.models import ProductCategory, VisitorCategory

EVERY_DAY = 0x7FFFFFFF  # all bits of `Badge.days`; bit 0 is the opening day


class VisitorStatus(enum.StrEnum):
    REGISTERED = "registered"
    REVOKED = "revoked"  # the badge was taken away; a new one can be issued
    MERGED = "merged"  # another record of the same person counts
    ERASED = "erased"


class Source(enum.StrEnum):
    ONLINE = "online"
    WALK_IN = "walk_in"
    DELEGATION = "delegation"
    EXHIBITOR = "exhibitor"
    IMPORT = "import"


class Purpose(enum.StrEnum):
    """What a person can agree to, each by itself."""

    LEAD_SHARING = "lead_sharing"  # exhibitors who scan the badge receive the contact details
    ABROAD = "abroad"  # … also when the exhibitor sits outside mainland China


class BadgeStatus(enum.StrEnum):
    ACTIVE = "active"
    REPLACED = "replaced"
    REVOKED = "revoked"


class EndReason(enum.StrEnum):
    """Why a badge ended, where the program knows and nobody types it."""

    OTHER_CATEGORY = "other_category"  # the badge was signed for the former one
    GIVEN_BACK = "given_back"  # by the exhibitor
    EXHIBITOR_WITHDREW = "exhibitor_withdrew"
    BACK_AGAIN = "back_again"  # at the stand that gave it back


class EraseReason(enum.StrEnum):
    """Why a record is erased: of a list, because the trail holds the reason and must not name whom."""

    ASKED = "asked"  # by the person
    MISTAKE = "mistake"  # registered by mistake
    TEST = "test"


class Visitor(FairScoped):
    """A person in one fair. Names stand as on the badge; digests let equal addresses be found unread.

    `person_key` is one value for one name at one address in one kind of badge; `merged_into_id`
    always names the record that counts, never another merged one.
    """

    __tablename__ = "visitors"

    category_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(String(12), default=VisitorStatus.REGISTERED)
    name: Mapped[str] = mapped_column(String(100))
    name_latin: Mapped[str] = mapped_column(String(100), default="")
    company: Mapped[str] = mapped_column(String(200), default="")
    job_title: Mapped[str] = mapped_column(String(100), default="")
    country: Mapped[str] = mapped_column(String(2), default="CN")
    province: Mapped[str] = mapped_column(String(60), default="")
    city: Mapped[str] = mapped_column(String(60), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")  # E.164
    email_digest: Mapped[str] = mapped_column(String(64), default="")
    phone_digest: Mapped[str] = mapped_column(String(64), default="")
    id_digest: Mapped[str] = mapped_column(String(64), default="")
    id_last4: Mapped[str] = mapped_column(String(4), default="")
    person_key: Mapped[str] = mapped_column(String(64), default="")
    exhibitor_id: Mapped[UUID | None]  # stand staff
    locale: Mapped[str] = mapped_column(String(10), default="zh_Hans")
    source: Mapped[str] = mapped_column(String(12), default=Source.ONLINE)
    is_returning: Mapped[bool] = mapped_column(default=False)  # came to an earlier edition, by own word
    notice_version: Mapped[int] = mapped_column(default=0)  # of the privacy notice shown
    link_issue: Mapped[int] = mapped_column(default=1)  # of the address of the badge page; former ones open nothing
    registered_at: Mapped[datetime] = mapped_column(default=clock.now)
    first_badge_at: Mapped[datetime | None]  # of all badges of the person, also of records merged into this one
    mailed_at: Mapped[datetime | None]
    merged_into_id: Mapped[UUID | None]
    merge_reason: Mapped[str] = mapped_column(String(200), default="")
    erased_at: Mapped[datetime | None]

    category: Mapped[VisitorCategory] = fair_relationship("Visitor", "VisitorCategory", "category_id")
    exhibitor: Mapped[Exhibitor | None] = fair_relationship("Visitor", "Exhibitor", "exhibitor_id")

    __table_args__ = (
        fair_foreign_key("visitor_categories", "category_id"),
        fair_foreign_key("exhibitors", "exhibitor_id"),
        fair_foreign_key("visitors", "merged_into_id"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged_into_another"),
        CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged_names_the_other"),
        partial_unique_index("uq_visitors_person", "fair_id", "person_key", where=text("person_key <> ''")),
        # the list in its order, and its count, with every filter answered from the index alone
        Index("ix_visitors_listed", "fair_id", "registered_at", "id", "category_id", "status", "country", "source"),
        Index("ix_visitors_facets", "fair_id", "category_id", "status", "country", "source"),
        Index("ix_visitors_email", "fair_id", "email_digest"),
        Index("ix_visitors_phone", "fair_id", "phone_digest"),
        Index("ix_visitors_exhibitor", "fair_id", "exhibitor_id"),
        Index("ix_visitors_merged_into", "fair_id", "merged_into_id"),
    )


class SigningKey(FairScoped):
    """A key that signs badge codes; devices get `public_key` alone. The program's secret decrypts `sealed_key`."""

    __tablename__ = "signing_keys"

    number: Mapped[int]
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary(100))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        UniqueConstraint("fair_id", "number", name="uq_signing_keys_number"),
        CheckConstraint("number BETWEEN 1 AND 255", name="number_in_a_byte"),
    )


class Badge(FairScoped):
    """One issue of a person's badge. `days` has one bit a day of the fair; `number` is for people to read out.

    Once it has ended, `end_reason` is an EndReason, or `end_note` holds what a person typed.
    """

    __tablename__ = "badges"

    visitor_id: Mapped[UUID]
    code_id: Mapped[bytes] = mapped_column(LargeBinary(16))
    key_number: Mapped[int]
    issue: Mapped[int] = mapped_column(default=1)
    category_code: Mapped[str] = mapped_column(String(20))
    days: Mapped[int] = mapped_column(default=EVERY_DAY)
    status: Mapped[str] = mapped_column(String(10), default=BadgeStatus.ACTIVE)
    number: Mapped[str] = mapped_column(String(8))
    issued_at: Mapped[datetime] = mapped_column(default=clock.now)
    revoked_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(20), default="")
    end_note: Mapped[str] = mapped_column(String(200), default="")

    visitor: Mapped[Visitor] = fair_relationship("Badge", "Visitor", "visitor_id")

    __table_args__ = (
        fair_foreign_key("visitors", "visitor_id"),
        UniqueConstraint("fair_id", "code_id", name="uq_badges_code_id"),
        UniqueConstraint("fair_id", "number", name="uq_badges_number"),
        UniqueConstraint("fair_id", "visitor_id", "issue", name="uq_badges_issue"),
        partial_unique_index("uq_badges_active", "fair_id", "visitor_id", where=text("status = 'active'")),
        CheckConstraint("days BETWEEN 1 AND 2147483647", name="days_some"),
        CheckConstraint("issue BETWEEN 1 AND 65535", name="issue_in_two_bytes"),
        CheckConstraint(f"end_reason IN {('', *map(str, EndReason))}", name="end_reason_listed"),
        CheckConstraint("end_reason = '' OR end_note = ''", name="one_reason"),
        # the list of codes that no longer open a gate
        Index(
            "ix_badges_not_active",
            "fair_id",
            "revoked_at",
            sqlite_where=text("status <> 'active'"),
            postgresql_where=text("status <> 'active'"),
        ),
    )


class Consent(FairScoped):
    """A yes or its withdrawal, by purpose; the latest row of a purpose holds. No row is a no."""

    __tablename__ = "consents"

    visitor_id: Mapped[UUID]
    purpose: Mapped[str] = mapped_column(String(20))
    given: Mapped[bool]
    notice_version: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        fair_foreign_key("visitors", "visitor_id"),
        Index("ix_consents_visitor", "fair_id", "visitor_id", "at"),
    )


class Interest(FairScoped):
    """A line of the product list that a visitor came for."""

    __tablename__ = "visitor_interests"

    visitor_id: Mapped[UUID]
    product_category_id: Mapped[UUID]

    product_category: Mapped[ProductCategory] = fair_relationship("Interest", "ProductCategory", "product_category_id")

    __table_args__ = (
        fair_foreign_key("visitors", "visitor_id"),
        fair_foreign_key("product_categories", "product_category_id"),
        UniqueConstraint("fair_id", "visitor_id", "product_category_id", name="uq_visitor_interests_pair"),
    )


class SearchTerm(Base):
    """A word whose beginning finds a person. The table is its own index."""

    __tablename__ = "visitor_search_terms"

    fair_id: Mapped[int] = mapped_column(ForeignKey("fairs.id"), primary_key=True)
    # compared byte by byte on both databases, so that a prefix is a range
    term: Mapped[str] = mapped_column(
        String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True
    )
    visitor_id: Mapped[UUID] = mapped_column(primary_key=True)

    __table_args__ = (
        fair_foreign_key("visitors", "visitor_id"),
        Index("ix_visitor_search_terms_visitor", "fair_id", "visitor_id"),
        {"sqlite_with_rowid": False},
    )
