"""SQL that a lane waits for, in the two forms the rooms use: rows by many keys of a fair, and rows into several tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select

from fairapp.core.data.compiled_sql import CompiledStatement, combine_inserts, for_each, list_parameter

Row = Any
RowsByTable = Mapping[str, Sequence[Mapping[str, Any]]]


class Lookup(CompiledStatement):
    """The rows of a query (with the parameter `fair_id`) for each of many values of a column."""

    def __init__(self, query: Select[Any], column: ColumnElement[Any]) -> None:
        super().__init__(lambda dialect: for_each(query, column, dialect))

    def ask(
        self, connection: Connection, fair_id: int, values: Iterable[UUID] | Iterable[bytes]
    ) -> Callable[[], list[Row]]:
        """Ask for the rows of these values; return a call that reads them."""
        wanted = list(values)
        if not wanted:
            return list
        return self.send(connection, fair_id=fair_id, values=list_parameter(wanted, connection.dialect.name))

    def find(self, connection: Connection, fair_id: int, values: Iterable[UUID] | Iterable[bytes]) -> list[Row]:
        """Return the rows of these values."""
        return self.ask(connection, fair_id, values)()


class TableInserts:
    """Rows into several tables; PostgreSQL takes them in one statement, which costs less than several."""

    def __init__(self, by_table: Mapping[str, CompiledStatement]) -> None:
        self.by_table = by_table
        inserts = list(by_table.values())
        self.combined = CompiledStatement(lambda dialect: combine_inserts([one.build(dialect) for one in inserts]))

    def execute(self, connection: Connection, rows: RowsByTable) -> None:
        """Insert rows, by the name of their table."""
        filled = {name: some for name, some in rows.items() if some}
        if len(filled) > 1 and connection.dialect.name == "postgresql":
            self.combined.execute_many(connection, [{name: filled.get(name, []) for name in self.by_table}])
            return
        for name, some in filled.items():
            self.by_table[name].execute_many(connection, some)
