"""The trail: who did what, when. Rows are only ever added; the database refuses the rest."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, JSON, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import Base, FairScoped
from fairapp.core.data.ids import new_id


class ActorKind(StrEnum):
    """The kind of who acted: anybody may choose a name, nobody this."""

    PERSON = "person"
    TOKEN = "token"
    DEVICE = "device"
    PROGRAM = "program"  # itself, or a stranger at a public page


class FairEvent(FairScoped):
    """Something done in a fair, by a person whose name is kept as it was."""

    __tablename__ = "fair_events"

    at: Mapped[datetime] = mapped_column(default=clock.now)
    event: Mapped[str] = mapped_column(String(60))
    actor_kind: Mapped[str] = mapped_column(String(10))
    actor_id: Mapped[UUID | None]  # of the person, of the person who made the token, or of the device
    actor_label: Mapped[str] = mapped_column(String(200))
    browser: Mapped[str] = mapped_column(String(16), default="")  # keyed digests: two people may share them
    network: Mapped[str] = mapped_column(String(16), default="")
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (
        # Each way to read the trail goes backwards in time by an index of its own.
        Index("ix_fair_events_at", "fair_id", "at", "id"),
        Index("ix_fair_events_event", "fair_id", "event", "at", "id"),
        Index("ix_fair_events_actor_label", "fair_id", "actor_label", "at", "id"),
        Index("ix_fair_events_subject", "fair_id", "subject_id", "at", "id"),
    )


class AccountEvent(Base):
    """Something done to an account: sign-in, password, second factor."""

    __tablename__ = "account_events"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    event: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[UUID | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(60), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def append_only(table: str) -> dict[str, list[str]]:
    """Return the statements, by dialect, that make a table refuse UPDATE and DELETE (and REPLACE on SQLite)."""
    refuse = f"{table}_is_append_only"
    sqlite = [
        f"CREATE TRIGGER {refuse}_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete")
    ]
    postgresql = [
        f"CREATE FUNCTION {refuse}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {refuse} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {refuse}()",
        f"CREATE TRIGGER {refuse}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {refuse}()",
    ]
    return {"sqlite": sqlite, "postgresql": postgresql}


def guard_append_only(table: Any) -> None:
    """Create these triggers together with the table."""
    table.info["append_only"] = True
    for dialect, statements in append_only(table.name).items():
        for statement in statements:
            ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


guard_append_only(FairEvent.__table__)
guard_append_only(AccountEvent.__table__)
