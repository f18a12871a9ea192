"""Tables of exhibitors: who exhibits, where they stand, what they show."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fairapp.accounts.models import Organisation
from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, fair_foreign_key, fair_relationship, partial_unique_index
from fairapp.core.data.files import StoredFile
from fairapp.fairs.models import Booth, Delegation, ProductCategory, Zone


class ExhibitorKind(enum.StrEnum):
    SUPPLIER = "supplier"
    PLATFORM = "platform"
    SERVICE_PROVIDER = "service_provider"
    ASSOCIATION = "association"


class ExhibitorStatus(enum.StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Participation(enum.StrEnum):
    """ISO 25639: co-exhibitors have staff and goods on another's stand; the represented only send goods."""

    MAIN = "main"
    CO = "co"
    REPRESENTED = "represented"


class Ownership(enum.StrEnum):
    STATE = "state"
    PRIVATE = "private"
    FOREIGN = "foreign"
    HK_MO_TW = "hk_mo_tw"
    PUBLIC = "public"


class CompanyType(enum.StrEnum):
    PRODUCER = "producer"
    TRADER = "trader"
    PLATFORM = "platform"
    SERVICE = "service"
    RETAILER = "retailer"
    OTHER = "other"


class BoothState(enum.StrEnum):
    HELD = "held"
    ASSIGNED = "assigned"
    RELEASED = "released"


