"""Which page is whose first."""

import pytest

from fairapp.accounts.permissions import PERMISSIONS, Role
from fairapp.dashboard.rules import first_page

FIRST = {
    Role.ORGANISER: "dashboard.today",
    Role.VERIFIER: "dashboard.today",
    Role.SUPERVISOR: "dashboard.today",
    Role.VIEWER: "reports.publications",
    Role.STEWARD: "gates.scanner",
    Role.EXHIBITOR: "dashboard.my_day",
}


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_own_first_page(role: Role) -> None:
    assert first_page(PERMISSIONS[role]) == FIRST[role]


def test_who_has_no_role_has_no_first_page() -> None:
    assert first_page({"signed_in"}) is None


def test_who_has_two_roles_starts_at_the_desk() -> None:
    assert first_page(PERMISSIONS[Role.STEWARD] | PERMISSIONS[Role.ORGANISER]) == "dashboard.today"
