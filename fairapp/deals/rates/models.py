"""Exchange rates: one locked set a fair, its rates, what people propose and how each proposal ended. Rows are only added."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.audit.models import guard_append_only
from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, fair_foreign_key


class FxSet(FairScoped):
    """The rates of a fair: one set, locked when it is made; a currency that is missing may be added."""

    __tablename__ = "fx_sets"

    name: Mapped[str] = mapped_column(String(100))
    policy: Mapped[str] = mapped_column(String(20))  # a fairs.models.RatePolicy
    fixed_on: Mapped[date]
    locked_at: Mapped[datetime]
    locked_by_id: Mapped[UUID | None]

    __table_args__ = (UniqueConstraint("fair_id", name="uq_fx_sets_fair_id"),)


class RateProposal(FairScoped):
    """A rate as one person prepared it: it is in force only once another has released it.

    `stated` is what the person typed: so many units for 100 dollars or so many dollars for 100 units, as `quotation`
    says; `cny_stated` what 100 units are in yuan, where the source says so. `usd` and `cny` are for one unit.
    `replaces_id` is the rate in force that it would replace, `oddities` what looked odd, as in `rules.Finding.as_json`.
    """

    __tablename__ = "fx_proposals"

    number: Mapped[int]
    set_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(String(3))
    valid_on: Mapped[date]
    observed_on: Mapped[date]
    quotation: Mapped[str] = mapped_column(String(10))
    stated: Mapped[str] = mapped_column(String(40))
    cny_stated: Mapped[str | None] = mapped_column(String(40))
    usd: Mapped[str] = mapped_column(String(40))
    cny: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(300), default="")
    oddities: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    typed_unseen: Mapped[bool]  # whoever releases it types the rate without having seen it
    replaces_id: Mapped[UUID | None]
    prepared_by_id: Mapped[UUID]
    prepared_by: Mapped[str] = mapped_column(String(200))
    prepared_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        fair_foreign_key("fx_sets", "set_id"),
        UniqueConstraint("fair_id", "number", name="uq_fx_proposals_number"),
        UniqueConstraint("fair_id", "id", "prepared_by_id", name="uq_fx_proposals_preparer"),
    )


class RateDecision(FairScoped):
    """The end of a proposal, once: released by another person, refused, withdrawn, or typed unseen as another rate."""

    __tablename__ = "fx_decisions"

    proposal_id: Mapped[UUID]
    prepared_by_id: Mapped[UUID]
    ended: Mapped[str] = mapped_column(String(10))  # a ProposalEnd
    note: Mapped[str] = mapped_column(String(300), default="")
    typed: Mapped[str | None] = mapped_column(String(40))  # the rate the second person typed unseen, as `stated`
    decided_by_id: Mapped[UUID]
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        ForeignKeyConstraint(
            ["fair_id", "proposal_id", "prepared_by_id"],
            ["fx_proposals.fair_id", "fx_proposals.id", "fx_proposals.prepared_by_id"],
        ),
        UniqueConstraint("fair_id", "proposal_id", name="uq_fx_decisions_proposal"),
        UniqueConstraint("fair_id", "id", "proposal_id", "ended", name="uq_fx_decisions_ended"),
        CheckConstraint("(decided_by_id = prepared_by_id) = (ended = 'withdrawn')", name="another_person"),
    )


class FxRate(FairScoped):
    """USD and CNY for one unit of `currency` on `valid_on` (decimal text, at least 10 significant digits).

    `observed_on` is the day the source gives, up to 7 days before `valid_on`. The newest `number` of a currency and day
    is in force; it names the row it replaced, whose figures stay. `file_sha256` is the ECB's file a row was taken from.
    """

    __tablename__ = "fx_rates"

    set_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(String(3))
    valid_on: Mapped[date]
    number: Mapped[int]
    observed_on: Mapped[date]
    usd: Mapped[str] = mapped_column(String(40))
    cny: Mapped[str | None] = mapped_column(String(40))
    origin: Mapped[str] = mapped_column(String(10))  # a RateOrigin
    source: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(300), default="")  # why it replaced another
    replaces_id: Mapped[UUID | None]
    proposal_id: Mapped[UUID | None]
    decision_id: Mapped[UUID | None]
    ended: Mapped[str | None] = mapped_column(String(10))
    added_by_id: Mapped[UUID | None]
    added_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (
        fair_foreign_key("fx_sets", "set_id"),
        fair_foreign_key("fx_rates", "replaces_id"),
        ForeignKeyConstraint(
            ["fair_id", "decision_id", "proposal_id", "ended"],
            ["fx_decisions.fair_id", "fx_decisions.id", "fx_decisions.proposal_id", "fx_decisions.ended"],
        ),
        UniqueConstraint("fair_id", "currency", "valid_on", "number", name="uq_fx_rates_number"),
        UniqueConstraint("fair_id", "replaces_id", name="uq_fx_rates_replaces"),
        CheckConstraint("(number = 1) = (replaces_id IS NULL)", name="names_what_it_replaced"),
        CheckConstraint("origin <> 'people' OR ended IS NOT NULL", name="people_release"),
        CheckConstraint("(ended IS NULL) = (decision_id IS NULL)", name="ended_by_a_decision"),
        CheckConstraint("(ended IS NULL) = (proposal_id IS NULL)", name="decision_of_a_proposal"),
        CheckConstraint("ended = 'released'", name="nothing_else_in_force"),
        CheckConstraint("origin <> 'ecb' OR decision_id IS NULL", name="ecb_rows_by_the_program"),
        CheckConstraint("(origin = 'ecb') = (file_sha256 IS NOT NULL)", name="ecb_rows_name_their_file"),
    )


for _table in (RateProposal, RateDecision, FxRate):
    guard_append_only(_table.__table__)
