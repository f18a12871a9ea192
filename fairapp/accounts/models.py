"""People, the organisations they speak for, and the roles they hold in each fair."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from fairapp.core.data import clock
from fairapp.core.data.db import Base, FairScoped, fair_foreign_key, partial_unique_index
from fairapp.core.data.encryption import EncryptedString
from fairapp.core.data.ids import new_id


class AtFair(Protocol):
    """A fair as far as accounts know it; its table stands to the right of them."""

    id: Any
    code: Any
    name_zh: Any
    name_en: Any


class Organisation(Base):
    """A company or body that people speak for; its exhibitor record in a fair points here."""

    __tablename__ = "organisations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name_zh: Mapped[str] = mapped_column(String(200), default="")
    name_en: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class User(UserMixin, Base):  # type: ignore[misc]  # flask-login has no types
    """A person who signs in. `email` is lower case; `password_hash` is empty until an invitation is taken up."""

    __tablename__ = "users"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(10), default="zh_Hans")
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    totp_secret: Mapped[str] = mapped_column(EncryptedString("second factor"), default="")
    totp_last_step: Mapped[int] = mapped_column(default=0)  # a code works once
    # Part of the session: a new password or factor signs the others out.
    session_key: Mapped[str] = mapped_column(String(32), default=lambda: new_id().hex)
    may_create_fairs: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    last_seen_at: Mapped[datetime | None]

    roles: Mapped[list["RoleGrant"]] = relationship(back_populates="user", viewonly=True)

    __table_args__ = (
        UniqueConstraint("email", name="uq_users_email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    def get_id(self) -> str:
        return f"{self.id}:{self.session_key}"


class RecoveryCode(Base):
    """A single-use code that stands in for the second factor; only its digest is kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


class Appointment(StrEnum):
    """How a role that may verify or approve came about."""

    DIRECT = "direct"  # a role that needs no second person
    MAKER = "maker"  # who made the fair organises it
    WAITING = "waiting"  # invited, and not yet released
    RELEASED = "released"
    SERVER = "server"  # given by one person at the server's command line


class RoleGrant(FairScoped):
    """A role of a person in a fair; a member of an exhibitor speaks for its organisation.

    `released_by` is the name or address of the second person; a contact of the authorities has no `released_by_id`.
    """

    __tablename__ = "role_grants"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"))
    granted_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    appointment: Mapped[str] = mapped_column(String(10), default=Appointment.SERVER)
    granted_by_id: Mapped[UUID | None]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[UUID | None]
    released_by: Mapped[str] = mapped_column(String(254), default="")

    user: Mapped[User] = relationship(back_populates="roles")
    organisation: Mapped[Organisation | None] = relationship()
    fair: Mapped[Any] = relationship("Fair", viewonly=True)

    __table_args__ = (
        CheckConstraint("(role = 'exhibitor') = (organisation_id IS NOT NULL)", name="exhibitor_has_organisation"),
        CheckConstraint("appointment IN ('direct', 'maker', 'waiting', 'released', 'server')", name="appointment"),
        CheckConstraint(
            "appointment <> 'direct' OR role NOT IN ('organiser', 'verifier')", name="second_person_where_needed"
        ),
        CheckConstraint("(appointment = 'released') = (released_at IS NOT NULL)", name="released_at_once"),
        CheckConstraint(
            "released_by_id IS NULL OR (released_by_id <> user_id AND released_by_id <> granted_by_id)",
            name="released_by_another",
        ),
        partial_unique_index(
            "uq_role_grants_live",
            "fair_id",
            "user_id",
            "role",
            where=text("withdrawn_at IS NULL AND organisation_id IS NULL"),
        ),
        partial_unique_index(
            "uq_role_grants_member",
            "fair_id",
            "user_id",
            "organisation_id",
            where=text("withdrawn_at IS NULL AND organisation_id IS NOT NULL"),
        ),
        Index("ix_role_grants_user_id", "user_id"),
        Index("ix_role_grants_role", "fair_id", "role"),
    )


class EndedSession(Base):
    """A session that was signed out of: a copy of its cookie opens nothing. Kept until it would have ended anyway."""

    __tablename__ = "ended_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(default=clock.now)


class LinkPurpose(StrEnum):
    INVITATION = "invitation"
    PASSWORD_RESET = "password_reset"


class SingleUseLink(Base):
    """A mailed link: its purpose, whom it serves, and until when; only its digest is kept."""

    __tablename__ = "single_use_links"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiToken(FairScoped):
    """A key for machines, bound to a fair and a person; it can do what that person's named role can."""

    __tablename__ = "api_tokens"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    label: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(viewonly=True)

    __table_args__ = (UniqueConstraint("fair_id", "digest", name="uq_api_tokens_digest"),)


class ReleaseLink(FairScoped):
    """A mailed link by which a contact of the authorities releases a role; only its digest is kept."""

    __tablename__ = "release_links"

    grant_id: Mapped[UUID]
    email: Mapped[str] = mapped_column(String(254))
    digest: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]

    __table_args__ = (
        fair_foreign_key("role_grants", "grant_id"),
        UniqueConstraint("fair_id", "digest", name="uq_release_links_digest"),
    )
