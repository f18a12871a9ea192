"""The audit pack, by which an auditor counts a fair again: one zip, the same bytes for the same state.

Names of people are masked, save in the sample; an auditor opens the others one by one at the desk.
"""

import csv
import heapq
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from functools import cache, partial
from hashlib import sha256
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from fairapp.accounts.models import User
from fairapp.core.data.db import db
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor, ExhibitorStatus
from fairapp.fairs.models import Booth, Fair, Gate, Hall, VisitorCategory, Zone
from fairapp.gates.counting import figures as gates
from fairapp.gates.counting.profiles import Profile, profile_named
from fairapp.gates.models import Device, Direction, Presence, Scan
from fairapp.reports.workbook.vocabulary import DEFINITIONS
from fairapp.visitors.models import Badge, Visitor, VisitorStatus

SAMPLE_SIZE = 200
STEPS = 9
_BATCH = 2_000
_DAWN = (1980, 1, 1, 0, 0, 0)  # a file's bytes must not tell when it was made
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t")
Rows = Iterable[Sequence[Any]]
Heads = tuple[str, ...]


@dataclass
class Pack:
    """A zip with its manifest growing beside it."""

    archive: zipfile.ZipFile
    progress: Callable[[int], None]
    manifest: list[str] = field(default_factory=list)

    def table(self, name: str, heads: Sequence[str], rows: Rows) -> None:
        """Add a CSV file, UTF-8 with a mark that spreadsheets know."""
        self._add(name, _lines([heads], rows))

    def text(self, name: str, text: str) -> None:
        """Add a text file."""
        self._add(name, [text.encode()])

    def _add(self, name: str, pieces: Iterable[bytes]) -> None:
        digest = sha256()
        entry = zipfile.ZipInfo(name, _DAWN)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with self.archive.open(entry, "w") as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        self.manifest.append(f"{digest.hexdigest()}  {name}")
        self.progress(len(self.manifest))


def write_audit_pack(fair: Fair, seed: str, out: BinaryIO, progress: Callable[[int], None] = lambda done: None) -> None:
    """Write the pack of a fair as it stands to `out`; call it within a snapshot. `seed` (hex) draws the sample."""
    profile = profile_named(fair.counting_profile)
    with zipfile.ZipFile(out, "w") as archive:
        pack = Pack(archive, progress)
        pack.text("about.json", _about(fair, profile, seed))
        pack.text("READ-ME.txt", READ_ME)
        pack.table("registrations.csv", *_registrations(fair))
        pack.table("scans.csv", *_scans(fair))
        pack.table("merged.csv", *_merged(fair))
        pack.table("exclusions.csv", *_exclusions(fair, profile))
        pack.table("exhibitors.csv", *_exhibitors(fair))
        pack.table("sample.csv", *_sample(fair, profile, seed))
        pack.text("MANIFEST.sha256", "\n".join([*pack.manifest, ""]))


