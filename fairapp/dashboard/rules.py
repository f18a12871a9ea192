"""Which page is whose first."""

from collections.abc import Collection

from fairapp.accounts.permissions import Permission as P

# In this order: who sits at the desk works there, also when they may scan.
FIRST_PAGES: tuple[tuple[P, str], ...] = (
    (P.SEE_DESK, "dashboard.today"),
    (P.OWN_BOOTH, "dashboard.my_day"),
    (P.SCAN_BADGES, "gates.gate"),
)


def first_page(permissions: Collection[str]) -> str | None:
    """The endpoint a person is sent to after signing in; None for who has no role in the fair."""
    return next((endpoint for permission, endpoint in FIRST_PAGES if permission in permissions), None)
