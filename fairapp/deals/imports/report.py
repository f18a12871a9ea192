"""What an import of deals did or would do: counted, kept as data, and told in the reader's language."""

import enum
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from fairapp.core.documents.spreadsheet import write_rows
from fairapp.core.text.i18n import _
from fairapp.deals.imports.rows import Problem
from fairapp.deals.imports.rules import RowAmount
from fairapp.deals.labels.deal import HOLDS

TWO_READINGS = "two_readings"


class RowOutcome(enum.StrEnum):
    """The result of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class RowResult:
    """The result of a row with its problems; `deal` is the number of its deal."""

    number: int
    name: str
    outcome: RowOutcome
    problems: list[Problem] = field(default_factory=list)
    deal: int | None = None
    amount: RowAmount | None = None

    @property
    def problem_text(self) -> str:
        """Return the row's problems in words."""
        return " ".join(_problem_text(problem) for problem in self.problems)


@dataclass(frozen=True)
class DealImport:
    """The rows of a list and the result, done or planned, of each."""

    results: list[RowResult] = field(default_factory=list)
    dry_run: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """Return the five numbers that `flask deals import` prints."""
        return {"rows": len(self.results)} | {str(outcome): self._count(outcome) for outcome in RowOutcome}

    @property
    def held(self) -> int:
        return sum(any(problem.code == "held" for problem in row.problems) for row in self.results)

    @property
    def holds(self) -> Counter[str]:
        """Count the deals that are or would be held, by the reason."""
        return Counter(
            str(problem.words["hold"]) for row in self.results for problem in row.problems if problem.code == "held"
        )

    @property
    def open_amounts(self) -> list[RowResult]:
        """List the rows whose numbers can be read in two ways as long as nobody says how the list writes them."""
        return [
            row for row in self.results if any(problem.words.get("why") == TWO_READINGS for problem in row.problems)
        ]

    @property
    def without_currency(self) -> list[RowResult]:
        return [row for row in self.results if any(problem.code == "no_currency" for problem in row.problems)]

    @property
    def amounts(self) -> list[RowAmount]:
        """List the amounts as they were read, also of rows that are refused for something else."""
        return [row.amount for row in self.results if row.amount]

    @property
    def with_problems(self) -> list[RowResult]:
        return [row for row in self.results if row.problems]

    def _count(self, outcome: RowOutcome) -> int:
        return sum(row.outcome is outcome for row in self.results)


def _problem_text(problem: Problem) -> str:
    if problem.code == "held":
        return str(Problem("held", {"hold": str(HOLDS[problem.words["hold"]])}))
    return str(problem)


def dump_report(report: DealImport) -> bytes:
    """Return the report as JSON; texts are made when it is read."""
    rows = [
        [row.number, row.name, row.outcome, [[problem.code, problem.words] for problem in row.problems], row.deal]
        for row in report.results
    ]
    return json.dumps({"dry_run": report.dry_run, "results": rows}).encode()


def load_report(content: bytes) -> DealImport:
    """Return the report that `dump_report` made."""
    data: dict[str, Any] = json.loads(content)
    rows = [
        RowResult(number, name, RowOutcome(outcome), [Problem(*problem) for problem in problems], deal)
        for number, name, outcome, problems, deal in data["results"]
    ]
    return DealImport(rows, data["dry_run"])


def outcome_word(outcome: RowOutcome, dry_run: bool = False) -> str:
    """Return what became of a row, or would, for people."""
    done = {
        RowOutcome.CREATED: _("Declared"),
        RowOutcome.UPDATED: _("Corrected"),
        RowOutcome.UNCHANGED: _("Unchanged"),
        RowOutcome.REFUSED: _("Not taken"),
    }
    planned = {
        RowOutcome.CREATED: _("Will be declared"),
        RowOutcome.UPDATED: _("Will be corrected"),
        RowOutcome.UNCHANGED: _("Stays as it is"),
        RowOutcome.REFUSED: _("Will not be taken"),
    }
    return str((planned if dry_run else done)[outcome])


def report_table(report: DealImport) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows of the report as a file: each row of the list, what became of it, and why."""
    headings = [_("Row"), _("Deal"), _("Deal number"), _("Result"), _("Why")]
    rows: list[list[Any]] = [
        [
            row.number,
            row.name,
            f"D-{row.deal}" if row.deal else "",
            outcome_word(row.outcome, report.dry_run),
            row.problem_text,
        ]
        for row in report.results
    ]
    return headings, rows


def write_report(target: str | Path | BinaryIO, report: DealImport) -> None:
    """Write the report as an XLSX file."""
    write_rows(target, *report_table(report), title="Report")
