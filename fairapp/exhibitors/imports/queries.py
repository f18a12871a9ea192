"""The fair as it is before a list comes in."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, select

from fairapp.core.data.db import db
from fairapp.exhibitors.booths.queries import is_taken
from fairapp.exhibitors.companies.names import plain_name
from fairapp.exhibitors.companies.profile import FIELDS
from fairapp.exhibitors.imports.hall_names import HallName
from fairapp.exhibitors.imports.plan import ExistingBooth, ExistingCompany, FairSnapshot
from fairapp.exhibitors.models import BoothAssignment, BoothState, Exhibitor, ExhibitorStatus
from fairapp.fairs.models import Booth, Fair, Hall
from fairapp.fairs.venue import queries as venue


def fair_snapshot(fair: Fair) -> FairSnapshot:
    """Return what a plan must know of the fair: three tables and three short lists."""
    return FairSnapshot(
        halls=[HallName(hall.code, hall.name_zh, hall.name_en) for hall in venue.halls(fair)],
        booths=_existing_booths(fair),
        companies=_existing_companies(fair),
        zones=_by_word(venue.zones(fair)),
        delegations=_by_word(venue.delegations(fair)),
        product_categories=_by_word(venue.product_categories(fair)),
    )


def _by_word(records: Iterable[Any]) -> dict[str, Any]:
    return {
        plain_name(word): record.id
        for record in records
        for word in (record.name_en, record.name_zh, record.code)
        if word
    }


def _existing_booths(fair: Fair) -> dict[str, ExistingBooth]:
    live = and_(
        BoothAssignment.fair_id == Booth.fair_id,
        BoothAssignment.booth_id == Booth.id,
        is_taken(),
    )
    columns = (Booth.number, Hall.code, Booth.withdrawn_at, Exhibitor.id, Exhibitor.name_zh, Exhibitor.name_en)
    query = (
        select(*columns, BoothAssignment.state)
        .join(Hall, and_(Hall.fair_id == Booth.fair_id, Hall.id == Booth.hall_id))
        .outerjoin(BoothAssignment, live)
        .outerjoin(Exhibitor, and_(Exhibitor.fair_id == Booth.fair_id, Exhibitor.id == BoothAssignment.exhibitor_id))
        .where(Booth.fair_id == fair.id)
    )
    return {
        number: ExistingBooth(hall, holder_id, zh or en or "", withdrawn is not None, state == BoothState.HELD)
        for number, hall, withdrawn, holder_id, zh, en, state in db.session.execute(query)
    }


def _existing_companies(fair: Fair) -> list[ExistingCompany]:
    columns = [getattr(Exhibitor, name) for name in FIELDS]
    query = select(Exhibitor.id, Exhibitor.import_key, Exhibitor.status, *columns).where(Exhibitor.fair_id == fair.id)
    # a company that takes part comes before its own older, refused application
    ranked = sorted(db.session.execute(query), key=lambda row: (row[2] != ExhibitorStatus.APPROVED, row[0]))
    return [ExistingCompany(row[0], row[1], row[2], dict(zip(FIELDS, row[3:], strict=True))) for row in ranked]
