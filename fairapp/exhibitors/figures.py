"""Where exhibitors come from and how they take part: the tables of the workbook's sheets 3 to 5."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from fairapp.core.data.db import db
from fairapp.exhibitors.models import (
    BoothAssignment,
    BoothState,
    Exhibitor,
    ExhibitorKind,
    ExhibitorStatus,
    Participation,
)
from fairapp.fairs.models import Booth, Delegation, Zone


def _count_by(fair_id: int, *columns: Any) -> list[tuple[Any, ...]]:
    """Count exhibitors by the values of `columns`, the largest group first; the count stands last."""
    count = func.count().label("exhibitors")
    query = (
        select(*columns, count).where(*counts_as_exhibitor(fair_id)).group_by(*columns).order_by(count.desc(), *columns)
    )
    return [tuple(row) for row in db.session.execute(query)]


def exhibitors_by_country(fair_id: int) -> list[tuple[str, int]]:
    """Count by country: (ISO 3166 code, exhibitors). Hong Kong, Macao and Taiwan are overseas (境外), not foreign."""
    return [(country, count) for country, count in _count_by(fair_id, Exhibitor.country)]


def exhibitors_by_province(fair_id: int) -> list[tuple[str, str, int]]:
    """Count those of the Chinese mainland: (province, city, exhibitors); '' where nobody said."""
    rows = _count_by(fair_id, Exhibitor.country, Exhibitor.province, Exhibitor.city)
    return [(province, city, count) for country, province, city, count in rows if country == "CN"]


def exhibitors_by_belt(fair_id: int) -> list[tuple[str, int]]:
    """Count by industrial belt 产业带: (belt, exhibitors); those of none are left out."""
    return [(belt, count) for belt, count in _count_by(fair_id, Exhibitor.industrial_belt) if belt]


def exhibitors_by_ownership(fair_id: int) -> list[tuple[str, int]]:
    """Count by ownership: (Ownership or '', exhibitors)."""
    return [(ownership, count) for ownership, count in _count_by(fair_id, Exhibitor.ownership)]


def exhibitors_by_delegation(fair_id: int) -> list[tuple[Delegation | None, int]]:
    """Count by delegation: (delegation or None for those who come alone, exhibitors)."""
    return _count_by_record(fair_id, Delegation, Exhibitor.delegation_id)


def exhibitors_by_zone(fair_id: int) -> list[tuple[Zone | None, int]]:
    """Count by zone: (zone or None, exhibitors)."""
    return _count_by_record(fair_id, Zone, Exhibitor.zone_id)


def _count_by_record(fair_id: int, model: Any, column: Any) -> list[tuple[Any, int]]:
    records: dict[UUID, Any] = {
        record.id: record for record in db.session.scalars(select(model).where(model.fair_id == fair_id))
    }
    return [(records.get(key), count) for key, count in _count_by(fair_id, column)]


def participation_table(fair_id: int) -> list[dict[str, Any]]:
    """Count by kind and way of taking part: a row for each kind.

    Columns: main, co, represented (apart, in no sum), returning, new, and hosts that show nothing.
    """
    columns = (Exhibitor.kind, Exhibitor.participation, Exhibitor.is_host_only, Exhibitor.is_returning)
    query = select(*columns, func.count()).where(
        Exhibitor.fair_id == fair_id, Exhibitor.status == ExhibitorStatus.APPROVED
    )
    table: dict[str, dict[str, Any]] = {
        kind: dict.fromkeys(("main", "co", "represented", "returning", "new", "hosts"), 0) | {"kind": kind}
        for kind in ExhibitorKind
    }
    for kind, participation, host, returning, count in db.session.execute(query.group_by(*columns)):
        row = table[kind]
        if host:
            row["hosts"] += count
            continue
        row[participation] += count
        if participation != Participation.REPRESENTED:
            row["returning" if returning else "new"] += count
    return list(table.values())


@dataclass(frozen=True)
class SpaceTaken:
    """Booths given to exhibitors of one hall, kind and country: how many, and their net m²."""

    hall_id: UUID
    kind: str
    country: str
    is_returning: bool
    booths: int
    net_m2: int


def space_taken(fair_id: int) -> list[SpaceTaken]:
    """Sum confirmed booths by hall, kind, and the country of the exhibitor; holds do not count."""
    columns = (Booth.hall_id, Booth.kind, Exhibitor.country, Exhibitor.is_returning)
    query = (
        select(*columns, func.count(), func.sum(Booth.area_m2))
        .join(BoothAssignment, and_(BoothAssignment.fair_id == Booth.fair_id, BoothAssignment.booth_id == Booth.id))
        .join(Exhibitor, and_(Exhibitor.fair_id == Booth.fair_id, Exhibitor.id == BoothAssignment.exhibitor_id))
        .where(Booth.fair_id == fair_id, BoothAssignment.state == BoothState.ASSIGNED)
    )
    rows = db.session.execute(query.group_by(*columns).order_by(*columns))
    return [SpaceTaken(*row[:-1], int(row[-1])) for row in rows]


def net_area_by_country(fair_id: int) -> dict[str, int]:
    """Sum the net m² of confirmed booths by the country of the exhibitor."""
    areas: Counter[str] = Counter()
    for taken in space_taken(fair_id):
        areas[taken.country] += taken.net_m2
    return areas


def space_offered(fair_id: int) -> dict[UUID, tuple[int, int]]:
    """Return (booths, net m²) on the plan by hall id; withdrawn booths are not."""
    query = select(Booth.hall_id, func.count(), func.sum(Booth.area_m2)).where(
        Booth.fair_id == fair_id, Booth.withdrawn_at.is_(None)
    )
    return {hall: (count, int(net)) for hall, count, net in db.session.execute(query.group_by(Booth.hall_id))}


def list_platforms(fair_id: int) -> list[Exhibitor]:
    """List the platforms that exhibit, by name."""
    query = select(Exhibitor).where(*counts_as_exhibitor(fair_id), Exhibitor.kind == ExhibitorKind.PLATFORM)
    return list(db.session.scalars(query.order_by(Exhibitor.sort_name, Exhibitor.id)))


def counts_as_exhibitor(fair_id: int) -> tuple[Any, ...]:
    """Return the conditions of a company that counts as an exhibitor (counting.md).

    It is approved, shows something, and is not only represented.
    """
    return (
        Exhibitor.fair_id == fair_id,
        Exhibitor.status == ExhibitorStatus.APPROVED,
        Exhibitor.is_host_only.is_(False),
        Exhibitor.participation != Participation.REPRESENTED,
    )


def count_exhibitors(fair_id: int) -> dict[str, int]:
    """Count exhibitors by kind, and confirmed booths. The represented and mere hosts are not among them."""
    by_kind = select(Exhibitor.kind, func.count()).where(*counts_as_exhibitor(fair_id)).group_by(Exhibitor.kind)
    counts = {row[0]: row[1] for row in db.session.execute(by_kind)}
    assigned = select(func.count()).where(
        BoothAssignment.fair_id == fair_id, BoothAssignment.state == BoothState.ASSIGNED
    )
    return {f"{kind}s": counts.get(kind, 0) for kind in ExhibitorKind} | {
        "booths_assigned": db.session.scalar(assigned) or 0
    }
