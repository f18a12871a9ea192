"""Files, long tasks, mail and the outbox of events."""

import sqlalchemy as sa
from alembic import op

from fairapp.core.data.db import Moment

revision = "0004_core"
down_revision = "0003_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outgoing_mails",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fair_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("attachment", sa.String(length=100), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", Moment(), nullable=True),
        sa.Column("failed_at", Moment(), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mails")),
    )
    op.create_index(
        "ix_outgoing_mails_waiting",
        "outgoing_mails",
        ["attempts", "created_at"],
        unique=False,
        sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
    )
    op.create_table(
        "long_tasks",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(length=500), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("moved_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_long_tasks_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_long_tasks")),
    )
    op.create_table(
        "stored_files",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("content_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_stored_files_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_stored_files")),
    )
    op.create_index("ix_stored_files_sha256", "stored_files", ["fair_id", "sha256"], unique=False)

    op.create_table(
        "outbox_cursors",
        sa.Column("reader", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reader", name=op.f("pk_outbox_cursors")),
    )
    op.create_table(
        "outbox_events",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_outbox_events_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_outbox_events")),
        sa.UniqueConstraint("fair_id", "position", name="uq_outbox_events_position"),
    )
    op.create_index("ix_outbox_events_position", "outbox_events", ["position", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("outbox_events")
    op.drop_table("outbox_cursors")
    op.drop_table("stored_files")
    op.drop_table("long_tasks")
    op.drop_table("outgoing_mails")
