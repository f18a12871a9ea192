"""Rules of the home pages: who is sent to which first page, and who decides anything. Pure."""

from collections.abc import Collection

from fairapp.accounts.permissions import Permission as P

# In this order: who sits at the desk works there, also when they may scan.
FIRST_PAGES: tuple[tuple[P, str], ...] = (
    (P.SEE_DESK, "dashboard.today"),
    (P.OWN_BOOTH, "dashboard.my_day"),
    (P.SCAN_BADGES, "gates.scanner"),
    (P.SEE_PUBLICATIONS, "reports.publications"),
)


def first_page(permissions: Collection[str]) -> str | None:
    """Return the endpoint a person is sent to after signing in; None for who has no role in the fair."""
    return next((endpoint for permission, endpoint in FIRST_PAGES if permission in permissions), None)


DECIDING_PERMISSIONS = frozenset({P.MANAGE_EXHIBITORS, P.MANAGE_DEALS, P.VERIFY_DEALS, P.SEE_GATES, P.OWN_BOOTH})


def can_decide(permissions: Collection[str]) -> bool:
    """Tell whether anything can wait for this person: a reader of figures is not told that nothing does."""
    return any(permission in DECIDING_PERMISSIONS for permission in permissions)
