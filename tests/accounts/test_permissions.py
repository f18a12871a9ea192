"""Every role and every permission, written out: a change here is a decision."""

import pytest

from fairapp.accounts.permissions import NEEDS_SECOND_FACTOR, PERMISSIONS, Permission, Role

#                       organiser  verifier  supervisor  steward  exhibitor  viewer
TABLE = """
signed_in                  yes        yes       yes        yes       yes       yes
create_fairs               -          -         -          -         -         -
see_desk                   yes        yes       yes        -         -         -
see_figures                yes        yes       -          -         -         -
make_workbook              yes        -         -          -         -         -
see_publications           yes        yes       -          -         -         yes
prepare_publications       yes        -         -          -         -         -
approve_publications       yes        yes       -          -         -         -
manage_fair                yes        -         -          -         -         -
manage_people              yes        -         -          -         -         -
see_audit                  yes        -         -          -         -         -
take_audit_pack            yes        -         -          -         -         -
see_exhibitors             yes        yes       -          -         -         -
manage_exhibitors          yes        -         -          -         -         -
see_visitors               yes        -         -          -         -         -
manage_visitors            yes        -         -          -         -         -
register_walk_ins          yes        -         yes        yes       -         -
scan_badges                yes        -         yes        yes       -         -
hand_in_scans              yes        -         yes        yes       -         -
be_a_device                -          -         -          -         -         -
override_scans             yes        -         yes        -         -         -
see_gates                  yes        -         yes        -         -         -
watch_gates                yes        -         yes        -         -         -
run_gates                  yes        -         yes        -         -         -
see_meetings               yes        -         -          -         -         -
log_meetings               yes        -         -          -         yes       -
see_deals                  yes        yes       -          -         -         -
declare_deals              yes        -         -          -         yes       -
verify_deals               -          yes       -          -         -         -
release_rates              yes        yes       -          -         -         -
manage_deals               yes        -         -          -         -         -
own_booth                  -          -         -          -         yes       -
"""
ROLES = (Role.ORGANISER, Role.VERIFIER, Role.SUPERVISOR, Role.STEWARD, Role.EXHIBITOR, Role.VIEWER)
LINES = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    (role, Permission(name), cell == "yes") for name, *cells in LINES for role, cell in zip(ROLES, cells, strict=True)
]


@pytest.mark.parametrize(("role", "permission", "held"), CASES)
def test_a_role_holds_what_the_table_says(role: Role, permission: Permission, held: bool) -> None:
    assert (permission in PERMISSIONS[role]) is held


def test_the_table_is_complete() -> None:
    assert {name for name, *_ in LINES} == set(Permission)
    assert set(ROLES) == set(Role) == set(PERMISSIONS)


def test_who_declares_for_the_fair_does_not_verify() -> None:
    assert not any({Permission.VERIFY_DEALS, Permission.DECLARE_DEALS} <= held for held in PERMISSIONS.values())


def test_organisers_and_verifiers_need_a_second_factor() -> None:
    assert {Role.ORGANISER, Role.VERIFIER} == NEEDS_SECOND_FACTOR
