"""The trail, append-only."""

import sqlalchemy as sa
from alembic import op

from fairapp.core.data.db import Moment

revision = "0003_audit"
down_revision = "0002_accounts"
branch_labels = None
depends_on = None

TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER account_events_is_append_only_update BEFORE UPDATE ON account_events BEGIN SELECT RAISE(ABORT, 'account_events is append-only'); END",
        "CREATE TRIGGER account_events_is_append_only_delete BEFORE DELETE ON account_events BEGIN SELECT RAISE(ABORT, 'account_events is append-only'); END",
        "CREATE TRIGGER fair_events_is_append_only_update BEFORE UPDATE ON fair_events BEGIN SELECT RAISE(ABORT, 'fair_events is append-only'); END",
        "CREATE TRIGGER fair_events_is_append_only_delete BEFORE DELETE ON fair_events BEGIN SELECT RAISE(ABORT, 'fair_events is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION account_events_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'account_events is append-only'; END $$",
        "CREATE TRIGGER account_events_is_append_only BEFORE UPDATE OR DELETE ON account_events FOR EACH ROW EXECUTE FUNCTION account_events_is_append_only()",
        "CREATE TRIGGER account_events_is_append_only_truncate BEFORE TRUNCATE ON account_events FOR EACH STATEMENT EXECUTE FUNCTION account_events_is_append_only()",
        "CREATE FUNCTION fair_events_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'fair_events is append-only'; END $$",
        "CREATE TRIGGER fair_events_is_append_only BEFORE UPDATE OR DELETE ON fair_events FOR EACH ROW EXECUTE FUNCTION fair_events_is_append_only()",
        "CREATE TRIGGER fair_events_is_append_only_truncate BEFORE TRUNCATE ON fair_events FOR EACH STATEMENT EXECUTE FUNCTION fair_events_is_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "account_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_events")),
    )
    op.create_index(op.f("ix_account_events_at"), "account_events", ["at"], unique=False)
    op.create_index(op.f("ix_account_events_user_id"), "account_events", ["user_id"], unique=False)
    op.create_table(
        "fair_events",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_label", sa.String(length=200), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_fair_events_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_fair_events")),
    )
    op.create_index("ix_fair_events_actor_label", "fair_events", ["fair_id", "actor_label", "at", "id"], unique=False)
    op.create_index("ix_fair_events_at", "fair_events", ["fair_id", "at", "id"], unique=False)
    op.create_index("ix_fair_events_event", "fair_events", ["fair_id", "event", "at", "id"], unique=False)
    op.create_index("ix_fair_events_subject", "fair_events", ["fair_id", "subject_id", "at", "id"], unique=False)
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("fair_events")
    op.drop_table("account_events")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("account_events_is_append_only", "fair_events_is_append_only"):
            op.execute(f"DROP FUNCTION {name}()")
