"""Visitors and their badges."""

import sqlalchemy as sa
from alembic import op

from fairapp.core.data.db import Moment

revision = "0006_visitors"
down_revision = "0005_exhibitors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(length=100), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 255", name=op.f("ck_signing_keys_number_in_a_byte")),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_signing_keys_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_signing_keys")),
        sa.UniqueConstraint("fair_id", "number", name="uq_signing_keys_number"),
    )
    op.create_table(
        "visitors",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("name_latin", sa.String(length=100), nullable=False),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column("job_title", sa.String(length=100), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("province", sa.String(length=60), nullable=False),
        sa.Column("city", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.Column("email_digest", sa.String(length=64), nullable=False),
        sa.Column("phone_digest", sa.String(length=64), nullable=False),
        sa.Column("id_digest", sa.String(length=64), nullable=False),
        sa.Column("id_last4", sa.String(length=4), nullable=False),
        sa.Column("person_key", sa.String(length=64), nullable=False),
        sa.Column("exhibitor_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("is_returning", sa.Boolean(), nullable=False),
        sa.Column("notice_version", sa.Integer(), nullable=False),
        sa.Column("link_issue", sa.Integer(), nullable=False),
        sa.Column("registered_at", Moment(), nullable=False),
        sa.Column("mailed_at", Moment(), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("merge_reason", sa.String(length=200), nullable=False),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "(status = 'merged') = (merged_into_id IS NOT NULL)", name=op.f("ck_visitors_merged_names_the_other")
        ),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> id", name=op.f("ck_visitors_merged_into_another")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "category_id"],
            ["visitor_categories.fair_id", "visitor_categories.id"],
            name=op.f("fk_visitors_fair_id_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "exhibitor_id"],
            ["exhibitors.fair_id", "exhibitors.id"],
            name=op.f("fk_visitors_fair_id_exhibitor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "merged_into_id"],
            ["visitors.fair_id", "visitors.id"],
            name=op.f("fk_visitors_fair_id_merged_into_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_visitors_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_visitors")),
    )
    op.create_index("ix_visitors_email", "visitors", ["fair_id", "email_digest"], unique=False)
    op.create_index("ix_visitors_exhibitor", "visitors", ["fair_id", "exhibitor_id"], unique=False)
    op.create_index(
        "ix_visitors_facets", "visitors", ["fair_id", "category_id", "status", "country", "source"], unique=False
    )
    op.create_index(
        "ix_visitors_listed",
        "visitors",
        ["fair_id", "registered_at", "id", "category_id", "status", "country", "source"],
        unique=False,
    )
    op.create_index("ix_visitors_merged_into", "visitors", ["fair_id", "merged_into_id"], unique=False)
    op.create_index("ix_visitors_phone", "visitors", ["fair_id", "phone_digest"], unique=False)
    op.create_index(
        "uq_visitors_person",
        "visitors",
        ["fair_id", "person_key"],
        unique=True,
        sqlite_where=sa.text("person_key <> ''"),
        postgresql_where=sa.text("person_key <> ''"),
    )
    op.create_table(
        "badges",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.Column("code_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("key_number", sa.Integer(), nullable=False),
        sa.Column("issue", sa.Integer(), nullable=False),
        sa.Column("category_code", sa.String(length=20), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoke_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 2147483647", name=op.f("ck_badges_days_some")),
        sa.CheckConstraint("issue BETWEEN 1 AND 65535", name=op.f("ck_badges_issue_in_two_bytes")),
        sa.ForeignKeyConstraint(
            ["fair_id", "visitor_id"], ["visitors.fair_id", "visitors.id"], name=op.f("fk_badges_fair_id_visitor_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_badges_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_badges")),
        sa.UniqueConstraint("fair_id", "code_id", name="uq_badges_code_id"),
        sa.UniqueConstraint("fair_id", "number", name="uq_badges_number"),
        sa.UniqueConstraint("fair_id", "visitor_id", "issue", name="uq_badges_issue"),
    )
    op.create_index(
        "ix_badges_not_active",
        "badges",
        ["fair_id", "revoked_at"],
        unique=False,
        sqlite_where=sa.text("status <> 'active'"),
        postgresql_where=sa.text("status <> 'active'"),
    )
    op.create_index(
        "uq_badges_active",
        "badges",
        ["fair_id", "visitor_id"],
        unique=True,
        sqlite_where=sa.text("status = 'active'"),
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "consents",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("notice_version", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id", "visitor_id"], ["visitors.fair_id", "visitors.id"], name=op.f("fk_consents_fair_id_visitor_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_consents_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_visitor", "consents", ["fair_id", "visitor_id", "at"], unique=False)
    op.create_table(
        "visitor_interests",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.Column("product_category_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id", "product_category_id"],
            ["product_categories.fair_id", "product_categories.id"],
            name=op.f("fk_visitor_interests_fair_id_product_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "visitor_id"],
            ["visitors.fair_id", "visitors.id"],
            name=op.f("fk_visitor_interests_fair_id_visitor_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_visitor_interests_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_visitor_interests")),
        sa.UniqueConstraint("fair_id", "visitor_id", "product_category_id", name="uq_visitor_interests_pair"),
    )
    op.create_table(
        "visitor_search_terms",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column(
            "term", sa.String(length=40).with_variant(sa.String(length=40, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id", "visitor_id"],
            ["visitors.fair_id", "visitors.id"],
            name=op.f("fk_visitor_search_terms_fair_id_visitor_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_visitor_search_terms_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "term", "visitor_id", name=op.f("pk_visitor_search_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_visitor_search_terms_visitor", "visitor_search_terms", ["fair_id", "visitor_id"], unique=False)


def downgrade() -> None:
    op.drop_table("visitor_search_terms")
    op.drop_table("visitor_interests")
    op.drop_table("consents")
    op.drop_table("badges")
    op.drop_table("visitors")
    op.drop_table("signing_keys")