class Exhibitor(FairScoped):
    """A company in one fair, from its application on; `organisation_id` comes with the approval.

    `is_host_only`: holds a forum and shows nothing, so it is counted nowhere as an exhibitor.
    `import_key` identifies the row of a list; `search_text` is made by `companies.names.search_text`.
    """

    __tablename__ = "exhibitors"

    reference: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default=ExhibitorKind.SUPPLIER)
    status: Mapped[str] = mapped_column(String(10), default=ExhibitorStatus.APPLIED)
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    name_key_zh: Mapped[str] = mapped_column(String(200), default="")
    name_key_en: Mapped[str] = mapped_column(String(200), default="")
    sort_name: Mapped[str] = mapped_column(String(200), default="")  # in pinyin
    sort_name_en: Mapped[str] = mapped_column(String(200), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    country: Mapped[str] = mapped_column(String(2), default="CN")
    credit_code: Mapped[str] = mapped_column(String(18), default="")
    registration_number: Mapped[str] = mapped_column(String(60), default="")
    province: Mapped[str] = mapped_column(String(60), default="")
    city: Mapped[str] = mapped_column(String(60), default="")
    ownership: Mapped[str] = mapped_column(String(10), default="")
    company_type: Mapped[str] = mapped_column(String(20), default="")
    industry: Mapped[str] = mapped_column(String(200), default="")
    industrial_belt: Mapped[str] = mapped_column(String(100), default="")
    delegation_id: Mapped[UUID | None]
    zone_id: Mapped[UUID | None]
    product_category_id: Mapped[UUID | None]
    contact_name: Mapped[str] = mapped_column(String(100), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(30), default="")  # E.164
    contact_locale: Mapped[str] = mapped_column(String(10), default="zh_Hans")
    website: Mapped[str] = mapped_column(String(200), default="")
    profile_zh: Mapped[str] = mapped_column(Text, default="")
    profile_en: Mapped[str] = mapped_column(Text, default="")
    products_wanted: Mapped[str] = mapped_column(String(1000), default="")
    logo_file_id: Mapped[UUID | None]
    is_host_only: Mapped[bool] = mapped_column(default=False)
    is_returning: Mapped[bool] = mapped_column(default=False)
    participation: Mapped[str] = mapped_column(String(12), default=Participation.MAIN)
    main_exhibitor_id: Mapped[UUID | None]
    import_key: Mapped[str] = mapped_column(String(64), default="")
    notice_version: Mapped[int | None]  # of the privacy notice the applicant read
    applied_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    refusal_reason: Mapped[str] = mapped_column(String(1000), default="")

    organisation: Mapped[Organisation | None] = relationship()
    delegation: Mapped[Delegation | None] = fair_relationship("Exhibitor", "Delegation", "delegation_id")
    zone: Mapped[Zone | None] = fair_relationship("Exhibitor", "Zone", "zone_id")
    product_category: Mapped[ProductCategory | None] = fair_relationship(
        "Exhibitor", "ProductCategory", "product_category_id"
    )
    logo: Mapped[StoredFile | None] = fair_relationship("Exhibitor", "StoredFile", "logo_file_id")

    __table_args__ = (
        fair_foreign_key("delegations", "delegation_id"),
        fair_foreign_key("zones", "zone_id"),
        fair_foreign_key("product_categories", "product_category_id"),
        fair_foreign_key("exhibitors", "main_exhibitor_id"),
        fair_foreign_key("stored_files", "logo_file_id"),
        CheckConstraint("name_zh <> '' OR name_en <> ''", name="has_a_name"),
        CheckConstraint("credit_code = '' OR (country = 'CN' AND length(credit_code) = 18)", name="credit_code_of_cn"),
        CheckConstraint("(participation = 'main') = (main_exhibitor_id IS NULL)", name="main_or_with_a_main"),
        partial_unique_index("uq_exhibitors_reference", "fair_id", "reference", where=text("reference <> ''")),
        partial_unique_index(
            "uq_exhibitors_credit_code",
            "fair_id",
            "credit_code",
            where=text("status = 'approved' AND credit_code <> ''"),
        ),
        partial_unique_index("uq_exhibitors_import_key", "fair_id", "import_key", where=text("import_key <> ''")),
        Index("ix_exhibitors_status", "fair_id", "status", "applied_at"),
        Index("ix_exhibitors_sort_name", "fair_id", "sort_name"),
        Index("ix_exhibitors_sort_name_en", "fair_id", "sort_name_en"),
        Index("ix_exhibitors_organisation", "fair_id", "organisation_id"),
        Index("ix_exhibitors_name_key_zh", "fair_id", "name_key_zh"),
        Index("ix_exhibitors_name_key_en", "fair_id", "name_key_en"),
        Index("ix_exhibitors_any_credit_code", "fair_id", "credit_code", "registration_number"),
    )


class ActsFor(FairScoped):
    """The exhibitor that a person who speaks for several has chosen to act for."""

    __tablename__ = "acts_for"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    exhibitor_id: Mapped[UUID]

    __table_args__ = (
        fair_foreign_key("exhibitors", "exhibitor_id"),
        UniqueConstraint("fair_id", "user_id", name="uq_acts_for_person"),
    )


class BoothAssignment(FairScoped):
    """A booth held for or given to an exhibitor; the database allows one live row a booth."""

    __tablename__ = "booth_assignments"

    booth_id: Mapped[UUID]
    exhibitor_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(String(10))
    held_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_at: Mapped[datetime | None]

    booth: Mapped[Booth] = fair_relationship("BoothAssignment", "Booth", "booth_id")
    exhibitor: Mapped[Exhibitor] = fair_relationship("BoothAssignment", "Exhibitor", "exhibitor_id")

    __table_args__ = (
        fair_foreign_key("booths", "booth_id"),
        fair_foreign_key("exhibitors", "exhibitor_id"),
        CheckConstraint("state <> 'held' OR held_until IS NOT NULL", name="hold_has_an_end"),
        partial_unique_index(
            "uq_booth_assignments_live", "fair_id", "booth_id", where=text("state IN ('held', 'assigned')")
        ),
        # one booth on hold at a time, so that nobody empties a hall
        partial_unique_index("uq_booth_assignments_hold", "fair_id", "exhibitor_id", where=text("state = 'held'")),
        Index("ix_booth_assignments_exhibitor", "fair_id", "exhibitor_id", "state"),
        Index("ix_booth_assignments_state", "fair_id", "state", "held_until"),
    )


class Product(FairScoped):
    """Something an exhibitor shows; `hs_code` has 2 to 6 digits or is empty."""

    __tablename__ = "products"

    exhibitor_id: Mapped[UUID]
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    category_id: Mapped[UUID | None]
    hs_code: Mapped[str] = mapped_column(String(6), default="")
    description: Mapped[str] = mapped_column(String(1000), default="")
    position: Mapped[int] = mapped_column(default=0)

    exhibitor: Mapped[Exhibitor] = fair_relationship("Product", "Exhibitor", "exhibitor_id")
    category: Mapped[ProductCategory | None] = fair_relationship("Product", "ProductCategory", "category_id")

    __table_args__ = (
        fair_foreign_key("exhibitors", "exhibitor_id"),
        fair_foreign_key("product_categories", "category_id"),
        CheckConstraint("name_zh <> '' OR name_en <> ''", name="has_a_name"),
        Index("ix_products_exhibitor", "fair_id", "exhibitor_id", "position"),
    )
