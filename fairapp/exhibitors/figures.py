"""Where exhibitors come from and how they take part: the tables of the workbook's sheets 3 to 5."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from fairapp.core.db import db
from fairapp.exhibitors.models import (
    BoothAssignment,
    BoothState,
    Exhibitor,
    ExhibitorKind,
    ExhibitorStatus,
    Participation,
)
from fairapp.exhibitors.queries import exhibiting
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


def booths_by_kind(fair_id: int) -> list[tuple[str, int, int, int]]:
    """(booth kind, confirmed booths, their net m², of it taken by overseas exhibitors)."""
    overseas = func.sum(Booth.area_m2).filter(Exhibitor.country != "CN")
    query = (
        select(Booth.kind, func.count(), func.sum(Booth.area_m2), func.coalesce(overseas, 0))
        .join(BoothAssignment, and_(BoothAssignment.fair_id == Booth.fair_id, BoothAssignment.booth_id == Booth.id))
        .join(Exhibitor, and_(Exhibitor.fair_id == Booth.fair_id, Exhibitor.id == BoothAssignment.exhibitor_id))
        .where(Booth.fair_id == fair_id, BoothAssignment.state == BoothState.ASSIGNED)
        .group_by(Booth.kind)
        .order_by(Booth.kind)
    )
    return [(kind, count, int(net), int(abroad)) for kind, count, net, abroad in db.session.execute(query)]


def platforms(fair_id: int) -> list[Exhibitor]:
    """The platforms that exhibit, by name."""
    found = select(Exhibitor).where(*exhibiting(fair_id), Exhibitor.kind == ExhibitorKind.PLATFORM)
    return list(db.session.scalars(found.order_by(Exhibitor.sort_name, Exhibitor.id)))
