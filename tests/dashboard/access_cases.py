"""Who may open the home pages."""

from tests.access import Case

CASES = {
    "dashboard.home": Case("organiser verifier supervisor steward exhibitor viewer"),
    "dashboard.today": Case("organiser verifier supervisor viewer"),
    "dashboard.live": Case("organiser verifier viewer"),
    "dashboard.screen": Case("organiser verifier viewer"),
    "dashboard.my_day": Case("exhibitor"),
}
