"""Devices, scans and what is kept of them."""

import sqlalchemy as sa
from alembic import op

from fairapp.core.data.db import Moment

revision = "0007_gates"
down_revision = "0006_visitors"
branch_labels = None
depends_on = None

TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER scans_is_append_only_update BEFORE UPDATE ON scans BEGIN SELECT RAISE(ABORT, 'scans is append-only'); END",
        "CREATE TRIGGER scans_is_append_only_delete BEFORE DELETE ON scans BEGIN SELECT RAISE(ABORT, 'scans is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION scans_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'scans is append-only'; END $$",
        "CREATE TRIGGER scans_is_append_only BEFORE UPDATE OR DELETE ON scans FOR EACH ROW EXECUTE FUNCTION scans_is_append_only()",
        "CREATE TRIGGER scans_is_append_only_truncate BEFORE TRUNCATE ON scans FOR EACH STATEMENT EXECUTE FUNCTION scans_is_append_only()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("gate_codes", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_up_digest", sa.String(length=64), nullable=False),
        sa.Column("set_up_until", Moment(), nullable=True),
        sa.Column("pin_hash", sa.String(length=200), nullable=False),
        sa.Column("pin_tries", sa.SmallInteger(), nullable=False),
        sa.Column("enrolled_at", Moment(), nullable=True),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("last_contact_at", Moment(), nullable=True),
        sa.Column("battery", sa.SmallInteger(), nullable=True),
        sa.Column("queue", sa.Integer(), nullable=False),
        sa.Column("skew_ms", sa.Integer(), nullable=False),
        sa.Column("list_as_of", Moment(), nullable=True),
        sa.Column("app_version", sa.String(length=40), nullable=False),
        sa.CheckConstraint("battery IS NULL OR battery BETWEEN 0 AND 100", name=op.f("ck_devices_battery_in_per_cent")),
        sa.CheckConstraint("pin_tries BETWEEN 0 AND 5", name=op.f("ck_devices_pin_tries_few")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_devices_created_by_id")),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_devices_fair_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_devices_user_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_devices")),
    )
    op.create_index(
        "uq_devices_label",
        "devices",
        ["fair_id", "label"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index(
        "uq_devices_set_up",
        "devices",
        ["fair_id", "set_up_digest"],
        unique=True,
        sqlite_where=sa.text("set_up_digest <> ''"),
        postgresql_where=sa.text("set_up_digest <> ''"),
    )
    op.create_index(
        "uq_devices_token",
        "devices",
        ["fair_id", "token_digest"],
        unique=True,
        sqlite_where=sa.text("token_digest <> ''"),
        postgresql_where=sa.text("token_digest <> ''"),
    )
    op.create_table(
        "inside_counts",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("net", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_inside_counts_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", "day", "slot", name=op.f("pk_inside_counts")),
    )
    op.create_table(
        "audience_counts",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("marks", sa.SmallInteger(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("province", sa.String(length=60), nullable=False),
        sa.Column("is_returning", sa.Boolean(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_audience_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["fair_id", "id"],
            ["visitor_categories.fair_id", "visitor_categories.id"],
            name=op.f("fk_audience_counts_fair_id_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_audience_counts_fair_id")),
        sa.PrimaryKeyConstraint(
            "fair_id", "id", "kind", "marks", "country", "province", "is_returning", name=op.f("pk_audience_counts")
        ),
    )
    op.create_table(
        "flow_counts",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("direction", sa.String(length=5), nullable=False),
        sa.Column("decision", sa.String(length=14), nullable=False),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.SmallInteger(), nullable=False),
        sa.Column("scans", sa.Integer(), nullable=False),
        sa.CheckConstraint("scans >= 0", name=op.f("ck_flow_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["fair_id", "id"], ["gates.fair_id", "gates.id"], name=op.f("fk_flow_counts_fair_id_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_flow_counts_fair_id")),
        sa.PrimaryKeyConstraint(
            "fair_id",
            "id",
            "day",
            "hour",
            "kind",
            "direction",
            "decision",
            "admitted",
            "mark",
            name=op.f("pk_flow_counts"),
        ),
    )
    op.create_index("ix_flow_counts_day", "flow_counts", ["fair_id", "day", "hour"], unique=False)
    op.create_table(
        "manual_counts",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gate_id", sa.Uuid(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("from_minute", sa.SmallInteger(), nullable=False),
        sa.Column("to_minute", sa.SmallInteger(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("exits", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=True),
        sa.Column("noted_at", Moment(), nullable=False),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "entries >= 0 AND exits >= 0 AND entries + exits > 0", name=op.f("ck_manual_counts_counted_some")
        ),
        sa.CheckConstraint("from_minute BETWEEN 0 AND 1439", name=op.f("ck_manual_counts_from_minute_of_day")),
        sa.CheckConstraint(
            "to_minute > from_minute AND to_minute <= 1440", name=op.f("ck_manual_counts_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "gate_id"], ["gates.fair_id", "gates.id"], name=op.f("fk_manual_counts_fair_id_gate_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_manual_counts_fair_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["users.id"], name=op.f("fk_manual_counts_noted_by_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_manual_counts")),
    )
    op.create_index("ix_manual_counts_day", "manual_counts", ["fair_id", "local_day"], unique=False)
    op.create_table(
        "turnout_counts",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("span", sa.String(length=4), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("marks", sa.SmallInteger(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_turnout_counts_not_negative")),
        sa.ForeignKeyConstraint(
            ["fair_id", "id"], ["gates.fair_id", "gates.id"], name=op.f("fk_turnout_counts_fair_id_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_turnout_counts_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", "span", "day", "kind", "marks", name=op.f("pk_turnout_counts")),
    )
    op.create_index("ix_turnout_counts_day", "turnout_counts", ["fair_id", "span", "day"], unique=False)
    op.create_table(
        "presences",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("marks", sa.SmallInteger(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("province", sa.String(length=60), nullable=False),
        sa.Column("is_returning", sa.Boolean(), nullable=False),
        sa.Column("inside", sa.Boolean(), nullable=False),
        sa.Column("since", Moment(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("gate_id", sa.Uuid(), nullable=True),
        sa.Column("inside_by", sa.Text(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id", "id"], ["visitors.fair_id", "visitors.id"], name=op.f("fk_presences_fair_id_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_presences_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_presences")),
    )
    op.create_index("ix_presences_changed", "presences", ["fair_id", "changed_at"], unique=False)
    op.create_table(
        "scans",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("badge_id", sa.Uuid(), nullable=True),
        sa.Column("visitor_id", sa.Uuid(), nullable=True),
        sa.Column("gate_id", sa.Uuid(), nullable=False),
        sa.Column("zone_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("operator_id", sa.Uuid(), nullable=True),
        sa.Column("direction", sa.String(length=5), nullable=False),
        sa.Column("method", sa.String(length=7), nullable=False),
        sa.Column("decision", sa.String(length=14), nullable=False),
        sa.Column("admitted", sa.Boolean(), nullable=False),
        sa.Column("outer", sa.Boolean(), nullable=False),
        sa.Column("in_hours", sa.Boolean(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("device_at", Moment(), nullable=True),
        sa.Column("received_at", Moment(), nullable=False),
        sa.Column("offset_ms", sa.Integer(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("minute", sa.SmallInteger(), nullable=False),
        sa.Column("rule_decision", sa.String(length=14), nullable=False),
        sa.Column("list_version", sa.String(length=40), nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=True),
        sa.Column("override_reason", sa.String(length=200), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "admitted = (decision IN ('admitted', 're_entry') OR override_reason <> '')", name=op.f("ck_scans_admitted")
        ),
        sa.CheckConstraint("direction IN ('entry', 'exit')", name=op.f("ck_scans_direction")),
        sa.CheckConstraint("NOT admitted OR visitor_id IS NOT NULL", name=op.f("ck_scans_admits_a_person")),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name=op.f("ck_scans_minute_of_day")),
        sa.ForeignKeyConstraint(
            ["fair_id", "badge_id"], ["badges.fair_id", "badges.id"], name=op.f("fk_scans_fair_id_badge_id")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "gate_id"], ["gates.fair_id", "gates.id"], name=op.f("fk_scans_fair_id_gate_id")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "visitor_id"], ["visitors.fair_id", "visitors.id"], name=op.f("fk_scans_fair_id_visitor_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_scans_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_scans")),
    )
    op.create_index(
        "ix_scans_against_rule",
        "scans",
        ["fair_id", "decision", "at"],
        unique=False,
        sqlite_where=sa.text("decision <> 'admitted' AND decision <> 're_entry'"),
        postgresql_where=sa.text("decision <> 'admitted' AND decision <> 're_entry'"),
    )
    op.create_index("ix_scans_at", "scans", ["fair_id", "at"], unique=False)
    op.create_index("ix_scans_gate", "scans", ["fair_id", "gate_id", "at"], unique=False)
    op.create_index("ix_scans_visitor", "scans", ["fair_id", "visitor_id", "at"], unique=False)
    op.create_table(
        "conflict_notes",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=True),
        sa.Column("noted_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id", "id"], ["scans.fair_id", "scans.id"], name=op.f("fk_conflict_notes_fair_id_id")
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_conflict_notes_fair_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["users.id"], name=op.f("fk_conflict_notes_noted_by_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_conflict_notes")),
    )
    op.create_table(
        "scan_conflicts",
        sa.Column("fair_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=14), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=True),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("noticed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fair_id", "id"], ["scans.fair_id", "scans.id"], name=op.f("fk_scan_conflicts_fair_id_id")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "other_id"], ["scans.fair_id", "scans.id"], name=op.f("fk_scan_conflicts_fair_id_other_id")
        ),
        sa.ForeignKeyConstraint(
            ["fair_id", "visitor_id"],
            ["visitors.fair_id", "visitors.id"],
            name=op.f("fk_scan_conflicts_fair_id_visitor_id"),
        ),
        sa.ForeignKeyConstraint(["fair_id"], ["fairs.id"], name=op.f("fk_scan_conflicts_fair_id")),
        sa.PrimaryKeyConstraint("fair_id", "id", name=op.f("pk_scan_conflicts")),
    )
    op.create_index("ix_scan_conflicts_at", "scan_conflicts", ["fair_id", "at"], unique=False)
    op.create_index("ix_scan_conflicts_visitor", "scan_conflicts", ["fair_id", "visitor_id"], unique=False)
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("scan_conflicts")
    op.drop_table("conflict_notes")
    op.drop_table("scans")
    op.drop_table("presences")
    op.drop_table("turnout_counts")
    op.drop_table("manual_counts")
    op.drop_table("flow_counts")
    op.drop_table("audience_counts")
    op.drop_table("inside_counts")
    op.drop_table("devices")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("scans_is_append_only",):
            op.execute(f"DROP FUNCTION {name}()")
