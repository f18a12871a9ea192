"""What happened at the gates: every scan as it was, who is inside, and counts kept beside the scans."""

import enum
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, synonym

from fairapp.audit.models import guard_append_only
from fairapp.core.data import clock
from fairapp.core.data.db import FairScoped, fair_foreign_key, partial_unique_index

WHOLE_FAIR = UUID(int=0)  # stands where a zone could stand
AGAINST_RULE = text("decision <> 'admitted' AND decision <> 're_entry'")


class Direction(enum.StrEnum):
    ENTRY = "entry"
    EXIT = "exit"


class Decision(enum.StrEnum):
    """What the rule said at the gate; gates.labels gives the words."""

    ADMITTED = "admitted"
    RE_ENTRY = "re_entry"
    ALREADY_INSIDE = "already_inside"
    WRONG_DAY = "wrong_day"
    WRONG_ZONE = "wrong_zone"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    BAD_SIGNATURE = "bad_signature"
    NOT_OPEN = "not_open"
    CAPACITY = "capacity"
    BLOCKED = "blocked"


class Method(enum.StrEnum):
    """How the badge was read."""

    CAMERA = "camera"
    SCANNER = "scanner"
    SEARCH = "search"
    IMPORT = "import"
    DESK = "desk"  # a correction by a person at the desk, not a badge that was read


class Reason(enum.StrEnum):
    """Why a scan contradicts; a decision code of the rule otherwise."""

    DEVICE_REVOKED = "device_revoked"  # handed in by a device after it was revoked
    NO_SUPERVISOR = "no_supervisor"  # against the rule, by somebody who may not
    BEFORE_BADGE = "before_badge"  # older than the first badge of its person: it counts nowhere
    NOT_HEARD = "not_heard"  # the server had answered; the device did not hear it and decided otherwise


class Scan(FairScoped):
    """One badge at one door. The id is the one the device gave, so a scan sent twice is one scan.

    `at` is the device's time corrected by `offset_ms` (server minus device); `local_day` and `minute`
    (of the day) are `at` on the fair's clock. `decision` is what the rule said; with an
    `override_reason` a supervisor admitted all the same. `outer`: the gate leads into the fair itself.

    A lane without a connection decides by itself: then `decision` is the device's, which is a fact,
    and `rule_decision` what the rule said when the scan arrived (empty: the server decided). A code
    without a person behind it keeps the server's decision whatever the device said: there is nobody
    to count. `counter` is the device's own running number, `list_version` the list it went by.
    """

    __tablename__ = "scans"

    badge_id: Mapped[UUID | None]
    visitor_id: Mapped[UUID | None]
    gate_id: Mapped[UUID]
    zone_id: Mapped[UUID | None]
    device_id: Mapped[UUID | None]
    operator_id: Mapped[UUID | None]
    direction: Mapped[str] = mapped_column(String(5))
    method: Mapped[str] = mapped_column(String(7), default=Method.SCANNER)
    decision: Mapped[str] = mapped_column(String(14))
    admitted: Mapped[bool]
    outer: Mapped[bool]
    in_hours: Mapped[bool]
    at: Mapped[datetime]
    device_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    offset_ms: Mapped[int] = mapped_column(BigInteger, default=0)  # of a clock that is years off too
    local_day: Mapped[date]
    minute: Mapped[int] = mapped_column(SmallInteger)
    rule_decision: Mapped[str] = mapped_column(String(14), default="")
    list_version: Mapped[str] = mapped_column(String(40), default="")
    counter: Mapped[int | None] = mapped_column(BigInteger)
    override_reason: Mapped[str] = mapped_column(String(200), default="")
    code_digest: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (
        fair_foreign_key("gates", "gate_id"),
        fair_foreign_key("badges", "badge_id"),
        fair_foreign_key("visitors", "visitor_id"),
        CheckConstraint("direction IN ('entry', 'exit')", name="direction"),
        CheckConstraint("admitted = (decision IN ('admitted', 're_entry') OR override_reason <> '')", name="admitted"),
        CheckConstraint("NOT admitted OR visitor_id IS NOT NULL", name="admits_a_person"),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute_of_day"),
        Index("ix_scans_at", "fair_id", "at"),
        Index("ix_scans_visitor", "fair_id", "visitor_id", "at"),
        Index("ix_scans_gate", "fair_id", "gate_id", "at"),
        Index(
            "ix_scans_against_rule",
            "fair_id",
            "decision",
            "at",
            sqlite_where=AGAINST_RULE,
            postgresql_where=AGAINST_RULE,
        ),
    )


