"""Exhibitors, booths taken, products."""

import sqlalchemy as sa
from alembic import op

from fairapp.core.data.db import Moment

revision = "0005_exhibitors"
down_revision = "0004_core"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exhibitors",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("name_key_zh", sa.String(length=200), nullable=False),
        sa.Column("name_key_en", sa.String(length=200), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("sort_name_en", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("registration_number", sa.String(length=60), nullable=False),
        sa.Column("province", sa.String(length=60), nullable=False),
        sa.Column("city", sa.String(length=60), nullable=False),
        sa.Column("ownership", sa.String(length=10), nullable=False),
        sa.Column("company_type", sa.String(length=20), nullable=False),
        sa.Column("industry", sa.String(length=200), nullable=False),
        sa.Column("industrial_belt", sa.String(length=100), nullable=False),
        sa.Column("delegation_id", sa.Uuid(), nullable=True),
        sa.Column("zone_id", sa.Uuid(), nullable=True),
        sa.Column("product_category_id", sa.Uuid(), nullable=True),
        sa.Column("contact_name", sa.String(length=100), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_phone", sa.String(length=30), nullable=False),
        sa.Column("contact_locale", sa.String(length=10), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.Column("profile_zh", sa.Text(), nullable=False),
        sa.Column("profile_en", sa.Text(), nullable=False),
        sa.Column("products_wanted", sa.String(length=1000), nullable=False),
        sa.Column("logo_file_id", sa.Uuid(), nullable=True),
        sa.Column("is_host_only", sa.Boolean(), nullable=False),
        sa.Column("is_returning", sa.Boolean(), nullable=False),
        sa.Column("participation", sa.String(length=12), nullable=False),
        sa.Column("main_exhibitor_id", sa.Uuid(), nullable=True),
        sa.Column("import_key", sa.String(length=64), nullable=False),
        sa.Column("notice_version", sa.Integer(), nullable=True),
        sa.Column("applied_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("refusal_reason", sa.String(length=1000), nullable=False),
        sa.CheckConstraint(
            "(participation = 'main') = (main_exhibitor_id IS NULL)", name=op.f("ck_exhibitors_main_or_with_a_main")
        ),
        sa.CheckConstraint(
            "credit_code = '' OR (country = 'CN' AND length(credit_code) = 18)",
            name=op.f("ck_exhibitors_credit_code_of_cn"),
        ),
        sa.CheckConstraint("name_zh <> '' OR name_en <> ''", name=op.f("ck_exhibitors_has_a_name")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_exhibitors_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["fair_id", "delegation_id"],
            ["delegations.fair_id", "delegations.id"],
            name=op.f("fk_exhibitors_fair_id_delegation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "logo_file_id"],
            ["stored_files.fair_id", "stored_files.id"],
            name=op.f("fk_exhibitors_fair_id_logo_file_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "main_exhibitor_id"],
            ["exhibitors.fair_id", "exhibitors.id"],
            name=op.f("fk_exhibitors_fair_id_main_exhibitor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "product_category_id"],
            ["product_categories.fair_id", "product_categories.id"],
            name=op.f("fk_exhibitors_fair_id_product_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "zone_id"], ["zones.fair_id", "zones.id"], name=op.f("fk_exhibitors_fair_id_zone_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_exhibitors_fair_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_exhibitors_organisation_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_exhibitors")),
    )
    op.create_index(
        "ix_exhibitors_any_credit_code", "exhibitors", ["fair_id", "credit_code", "registration_number"], unique=False
    )
    op.create_index("ix_exhibitors_name_key_en", "exhibitors", ["fair_id", "name_key_en"], unique=False)
    op.create_index("ix_exhibitors_name_key_zh", "exhibitors", ["fair_id", "name_key_zh"], unique=False)
    op.create_index("ix_exhibitors_organisation", "exhibitors", ["fair_id", "organisation_id"], unique=False)
    op.create_index(op.f("ix_exhibitors_organisation_id"), "exhibitors", ["organisation_id"], unique=False)
    op.create_index("ix_exhibitors_sort_name", "exhibitors", ["fair_id", "sort_name"], unique=False)
    op.create_index("ix_exhibitors_sort_name_en", "exhibitors", ["fair_id", "sort_name_en"], unique=False)
    op.create_index("ix_exhibitors_status", "exhibitors", ["fair_id", "status", "applied_at"], unique=False)
    op.create_index(
        "uq_exhibitors_credit_code",
        "exhibitors",
        ["fair_id", "credit_code"],
        unique=True,
        sqlite_where=sa.text("status = 'approved' AND credit_code <> ''"),
        postgresql_where=sa.text("status = 'approved' AND credit_code <> ''"),
    )
    op.create_index(
        "uq_exhibitors_import_key",
        "exhibitors",
        ["fair_id", "import_key"],
        unique=True,
        sqlite_where=sa.text("import_key <> ''"),
        postgresql_where=sa.text("import_key <> ''"),
    )
    op.create_index(
        "uq_exhibitors_reference",
        "exhibitors",
        ["fair_id", "reference"],
        unique=True,
        sqlite_where=sa.text("reference <> ''"),
        postgresql_where=sa.text("reference <> ''"),
    )
    op.create_table(
        "acts_for",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("exhibitor_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id", "exhibitor_id"],
            ["exhibitors.fair_id", "exhibitors.id"],
            name=op.f("fk_acts_for_fair_id_exhibitor_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_acts_for_fair_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_acts_for_user_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_acts_for")),
        sa.UniqueConstraint("fair_id", "user_id", name="uq_acts_for_person"),
    )
    op.create_table(
        "booth_assignments",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("booth_id", sa.Uuid(), nullable=False),
        sa.Column("exhibitor_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("held_until", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "state <> 'held' OR held_until IS NOT NULL", name=op.f("ck_booth_assignments_hold_has_an_end")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "booth_id"], ["booths.fair_id", "booths.id"], name=op.f("fk_booth_assignments_fair_id_booth_id")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "exhibitor_id"],
            ["exhibitors.fair_id", "exhibitors.id"],
            name=op.f("fk_booth_assignments_fair_id_exhibitor_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_booth_assignments_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_booth_assignments")),
    )
    op.create_index(
        "ix_booth_assignments_exhibitor", "booth_assignments", ["fair_id", "exhibitor_id", "state"], unique=False
    )
    op.create_index("ix_booth_assignments_state", "booth_assignments", ["fair_id", "state", "held_until"], unique=False)
    op.create_index(
        "uq_booth_assignments_hold",
        "booth_assignments",
        ["fair_id", "exhibitor_id"],
        unique=True,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "uq_booth_assignments_live",
        "booth_assignments",
        ["fair_id", "booth_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('held', 'assigned')"),
        postgresql_where=sa.text("state IN ('held', 'assigned')"),
    )
    op.create_table(
        "products",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("exhibitor_id", sa.Uuid(), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("hs_code", sa.String(length=6), nullable=False),
        sa.Column("description", sa.String(length=1000), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("name_zh <> '' OR name_en <> ''", name=op.f("ck_products_has_a_name")),
        sa.ForeignKeyConstraint(
            ["fair_id", "category_id"],
            ["product_categories.fair_id", "product_categories.id"],
            name=op.f("fk_products_fair_id_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "exhibitor_id"],
            ["exhibitors.fair_id", "exhibitors.id"],
            name=op.f("fk_products_fair_id_exhibitor_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_products_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_products")),
    )
    op.create_index("ix_products_exhibitor", "products", ["fair_id", "exhibitor_id", "position"], unique=False)


def downgrade() -> None:
    op.drop_table("products")
    op.drop_table("booth_assignments")
    op.drop_table("acts_for")
    op.drop_table("exhibitors")
