"""Laws of meetings: five-minute slots, at most eight hours, and which step follows which. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fairapp.exhibitors.companies.names import plain_name
from fairapp.meetings.models import MeetingStatus

SLOT = timedelta(minutes=5)
MAX_DURATION = timedelta(hours=8)
MAX_TABLE_LENGTH = 50  # letters of a place and a table in a slot
S = MeetingStatus
MOVES: dict[tuple[str, str], MeetingStatus] = {
    (S.ASKED, "confirm"): S.CONFIRMED,
    (S.ASKED, "hold"): S.HELD,
    (S.ASKED, "miss"): S.NO_SHOW,
    (S.ASKED, "cancel"): S.CANCELLED,
    (S.CONFIRMED, "hold"): S.HELD,
    (S.CONFIRMED, "miss"): S.NO_SHOW,
    (S.CONFIRMED, "cancel"): S.CANCELLED,
    (S.HELD, "reopen"): S.CONFIRMED,
    (S.NO_SHOW, "reopen"): S.CONFIRMED,
    (S.CANCELLED, "reopen"): S.ASKED,
}
VERBS = ("confirm", "hold", "miss", "cancel", "reopen")
# Who may take which step: an exhibitor never says yes for the side it asked.
MAY_TAKE: dict[str, frozenset[str]] = {
    "confirm": frozenset({"desk", "visitor"}),
    "hold": frozenset({"desk", "exhibitor"}),
    "miss": frozenset({"desk", "exhibitor"}),
    "cancel": frozenset({"desk", "exhibitor", "visitor"}),
    "reopen": frozenset({"desk", "exhibitor"}),
}
ASK_EXPIRES, ASK_CLOSES_BEFORE = timedelta(hours=48), timedelta(hours=2)
ASK_HOLDS_SLOT = timedelta(hours=24)  # of the asker; of the asked side it holds none
MAX_OPEN_ASKS_OF_PAIR, MAX_ASKS_A_DAY = 3, 20
TAKES_TIME = frozenset({S.ASKED, S.CONFIRMED, S.HELD})  # the others give their slots back
NEEDS_START = frozenset({S.HELD, S.NO_SHOW})  # said of a meeting only once it has begun


@dataclass(frozen=True)
class NewMeeting:
    """A meeting to be logged. The counterpart is a badge's holder (`visitor_id`), or named as written down."""

    exhibitor_id: UUID
    starts_at: datetime
    ends_at: datetime
    visitor_id: UUID | None = None
    badge_number: str = ""
    badge_read: bool = False
    host_id: UUID | None = None
    counterpart_name: str = ""
    counterpart_company: str = ""
    counterpart_country: str = ""
    place: str = ""
    table_code: str = ""
    topic: str = ""
    outcome: str = ""
    notes: str = ""
    status: str = MeetingStatus.ASKED
    absent: str = ""
    product_category_id: UUID | None = None


def status_after(status: str, verb: str) -> MeetingStatus | None:
    """Return the status a verb leads to; None when it is not possible."""
    return MOVES.get((status, verb))


def possible_verbs(status: str, *, side: str, has_begun: bool, is_settled: bool = False) -> list[str]:
    """Return what this side can do with a meeting of this status, in the order to offer it.

    What is known from more than one side (`is_settled`) is not taken back by a step.
    """
    possible = [(verb, MOVES.get((status, verb))) for verb in VERBS if side in MAY_TAKE[verb] and not is_settled]
    return [verb for verb, after in possible if after and (has_begun or after not in NEEDS_START)]


def is_on_grid(moment: datetime) -> bool:
    """Tell whether a moment is a full five minutes."""
    return moment.minute % 5 == 0 and moment.second == 0 and moment.microsecond == 0


def slots(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Return the five-minute slots a meeting takes; its end belongs to the next one."""
    return [starts_at + n * SLOT for n in range(-(-(ends_at - starts_at) // SLOT))]


def normalise_table_code(text: str) -> str:
    """Return one spelling of a table: `t 12`, `Ｔ-12` and `T12` are one; `1-11` and `11-1` are two."""
    plain = unicodedata.normalize("NFKC", text).upper()
    parts = re.split(r"(?<=\d)[\W_]+(?=\d)", plain)
    return "-".join("".join(letter for letter in part if letter.isalnum()) for part in parts)[:40]


def is_open_ask(status: str, asked_at: datetime, starts_at: datetime, now: datetime) -> bool:
    """Return whether an ask still waits: 48 hours, and at latest until two hours before the meeting."""
    return status == MeetingStatus.ASKED and now <= min(asked_at + ASK_EXPIRES, starts_at - ASK_CLOSES_BEFORE)


def busy_subjects(
    visitor_id: UUID | None, host_id: UUID | None, place: str, table: str, *, is_ask: bool = False
) -> list[str]:
    """Return who and what a meeting keeps busy; a table is one of its place. An ask keeps nobody busy who is asked."""
    candidates = [
        ("visitor", None if is_ask else visitor_id),
        ("host", host_id),
        ("table", table and _table_subject(place, table)),
    ]
    return [f"{kind}:{name}" for kind, name in candidates if name]


def _table_subject(place: str, table: str) -> str:
    subject = f"{plain_name(place)}|{table}"
    return subject if len(subject) <= MAX_TABLE_LENGTH else hashlib.sha256(subject.encode()).hexdigest()[:40]


def company_key(company: str, country: str) -> str:
    """Return one text for a company: its name, save for width, case, space and punctuation, in its country.

    '' for no name.
    """
    plain = plain_name(company)
    return f"{country}:{plain}" if plain else ""


def counterpart_key(
    *, exhibitor_id: UUID | None, company: str, country: str, visitor_id: UUID | None, name: str
) -> str:
    """Return what a counterpart is counted by: the exhibitor, else the company, else the person."""
    if exhibitor_id:
        return f"exhibitor {exhibitor_id}"
    if company_text := company_key(company, country):
        return f"company {company_text}"
    return f"person {visitor_id}" if visitor_id else f"named {country}:{plain_name(name) or name}"


def without_overlaps(meetings: Iterable[NewMeeting]) -> Iterator[NewMeeting]:
    """Yield those that fit beside the ones before them: nobody and no table twice at a time."""
    taken: set[tuple[str, datetime]] = set()
    for meeting in meetings:
        table = normalise_table_code(meeting.table_code)
        subjects = busy_subjects(
            meeting.visitor_id, meeting.host_id, meeting.place, table, is_ask=meeting.status == MeetingStatus.ASKED
        )
        wanted = {(subject, slot) for subject in subjects for slot in slots(meeting.starts_at, meeting.ends_at)}
        if meeting.status not in TAKES_TIME:
            yield meeting
        elif not wanted & taken:
            taken |= wanted
            yield meeting
