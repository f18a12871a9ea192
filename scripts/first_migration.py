"""Writes the first migration anew from the models: `make first-migration`, until release 0.2.0 freezes it.

Tables as alembic renders them into 0001_first.py, and what no model can say, the triggers, into 0001_first.sql beside it:
one section a dialect, one statement a paragraph. After the release a change of the schema is a migration of its own.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.types import TypeDecorator, TypeEngine

from fairapp.app import create_app
from fairapp.audit.models import append_only
from fairapp.core.data.db import Base

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "fairapp" / "migrations" / "0001_first.py"
TEMPLATE = '''"""The tables of FairApp and, in the SQL file beside this one, their triggers. Written by scripts/first_migration.py."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001_first"
down_revision = None

SECTION = "-- dialect: "


def triggers(dialect: str) -> list[str]:
    """The statements of one dialect's section, a paragraph each."""
    sections = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(SECTION)[1:]
    (body,) = [section.partition("\\n")[2] for section in sections if section.startswith(f"{dialect}\\n")]
    return [statement.strip() for statement in body.split("\\n\\n") if statement.strip()]


def upgrade() -> None:
    <tables>
    for statement in triggers(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    raise RuntimeError("nothing comes before the first migration: take a new database")
'''


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """Our own column types by what the database keeps of them, so that a migration outlives the class."""
    if kind == "type" and isinstance(item, TypeDecorator):
        inner: TypeEngine[Any] = item.impl_instance
        return f"sa.{inner!r}"
    return False


def tables() -> str:
    """The operations that make every table of the models."""
    with create_engine("sqlite://").connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_item": render_item})
        operations = produce_migrations(context, Base.metadata).upgrade_ops
        assert operations is not None
        return render_python_code(operations, render_item=render_item, migration_context=context)


def trigger_sections() -> str:
    """Every append-only table's triggers, by dialect."""
    names = [table.name for table in Base.metadata.sorted_tables if table.info.get("append_only")]
    statements: dict[str, list[str]] = {}
    for name in names:
        for dialect, texts in append_only(name).items():
            statements.setdefault(dialect, []).extend(texts)
    sections = [f"-- dialect: {dialect}\n" + "\n\n".join(texts) for dialect, texts in statements.items()]
    return "\n\n".join(sections) + "\n"


def main() -> int:
    create_app()
    TARGET.write_text(TEMPLATE.replace("<tables>", tables().strip()), encoding="utf-8")
    TARGET.with_suffix(".sql").write_text(trigger_sections(), encoding="utf-8")
    for step in (("check", "--fix-only", "--quiet"), ("format", "--quiet")):
        subprocess.run([sys.executable, "-m", "ruff", *step, str(TARGET)], cwd=ROOT, check=True)
    print(f"{TARGET.relative_to(ROOT)}: {len(Base.metadata.tables)} tables")
    return 0


if __name__ == "__main__":
    sys.exit(main())
