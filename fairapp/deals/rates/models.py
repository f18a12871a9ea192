"""Exchange rates: one locked set a fair, each rate with its day and source."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, fair_foreign_key, partial_unique_index


class FxSet(FairScoped):
    """The rates of a fair: one set, locked when it is made; a currency that is missing may be added."""

    __tablename__ = "fx_sets"

    name: Mapped[str] = mapped_column(String(100))
    policy: Mapped[str] = mapped_column(String(20))  # a fairs.models.RatePolicy
    source: Mapped[str] = mapped_column(String(200))
    fixed_on: Mapped[date]
    locked_at: Mapped[datetime]
    locked_by_id: Mapped[UUID | None]

    __table_args__ = (UniqueConstraint("fair_id", name="uq_fx_sets_fair_id"),)


class FxRate(FairScoped):
    """USD and CNY for one unit of `currency` on `valid_on` (decimal text, at least 10 significant digits).

    `observed_on` is the day the source gives, up to 7 days before `valid_on`. A rate that was wrong stays, replaced
    by another with a reason: its numbers are never changed.
    """

    __tablename__ = "fx_rates"

    set_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(String(3))
    valid_on: Mapped[date]
    observed_on: Mapped[date]
    usd: Mapped[str] = mapped_column(String(40))
    cny: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(200))
    added_by_id: Mapped[UUID | None]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)
    reason: Mapped[str] = mapped_column(String(300), default="")  # why it replaced another
    replaced_at: Mapped[datetime | None]

    __table_args__ = (
        fair_foreign_key("fx_sets", "set_id"),
        partial_unique_index(
            "uq_fx_rates_currency", "fair_id", "currency", "valid_on", where=text("replaced_at IS NULL")
        ),
    )
