"""Questions about exhibitors, their booths and products."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from fairapp.accounts.models import RoleGrant
from fairapp.accounts.permissions import Permission
from fairapp.audit.models import FairEvent
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.text.i18n import _, current_locale
from fairapp.core.todo import TodoItem
from fairapp.core.web.access import Actor
from fairapp.exhibitors import rules
from fairapp.exhibitors.models import (
    ActsFor,
    BoothAssignment,
    BoothState,
    Exhibitor,
    ExhibitorKind,
    ExhibitorStatus,
    Participation,
    Product,
)
from fairapp.fairs.models import Booth, Delegation, Fair, Hall, Zone

OF_EXHIBITOR = and_(BoothAssignment.fair_id == Exhibitor.fair_id, BoothAssignment.exhibitor_id == Exhibitor.id)
OF_BOOTH = and_(Booth.fair_id == BoothAssignment.fair_id, Booth.id == BoothAssignment.booth_id)


def live_booth() -> Any:
    """What holds for a booth that somebody has: assigned, or on hold and the hold has not run out."""
    held = and_(BoothAssignment.state == BoothState.HELD, BoothAssignment.held_until > clock.now())
    return or_(BoothAssignment.state == BoothState.ASSIGNED, held)


# --- who ------------------------------------------------------------------------------------------


def exhibitors_visible_to(actor: Actor) -> Select[Any]:
    """All of the actor's fair for its staff, their own for an exhibitor's people, none for others."""
    query = select(Exhibitor).where(Exhibitor.fair_id == actor.fair_id)
    if actor.may(Permission.SEE_EXHIBITORS):
        return query
    if actor.organisation_ids:
        return query.where(Exhibitor.organisation_id.in_(sorted(actor.organisation_ids)))
    return query.where(false())


def exhibitor_visible_to(actor: Actor, exhibitor_id: UUID) -> Exhibitor | None:
    return db.session.scalar(exhibitors_visible_to(actor).where(Exhibitor.id == exhibitor_id))


def exhibitors_named(actor: Actor, ids: Iterable[UUID]) -> list[Exhibitor]:
    """Those of `ids` that the actor may see, by name."""
    wanted = exhibitors_visible_to(actor).where(Exhibitor.id.in_(sorted(ids)))
    return list(db.session.scalars(wanted.order_by(Exhibitor.sort_name, Exhibitor.id)))


def exhibitor_of(actor: Actor, fair: Fair) -> Exhibitor | None:
    """The approved exhibitor that the actor speaks for in this fair; of several the one they chose, else the first."""
    return db.session.scalar(_spoken_for(actor, fair).limit(1)) if actor.organisation_ids else None


def exhibitors_of(actor: Actor, fair: Fair) -> list[Exhibitor]:
    """All that the actor speaks for and could choose, the present one first."""
    return list(db.session.scalars(_spoken_for(actor, fair)))


def _spoken_for(actor: Actor, fair: Fair) -> Select[Any]:
    membership = and_(
        RoleGrant.fair_id == Exhibitor.fair_id,
        RoleGrant.organisation_id == Exhibitor.organisation_id,
        RoleGrant.user_id == actor.user_id,
        RoleGrant.withdrawn_at.is_(None),
    )
    chosen = and_(ActsFor.fair_id == Exhibitor.fair_id, ActsFor.exhibitor_id == Exhibitor.id)
    mine = select(Exhibitor).outerjoin(RoleGrant, membership)
    mine = mine.outerjoin(ActsFor, and_(chosen, ActsFor.user_id == actor.user_id))
    return mine.where(
        Exhibitor.fair_id == fair.id,
        Exhibitor.organisation_id.in_(sorted(actor.organisation_ids)),
        Exhibitor.status == ExhibitorStatus.APPROVED,
    ).order_by(ActsFor.id.is_(None), RoleGrant.granted_at, RoleGrant.id, Exhibitor.id)


def approved_exhibitors(fair_id: int) -> Select[Any]:
    """Everyone the public may see: approved, and showing something."""
    return select(Exhibitor).where(
        Exhibitor.fair_id == fair_id,
        Exhibitor.status == ExhibitorStatus.APPROVED,
        Exhibitor.is_host_only.is_(False),
    )


def public_exhibitor(fair_id: int, exhibitor_id: UUID) -> Exhibitor | None:
    return db.session.scalar(approved_exhibitors(fair_id).where(Exhibitor.id == exhibitor_id))


def exhibitor_in(fair_id: int, exhibitor_id: UUID) -> Exhibitor | None:
    return db.session.get(Exhibitor, (fair_id, exhibitor_id))


def exhibitor_by_reference(fair_id: int, reference: str) -> Exhibitor | None:
    return db.session.scalar(
        select(Exhibitor).where(
            Exhibitor.fair_id == fair_id, Exhibitor.reference == reference.replace("\0", "\1").strip().upper()
        )
    )


# --- lists ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a list of exhibitors is filtered by; codes as they stand in the address, '' for all.

    `booth` is 'with' or 'without'; `takes_part` 'exhibits' or 'hosts'.
    """

    q: str = ""
    kind: str = ""
    status: str = ""
    zone: str = ""
    country: str = ""
    delegation: str = ""
    hall: str = ""
    booth: str = ""
    takes_part: str = ""


