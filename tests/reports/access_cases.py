"""Who may open the reports: aggregates, for those who see figures."""

from tests.access import Case

READERS = "organiser verifier viewer"
CASES = {
    "reports.reports": Case(READERS),
    "reports.sheet": Case(READERS, fixed={"number": 10}),
    "reports.workbook": Case("organiser viewer"),
}
