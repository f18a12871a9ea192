"""The fair and its ground."""

import sqlalchemy as sa
from alembic import op

from fairapp.core.data.db import Moment

revision = "0001_fairs"
down_revision = None
branch_labels = None
depends_on = None

TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER privacy_notices_is_append_only_update BEFORE UPDATE ON privacy_notices BEGIN SELECT RAISE(ABORT, 'privacy_notices is append-only'); END",
        "CREATE TRIGGER privacy_notices_is_append_only_delete BEFORE DELETE ON privacy_notices BEGIN SELECT RAISE(ABORT, 'privacy_notices is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION privacy_notices_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'privacy_notices is append-only'; END $$",
        "CREATE TRIGGER privacy_notices_is_append_only BEFORE UPDATE OR DELETE ON privacy_notices FOR EACH ROW EXECUTE FUNCTION privacy_notices_is_append_only()",
        "CREATE TRIGGER privacy_notices_is_append_only_truncate BEFORE TRUNCATE ON privacy_notices FOR EACH STATEMENT EXECUTE FUNCTION privacy_notices_is_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "fairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("venue_zh", sa.String(length=200), nullable=False),
        sa.Column("venue_en", sa.String(length=200), nullable=False),
        sa.Column("city_zh", sa.String(length=100), nullable=False),
        sa.Column("city_en", sa.String(length=100), nullable=False),
        sa.Column("licence_number", sa.String(length=100), nullable=False),
        sa.Column("reporting_currency", sa.String(length=3), nullable=False),
        sa.Column("approved_capacity", sa.Integer(), nullable=True),
        sa.Column("opens_at_local", sa.Time(), nullable=False),
        sa.Column("closes_at_local", sa.Time(), nullable=False),
        sa.Column("accent", sa.String(length=7), nullable=False),
        sa.Column("booth_hold_days", sa.Integer(), nullable=False),
        sa.Column("second_verifier_above_minor", sa.BigInteger(), nullable=False),
        sa.Column("rate_policy", sa.String(length=20), nullable=False),
        sa.Column("capacity_hard_stop", sa.Boolean(), nullable=False),
        sa.Column("counting_profile", sa.String(length=40), nullable=False),
        sa.Column("privacy_notice_zh", sa.Text(), nullable=False),
        sa.Column("privacy_notice_en", sa.Text(), nullable=False),
        sa.Column("privacy_notice_version", sa.Integer(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("applications_open", sa.Boolean(), nullable=False),
        sa.Column("registration_open", sa.Boolean(), nullable=False),
        sa.Column("previous_fair_id", sa.Integer(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "approved_capacity IS NULL OR approved_capacity > 0", name=op.f("ck_fairs_capacity_positive")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_fairs_ends_after_start")),
        sa.ForeignKeyConstraint(["previous_fair_id"], ["fairs.id"], name=op.f("fk_fairs_previous_fair_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fairs")),
        sa.UniqueConstraint("code", name=op.f("uq_fairs_code")),
    )
    op.create_table(
        "delegations",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_delegations_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_delegations")),
        sa.UniqueConstraint("fair_id", "code", name="uq_delegations_code"),
    )
    op.create_table(
        "halls",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("gross_m2", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_halls_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_halls")),
        sa.UniqueConstraint("fair_id", "code", name="uq_halls_code"),
    )
    op.create_table(
        "privacy_notices",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("retention_days", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_privacy_notices_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_privacy_notices")),
        sa.UniqueConstraint("fair_id", "version", name="uq_privacy_notices_version"),
    )
    op.create_table(
        "product_categories",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_product_categories_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_product_categories")),
        sa.UniqueConstraint("fair_id", "code", name="uq_product_categories_code"),
    )
    op.create_table(
        "visitor_categories",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("registers_online", sa.Boolean(), nullable=False),
        sa.Column("is_professional", sa.Boolean(), nullable=False),
        sa.Column("needs_escort", sa.Boolean(), nullable=False),
        sa.Column("is_vip", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_visitor_categories_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_visitor_categories")),
        sa.UniqueConstraint("fair_id", "code", name="uq_visitor_categories_code"),
    )
    op.create_table(
        "zones",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("hard_stop", sa.Boolean(), nullable=False),
        sa.Column("admits", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_zones_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_zones")),
        sa.UniqueConstraint("fair_id", "code", name="uq_zones_code"),
    )
    op.create_table(
        "booths",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hall_id", sa.Uuid(), nullable=False),
        sa.Column("zone_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("area_m2", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_booths_area_positive")),
        sa.ForeignKeyConstraint(
            ["fair_id", "hall_id"], ["halls.fair_id", "halls.id"], name=op.f("fk_booths_fair_id_hall_id")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "zone_id"], ["zones.fair_id", "zones.id"], name=op.f("fk_booths_fair_id_zone_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_booths_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_booths")),
        sa.UniqueConstraint("fair_id", "number", name="uq_booths_number"),
    )
    op.create_index("ix_booths_hall", "booths", ["fair_id", "hall_id", "number"], unique=False)
    op.create_table(
        "gates",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("zone_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("opens_at_local", sa.Time(), nullable=True),
        sa.Column("closes_at_local", sa.Time(), nullable=True),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["fair_id", "zone_id"], ["zones.fair_id", "zones.id"], name=op.f("fk_gates_fair_id_zone_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_gates_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_gates")),
        sa.UniqueConstraint("fair_id", "code", name="uq_gates_code"),
    )
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("gates")
    op.drop_table("booths")
    op.drop_table("zones")
    op.drop_table("visitor_categories")
    op.drop_table("product_categories")
    op.drop_table("privacy_notices")
    op.drop_table("halls")
    op.drop_table("delegations")
    op.drop_table("fairs")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION privacy_notices_is_append_only()")
