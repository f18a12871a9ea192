"""What an import did or would do: counted, kept as JSON, and written in the reader's language."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from fairapp.core.documents.spreadsheet import write_rows
from fairapp.core.text.i18n import _
from fairapp.exhibitors.imports.hall_names import HallName
from fairapp.exhibitors.imports.plan import Plan, RowOutcome, RowPlan
from fairapp.exhibitors.imports.rows import Problem

_NUMBERS = ("rows", "created", "updated", "unchanged", "refused", "new_booths", "hosts", "without_booth", "dry_run")


@dataclass
class ImportReport:
    """What an import did or would do; `row_results` name each row's outcome and problems."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    row_results: list[RowPlan] = field(default_factory=list)
    new_halls: list[HallName] = field(default_factory=list)
    new_booths: int = 0
    hosts: int = 0
    without_booth: int = 0
    dry_run: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """Return the five numbers that `flask exhibitors import` prints."""
        return {name: getattr(self, name) for name in ("rows", "created", "updated", "unchanged", "refused")}

    @property
    def with_problems(self) -> list[RowPlan]:
        """List the rows of which something was not taken."""
        return [row for row in self.row_results if any(not problem.is_note for problem in row.problems)]


def make_report(plan: Plan, dry_run: bool) -> ImportReport:
    """Return the report of a plan, with its counts."""
    report = ImportReport(
        rows=len(plan.rows), row_results=plan.rows, new_halls=plan.halls, new_booths=len(plan.booths), dry_run=dry_run
    )
    for row in plan.rows:
        setattr(report, row.outcome, getattr(report, row.outcome) + 1)
        new = row.outcome is RowOutcome.CREATED
        hosts = bool(row.values.get("is_host_only"))
        report.hosts += new and hosts
        report.without_booth += new and not hosts and not row.booths
    return report


# --- kept and read --------------------------------------------------------------------------------


def dump_report(report: ImportReport) -> bytes:
    """Return the report as JSON; texts are made when it is read."""
    rows = [
        [row.number, row.name, row.outcome, row.booths, [[problem.code, problem.words] for problem in row.problems]]
        for row in report.row_results
    ]
    numbers = {name: getattr(report, name) for name in _NUMBERS}
    halls = [[hall.code, hall.name_zh, hall.name_en] for hall in report.new_halls]
    return json.dumps({"numbers": numbers, "halls": halls, "row_results": rows}).encode()


def load_report(content: bytes) -> ImportReport:
    """Return the report that `dump_report` wrote."""
    data: dict[str, Any] = json.loads(content)
    rows = [
        RowPlan(number, name, RowOutcome(outcome), booths=booths, problems=[Problem(*problem) for problem in problems])
        for number, name, outcome, booths, problems in data["row_results"]
    ]
    return ImportReport(row_results=rows, new_halls=[HallName(*hall) for hall in data["halls"]], **data["numbers"])


# --- told -----------------------------------------------------------------------------------------


def outcome_word(outcome: RowOutcome, dry_run: bool = False) -> str:
    """Return the outcome of a row in the reader's language; with `dry_run` as what would happen."""
    labels: dict[RowOutcome, str] = {
        RowOutcome.CREATED: _("Created"),
        RowOutcome.UPDATED: _("Updated"),
        RowOutcome.UNCHANGED: _("Unchanged"),
        RowOutcome.REFUSED: _("Not taken"),
    }
    planned_labels: dict[RowOutcome, str] = {
        RowOutcome.CREATED: _("Will be created"),
        RowOutcome.UPDATED: _("Will be updated"),
        RowOutcome.UNCHANGED: _("Stays as it is"),
        RowOutcome.REFUSED: _("Will not be taken"),
    }
    return (planned_labels if dry_run else labels)[outcome]


def report_table(report: ImportReport) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows of the report as a file: each row of the list, its outcome, and why."""
    headings = [_("Row"), _("Company name"), _("Result"), _("New booths"), _("Problems")]
    rows = [
        [
            row.number,
            row.name,
            outcome_word(row.outcome, report.dry_run),
            ", ".join(row.booths),
            row.problem_text,
        ]
        for row in report.row_results
    ]
    return headings, rows


def write_report(target: str | Path | BinaryIO, report: ImportReport) -> None:
    """Write the report as an XLSX file."""
    headings, rows = report_table(report)
    write_rows(target, headings, rows, title=_("Import"))
