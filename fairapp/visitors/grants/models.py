"""What a person lets one exhibitor see, and what exhibitors ask the person."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, fair_foreign_key, fair_relationship, partial_unique_index
from fairapp.exhibitors.models import Exhibitor


class GrantMethod(enum.StrEnum):
    STANDING = "standing"  # ticked at registration, passed at a code scan
    OWN_LINK = "own_link"  # on the person's own page
    ON_DEVICE = "on_device"  # tapped on the exhibitor's phone
    ANSWERED_REQUEST = "answered_request"  # by accepting what the exhibitor asked


class RequestTopic(enum.StrEnum):
    """What an exhibitor's entry says of a person, and the person is asked about."""

    INVITED = "invited"  # would like to meet
    MET = "met"
    MISSED = "missed"  # did not come
    DEAL = "deal"


class LeadGrant(FairScoped):
    """The fields of a person that one exhibitor may see; the row without `withdrawn_at` holds, no such row is a no.

    `text_sha256` is of the notice as it was read.
    """

    __tablename__ = "lead_grants"

    visitor_id: Mapped[UUID]
    exhibitor_id: Mapped[UUID]
    name: Mapped[bool] = mapped_column(default=False)
    company: Mapped[bool] = mapped_column(default=False)
    position: Mapped[bool] = mapped_column(default=False)
    country: Mapped[bool] = mapped_column(default=False)
    mail: Mapped[bool] = mapped_column(default=False)
    phone: Mapped[bool] = mapped_column(default=False)
    method: Mapped[str] = mapped_column(String(16))
    given_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    notice_version: Mapped[int]
    text_sha256: Mapped[str] = mapped_column(String(64))

    exhibitor: Mapped[Exhibitor] = fair_relationship("LeadGrant", "Exhibitor", "exhibitor_id")

    __table_args__ = (
        fair_foreign_key("visitors", "visitor_id"),
        fair_foreign_key("exhibitors", "exhibitor_id"),
        CheckConstraint(f"method IN {tuple(map(str, GrantMethod))}", name="method_listed"),
        CheckConstraint("name OR company OR position OR country OR mail OR phone", name="fields_some"),
        partial_unique_index(
            "uq_lead_grants_live", "fair_id", "visitor_id", "exhibitor_id", where=text("withdrawn_at IS NULL")
        ),
        Index("ix_lead_grants_exhibitor", "fair_id", "exhibitor_id", "visitor_id"),
    )


class ContactRequest(FairScoped):
    """A question to a person about an exhibitor's entry (`subject_id`); only the person's own page answers it.

    `number` is a badge number as somebody typed it: whose it is (`visitor_id`) is looked up afterwards, so that who
    typed it learns nothing. `happens_at` and `place` are copied from the entry.
    """

    __tablename__ = "contact_requests"

    exhibitor_id: Mapped[UUID]
    visitor_id: Mapped[UUID | None]
    number: Mapped[str] = mapped_column(String(40), default="")
    topic: Mapped[str] = mapped_column(String(8))
    subject_id: Mapped[UUID]
    happens_at: Mapped[datetime | None]
    place: Mapped[str] = mapped_column(String(200), default="")
    asked_at: Mapped[datetime] = mapped_column(default=clock.now)
    mailed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    is_true: Mapped[bool | None]  # the answer

    exhibitor: Mapped[Exhibitor] = fair_relationship("ContactRequest", "Exhibitor", "exhibitor_id")

    __table_args__ = (
        fair_foreign_key("visitors", "visitor_id"),
        fair_foreign_key("exhibitors", "exhibitor_id"),
        CheckConstraint(f"topic IN {tuple(map(str, RequestTopic))}", name="topic_listed"),
        CheckConstraint("visitor_id IS NOT NULL OR number <> ''", name="person_or_number"),
        CheckConstraint("(answered_at IS NULL) = (is_true IS NULL)", name="answer_is_dated"),
        Index("ix_contact_requests_visitor", "fair_id", "visitor_id", "asked_at"),
        Index("ix_contact_requests_subject", "fair_id", "subject_id"),
    )
