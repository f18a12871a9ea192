"""Who may read the trail."""

from tests.access import Case

CASES = {"audit.trail": Case("organiser", status=200), "audit.export": Case("organiser")}
