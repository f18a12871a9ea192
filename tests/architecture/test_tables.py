"""The fair is in every key, and the tables are what the models say."""

import itertools
from importlib import import_module

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from apiflask import APIFlask
from sqlalchemy import Connection, Table, UniqueConstraint, create_engine, inspect, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from fairapp.app import FEATURES, declaring_modules
from fairapp.core.data.db import Base, FairScoped, db
from tests.postgres import Server

for name in (name for feature in FEATURES for name in declaring_modules(feature)):
    import_module(name)
MODELS = {mapper.local_table.name: mapper for mapper in Base.registry.mappers if issubclass(mapper.class_, FairScoped)}
WITH_FAIR = [MODELS[name].local_table for name in sorted(MODELS)]


@pytest.fixture(scope="module")
def scripts(program: APIFlask) -> ScriptDirectory:
    with program.app_context():
        return ScriptDirectory.from_config(program.extensions["migrate"].migrate.get_config())


def test_migrations_are_one_line(scripts: ScriptDirectory) -> None:
    assert len(scripts.get_heads()) == 1


def test_a_migration_is_named_as_its_file(scripts: ScriptDirectory) -> None:
    from pathlib import Path

    files = {revision.revision: Path(revision.path).stem for revision in scripts.walk_revisions()}
    assert files == {name: name for name in files}


def test_migrations_make_the_tables_of_the_models(program: APIFlask) -> None:
    with program.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_migrations_make_the_constraints_of_the_models(program: APIFlask, tmp_path, request) -> None:
    with program.app_context(), db.engine.connect() as connection:
        migrated = constraint_names(connection)
        if connection.dialect.name == "sqlite":
            engine = create_engine(f"sqlite:///{tmp_path / 'models.db'}", module=connection.dialect.dbapi)
        else:
            engine = empty_postgres(request.getfixturevalue("postgres"), "models")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        declared = constraint_names(connection)
    engine.dispose()
    assert (declared - migrated, migrated - declared) == (set(), set())


def constraint_names(connection: Connection) -> set[tuple[str, str]]:
    """Names of checks, unique constraints, indexes and triggers."""
    inspector = inspect(connection)
    found = set()
    for table in set(inspector.get_table_names()) - {"alembic_version"}:
        found |= {(table, str(check["name"])) for check in inspector.get_check_constraints(table)}
        found |= {(table, str(unique["name"])) for unique in inspector.get_unique_constraints(table)}
        found |= {(table, str(index["name"])) for index in inspector.get_indexes(table)}
    if connection.dialect.name == "sqlite":
        triggers = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    else:
        triggers = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
    return found | {(table, name) for table, name in connection.execute(text(triggers))}


@pytest.mark.parametrize("table", WITH_FAIR, ids=lambda table: table.name)
def test_the_fair_is_first_in_every_key(table: Table) -> None:
    assert [column.name for column in table.primary_key][:2] == ["fair_id", "id"]
    uniques = [index for index in table.indexes if index.unique]
    uniques += [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    assert [unique.name for unique in uniques if "fair_id" not in {column.name for column in unique.columns}] == []


@pytest.mark.parametrize("table", WITH_FAIR, ids=lambda table: table.name)
def test_a_key_to_a_fair_table_is_always_the_pair(table: Table) -> None:
    loose = [
        key.name
        for key in table.foreign_key_constraints
        if key.referred_table in WITH_FAIR
        and ("fair_id", "fair_id") not in {(e.parent.name, e.column.name) for e in key.elements}
    ]
    assert loose == []


def test_every_fair_table_can_be_split_by_fair(postgres: Server) -> None:
    engine = empty_postgres(postgres, "split")
    dialect = postgresql.dialect()
    with engine.begin() as connection:
        for table in Base.metadata.sorted_tables:
            statement = str(CreateTable(table).compile(dialect=dialect)).rstrip()
            split = table in WITH_FAIR
            connection.exec_driver_sql(statement + (" PARTITION BY HASH (fair_id)" if split else ""))
            for part in range(2 if split else 0):
                bounds = f"FOR VALUES WITH (MODULUS 2, REMAINDER {part})"
                connection.exec_driver_sql(f"CREATE TABLE {table.name}_{part} PARTITION OF {table.name} {bounds}")
            for index in table.indexes:
                connection.exec_driver_sql(str(CreateIndex(index).compile(dialect=dialect)))
        parted = connection.execute(text("SELECT count(*) FROM pg_partitioned_table")).scalar()
    engine.dispose()
    assert parted == len(WITH_FAIR)


_names = itertools.count()


def empty_postgres(server: Server, name: str):
    database = f"{name}_{next(_names)}"
    control = create_engine(server.url(), isolation_level="AUTOCOMMIT")
    with control.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {database} TEMPLATE template0"))
    control.dispose()
    return create_engine(server.url(database))
