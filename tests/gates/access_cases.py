"""Who may open the gates' pages."""

from tests.access import Case

CASES = {
    "gates.scanner": Case("organiser supervisor steward"),
    "gates.overview": Case("organiser supervisor"),
    "gates.live": Case("organiser supervisor"),
    "gates.latest": Case("organiser supervisor"),
    "gates.scans": Case("organiser supervisor"),
    "gates.export": Case("organiser supervisor"),
    "gates.conflicts": Case("organiser supervisor"),
    "gates_api.record_scans": Case("organiser supervisor steward", data=lambda _side: {"scans": []}),
    "gates_api.gates": Case("organiser supervisor steward"),
    "gates_api.search": Case("organiser supervisor steward"),
}
