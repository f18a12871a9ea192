"""One catalogue of roles and of what each may do in a fair."""

from enum import StrEnum


class Role(StrEnum):
    ORGANISER = "organiser"
    VERIFIER = "verifier"
    SUPERVISOR = "supervisor"
    STEWARD = "steward"
    EXHIBITOR = "exhibitor"
    VIEWER = "viewer"


class Permission(StrEnum):
    SIGNED_IN = "signed_in"  # any account, in or out of a fair
    CREATE_FAIRS = "create_fairs"  # held by an account, not by a role
    SEE_DESK = "see_desk"
    SEE_FIGURES = "see_figures"
    MAKE_WORKBOOK = "make_workbook"
    TAKE_AUDIT_PACK = "take_audit_pack"  # who came, scan by scan: for the auditor
    SEE_PUBLICATIONS = "see_publications"
    PREPARE_PUBLICATIONS = "prepare_publications"
    APPROVE_PUBLICATIONS = "approve_publications"  # whoever prepared one cannot approve it
    MANAGE_FAIR = "manage_fair"
    MANAGE_PEOPLE = "manage_people"
    SEE_AUDIT = "see_audit"
    SEE_EXHIBITORS = "see_exhibitors"
    MANAGE_EXHIBITORS = "manage_exhibitors"
    SEE_VISITORS = "see_visitors"
    MANAGE_VISITORS = "manage_visitors"
    REGISTER_WALK_INS = "register_walk_ins"
    SCAN_BADGES = "scan_badges"
    HAND_IN_SCANS = "hand_in_scans"  # a revoked device may still do so for a day
    BE_A_DEVICE = "be_a_device"  # held by no role: the list a lane needs goes to devices alone
    OVERRIDE_SCANS = "override_scans"
    RUN_GATES = "run_gates"  # devices, contradictions, corrections, clicker counts
    WATCH_GATES = "watch_gates"  # the live figures: by a ticket that everyone at the desk holds
    SEE_GATES = "see_gates"
    SEE_MEETINGS = "see_meetings"
    LOG_MEETINGS = "log_meetings"
    SEE_DEALS = "see_deals"
    DECLARE_DEALS = "declare_deals"
    VERIFY_DEALS = "verify_deals"
    MANAGE_DEALS = "manage_deals"  # screen, hold, release, void, prepare rates
    RELEASE_RATES = "release_rates"  # whoever prepared one cannot release it
    OWN_BOOTH = "own_booth"  # the pages of an exhibitor's own team


P = Permission
# A second person's word: never a machine's, and nobody's whose role still waits for a second person.
SECOND_PERSON = frozenset({P.VERIFY_DEALS, P.APPROVE_PUBLICATIONS, P.RELEASE_RATES})
_VIEWER = {P.SIGNED_IN, P.SEE_PUBLICATIONS}  # the authorities: what is published and nothing else
_STEWARD = {P.SIGNED_IN, P.SCAN_BADGES, P.HAND_IN_SCANS, P.REGISTER_WALK_INS}
_SUPERVISOR = _STEWARD | {P.OVERRIDE_SCANS, P.SEE_GATES, P.WATCH_GATES, P.RUN_GATES, P.SEE_DESK}
_VERIFIER = {P.SIGNED_IN, P.SEE_DESK, P.SEE_FIGURES, P.SEE_DEALS, P.VERIFY_DEALS, P.SEE_EXHIBITORS, P.RELEASE_RATES}
_VERIFIER |= {P.SEE_PUBLICATIONS, P.APPROVE_PUBLICATIONS}
_EXHIBITOR = {P.SIGNED_IN, P.OWN_BOOTH, P.LOG_MEETINGS, P.DECLARE_DEALS}
_ORGANISER = set(Permission) - {P.CREATE_FAIRS, P.OWN_BOOTH, P.VERIFY_DEALS, P.BE_A_DEVICE}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ORGANISER: frozenset(_ORGANISER),
    Role.VERIFIER: frozenset(_VERIFIER),
    Role.SUPERVISOR: frozenset(_SUPERVISOR),
    Role.STEWARD: frozenset(_STEWARD),
    Role.EXHIBITOR: frozenset(_EXHIBITOR),
    Role.VIEWER: frozenset(_VIEWER),
}

# Who holds one of these may verify or approve, so the role is released by a second person.
NEEDS_RELEASE = frozenset(role for role, held in PERMISSIONS.items() if held & SECOND_PERSON)

# Outside the demo these hold too much to be guarded by a password alone.
NEEDS_SECOND_FACTOR = frozenset({Role.ORGANISER, Role.VERIFIER})