def matching(query: Select[Any], wanted: Wanted) -> Select[Any]:
    """The exhibitors of `query` that fit the filters; an unknown code fits none."""
    for column, value in (
        (Exhibitor.kind, wanted.kind),
        (Exhibitor.status, wanted.status),
        (Exhibitor.country, wanted.country),
    ):
        if value:
            query = query.where(column == value)
    if wanted.zone:
        query = query.where(_has(Zone, Exhibitor.zone_id, wanted.zone))
    if wanted.delegation:
        query = query.where(_has(Delegation, Exhibitor.delegation_id, wanted.delegation))
    if wanted.takes_part:
        query = query.where(Exhibitor.is_host_only.is_(wanted.takes_part == "hosts"))
    if wanted.booth:
        stands = exists().where(OF_EXHIBITOR, live_booth())
        query = query.where(stands if wanted.booth == "with" else ~stands)
    if wanted.hall:
        of_hall = and_(Hall.fair_id == Booth.fair_id, Hall.id == Booth.hall_id, Hall.code == wanted.hall)
        query = query.where(exists().where(OF_EXHIBITOR, live_booth(), OF_BOOTH, of_hall))
    return query.where(_says(wanted.q)) if wanted.q else query


def _has(model: Any, column: Any, code: str) -> Any:
    return exists().where(model.fair_id == Exhibitor.fair_id, model.id == column, model.code == code)


def _says(words: str) -> Any:
    text, plain = words.casefold(), rules.plain_name(words)
    found = [Exhibitor.search_text.contains(text, autoescape=True)]
    if plain:
        found.append(Exhibitor.search_text.contains(plain, autoescape=True))
    number = Booth.number.contains(words.upper(), autoescape=True)
    return or_(*found, exists().where(OF_EXHIBITOR, live_booth(), OF_BOOTH, number))


def sorts() -> dict[str, Any]:
    """What a list can be sorted by; names in the reader's own order."""
    return {
        "name": Exhibitor.sort_name_en if current_locale() == "en" else Exhibitor.sort_name,
        "applied": Exhibitor.applied_at,
        "country": Exhibitor.country,
        "status": Exhibitor.status,
        "kind": Exhibitor.kind,
    }


def countries_of(fair_id: int) -> list[str]:
    """Codes of the countries and regions that exhibitors come from."""
    found = select(Exhibitor.country).where(Exhibitor.fair_id == fair_id).distinct()
    return sorted(db.session.scalars(found))


def status_counts(fair_id: int) -> dict[str, int]:
    """Exhibitors by status."""
    query = select(Exhibitor.status, func.count()).where(Exhibitor.fair_id == fair_id).group_by(Exhibitor.status)
    return {row[0]: row[1] for row in db.session.execute(query)}


