"""Deals and their ledger."""

import sqlalchemy as sa
from alembic import op

from fairapp.core.data.db import Moment

revision = "0009_deals"
down_revision = "0008_meetings"
branch_labels = None
depends_on = None

TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER ledger_checks_is_append_only_update BEFORE UPDATE ON ledger_checks BEGIN SELECT RAISE(ABORT, 'ledger_checks is append-only'); END",
        "CREATE TRIGGER ledger_checks_is_append_only_delete BEFORE DELETE ON ledger_checks BEGIN SELECT RAISE(ABORT, 'ledger_checks is append-only'); END",
        "CREATE TRIGGER published_heads_is_append_only_update BEFORE UPDATE ON published_heads BEGIN SELECT RAISE(ABORT, 'published_heads is append-only'); END",
        "CREATE TRIGGER published_heads_is_append_only_delete BEFORE DELETE ON published_heads BEGIN SELECT RAISE(ABORT, 'published_heads is append-only'); END",
        "CREATE TRIGGER deal_entries_is_append_only_update BEFORE UPDATE ON deal_entries BEGIN SELECT RAISE(ABORT, 'deal_entries is append-only'); END",
        "CREATE TRIGGER deal_entries_is_append_only_delete BEFORE DELETE ON deal_entries BEGIN SELECT RAISE(ABORT, 'deal_entries is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION ledger_checks_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'ledger_checks is append-only'; END $$",
        "CREATE TRIGGER ledger_checks_is_append_only BEFORE UPDATE OR DELETE ON ledger_checks FOR EACH ROW EXECUTE FUNCTION ledger_checks_is_append_only()",
        "CREATE TRIGGER ledger_checks_is_append_only_truncate BEFORE TRUNCATE ON ledger_checks FOR EACH STATEMENT EXECUTE FUNCTION ledger_checks_is_append_only()",
        "CREATE FUNCTION published_heads_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'published_heads is append-only'; END $$",
        "CREATE TRIGGER published_heads_is_append_only BEFORE UPDATE OR DELETE ON published_heads FOR EACH ROW EXECUTE FUNCTION published_heads_is_append_only()",
        "CREATE TRIGGER published_heads_is_append_only_truncate BEFORE TRUNCATE ON published_heads FOR EACH STATEMENT EXECUTE FUNCTION published_heads_is_append_only()",
        "CREATE FUNCTION deal_entries_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'deal_entries is append-only'; END $$",
        "CREATE TRIGGER deal_entries_is_append_only BEFORE UPDATE OR DELETE ON deal_entries FOR EACH ROW EXECUTE FUNCTION deal_entries_is_append_only()",
        "CREATE TRIGGER deal_entries_is_append_only_truncate BEFORE TRUNCATE ON deal_entries FOR EACH STATEMENT EXECUTE FUNCTION deal_entries_is_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "deal_totals",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dimension", sa.String(length=24), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("counts_as", sa.String(length=12), nullable=False),
        sa.Column("tier", sa.String(length=12), nullable=False),
        sa.Column("label_zh", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("declared_count", sa.Integer(), nullable=False),
        sa.Column("declared_usd", sa.BigInteger(), nullable=False),
        sa.Column("declared_cny", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_count", sa.Integer(), nullable=False),
        sa.Column("confirmed_usd", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_cny", sa.BigInteger(), nullable=False),
        sa.Column("verified_count", sa.Integer(), nullable=False),
        sa.Column("verified_usd", sa.BigInteger(), nullable=False),
        sa.Column("verified_cny", sa.BigInteger(), nullable=False),
        sa.Column("without_rate_count", sa.Integer(), nullable=False),
        sa.Column("held_count", sa.Integer(), nullable=False),
        sa.Column("held_usd", sa.BigInteger(), nullable=False),
        sa.Column("disputed_count", sa.Integer(), nullable=False),
        sa.Column("disputed_usd", sa.BigInteger(), nullable=False),
        sa.Column("void_count", sa.Integer(), nullable=False),
        sa.Column("executed_usd", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_deal_totals_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_deal_totals")),
        sa.UniqueConstraint("fair_id", "dimension", "key", "counts_as", "tier", name="uq_deal_totals_group"),
    )
    op.create_table(
        "fx_sets",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("policy", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("fixed_on", sa.Date(), nullable=False),
        sa.Column("locked_at", Moment(), nullable=False),
        sa.Column("locked_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_fx_sets_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_fx_sets")),
        sa.UniqueConstraint("fair_id", name="uq_fx_sets_fair_id"),
    )
    op.create_table(
        "ledger_checks",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("first_broken_seq", sa.BigInteger(), nullable=True),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_ledger_checks_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_ledger_checks")),
    )
    op.create_index("ix_ledger_checks_at", "ledger_checks", ["fair_id", "at"], unique=False)
    op.create_table(
        "ledger_heads",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("deals", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_ledger_heads_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_ledger_heads")),
        sa.UniqueConstraint("fair_id", name="uq_ledger_heads_fair_id"),
    )
    op.create_table(
        "published_heads",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label_zh", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("root_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_published_heads_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_published_heads")),
        sa.UniqueConstraint("fair_id", "number", name="uq_published_heads_number"),
    )
    op.create_table(
        "fx_rates",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_on", sa.Date(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("usd", sa.String(length=40), nullable=False),
        sa.Column("cny", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("replaced_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["fair_id", "set_id"], ["fx_sets.fair_id", "fx_sets.id"], name=op.f("fk_fx_rates_fair_id_set_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_fx_rates_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_fx_rates")),
    )
    op.create_index(
        "uq_fx_rates_currency",
        "fx_rates",
        ["fair_id", "currency", "valid_on"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "deals",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("seller_key", sa.String(length=64), nullable=False),
        sa.Column("buyer_key", sa.String(length=64), nullable=False),
        sa.Column("parties_key", sa.String(length=64), nullable=False),
        sa.Column("seller_name", sa.String(length=200), nullable=False),
        sa.Column("seller_code", sa.String(length=60), nullable=False),
        sa.Column("buyer_name", sa.String(length=200), nullable=False),
        sa.Column("buyer_code", sa.String(length=60), nullable=False),
        sa.Column("buyer_ownership", sa.String(length=10), nullable=False),
        sa.Column("buyer_type", sa.String(length=20), nullable=False),
        sa.Column("buyer_province", sa.String(length=60), nullable=False),
        sa.Column("buyer_city", sa.String(length=60), nullable=False),
        sa.Column("contact_name", sa.String(length=100), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("contact_locale", sa.String(length=10), nullable=False),
        sa.Column("goods_zh", sa.String(length=200), nullable=False),
        sa.Column("goods_en", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("ceremony", sa.String(length=200), nullable=False),
        sa.Column("first_event", sa.String(length=200), nullable=False),
        sa.Column("signer_name", sa.String(length=100), nullable=False),
        sa.Column("signer_title", sa.String(length=100), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("import_key", sa.String(length=64), nullable=False),
        sa.Column("import_digest", sa.String(length=64), nullable=False),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("declared_by", sa.String(length=12), nullable=False),
        sa.Column("declared_by_id", sa.Uuid(), nullable=True),
        sa.Column("declared_by_organisation_id", sa.Uuid(), nullable=True),
        sa.Column("declared_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("confirmed_method", sa.String(length=12), nullable=True),
        sa.Column("screened_at", Moment(), nullable=True),
        sa.Column("screened_by_id", sa.Uuid(), nullable=True),
        sa.Column("returned_at", Moment(), nullable=True),
        sa.Column("first_verifier_id", sa.Uuid(), nullable=True),
        sa.Column("verified_at", Moment(), nullable=True),
        sa.Column("verified_by_id", sa.Uuid(), nullable=True),
        sa.Column("links_sent", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("held", sa.String(length=12), nullable=True),
        sa.Column("counts_as", sa.String(length=12), nullable=False),
        sa.Column("tier", sa.String(length=12), nullable=False),
        sa.Column("nature", sa.String(length=20), nullable=False),
        sa.Column("customs_mode", sa.String(length=4), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("earlier_number", sa.Integer(), nullable=True),
        sa.Column("earlier_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("counted_minor", sa.BigInteger(), nullable=True),
        sa.Column("firm_minor", sa.BigInteger(), nullable=True),
        sa.Column("option_minor", sa.BigInteger(), nullable=True),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("counter_currency", sa.String(length=3), nullable=True),
        sa.Column("counter_minor", sa.BigInteger(), nullable=True),
        sa.Column("rate_usd", sa.String(length=40), nullable=True),
        sa.Column("rate_cny", sa.String(length=40), nullable=True),
        sa.Column("rate_on", sa.Date(), nullable=True),
        sa.Column("rate_source", sa.String(length=200), nullable=False),
        sa.Column("usd_minor", sa.BigInteger(), nullable=True),
        sa.Column("cny_minor", sa.BigInteger(), nullable=True),
        sa.Column("seller_digest", sa.String(length=64), nullable=False),
        sa.Column("seller_exhibitor_id", sa.Uuid(), nullable=True),
        sa.Column("seller_country", sa.String(length=2), nullable=False),
        sa.Column("seller_ownership", sa.String(length=10), nullable=False),
        sa.Column("seller_type", sa.String(length=20), nullable=False),
        sa.Column("seller_province", sa.String(length=60), nullable=False),
        sa.Column("seller_city", sa.String(length=60), nullable=False),
        sa.Column("industrial_belt", sa.String(length=100), nullable=False),
        sa.Column("buyer_digest", sa.String(length=64), nullable=False),
        sa.Column("buyer_exhibitor_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_visitor_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_country", sa.String(length=2), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("country_zh", sa.String(length=100), nullable=False),
        sa.Column("country_en", sa.String(length=100), nullable=False),
        sa.Column("category_code", sa.String(length=20), nullable=False),
        sa.Column("category_zh", sa.String(length=100), nullable=False),
        sa.Column("category_en", sa.String(length=100), nullable=False),
        sa.Column("delegation_code", sa.String(length=20), nullable=False),
        sa.Column("delegation_zh", sa.String(length=200), nullable=False),
        sa.Column("delegation_en", sa.String(length=200), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("platform_zh", sa.String(length=200), nullable=False),
        sa.Column("platform_en", sa.String(length=200), nullable=False),
        sa.Column("zone_code", sa.String(length=20), nullable=False),
        sa.Column("zone_zh", sa.String(length=200), nullable=False),
        sa.Column("zone_en", sa.String(length=200), nullable=False),
        sa.Column("hall_code", sa.String(length=20), nullable=False),
        sa.Column("booth", sa.String(length=40), nullable=False),
        sa.Column("goods_digest", sa.String(length=64), nullable=False),
        sa.Column("hs_code", sa.String(length=6), nullable=False),
        sa.Column("marks", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.String(length=30), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("incoterm", sa.String(length=3), nullable=False),
        sa.Column("delivery_from", sa.Date(), nullable=True),
        sa.Column("delivery_until", sa.Date(), nullable=True),
        sa.Column("evidence_grade", sa.String(length=1), nullable=True),
        sa.Column("evidence_digest", sa.String(length=64), nullable=True),
        sa.Column("follow_days", sa.Integer(), nullable=True),
        sa.Column("follow_state", sa.String(length=12), nullable=True),
        sa.Column("executed_minor", sa.BigInteger(), nullable=True),
        sa.Column("executed_usd", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(amount_minor IS NULL) = (nature = 'strategic')", name=op.f("ck_deals_amount_unless_strategic")
        ),
        sa.CheckConstraint(
            "executed_minor IS NULL OR follow_state = 'executed'", name=op.f("ck_deals_executed_amount")
        ),
        sa.CheckConstraint("merged_into_id IS NULL OR status = 'void'", name=op.f("ck_deals_merged_is_void")),
        sa.CheckConstraint(
            "(rate_usd IS NULL) = (usd_minor IS NULL) OR amount_minor IS NULL", name=op.f("ck_deals_usd_by_rate")
        ),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_deals_amount_positive")),
        sa.CheckConstraint("firm_minor + option_minor = amount_minor", name=op.f("ck_deals_firm_and_option_sum")),
        sa.CheckConstraint("follow_state IS NULL OR follow_days IS NOT NULL", name=op.f("ck_deals_stage_of_answer")),
        sa.CheckConstraint("seller_key <> buyer_key", name=op.f("ck_deals_two_parties")),
        sa.ForeignKeyConstraint(
            ["fair_id", "buyer_exhibitor_id"],
            ["exhibitors.fair_id", "exhibitors.id"],
            name=op.f("fk_deals_fair_id_buyer_exhibitor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "buyer_visitor_id"],
            ["visitors.fair_id", "visitors.id"],
            name=op.f("fk_deals_fair_id_buyer_visitor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "category_id"],
            ["product_categories.fair_id", "product_categories.id"],
            name=op.f("fk_deals_fair_id_category_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "meeting_id"], ["meetings.fair_id", "meetings.id"], name=op.f("fk_deals_fair_id_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "merged_into_id"], ["deals.fair_id", "deals.id"], name=op.f("fk_deals_fair_id_merged_into_id")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "platform_id"],
            ["exhibitors.fair_id", "exhibitors.id"],
            name=op.f("fk_deals_fair_id_platform_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "seller_exhibitor_id"],
            ["exhibitors.fair_id", "exhibitors.id"],
            name=op.f("fk_deals_fair_id_seller_exhibitor_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_deals_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_deals")),
        sa.UniqueConstraint("fair_id", "number", name="uq_deals_number"),
    )
    op.create_index("ix_deals_buyer", "deals", ["fair_id", "buyer_key"], unique=False)
    op.create_index("ix_deals_buyer_exhibitor", "deals", ["fair_id", "buyer_exhibitor_id"], unique=False)
    op.create_index(
        "ix_deals_category",
        "deals",
        ["fair_id", "category_code", "declared_at", "number", "usd_minor", "tier", "counts_as", "signed_on", "country"],
        unique=False,
    )
    op.create_index(
        "ix_deals_country",
        "deals",
        ["fair_id", "country", "declared_at", "number", "usd_minor", "tier", "counts_as", "signed_on"],
        unique=False,
    )
    op.create_index(
        "ix_deals_day",
        "deals",
        ["fair_id", "signed_on", "declared_at", "number", "usd_minor", "tier", "counts_as", "country"],
        unique=False,
    )
    op.create_index("ix_deals_declared_at", "deals", ["fair_id", "declared_at", "number"], unique=False)
    op.create_index(
        "ix_deals_delegation",
        "deals",
        [
            "fair_id",
            "delegation_code",
            "declared_at",
            "number",
            "usd_minor",
            "tier",
            "counts_as",
            "signed_on",
            "country",
        ],
        unique=False,
    )
    op.create_index(
        "ix_deals_earlier",
        "deals",
        ["fair_id", "earlier_number"],
        unique=False,
        sqlite_where=sa.text("earlier_number IS NOT NULL"),
        postgresql_where=sa.text("earlier_number IS NOT NULL"),
    )
    op.create_index(
        "ix_deals_fate",
        "deals",
        ["fair_id", "follow_state", "declared_at", "number", "counts_as", "tier", "country", "delegation_code"],
        unique=False,
        sqlite_where=sa.text("follow_state IS NOT NULL"),
        postgresql_where=sa.text("follow_state IS NOT NULL"),
    )
    op.create_index(
        "ix_deals_hall",
        "deals",
        ["fair_id", "hall_code", "declared_at", "number", "usd_minor", "tier", "counts_as", "signed_on", "country"],
        unique=False,
    )
    op.create_index(
        "ix_deals_held",
        "deals",
        ["fair_id", "held"],
        unique=False,
        sqlite_where=sa.text("held IS NOT NULL"),
        postgresql_where=sa.text("held IS NOT NULL"),
    )
    op.create_index(
        "ix_deals_merged",
        "deals",
        ["fair_id", "merged_into_id"],
        unique=False,
        sqlite_where=sa.text("merged_into_id IS NOT NULL"),
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    op.create_index("ix_deals_parties", "deals", ["fair_id", "parties_key", "declared_at"], unique=False)
    op.create_index(
        "ix_deals_queue",
        "deals",
        ["fair_id", "status", "usd_minor", "number", "first_verifier_id", "id", "held", "returned_at"],
        unique=False,
        sqlite_where=sa.text("status = 'confirmed' AND held IS NULL AND returned_at IS NULL"),
        postgresql_where=sa.text("status = 'confirmed' AND held IS NULL AND returned_at IS NULL"),
    )
    op.create_index(
        "ix_deals_returned",
        "deals",
        ["fair_id", "returned_at"],
        unique=False,
        sqlite_where=sa.text("returned_at IS NOT NULL"),
        postgresql_where=sa.text("returned_at IS NOT NULL"),
    )
    op.create_index(
        "ix_deals_sector",
        "deals",
        ["fair_id", "category_code", "usd_minor"],
        unique=False,
        sqlite_where=sa.text("held IS NULL AND status <> 'void'"),
        postgresql_where=sa.text("held IS NULL AND status <> 'void'"),
    )
    op.create_index("ix_deals_seller", "deals", ["fair_id", "seller_key", "usd_minor"], unique=False)
    op.create_index("ix_deals_seller_exhibitor", "deals", ["fair_id", "seller_exhibitor_id"], unique=False)
    op.create_index("ix_deals_status", "deals", ["fair_id", "status", "usd_minor"], unique=False)
    op.create_index("ix_deals_usd", "deals", ["fair_id", "usd_minor"], unique=False)
    op.create_index(
        "ix_deals_without_rate",
        "deals",
        ["fair_id", "currency"],
        unique=False,
        sqlite_where=sa.text("rate_usd IS NULL"),
        postgresql_where=sa.text("rate_usd IS NULL"),
    )
    op.create_index(
        "uq_deals_import_key",
        "deals",
        ["fair_id", "import_key"],
        unique=True,
        sqlite_where=sa.text("import_key <> ''"),
        postgresql_where=sa.text("import_key <> ''"),
    )
    op.create_table(
        "confirmation_links",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("replaced_at", Moment(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_confirmation_links_number_positive")),
        sa.ForeignKeyConstraint(
            ["fair_id", "deal_id"], ["deals.fair_id", "deals.id"], name=op.f("fk_confirmation_links_fair_id_deal_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_confirmation_links_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_confirmation_links")),
        sa.UniqueConstraint("fair_id", "deal_id", "number", name="uq_confirmation_links_number"),
    )
    op.create_index(
        "uq_confirmation_links_live",
        "confirmation_links",
        ["fair_id", "deal_id"],
        unique=True,
        sqlite_where=sa.text("used_at IS NULL AND replaced_at IS NULL"),
        postgresql_where=sa.text("used_at IS NULL AND replaced_at IS NULL"),
    )
    op.create_table(
        "deal_entries",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("deal_number", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=12), nullable=False),
        sa.Column("party", sa.String(length=12), nullable=False),
        sa.Column("method", sa.String(length=12), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=True),
        sa.Column("note_digest", sa.String(length=64), nullable=True),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("held", sa.String(length=12), nullable=True),
        sa.Column("counts_as", sa.String(length=12), nullable=False),
        sa.Column("tier", sa.String(length=12), nullable=False),
        sa.Column("nature", sa.String(length=20), nullable=False),
        sa.Column("customs_mode", sa.String(length=4), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("relation", sa.String(length=16), nullable=False),
        sa.Column("earlier_number", sa.Integer(), nullable=True),
        sa.Column("earlier_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("counted_minor", sa.BigInteger(), nullable=True),
        sa.Column("firm_minor", sa.BigInteger(), nullable=True),
        sa.Column("option_minor", sa.BigInteger(), nullable=True),
        sa.Column("basis", sa.String(length=10), nullable=False),
        sa.Column("years", sa.Text(), nullable=False),
        sa.Column("counter_currency", sa.String(length=3), nullable=True),
        sa.Column("counter_minor", sa.BigInteger(), nullable=True),
        sa.Column("rate_usd", sa.String(length=40), nullable=True),
        sa.Column("rate_cny", sa.String(length=40), nullable=True),
        sa.Column("rate_on", sa.Date(), nullable=True),
        sa.Column("rate_source", sa.String(length=200), nullable=False),
        sa.Column("usd_minor", sa.BigInteger(), nullable=True),
        sa.Column("cny_minor", sa.BigInteger(), nullable=True),
        sa.Column("seller_digest", sa.String(length=64), nullable=False),
        sa.Column("seller_exhibitor_id", sa.Uuid(), nullable=True),
        sa.Column("seller_country", sa.String(length=2), nullable=False),
        sa.Column("seller_ownership", sa.String(length=10), nullable=False),
        sa.Column("seller_type", sa.String(length=20), nullable=False),
        sa.Column("seller_province", sa.String(length=60), nullable=False),
        sa.Column("seller_city", sa.String(length=60), nullable=False),
        sa.Column("industrial_belt", sa.String(length=100), nullable=False),
        sa.Column("buyer_digest", sa.String(length=64), nullable=False),
        sa.Column("buyer_exhibitor_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_visitor_id", sa.Uuid(), nullable=True),
        sa.Column("buyer_country", sa.String(length=2), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("country_zh", sa.String(length=100), nullable=False),
        sa.Column("country_en", sa.String(length=100), nullable=False),
        sa.Column("category_code", sa.String(length=20), nullable=False),
        sa.Column("category_zh", sa.String(length=100), nullable=False),
        sa.Column("category_en", sa.String(length=100), nullable=False),
        sa.Column("delegation_code", sa.String(length=20), nullable=False),
        sa.Column("delegation_zh", sa.String(length=200), nullable=False),
        sa.Column("delegation_en", sa.String(length=200), nullable=False),
        sa.Column("platform_id", sa.Uuid(), nullable=True),
        sa.Column("platform_zh", sa.String(length=200), nullable=False),
        sa.Column("platform_en", sa.String(length=200), nullable=False),
        sa.Column("zone_code", sa.String(length=20), nullable=False),
        sa.Column("zone_zh", sa.String(length=200), nullable=False),
        sa.Column("zone_en", sa.String(length=200), nullable=False),
        sa.Column("hall_code", sa.String(length=20), nullable=False),
        sa.Column("booth", sa.String(length=40), nullable=False),
        sa.Column("goods_digest", sa.String(length=64), nullable=False),
        sa.Column("hs_code", sa.String(length=6), nullable=False),
        sa.Column("marks", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.String(length=30), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=True),
        sa.Column("incoterm", sa.String(length=3), nullable=False),
        sa.Column("delivery_from", sa.Date(), nullable=True),
        sa.Column("delivery_until", sa.Date(), nullable=True),
        sa.Column("evidence_grade", sa.String(length=1), nullable=True),
        sa.Column("evidence_digest", sa.String(length=64), nullable=True),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("follow_days", sa.Integer(), nullable=True),
        sa.Column("follow_state", sa.String(length=12), nullable=True),
        sa.Column("executed_minor", sa.BigInteger(), nullable=True),
        sa.Column("executed_usd", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["fair_id", "deal_id"], ["deals.fair_id", "deals.id"], name=op.f("fk_deal_entries_fair_id_deal_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_deal_entries_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_deal_entries")),
        sa.UniqueConstraint("fair_id", "client_id", name="uq_deal_entries_client_id"),
        sa.UniqueConstraint("fair_id", "seq", name="uq_deal_entries_seq"),
    )
    op.create_index("ix_deal_entries_deal", "deal_entries", ["fair_id", "deal_id", "seq"], unique=False)
    op.create_table(
        "deal_entry_notes",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id", "deal_id"], ["deals.fair_id", "deals.id"], name=op.f("fk_deal_entry_notes_fair_id_deal_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_deal_entry_notes_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_deal_entry_notes")),
        sa.UniqueConstraint("fair_id", "seq", name="uq_deal_entry_notes_seq"),
    )
    op.create_table(
        "deal_evidence",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("added_by", sa.String(length=12), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'original_seen') = (file_id IS NULL)", name=op.f("ck_deal_evidence_file_or_original")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "deal_id"], ["deals.fair_id", "deals.id"], name=op.f("fk_deal_evidence_fair_id_deal_id")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "file_id"],
            ["stored_files.fair_id", "stored_files.id"],
            name=op.f("fk_deal_evidence_fair_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_deal_evidence_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_deal_evidence")),
        sa.UniqueConstraint("fair_id", "deal_id", "sha256", name="uq_deal_evidence_sha256"),
    )
    op.create_table(
        "deal_follow_ups",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("asked_party", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("reminded_at", Moment(), nullable=True),
        sa.Column("answered_at", Moment(), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (seq IS NULL)", name=op.f("ck_deal_follow_ups_answer_is_an_entry")),
        sa.CheckConstraint("days IN (30, 90, 180, 365)", name=op.f("ck_deal_follow_ups_stage")),
        sa.ForeignKeyConstraint(
            ["fair_id", "deal_id"], ["deals.fair_id", "deals.id"], name=op.f("fk_deal_follow_ups_fair_id_deal_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_deal_follow_ups_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_deal_follow_ups")),
        sa.UniqueConstraint("fair_id", "deal_id", "days", name="uq_deal_follow_ups_stage"),
    )
    op.create_index("ix_deal_follow_ups_days", "deal_follow_ups", ["fair_id", "days", "sent_at"], unique=False)
    op.create_table(
        "deal_slips",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("printed_at", Moment(), nullable=False),
        sa.Column("printed_by_id", sa.Uuid(), nullable=True),
        sa.Column("handed_at", Moment(), nullable=True),
        sa.Column("handed_by_id", sa.Uuid(), nullable=True),
        sa.Column("handed_to", sa.String(length=200), nullable=False),
        sa.Column("exhibitor_id", sa.Uuid(), nullable=True),
        sa.Column("deal_id", sa.Uuid(), nullable=True),
        sa.Column("entered_at", Moment(), nullable=True),
        sa.Column("entered_by_id", sa.Uuid(), nullable=True),
        sa.Column("spoiled_at", Moment(), nullable=True),
        sa.Column("spoiled_by_id", sa.Uuid(), nullable=True),
        sa.Column("spoiled_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(deal_id IS NULL) = (entered_at IS NULL)", name=op.f("ck_deal_slips_entered_with_its_deal")
        ),
        sa.CheckConstraint("deal_id IS NULL OR spoiled_at IS NULL", name=op.f("ck_deal_slips_entered_or_spoiled")),
        sa.CheckConstraint("number > 0", name=op.f("ck_deal_slips_number_positive")),
        sa.ForeignKeyConstraint(
            ["fair_id", "deal_id"], ["deals.fair_id", "deals.id"], name=op.f("fk_deal_slips_fair_id_deal_id")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "exhibitor_id"],
            ["exhibitors.fair_id", "exhibitors.id"],
            name=op.f("fk_deal_slips_fair_id_exhibitor_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_deal_slips_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_deal_slips")),
        sa.UniqueConstraint("fair_id", "deal_id", name="uq_deal_slips_deal_id"),
        sa.UniqueConstraint("fair_id", "number", name="uq_deal_slips_number"),
    )
    op.create_table(
        "deal_flags",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("flag", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(number IS NULL) = (flag = 'shown_link')", name=op.f("ck_deal_flags_number_unless_shown_link")
        ),
        sa.CheckConstraint("position > 0", name=op.f("ck_deal_flags_position_positive")),
        sa.ForeignKeyConstraint(
            ["fair_id", "deal_id"], ["deals.fair_id", "deals.id"], name=op.f("fk_deal_flags_fair_id_deal_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_deal_flags_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_deal_flags")),
    )
    op.create_index("ix_deal_flags_deal", "deal_flags", ["fair_id", "deal_id"], unique=False)
    op.create_table(
        "deal_years",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deal_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_deal_years_amount_positive")),
        sa.ForeignKeyConstraint(
            ["fair_id", "deal_id"], ["deals.fair_id", "deals.id"], name=op.f("fk_deal_years_fair_id_deal_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_deal_years_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_deal_years")),
        sa.UniqueConstraint("fair_id", "deal_id", "year", name="uq_deal_years_year"),
    )
    op.create_table(
        "deal_evidence_pages",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_deal_evidence_pages_number_positive")),
        sa.ForeignKeyConstraint(
            ["fair_id", "evidence_id"],
            ["deal_evidence.fair_id", "deal_evidence.id"],
            name=op.f("fk_deal_evidence_pages_fair_id_evidence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "file_id"],
            ["stored_files.fair_id", "stored_files.id"],
            name=op.f("fk_deal_evidence_pages_fair_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_deal_evidence_pages_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_deal_evidence_pages")),
        sa.UniqueConstraint("fair_id", "evidence_id", "number", name="uq_deal_evidence_pages_number"),
    )
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("deal_evidence_pages")
    op.drop_table("deal_years")
    op.drop_table("deal_flags")
    op.drop_table("deal_slips")
    op.drop_table("deal_follow_ups")
    op.drop_table("deal_evidence")
    op.drop_table("deal_entry_notes")
    op.drop_table("deal_entries")
    op.drop_table("confirmation_links")
    op.drop_table("deals")
    op.drop_table("fx_rates")
    op.drop_table("published_heads")
    op.drop_table("ledger_heads")
    op.drop_table("ledger_checks")
    op.drop_table("fx_sets")
    op.drop_table("deal_totals")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("ledger_checks_is_append_only", "published_heads_is_append_only", "deal_entries_is_append_only"):
            op.execute(f"DROP FUNCTION {name}()")
