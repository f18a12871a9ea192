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


def _counted(fair_id: int, *columns: Any) -> list[tuple[Any, ...]]:
    """Exhibitors by the values of `columns`, the largest group first; the count stands last."""
    count = func.count().label("exhibitors")
    query = select(*columns, count).where(*exhibiting(fair_id)).group_by(*columns).order_by(count.desc(), *columns)
    return [tuple(row) for row in db.session.execute(query)]


def exhibitors_by_country(fair_id: int) -> list[tuple[str, int]]:
    """(ISO 3166 code, exhibitors). Hong Kong, Macao and Taiwan are overseas (境外), not foreign."""
    return [(country, count) for country, count in _counted(fair_id, Exhibitor.country)]


def exhibitors_by_province(fair_id: int) -> list[tuple[str, str, int]]:
    """(province, city, exhibitors) of the Chinese mainland; '' where nobody said."""
    found = _counted(fair_id, Exhibitor.country, Exhibitor.province, Exhibitor.city)
    return [(province, city, count) for country, province, city, count in found if country == "CN"]


def exhibitors_by_belt(fair_id: int) -> list[tuple[str, int]]:
    """(industrial belt 产业带, exhibitors); those of none are left out."""
    return [(belt, count) for belt, count in _counted(fair_id, Exhibitor.industrial_belt) if belt]


def exhibitors_by_ownership(fair_id: int) -> list[tuple[str, int]]:
    """(Ownership or '', exhibitors)."""
    return [(ownership, count) for ownership, count in _counted(fair_id, Exhibitor.ownership)]


def exhibitors_by_delegation(fair_id: int) -> list[tuple[Delegation | None, int]]:
    """(delegation or None for those who come alone, exhibitors)."""
    return _named(fair_id, Delegation, Exhibitor.delegation_id)


def exhibitors_by_zone(fair_id: int) -> list[tuple[Zone | None, int]]:
    """(zone or None, exhibitors)."""
    return _named(fair_id, Zone, Exhibitor.zone_id)


def _named(fair_id: int, model: Any, column: Any) -> list[tuple[Any, int]]:
    records: dict[UUID, Any] = {
        one.id: one for one in db.session.scalars(select(model).where(model.fair_id == fair_id))
    }
    return [(records.get(key), count) for key, count in _counted(fair_id, column)]


def participation_table(fair_id: int) -> list[dict[str, Any]]:
    """A line for each kind: main, co, represented (apart, in no sum), returning, new, and hosts that show nothing."""
    columns = (Exhibitor.kind, Exhibitor.participation, Exhibitor.is_host_only, Exhibitor.is_returning)
    query = select(*columns, func.count()).where(
        Exhibitor.fair_id == fair_id, Exhibitor.status == ExhibitorStatus.APPROVED
    )
    table: dict[str, dict[str, Any]] = {
        kind: dict.fromkeys(("main", "co", "represented", "returning", "new", "hosts"), 0) | {"kind": kind}
        for kind in ExhibitorKind
    }
    for kind, participation, host, returning, count in db.session.execute(query.group_by(*columns)):
        line = table[kind]
        if host:
            line["hosts"] += count
            continue
        line[participation] += count
        if participation != Participation.REPRESENTED:
            line["returning" if returning else "new"] += count
    return list(table.values())


@dataclass(frozen=True)
class Taken:
    """Booths an exhibitor has been given, in one hall, of one kind, to one country: how many, and their net m²."""

    hall_id: UUID
    kind: str
    country: str
    is_returning: bool
    booths: int
    net_m2: int


def space_taken(fair_id: int) -> list[Taken]:
    """Confirmed booths by hall, kind, and the country of the exhibitor; holds do not count."""
    columns = (Booth.hall_id, Booth.kind, Exhibitor.country, Exhibitor.is_returning)
    query = (
        select(*columns, func.count(), func.sum(Booth.area_m2))
        .join(BoothAssignment, and_(BoothAssignment.fair_id == Booth.fair_id, BoothAssignment.booth_id == Booth.id))
        .join(Exhibitor, and_(Exhibitor.fair_id == Booth.fair_id, Exhibitor.id == BoothAssignment.exhibitor_id))
        .where(Booth.fair_id == fair_id, BoothAssignment.state == BoothState.ASSIGNED)
    )
    rows = db.session.execute(query.group_by(*columns).order_by(*columns))
    return [Taken(*row[:-1], int(row[-1])) for row in rows]


def net_area_by_country(fair_id: int) -> dict[str, int]:
    """Net m² of confirmed booths by the country of the exhibitor."""
    found: Counter[str] = Counter()
    for taken in space_taken(fair_id):
        found[taken.country] += taken.net_m2
    return found


def space_offered(fair_id: int) -> dict[UUID, tuple[int, int]]:
    """(booths, net m²) that stand in each hall, by hall; withdrawn booths do not."""
    query = select(Booth.hall_id, func.count(), func.sum(Booth.area_m2)).where(
        Booth.fair_id == fair_id, Booth.withdrawn_at.is_(None)
    )
    return {hall: (count, int(net)) for hall, count, net in db.session.execute(query.group_by(Booth.hall_id))}


def platforms(fair_id: int) -> list[Exhibitor]:
    """The platforms that exhibit, by name."""
    found = select(Exhibitor).where(*exhibiting(fair_id), Exhibitor.kind == ExhibitorKind.PLATFORM)
    return list(db.session.scalars(found.order_by(Exhibitor.sort_name, Exhibitor.id)))


def exhibiting(fair_id: int) -> tuple[Any, ...]:
    """What holds for a company that counts as an exhibitor (counting.md): approved, shows something, is not only represented."""
    return (
        Exhibitor.fair_id == fair_id,
        Exhibitor.status == ExhibitorStatus.APPROVED,
        Exhibitor.is_host_only.is_(False),
        Exhibitor.participation != Participation.REPRESENTED,
    )


def exhibitor_counts(fair_id: int) -> dict[str, int]:
    """Exhibitors by kind, and confirmed booths. The represented and mere hosts are not among them."""
    by_kind = select(Exhibitor.kind, func.count()).where(*exhibiting(fair_id)).group_by(Exhibitor.kind)
    counts = {row[0]: row[1] for row in db.session.execute(by_kind)}
    assigned = select(func.count()).where(
        BoothAssignment.fair_id == fair_id, BoothAssignment.state == BoothState.ASSIGNED
    )
    return {f"{kind}s": counts.get(kind, 0) for kind in ExhibitorKind} | {
        "booths_assigned": db.session.scalar(assigned) or 0
    }