def likely_duplicates(exhibitor: Exhibitor, limit: int = 8) -> list[tuple[Exhibitor, str, int]]:
    """Others of the fair that may be the same company: (exhibitor, reason, likeness 0–100), the surest first.

    The reason is 'credit_code', 'registration_number' or 'name'. Nothing is ever merged by it.
    """
    columns = (Exhibitor.id, Exhibitor.name_key_zh, Exhibitor.name_key_en, Exhibitor.credit_code)
    others = select(*columns, Exhibitor.registration_number, Exhibitor.country).where(
        Exhibitor.fair_id == exhibitor.fair_id, Exhibitor.id != exhibitor.id
    )
    found: dict[UUID, tuple[str, int]] = {}
    names = {"name_key_zh": exhibitor.name_key_zh, "name_key_en": exhibitor.name_key_en}
    for other in db.session.execute(others).mappings():
        if same := _same_number(exhibitor, other):
            found[other["id"]] = (same, 100)
        elif (alike := rules.likeness(names, other)) >= rules.LIKELY:
            found[other["id"]] = ("name", alike)
    surest = sorted(found, key=lambda key: (found[key][0] == "name", -found[key][1], key))[:limit]
    chosen = select(Exhibitor).where(Exhibitor.fair_id == exhibitor.fair_id, Exhibitor.id.in_(surest))
    records = {one.id: one for one in db.session.scalars(chosen)}
    return [(records[key], *found[key]) for key in surest]


def _same_number(exhibitor: Exhibitor, other: Any) -> str:
    if exhibitor.credit_code and exhibitor.credit_code == other["credit_code"]:
        return "credit_code"
    number = exhibitor.registration_number
    same = number and (number, exhibitor.country) == (other["registration_number"], other["country"])
    return "registration_number" if same else ""


def history_of(exhibitor: Exhibitor, limit: int = 50) -> list[FairEvent]:
    """What was done to an exhibitor, the latest first."""
    about = (FairEvent.fair_id == exhibitor.fair_id, FairEvent.subject_id == str(exhibitor.id))
    return list(
        db.session.scalars(
            select(FairEvent).where(*about).order_by(FairEvent.at.desc(), FairEvent.id.desc()).limit(limit)
        )
    )


def team_of(exhibitor: Exhibitor) -> list[RoleGrant]:
    """Everyone who speaks for the exhibitor in the fair, by the day they were invited."""
    live = (RoleGrant.fair_id == exhibitor.fair_id, RoleGrant.organisation_id == exhibitor.organisation_id)
    members = select(RoleGrant).where(*live, RoleGrant.withdrawn_at.is_(None)).options(joinedload(RoleGrant.user))
    return list(db.session.scalars(members.order_by(RoleGrant.granted_at, RoleGrant.id)))


def member_visible_to(actor: Actor, fair: Fair, grant_id: UUID) -> RoleGrant | None:
    """A live membership of the actor's own exhibitor."""
    exhibitor = exhibitor_of(actor, fair)
    members = team_of(exhibitor) if exhibitor else []
    return next((grant for grant in members if grant.id == grant_id), None)


# --- booths ---------------------------------------------------------------------------------------


def live_booths(fair_id: int, exhibitor_ids: Iterable[UUID]) -> dict[UUID, list[BoothAssignment]]:
    """Holds and assignments by exhibitor, with booth and hall, by number: one query for a whole page."""
    query = (
        select(BoothAssignment)
        .join(Booth, OF_BOOTH)
        .where(BoothAssignment.fair_id == fair_id, BoothAssignment.exhibitor_id.in_(list(exhibitor_ids)), live_booth())
        .options(joinedload(BoothAssignment.booth).joinedload(Booth.hall))
        .order_by(Booth.number)
    )
    found: dict[UUID, list[BoothAssignment]] = defaultdict(list)
    for assignment in db.session.scalars(query):
        found[assignment.exhibitor_id].append(assignment)
    return found


def booths_of(exhibitor: Exhibitor) -> list[BoothAssignment]:
    return live_booths(exhibitor.fair_id, [exhibitor.id]).get(exhibitor.id, [])


def booth_numbers_of(exhibitor: Exhibitor) -> list[str]:
    """Numbers of the booths that are confirmed."""
    return [line.booth.number for line in booths_of(exhibitor) if line.state == BoothState.ASSIGNED]


def assignment_visible_to(actor: Actor, assignment_id: UUID) -> BoothAssignment | None:
    """A hold or assignment of an exhibitor the actor may see."""
    visible = exhibitors_visible_to(actor).with_only_columns(Exhibitor.id)
    query = select(BoothAssignment).where(
        BoothAssignment.fair_id == actor.fair_id,
        BoothAssignment.id == assignment_id,
        BoothAssignment.exhibitor_id.in_(visible),
    )
    return db.session.scalar(query)


