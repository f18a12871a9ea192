"""The parts of a sheet of the government workbook, before anything knows about Excel."""

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["text", "count", "money", "rate", "percent", "moment", "day"]


@dataclass(frozen=True)
class Words:
    """The same words in Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} {self.en}".strip()


@dataclass(frozen=True)
class Column:
    """A column: its heading, what its cells hold, whether the last row adds it up, its width in characters.

    Cells of kind `money` are Decimals in whole units; `percent` is a fraction of one.
    """

    heading: Words
    kind: Kind = "text"
    adds_up: bool = False
    width: int = 16


@dataclass(frozen=True)
class Formula:
    """A live formula: `{first}` and `{last}` stand for the rows of the table, `{row}` for its own row."""

    text: str


@dataclass(frozen=True)
class ContentHash:
    """The hash over every cell of the workbook, on its cover; the writer fills it in last."""


@dataclass(frozen=True)
class Share:
    """The row's part of the sum of another column (from 0): a live formula in the file, a number on a page."""

    column: int


@dataclass
class Table:
    """Rows under headings. `key` names its cells for the checks of other sheets. `bulk`: rows may be many
    thousands, anything with a length that can be read more than once; they are written without openpyxl's cells."""

    columns: tuple[Column, ...]
    rows: list[tuple[Any, ...]]
    title: Words | None = None
    key: str = ""
    total: bool = False
    note: Words | None = None
    bulk: bool = False


@dataclass(frozen=True)
class Chart:
    """A picture of the sheet's table number `table`: names from one column, figures from others (from 0)."""

    kind: Literal["bar", "line", "pie"]
    title: Words
    names: int
    figures: tuple[int, ...]
    table: int = 0
    first_rows: int = 20


@dataclass
class Sheet:
    """One sheet with its definition; `number` is its place in the workbook's plan."""

    number: int
    title: Words
    definition: Words
    tables: list[Table]
    charts: list[Chart] = field(default_factory=list)

    @property
    def tab(self) -> str:
        """The name on the sheet's tab: at most 31 characters, as Excel demands."""
        return f"{self.number} {self.title}"[:31].strip()


@dataclass(frozen=True)
class Stamp:
    """The marks that every sheet carries: which fair, cut off when, which publication, up to which ledger entry."""

    fair: Words
    as_of: str
    profile: str
    publication: Words
    ledger_entries: int
    ledger_head: str
    ledger_root: str = ""
