import os
import shutil
import subprocess
import sys
from pathlib import Path

import flask_migrate
import pytest
from apiflask import APIFlask
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from fairapp.config import ROOT
from fairapp.core.data.db import db, dialect
from tests.factories.fairs import make_fair, make_ground

ONE_MORE = """
import sqlalchemy as sa
from alembic import op

revision = "9999_later"
down_revision = "{newest}"


def upgrade():
    with op.batch_alter_table("fairs") as table:
        table.alter_column("name_en", type_=sa.String(700))
    {more}
"""


def upgraded(folder: Path, more: str = "") -> None:
    """Carries out one migration more than there is: a table that many point to is written anew."""
    scripts, migrations = folder / "fairapp/core/data/alembic", folder / "fairapp/migrations"
    shutil.copytree(ROOT / "fairapp/core/data/alembic", scripts)
    shutil.copytree(ROOT / "fairapp/migrations", migrations)
    newest = max(path.stem for path in migrations.glob("[0-9]*.py"))
    (migrations / "9999_later.py").write_text(ONE_MORE.format(newest=newest, more=more))
    flask_migrate.upgrade(directory=str(scripts))


def length_of_names() -> int:
    columns = {column["name"]: column["type"] for column in inspect(db.engine).get_columns("fairs")}
    return columns["name_en"].length


def test_a_later_migration_may_write_anew_what_others_point_to(own_database: APIFlask, tmp_path: Path) -> None:
    with own_database.app_context():
        make_ground("kept-fair", booths=3)
        booths = text("SELECT count(*) FROM booths JOIN fairs ON fairs.id = fair_id")
        db.session.remove()
        upgraded(tmp_path)
        assert length_of_names() == 700
        assert db.session.execute(booths).scalar_one() == 6
        if dialect() == "sqlite":
            assert db.session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
        db.session.remove()


def test_a_migration_that_leaves_orphans_changes_nothing(own_database: APIFlask, tmp_path: Path) -> None:
    with own_database.app_context():
        make_fair("kept-fair")
        db.session.remove()
        before = length_of_names()
        with pytest.raises((SystemExit, IntegrityError)):
            upgraded(tmp_path, more="op.execute('DELETE FROM fairs')")
        assert length_of_names() == before
        assert db.session.execute(text("SELECT code FROM fairs")).scalars().all() == ["kept-fair"]
        db.session.remove()


def test_a_database_of_an_unreleased_version_is_told_by_one_sentence(own_database: APIFlask, tmp_path: Path) -> None:
    with own_database.app_context():
        make_fair("kept-fair")
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '0010_reports_of_old'"))
        url = db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
    begun = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "INSTANCE_PATH": str(tmp_path / "instance")},
        capture_output=True,
        text=True,
    )
    said = begun.stderr.strip().splitlines()
    way_out = "move" if url.startswith("sqlite") else "DATABASE_URL"
    assert (begun.returncode, len(said), begun.stdout) == (1, 1, "")
    assert "another version of FairApp" in said[0] and "0010_reports_of_old" in said[0] and way_out in said[0]
    with own_database.app_context():
        assert db.session.execute(text("SELECT code FROM fairs")).scalars().all() == ["kept-fair"]