def free_booths(fair: Fair, *, hall_code: str = "", zone_id: UUID | None = None) -> Select[Any]:
    """Booths nobody has: not withdrawn, not assigned, not held (a hold that ran out counts no more).

    With `zone_id` those of this zone and of none.
    """
    taken = exists().where(OF_BOOTH, live_booth())
    query = (
        select(Booth)
        .join(Hall, and_(Hall.fair_id == Booth.fair_id, Hall.id == Booth.hall_id))
        .where(Booth.fair_id == fair.id, Booth.withdrawn_at.is_(None), ~taken)
        .options(joinedload(Booth.hall), joinedload(Booth.zone))
        .order_by(Hall.code, Booth.number)
    )
    if hall_code:
        query = query.where(Hall.code == hall_code)
    return query.where(or_(Booth.zone_id.is_(None), Booth.zone_id == zone_id)) if zone_id else query


def booth_in(fair: Fair, booth_id: UUID) -> Booth | None:
    return db.session.get(Booth, (fair.id, booth_id))


def booth_holds(actor: Actor) -> Select[Any]:
    """Holds that wait for the organiser, the first to run out first."""
    return (
        select(BoothAssignment)
        .where(
            BoothAssignment.fair_id == actor.fair_id,
            BoothAssignment.state == BoothState.HELD,
            BoothAssignment.held_until > clock.now(),
        )
        .options(joinedload(BoothAssignment.exhibitor), joinedload(BoothAssignment.booth).joinedload(Booth.hall))
        .order_by(BoothAssignment.held_until, BoothAssignment.id)
    )


def fill_hall_figures(event: Any) -> None:
    """Say how many approved exhibitors stand in each hall, where the fair's page asks."""
    query = (
        select(Booth.hall_id, func.count(func.distinct(BoothAssignment.exhibitor_id)))
        .join(BoothAssignment, OF_BOOTH)
        .join(Exhibitor, OF_EXHIBITOR)
        .where(Booth.fair_id == event.fair_id, live_booth(), Exhibitor.status == ExhibitorStatus.APPROVED)
    )
    for hall_id, count in db.session.execute(query.group_by(Booth.hall_id)):
        event.exhibitors[hall_id] = count


# --- products -------------------------------------------------------------------------------------


def products_of(exhibitor: Exhibitor) -> list[Product]:
    mine = (Product.fair_id == exhibitor.fair_id, Product.exhibitor_id == exhibitor.id)
    query = select(Product).where(*mine).options(joinedload(Product.category))
    return list(db.session.scalars(query.order_by(Product.position, Product.id)))


def product_visible_to(actor: Actor, fair: Fair, product_id: UUID) -> Product | None:
    """A product of the actor's own exhibitor."""
    exhibitor = exhibitor_of(actor, fair)
    product = db.session.get(Product, (fair.id, product_id))
    return product if exhibitor and product and product.exhibitor_id == exhibitor.id else None


# --- figures --------------------------------------------------------------------------------------


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


# --- what waits -----------------------------------------------------------------------------------


def waiting_for(actor: Actor, fair: Fair) -> list[TodoItem]:
    """Applications and booth holds for the organiser; a booth to choose for an exhibitor's people."""
    if actor.may(Permission.MANAGE_EXHIBITORS):
        applied = status_counts(fair.id).get(ExhibitorStatus.APPLIED, 0)
        holds = db.session.scalar(select(func.count()).select_from(booth_holds(actor).order_by(None).subquery())) or 0
        return [
            TodoItem(
                _("Applications to decide"), applied, "exhibitors.exhibitors", {"status": "applied", "sort": "applied"}
            ),
            TodoItem(_("Booth holds to confirm"), holds, "exhibitors.holds", urgent=holds > 0),
        ]
    exhibitor = exhibitor_of(actor, fair)
    if exhibitor is None:
        return []
    missing = int(not booths_of(exhibitor))
    return [TodoItem(_("Choose your booth"), missing, "exhibitors.my_booth", urgent=bool(missing))]
