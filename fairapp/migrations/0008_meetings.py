"""Meetings."""

import sqlalchemy as sa
from alembic import op

from fairapp.core.data.db import Moment

revision = "0008_meetings"
down_revision = "0007_gates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exhibitor_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=True),
        sa.Column("host_id", sa.Uuid(), nullable=True),
        sa.Column("counterpart_name", sa.String(length=200), nullable=False),
        sa.Column("counterpart_company", sa.String(length=200), nullable=False),
        sa.Column("counterpart_country", sa.String(length=2), nullable=False),
        sa.Column("counterpart_key", sa.String(length=64), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("ends_at", Moment(), nullable=False),
        sa.Column("local_on", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("table_code", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=300), nullable=False),
        sa.Column("outcome", sa.String(length=2000), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("product_category_id", sa.Uuid(), nullable=True),
        sa.Column("logged_by_id", sa.Uuid(), nullable=True),
        sa.Column("logged_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "status IN ('asked', 'confirmed', 'held', 'no_show', 'cancelled')", name=op.f("ck_meetings_status_known")
        ),
        sa.CheckConstraint(
            "visitor_id IS NOT NULL OR counterpart_name <> '' OR counterpart_company <> '' OR counterpart_key <> ''",
            name=op.f("ck_meetings_counterpart_known"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_meetings_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["fair_id", "exhibitor_id"],
            ["exhibitors.fair_id", "exhibitors.id"],
            name=op.f("fk_meetings_fair_id_exhibitor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "product_category_id"],
            ["product_categories.fair_id", "product_categories.id"],
            name=op.f("fk_meetings_fair_id_product_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "visitor_id"], ["visitors.fair_id", "visitors.id"], name=op.f("fk_meetings_fair_id_visitor_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_meetings_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_meetings")),
    )
    op.create_index("ix_meetings_exhibitor", "meetings", ["fair_id", "exhibitor_id", "starts_at"], unique=False)
    op.create_index("ix_meetings_starts_at", "meetings", ["fair_id", "starts_at", "id"], unique=False)
    op.create_index("ix_meetings_status", "meetings", ["fair_id", "status", "local_on"], unique=False)
    op.create_index("ix_meetings_visitor", "meetings", ["fair_id", "visitor_id"], unique=False)
    op.create_table(
        "meeting_slots",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("slot_start", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id", "meeting_id"],
            ["meetings.fair_id", "meetings.id"],
            name=op.f("fk_meeting_slots_fair_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_meeting_slots_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_meeting_slots")),
        sa.UniqueConstraint("fair_id", "subject", "slot_start", name="uq_meeting_slots_taken"),
    )
    op.create_index("ix_meeting_slots_meeting", "meeting_slots", ["fair_id", "meeting_id"], unique=False)


def downgrade() -> None:
    op.drop_table("meeting_slots")
    op.drop_table("meetings")