class ScanConflict(FairScoped):
    """What happened at a door and contradicts the rule or another scan; the id is the scan's.

    Kept beside the scans. `already_inside` follows from all passages of the person, in whatever order
    they arrived, and names the earlier one (`other_id`); a late exit can take it away again. The other
    reasons stay: a device admitted against the rule, or decided otherwise than the server it did not hear.
    """

    __tablename__ = "scan_conflicts"

    reason: Mapped[str] = mapped_column(String(14))
    visitor_id: Mapped[UUID | None]
    other_id: Mapped[UUID | None]
    at: Mapped[datetime]
    noticed_at: Mapped[datetime]

    __table_args__ = (
        fair_foreign_key("scans", "id"),
        fair_foreign_key("scans", "other_id"),
        fair_foreign_key("visitors", "visitor_id"),
        Index("ix_scan_conflicts_at", "fair_id", "at"),
        Index("ix_scan_conflicts_visitor", "fair_id", "visitor_id"),
    )


class Presence(FairScoped):
    """Where a person was last seen; the id is the visitor's. The row is the lock under which a scan is decided.

    This record's scans are counted now under `person_id` (another record once it was merged into that
    one) as those of this badge (`kind`, `category_id`) and of a person from there. `marks` unites the
    marks of all entries (gates.rules.entry_mark). `inside_by` says by which gates they are inside what
    (gates.rules.inside_by_gates); `changed_at` is when this row was written last.
    """

    __tablename__ = "presences"

    person_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(20), default="")
    marks: Mapped[int] = mapped_column(SmallInteger, default=0)
    category_id: Mapped[UUID | None]
    country: Mapped[str] = mapped_column(String(2), default="")
    province: Mapped[str] = mapped_column(String(60), default="")
    is_returning: Mapped[bool] = mapped_column(default=False)
    first_badge_at: Mapped[datetime | None]  # older scans count nowhere
    inside: Mapped[bool] = mapped_column(default=False)
    since: Mapped[datetime | None]
    day: Mapped[date | None]
    gate_id: Mapped[UUID | None]
    inside_by: Mapped[str] = mapped_column(Text, default="")  # as long as there are scopes
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    visitor_id: Mapped[UUID] = synonym("id")

    __table_args__ = (
        fair_foreign_key("visitors", "id"),
        Index("ix_presences_changed", "fair_id", "changed_at"),
    )


class FlowCount(FairScoped):
    """Scans of one gate (the id) in one hour, by kind of badge, direction and decision.

    `kind` is empty for refused scans. `mark` says under which circumstances: gates.rules.flow_mark.
    """

    __tablename__ = "flow_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    direction: Mapped[str] = mapped_column(String(5), primary_key=True)
    decision: Mapped[str] = mapped_column(String(14), primary_key=True)
    admitted: Mapped[bool] = mapped_column(primary_key=True)
    mark: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    scans: Mapped[int]
    gate_id: Mapped[UUID] = synonym("id")

    __table_args__ = (
        fair_foreign_key("gates", "id"),
        CheckConstraint("scans >= 0", name="not_negative"),
        Index("ix_flow_counts_day", "fair_id", "day", "hour"),
    )


class Span(enum.StrEnum):
    DAY = "day"
    FAIR = "fair"