def _lines(heads: Rows, rows: Rows) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerows(heads)
    for number, row in enumerate(rows, start=1):
        writer.writerow(_csv_cells(row))
        if number % _BATCH == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _safe(text: str) -> str:
    """A text; one that a spreadsheet would take for a formula gets an apostrophe."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")  # the database gives UTC


# How a cell is written, by its very type; others are written as they are.
_CSV_FORMS: dict[type, Callable[[Any], Any]] = {
    type(None): lambda _nothing: "",
    bool: int,
    datetime: _moment,
    date: date.isoformat,
    str: _safe,
}


def _csv_cells(row: Sequence[Any]) -> list[Any]:
    return [form(cell) if (form := _CSV_FORMS.get(type(cell))) else cell for cell in row]


def masked_name(name: str) -> str:
    """Return the first letter of a name and as many stars as letters follow."""
    return name[:1] + "*" * (len(name) - 1)


def _streamed(query: Any) -> Iterator[Any]:
    yield from db.session.execute(query.execution_options(yield_per=_BATCH))


# --- what it holds --------------------------------------------------------------------------------


def _about(fair: Fair, profile: Profile, seed: str) -> str:
    reported, afresh = gates.attendance(fair.id, profile), gates.recounted(fair.id, profile)
    last = {
        "scan_received_at": _latest(Scan.received_at, fair),
        "registered_at": _latest(Visitor.registered_at, fair),
    }
    content = {
        "fair": fair.code,
        "name": [fair.name_zh, fair.name_en],
        "days": [fair.starts_on.isoformat(), fair.ends_on.isoformat()],
        "time_zone": fair.time_zone,
        "opening_hours": [fair.opens_at_local.isoformat(), fair.closes_at_local.isoformat()],
        "last": last,
        "profile": {
            "name": profile.name,
            "version": profile.version,
            "as_of": profile.as_of.isoformat(),
            "scheme": profile.scheme,
            "visitors": sorted(profile.visitors),
            "visitors_with_a_hall_scan": sorted(profile.hall_only),
            "official_hours_only": profile.official_hours,
            "international": asdict(profile.international),
        },
        "figures": {"reported": reported.as_dict(), "recomputed": afresh.as_dict()},
        "excluded": gates.exclusions(fair.id, profile),
        "definitions": {name: [DEFINITIONS[name].zh, DEFINITIONS[name].en] for name in reported.as_dict()},
        "sample": {"seed": seed, "people": SAMPLE_SIZE, "drawn": "smallest SHA-256(seed + record id)"},
    }
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _latest(column: Any, fair: Fair) -> str | None:
    latest = db.session.scalar(select(func.max(column)).where(column.class_.fair_id == fair.id))
    return latest.isoformat() if latest else None


def _registrations(fair: Fair) -> tuple[Heads, Rows]:
    heads: Heads = ("record", "badge", "issue", "role_code", "kind", "counts_as", "status", "badge_status", "name")
    heads += (
        "company",
        "country",
        "province",
        "returning",
        "source",
        "registered_at",
        "issued_at",
        "revoked_at",
        "revoke_reason",
    )
    category = (VisitorCategory.fair_id == Visitor.fair_id) & (VisitorCategory.id == Visitor.category_id)
    query = (
        select(Visitor.id, Badge.number, Badge.issue, Badge.category_code, VisitorCategory.kind)
        .add_columns(func.coalesce(Visitor.merged_into_id, Visitor.id), Visitor.status, Badge.status)
        .add_columns(Visitor.name, Visitor.company, Visitor.country, Visitor.province, Visitor.is_returning)
        .add_columns(Visitor.source, Visitor.registered_at, Badge.issued_at, Badge.revoked_at)
        .add_columns(func.coalesce(func.nullif(Badge.end_reason, ""), Badge.end_note))
        .join(Badge, (Badge.fair_id == Visitor.fair_id) & (Badge.visitor_id == Visitor.id))
        .join(VisitorCategory, category)
        .where(Visitor.fair_id == fair.id)
        .order_by(Visitor.id, Badge.issue)
    )
    return heads, ((*row[:8], masked_name(row[8]), *row[9:]) for row in _streamed(query))


def _scans(fair: Fair) -> tuple[Heads, Rows]:
    own = [column for column in Scan.__table__.c if column.name not in _SCAN_COLUMNS_LEFT_OUT]
    people = dict(db.session.execute(select(User.id, User.name)).all())
    doors = {gate.id: gate.code for gate in db.session.scalars(select(Gate).where(Gate.fair_id == fair.id))}
    zones = {zone.id: zone.code for zone in db.session.scalars(select(Zone).where(Zone.fair_id == fair.id))}
    devices = {
        column.id: column.label for column in db.session.scalars(select(Device).where(Device.fair_id == fair.id))
    }
    query = (
        select(Scan.gate_id, Scan.zone_id, Scan.device_id, Scan.operator_id, Badge.number, *own)
        .outerjoin(Badge, (Badge.fair_id == Scan.fair_id) & (Badge.id == Scan.badge_id))
        .where(Scan.fair_id == fair.id)
        .order_by(Scan.at, Scan.id)
    )
    heads = (
        "gate",
        "zone",
        "device",
        "operator",
        "badge",
        *(_SCAN_HEADINGS.get(column.name, column.name) for column in own),
    )
    rows = (
        (doors[row[0]], zones.get(row[1]), devices.get(row[2], row[2]), people.get(row[3], row[3]), *row[4:])
        for row in _streamed(query)
    )
    return heads, rows


_SCAN_COLUMNS_LEFT_OUT = {"fair_id", "gate_id", "zone_id", "device_id", "operator_id", "badge_id"}
_SCAN_HEADINGS = {"id": "scan", "visitor_id": "record"}


def _merged(fair: Fair) -> tuple[Heads, Rows]:
    remaining, merged_badge, remaining_badge = aliased(Visitor), aliased(Badge), aliased(Badge)
    query = (
        select(Visitor.id, merged_badge.number, remaining.id, remaining_badge.number, Visitor.merge_reason)
        .join(remaining, (remaining.fair_id == Visitor.fair_id) & (remaining.id == Visitor.merged_into_id))
        .join(merged_badge, (merged_badge.fair_id == Visitor.fair_id) & (merged_badge.visitor_id == Visitor.id))
        .join(
            remaining_badge,
            (remaining_badge.fair_id == remaining.fair_id) & (remaining_badge.visitor_id == remaining.id),
        )
        .where(Visitor.fair_id == fair.id, Visitor.status == VisitorStatus.MERGED)
        .order_by(Visitor.id, merged_badge.issue, remaining_badge.issue)
    )
    return ("record", "badge", "counts_as", "badge_that_counts", "reason"), _streamed(query)


def _people_admitted(fair: Fair) -> Any:
    """Everyone who came in, once: record, kind, marks, role code."""
    return (
        select(Presence.id, Presence.kind, Presence.marks, VisitorCategory.code)
        .join(Visitor, (Visitor.fair_id == Presence.fair_id) & (Visitor.id == Presence.id))
        .join(
            VisitorCategory,
            (VisitorCategory.fair_id == Visitor.fair_id) & (VisitorCategory.id == Visitor.category_id),
        )
        .where(Presence.fair_id == fair.id, Presence.person_id == Presence.id, Presence.marks != 0)
        .order_by(Presence.id)
    )


def _exclusions(fair: Fair, profile: Profile) -> tuple[Heads, Rows]:
    because = cache(partial(gates.excluded_because, profile))  # few kinds and marks, many people
    rows = (
        (row.id, row.code, row.kind, reason)
        for row in _streamed(_people_admitted(fair))
        if (reason := because(row.kind, row.marks))
    )
    return ("record", "role_code", "kind", "reason"), rows


def _exhibitors(fair: Fair) -> tuple[Heads, Rows]:
    heads: Heads = ("record", "name_zh", "name_en", "kind", "participation", "main_exhibitor", "host_only", "country")
    heads += ("credit_code", "registration_number", "approved_at", "contract", "contract_at", "hall", "stand")
    heads += ("stand_kind", "net_m2")
    taken = (BoothAssignment.fair_id == Exhibitor.fair_id) & (BoothAssignment.exhibitor_id == Exhibitor.id)
    query = (
        select(Exhibitor.id, Exhibitor.name_zh, Exhibitor.name_en, Exhibitor.kind, Exhibitor.participation)
        .add_columns(Exhibitor.main_exhibitor_id, Exhibitor.is_host_only, Exhibitor.country, Exhibitor.credit_code)
        .add_columns(
            Exhibitor.registration_number, Exhibitor.decided_at, BoothAssignment.id, BoothAssignment.decided_at
        )
        .add_columns(Hall.code, Booth.number, Booth.kind, Booth.area_m2)
        .outerjoin(BoothAssignment, taken & (BoothAssignment.state == BoothState.ASSIGNED))
        .outerjoin(Booth, (Booth.fair_id == BoothAssignment.fair_id) & (Booth.id == BoothAssignment.booth_id))
        .outerjoin(Hall, (Hall.fair_id == Booth.fair_id) & (Hall.id == Booth.hall_id))
        .where(Exhibitor.fair_id == fair.id, Exhibitor.status == ExhibitorStatus.APPROVED)
        .order_by(Exhibitor.id, Booth.number)
    )
    return heads, _streamed(query)


def _sample(fair: Fair, profile: Profile, seed: str) -> tuple[Heads, Rows]:
    because = cache(partial(gates.excluded_because, profile))
    drawn = heapq.nsmallest(
        SAMPLE_SIZE,
        (
            (sha256(bytes.fromhex(seed) + row.id.bytes).hexdigest(), row.id)
            for row in _streamed(_people_admitted(fair))
            if not because(row.kind, row.marks)
        ),
    )
    heads = ("draw", "record", "badges", "name", "company", "country", "province", "first_entry_at", "days", "entries")
    return heads, (_drawn(fair, draw, record) for draw, record in drawn)


def _drawn(fair: Fair, draw: str, record: UUID) -> tuple[Any, ...]:
    person = db.session.get_one(Visitor, (fair.id, record))
    merged = select(Visitor.id).where(Visitor.fair_id == fair.id, Visitor.merged_into_id == record)
    records = [record, *db.session.scalars(merged.order_by(Visitor.id))]
    badges = select(Badge.number).where(Badge.fair_id == fair.id, Badge.visitor_id.in_(records)).order_by(Badge.number)
    entries = select(func.min(Scan.at), func.count(Scan.local_day.distinct()), func.count()).where(
        Scan.fair_id == fair.id, Scan.visitor_id.in_(records), Scan.admitted, Scan.direction == Direction.ENTRY
    )
    first, days, scans = db.session.execute(entries).one()
    personal = (person.name, person.company, person.country, person.province)
    return (draw, record, " ".join(db.session.scalars(badges)), *personal, first, days, scans)


READ_ME = """审计包 Audit pack

about.json         统计口径与版本、发布数与逐次重算数 profile and version, figures reported and recomputed
registrations.csv  登记册，每证一行，含角色代码 the register, one line a badge, with role codes
scans.csv          全部扫码：闸口、设备、操作人、服务器时间、设备时间、结果 every scan: gate, device, operator, server time (received_at, at), device time (device_at), result (decision, admitted)
merged.csv         合并的重复记录及原因 records of one person that were merged, with the reason
exclusions.csv     到场但不计为观众者及原因 who came and is no visitor, with the reason
exhibitors.csv     参展商、合同（展位确认记录）、展位与净面积 exhibitors, contract (the record of the booth's confirmation), stand and net m²
sample.csv         随机样本：按种子与记录号的 SHA-256 由小到大 a random sample: the smallest SHA-256 of seed and record id
MANIFEST.sha256    各文件的 SHA-256（sha256sum -c MANIFEST.sha256）

除样本外姓名已遮盖。Names are masked save in the sample. 时间为 UTC。Times are UTC.
以 = + - @ 开头的文字前加 '，使电子表格不把它当公式。A text that begins with = + - @ carries a ' before it, so that no spreadsheet takes it for a formula.
"""
