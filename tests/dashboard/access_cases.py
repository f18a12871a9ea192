"""Who may open the home pages."""

from tests.access import Case

CASES = {
    "dashboard.home": Case("organiser verifier supervisor steward exhibitor viewer"),
    "dashboard.today": Case("organiser verifier supervisor"),
    "dashboard.live": Case("organiser verifier"),
    "dashboard.screen": Case("organiser verifier"),
    "dashboard.my_day": Case("exhibitor"),
}
