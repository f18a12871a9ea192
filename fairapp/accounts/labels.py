"""Names of roles and of the events of an account."""

from flask_babel import LazyString

from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.core.text.i18n import _l

ROLE_NAMES = {
    Role.ORGANISER: _l("Organiser"),
    Role.VERIFIER: _l("Verifier"),
    Role.SUPERVISOR: _l("Gate supervisor"),
    Role.STEWARD: _l("Steward"),
    Role.EXHIBITOR: _l("Exhibitor's team"),
    Role.VIEWER: _l("Government viewer"),
}

ROLE_TASKS = {
    Role.ORGANISER: _l("Runs the fair: settings, people, exhibitors, visitors, deals."),
    Role.VERIFIER: _l("Sees the evidence of deals and verifies them."),
    Role.SUPERVISOR: _l("Watches the gates and decides the cases stewards cannot."),
    Role.STEWARD: _l("Scans badges at a gate and registers walk-ins."),
    Role.EXHIBITOR: _l("Speaks for an exhibitor: booth, meetings, deals."),
    Role.VIEWER: _l("Reads what is published, changes nothing."),
}

ACCOUNT_EVENT_NAMES = {
    Event.USER_INVITED: _l("Invited"),
    Event.USER_JOINED: _l("Joined"),
    Event.USER_CHANGED: _l("Name or language changed"),
    Event.SIGNED_IN: _l("Signed in"),
    Event.SIGN_IN_FAILED: _l("A wrong password or code was tried"),
    Event.SIGNED_OUT: _l("Signed out"),
    Event.PASSWORD_CHANGED: _l("Password set"),
    Event.PASSWORD_RESET_ASKED: _l("A new password was asked for"),
    Event.SECOND_FACTOR_ADDED: _l("Second factor set up"),
    Event.SECOND_FACTOR_REMOVED: _l("Second factor removed"),
    Event.RECOVERY_CODE_USED: _l("A recovery code was used"),
    Event.RECOVERY_CODES_RENEWED: _l("New recovery codes made"),
}


def invitation_sentence(role: Role, *, fair: str, organisation: str) -> LazyString:
    """Return what an invitation asks of somebody, in one sentence."""
    sentences = {
        Role.ORGANISER: _l("You are invited to organise %(fair)s.", fair=fair),
        Role.VERIFIER: _l("You are invited to verify deals at %(fair)s.", fair=fair),
        Role.SUPERVISOR: _l("You are invited to supervise the gates of %(fair)s.", fair=fair),
        Role.STEWARD: _l("You are invited to scan badges at %(fair)s.", fair=fair),
        Role.VIEWER: _l("You are invited to read what %(fair)s publishes.", fair=fair),
        Role.EXHIBITOR: _l(
            "You are invited to speak for %(organisation)s at %(fair)s.", organisation=organisation, fair=fair
        ),
    }
    return sentences[role]
