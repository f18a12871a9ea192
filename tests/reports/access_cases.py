"""Who may open the reports: aggregates, for those who see figures."""

from tests.access import Case

READERS = "organiser verifier"
CASES = {
    "reports.reports": Case(READERS),
    "reports.sheet": Case(READERS, fixed={"number": 10}),
    "reports.workbook": Case("organiser"),
    "reports.profiles": Case("organiser verifier"),
    "reports.recount": Case("organiser verifier"),
    "reports.audit_pack": Case("organiser"),
    "reports.settings": Case("organiser"),
    "reports.country_groups": Case("organiser"),
    "reports.country_group": Case("organiser", fixed={"key": "asean"}),
    "reports.restore_country_group": Case("organiser", fixed={"key": "asean"}),
    "reports.country_names": Case("organiser"),
    "reports.last_edition_figures": Case("organiser"),
    "reports.import_last_edition": Case("organiser"),
}
