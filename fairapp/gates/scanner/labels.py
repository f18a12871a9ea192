"""The words that static/scanner/ says, in the reader's language."""

from typing import Any

from fairapp.core.text.i18n import _
from fairapp.gates.labels import DECISIONS, DIRECTIONS, GOODBYE, REASONS


def scanner_words() -> dict[str, Any]:
    """Return the words by name; `{n}`, `{time}`, `{in}` and `{out}` are filled in on the page."""
    return {
        **_answers(),
        **_connection(),
        "camera": {
            "denied": _("The camera is not allowed. Allow it in the browser's settings, or use a hand scanner."),
            "none": _("There is no camera here. Use a hand scanner or find the person."),
            "decoder": _("The camera reader did not start. Load the page anew, or use a hand scanner."),
        },
        "directions": {value: str(word) for value, word in DIRECTIONS.items()},
        "labels": {decision.value: str(word) for decision, word in DECISIONS.items()},
        "reasons": {decision.value: str(word) for decision, word in REASONS.items()},
    }


def _answers() -> dict[str, Any]:
    return {
        "in": _("Come in"),
        "out": _("Goodbye"),
        "goodbye": str(GOODBYE),
        "waiting": _("Waiting for the answer …"),
        "no_answer": _("No answer"),
        "no_answer_reason": _(
            "The server did not answer. The scan is kept and will be sent. Look at the badge before you decide."
        ),
        "not_kept_reason": _(
            "The server did not answer, and this browser cannot keep the scan. Look at the badge before you decide, and write down its number."
        ),
        "badge_as_reason": _("That was a badge, not a reason. Type or choose the reason."),
        "by_device": _("Decided by this phone · list of {time}"),
        "escort": _("Escorted guest: call the escort and wait together"),
        "refused": _("Not accepted"),
        "refused_reason": _("The server did not take this scan. Load the page anew."),
        "signed_out": _("You are signed out. Sign in again; what was scanned is kept."),
        "overridden": _("Admitted by a supervisor. The reason is kept."),
        "no_name": _("No name"),
        "nobody": _("Nobody found. Try another spelling, or send the person to the registration desk."),
        "no_search": _(
            "Finding people needs the connection. Ask for the badge, or send the person to the registration desk."
        ),
        "of": _("of {n}"),
        "here": _("{in} in, {out} out today"),
        "levels": {
            "80": _("80% of the approved number is inside"),
            "90": _("90% of the approved number is inside"),
            "100": _("The approved number is inside"),
        },
    }


def _connection() -> dict[str, str]:
    return {
        "online": _("Connected"),
        "offline": _("No connection"),
        "device_mode": _("No connection: this phone decides · list of {time}, {n} min old"),
        "unknown_device": _("The server does not know this phone any more. Let the control desk set it up again."),
        "no_storage": _("This browser keeps nothing, so scans would be lost. Open the page in an ordinary window."),
        "waiting_scans": _("waiting to be sent: {n}"),
        "refused_scans": _("not taken by the server: {n}. Call a supervisor"),
        "handing_in": _("Being handed in: {n} …"),
        "ready_offline": _("Ready to work without the network · list of {time} · {n} names"),
        "getting_ready": _("Getting ready for work without the network … {n} names"),
        "bad_pin": _("A PIN has 4 to 8 digits."),
        "wrong_pin": _("That is not the PIN. After several wrong ones you must wait."),
        "dead_link": _("This set-up link was used already or has run out. Ask the control desk for a new one."),
        "no_set_up_code": _("This is no set-up link. Scan the code that the control desk shows."),
        "no_answer_enrol": _("The server did not answer. Setting up needs the network once; try again."),
        "enrol_again": _("This phone is a gate already. Setting it up anew replaces that."),
        "hand_in_first": _("This phone still has scans to send. Open the gate with the network first."),
    }


def override_reasons() -> list[str]:
    """List what a supervisor may pick from; any other reason can be typed."""
    return [
        _("Left without an exit scan"),
        _("Guest of honour, escorted"),
        _("Badge damaged, identity checked"),
        _("Emergency or first aid"),
    ]
