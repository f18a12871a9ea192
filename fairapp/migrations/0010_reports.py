"""Publications and what they froze."""

import sqlalchemy as sa
from alembic import op

from fairapp.core.data.db import Moment

revision = "0010_reports"
down_revision = "0009_deals"
branch_labels = None
depends_on = None

TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER publications_is_append_only_update BEFORE UPDATE ON publications BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END",
        "CREATE TRIGGER publications_is_append_only_delete BEFORE DELETE ON publications BEGIN SELECT RAISE(ABORT, 'publications is append-only'); END",
        "CREATE TRIGGER publication_contents_is_append_only_update BEFORE UPDATE ON publication_contents BEGIN SELECT RAISE(ABORT, 'publication_contents is append-only'); END",
        "CREATE TRIGGER publication_contents_is_append_only_delete BEFORE DELETE ON publication_contents BEGIN SELECT RAISE(ABORT, 'publication_contents is append-only'); END",
        "CREATE TRIGGER publication_decisions_is_append_only_update BEFORE UPDATE ON publication_decisions BEGIN SELECT RAISE(ABORT, 'publication_decisions is append-only'); END",
        "CREATE TRIGGER publication_decisions_is_append_only_delete BEFORE DELETE ON publication_decisions BEGIN SELECT RAISE(ABORT, 'publication_decisions is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION publications_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'publications is append-only'; END $$",
        "CREATE TRIGGER publications_is_append_only BEFORE UPDATE OR DELETE ON publications FOR EACH ROW EXECUTE FUNCTION publications_is_append_only()",
        "CREATE TRIGGER publications_is_append_only_truncate BEFORE TRUNCATE ON publications FOR EACH STATEMENT EXECUTE FUNCTION publications_is_append_only()",
        "CREATE FUNCTION publication_contents_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'publication_contents is append-only'; END $$",
        "CREATE TRIGGER publication_contents_is_append_only BEFORE UPDATE OR DELETE ON publication_contents FOR EACH ROW EXECUTE FUNCTION publication_contents_is_append_only()",
        "CREATE TRIGGER publication_contents_is_append_only_truncate BEFORE TRUNCATE ON publication_contents FOR EACH STATEMENT EXECUTE FUNCTION publication_contents_is_append_only()",
        "CREATE FUNCTION publication_decisions_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'publication_decisions is append-only'; END $$",
        "CREATE TRIGGER publication_decisions_is_append_only BEFORE UPDATE OR DELETE ON publication_decisions FOR EACH ROW EXECUTE FUNCTION publication_decisions_is_append_only()",
        "CREATE TRIGGER publication_decisions_is_append_only_truncate BEFORE TRUNCATE ON publication_decisions FOR EACH STATEMENT EXECUTE FUNCTION publication_decisions_is_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "counting_settings",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("small_cells", sa.Integer(), nullable=False),
        sa.Column("sample_seed", sa.String(length=32), nullable=False),
        sa.CheckConstraint("small_cells BETWEEN 0 AND 100", name=op.f("ck_counting_settings_small_cells_small")),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_counting_settings_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_counting_settings")),
        sa.UniqueConstraint("fair_id", name="uq_counting_settings_fair"),
    )
    op.create_table(
        "country_groups",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("members", sa.String(length=1000), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_country_groups_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_country_groups")),
        sa.UniqueConstraint("fair_id", "key", name="uq_country_groups_key"),
    )
    op.create_table(
        "country_names",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("name_zh", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_country_names_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_country_names")),
        sa.UniqueConstraint("fair_id", "code", name="uq_country_names_code"),
    )
    op.create_table(
        "last_editions",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_last_editions_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_last_editions")),
        sa.UniqueConstraint("fair_id", name="uq_last_editions_fair"),
    )
    op.create_table(
        "publication_mailings",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("addresses", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("attaches", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_publication_mailings_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_publication_mailings")),
        sa.UniqueConstraint("fair_id", name="uq_publication_mailings_fair"),
    )
    op.create_table(
        "publications",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=False),
        sa.Column("label_zh", sa.String(length=100), nullable=False),
        sa.Column("label_en", sa.String(length=100), nullable=False),
        sa.Column("definition_version", sa.Integer(), nullable=False),
        sa.Column("profile", sa.String(length=40), nullable=False),
        sa.Column("as_of", Moment(), nullable=False),
        sa.Column("watermark", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.String(length=64), nullable=False),
        sa.Column("totals", sa.JSON(), nullable=False),
        sa.Column("frozen_sha256", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("workbook_sha256", sa.String(length=64), nullable=False),
        sa.Column("workbook_size", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_by", sa.String(length=200), nullable=False),
        sa.Column("prepared_at", Moment(), nullable=False),
        sa.CheckConstraint("number > follows AND follows >= 0", name=op.f("ck_publications_after_the_last")),
        sa.ForeignKeyConstraint(
            ["fair_id", "file_id"],
            ["stored_files.fair_id", "stored_files.id"],
            name=op.f("fk_publications_fair_id_file_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_publications_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_publications")),
        sa.UniqueConstraint("fair_id", "id", "prepared_by_id", name="uq_publications_preparer"),
        sa.UniqueConstraint("fair_id", "number", name="uq_publications_number"),
    )
    op.create_table(
        "publication_contents",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id", "publication_id"],
            ["publications.fair_id", "publications.id"],
            name=op.f("fk_publication_contents_fair_id_publication_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_publication_contents_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_publication_contents")),
        sa.UniqueConstraint("fair_id", "publication_id", name="uq_publication_contents_publication"),
    )
    op.create_table(
        "publication_decisions",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.CheckConstraint(
            "decided_by_id <> prepared_by_id OR decision = 'refused'",
            name=op.f("ck_publication_decisions_another_person"),
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "publication_id", "prepared_by_id"],
            ["publications.fair_id", "publications.id", "publications.prepared_by_id"],
            name=op.f("fk_publication_decisions_fair_id_publication_id_prepared_by_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_publication_decisions_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_publication_decisions")),
        sa.UniqueConstraint("fair_id", "publication_id", name="uq_publication_decisions_publication"),
    )
    op.create_index(
        "uq_publication_decisions_line",
        "publication_decisions",
        ["fair_id", "follows"],
        unique=True,
        sqlite_where=sa.text("decision = 'approved'"),
        postgresql_where=sa.text("decision = 'approved'"),
    )
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("publication_decisions")
    op.drop_table("publication_contents")
    op.drop_table("publications")
    op.drop_table("publication_mailings")
    op.drop_table("last_editions")
    op.drop_table("country_names")
    op.drop_table("country_groups")
    op.drop_table("counting_settings")
    if op.get_bind().dialect.name == "postgresql":
        for name in (
            "publications_is_append_only",
            "publication_contents_is_append_only",
            "publication_decisions_is_append_only",
        ):
            op.execute(f"DROP FUNCTION {name}()")