class TurnoutCount(FairScoped):
    """People by the gate (the id) and day of their first entry: on that day, or at the fair as a whole.

    `marks` unites the marks of all their entries in the span, so every counting profile can be read off.
    """

    __tablename__ = "turnout_counts"

    span: Mapped[str] = mapped_column(String(4), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    marks: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    people: Mapped[int]
    gate_id: Mapped[UUID] = synonym("id")

    __table_args__ = (
        fair_foreign_key("gates", "id"),
        CheckConstraint("people >= 0", name="not_negative"),
        Index("ix_turnout_counts_day", "fair_id", "span", "day"),
    )


class AudienceCount(FairScoped):
    """People who came in, by the category of their badge (the id), where they come from and whether they came before.

    The province is kept for mainland China alone. `marks` unites the marks of all their entries.
    """

    __tablename__ = "audience_counts"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    marks: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    province: Mapped[str] = mapped_column(String(60), primary_key=True)
    is_returning: Mapped[bool] = mapped_column(primary_key=True)
    people: Mapped[int]
    category_id: Mapped[UUID] = synonym("id")

    __table_args__ = (fair_foreign_key("visitor_categories", "id"), CheckConstraint("people >= 0", name="not_negative"))


class InsideCount(FairScoped):
    """By how much the crowd of a zone (the id) or of the whole fair grew in five minutes of a day.

    `slot` is the minute of the day divided by five. A day starts empty: that is the night reset.
    """

    __tablename__ = "inside_counts"

    day: Mapped[date] = mapped_column(primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    net: Mapped[int]
    zone_id: Mapped[UUID] = synonym("id")


class DeviceRole(enum.StrEnum):
    STEWARD = "steward"
    SUPERVISOR = "supervisor"


class Device(FairScoped):
    """A phone or reader that may scan in one fair, at its gates alone. Of every secret only the digest is kept.

    It is set up by a link that works once (`set_up_digest`), with a PIN where one was given. What it
    last told about itself stands in the columns from `last_contact_at` on. `user_id`: it is a
    person's own phone and may no more than they may.
    """

    __tablename__ = "devices"

    label: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(10), default=DeviceRole.STEWARD)
    gate_codes: Mapped[str] = mapped_column(Text, default="")  # comma-separated; empty: every gate
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    set_up_digest: Mapped[str] = mapped_column(String(64), default="")
    set_up_until: Mapped[datetime | None]
    pin_hash: Mapped[str] = mapped_column(String(200), default="")
    pin_tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    enrolled_at: Mapped[datetime | None]
    token_digest: Mapped[str] = mapped_column(String(64), default="")
    revoked_at: Mapped[datetime | None]
    last_contact_at: Mapped[datetime | None]
    battery: Mapped[int | None] = mapped_column(SmallInteger)  # per cent
    queue: Mapped[int] = mapped_column(default=0)  # scans it has not handed in
    skew_ms: Mapped[int] = mapped_column(default=0)  # its clock minus ours
    list_as_of: Mapped[datetime | None]
    app_version: Mapped[str] = mapped_column(String(40), default="")

    __table_args__ = (
        partial_unique_index("uq_devices_label", "fair_id", "label", where=text("revoked_at IS NULL")),
        partial_unique_index("uq_devices_token", "fair_id", "token_digest", where=text("token_digest <> ''")),
        partial_unique_index("uq_devices_set_up", "fair_id", "set_up_digest", where=text("set_up_digest <> ''")),
        CheckConstraint("battery IS NULL OR battery BETWEEN 0 AND 100", name="battery_in_per_cent"),
        CheckConstraint("pin_tries BETWEEN 0 AND 5", name="pin_tries_few"),
    )


class ManualCount(FairScoped):
    """People counted by hand at a gate whose readers did not work. Never mixed with scans.

    A wrong one is withdrawn and entered again; it is not changed.
    """

    __tablename__ = "manual_counts"

    gate_id: Mapped[UUID]
    local_day: Mapped[date]
    from_minute: Mapped[int] = mapped_column(SmallInteger)
    to_minute: Mapped[int] = mapped_column(SmallInteger)
    entries: Mapped[int]
    exits: Mapped[int]
    reason: Mapped[str] = mapped_column(String(200))
    noted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (
        fair_foreign_key("gates", "gate_id"),
        CheckConstraint("entries >= 0 AND exits >= 0 AND entries + exits > 0", name="counted_some"),
        CheckConstraint("from_minute BETWEEN 0 AND 1439", name="from_minute_of_day"),
        CheckConstraint("to_minute > from_minute AND to_minute <= 1440", name="ends_after_start"),
        Index("ix_manual_counts_day", "fair_id", "local_day"),
    )


class ConflictNote(FairScoped):
    """What was found out about a contradiction between two scans; the id is that of the later scan."""

    __tablename__ = "conflict_notes"

    note: Mapped[str] = mapped_column(String(500))
    noted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)

    __table_args__ = (fair_foreign_key("scans", "id"),)


guard_append_only(Scan.__table__)
