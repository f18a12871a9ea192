"""Laws of meetings: five-minute slots, at most eight hours, and which step follows which."""

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
LONGEST = timedelta(hours=8)
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
TAKES_TIME = frozenset({S.ASKED, S.CONFIRMED, S.HELD})  # the others give their slots back
NEEDS_START = frozenset({S.HELD, S.NO_SHOW})  # said of a meeting only once it has begun


@dataclass(frozen=True)
class NewMeeting:
    """A meeting to be logged. The counterpart is a badge's holder (`visitor_id`), or named as told."""

    exhibitor_id: UUID
    starts_at: datetime
    ends_at: datetime
    visitor_id: UUID | None = None
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
    product_category_id: UUID | None = None


def status_after(status: str, verb: str) -> MeetingStatus | None:
    """The status a verb leads to; None when it is not possible."""
    return MOVES.get((status, verb))


def verbs_for(status: str, *, begun: bool) -> list[str]:
    """What can be done with a meeting of this status, in the order to offer it."""
    possible = [(verb, MOVES.get((status, verb))) for verb in VERBS]
    return [verb for verb, after in possible if after and (begun or after not in NEEDS_START)]


def on_the_grid(moment: datetime) -> bool:
    """Whether a moment is a full five minutes."""
    return moment.minute % 5 == 0 and moment.second == 0 and moment.microsecond == 0


def slots(starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """The five-minute slots a meeting takes; its end belongs to the next one."""
    return [starts_at + n * SLOT for n in range(-(-(ends_at - starts_at) // SLOT))]


def table_code(text: str) -> str:
    """One spelling of a table: `t 12`, `Ｔ-12` and `T12` are one; `1-11` and `11-1` are two."""
    plain = unicodedata.normalize("NFKC", text).upper()
    parts = re.split(r"(?<=\d)[\W_]+(?=\d)", plain)
    return "-".join("".join(letter for letter in part if letter.isalnum()) for part in parts)[:40]


def subjects(visitor_id: UUID | None, host_id: UUID | None, place: str, table: str) -> list[str]:
    """Who and what a meeting keeps busy; a table is one of its place."""
    found = [("visitor", visitor_id), ("host", host_id), ("table", table and _table_at(place, table))]
    return [f"{kind}:{name}" for kind, name in found if name]


def _table_at(place: str, table: str) -> str:
    known = f"{plain_name(place)}|{table}"
    return known if len(known) <= MAX_TABLE_LENGTH else hashlib.sha256(known.encode()).hexdigest()[:40]


def company_text(company: str, country: str) -> str:
    """One company: its name, save for width, case, space and punctuation, in its country or region; '' for no name."""
    plain = plain_name(company)
    return f"{country}:{plain}" if plain else ""


def counterpart_text(
    *, exhibitor_id: UUID | None, company: str, country: str, visitor_id: UUID | None, name: str
) -> str:
    """What a counterpart is counted by: the exhibitor or else the company; where neither is known, the person."""
    if exhibitor_id:
        return f"exhibitor {exhibitor_id}"
    if known := company_text(company, country):
        return f"company {known}"
    return f"person {visitor_id}" if visitor_id else f"named {country}:{plain_name(name) or name}"


def without_overlaps(meetings: Iterable[NewMeeting]) -> Iterator[NewMeeting]:
    """Those that fit beside the ones before them: nobody and no table twice at a time."""
    taken: set[tuple[str, datetime]] = set()
    for meeting in meetings:
        busy = subjects(meeting.visitor_id, meeting.host_id, meeting.place, table_code(meeting.table_code))
        wanted = {(subject, slot) for subject in busy for slot in slots(meeting.starts_at, meeting.ends_at)}
        if meeting.status not in TAKES_TIME:
            yield meeting
        elif not wanted & taken:
            taken |= wanted
            yield meeting
