"""Exhibitors: who may see which, for whom a person speaks, one by its id or reference."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, false, select

from fairapp.accounts.models import RoleGrant
from fairapp.accounts.permissions import Permission
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.exhibitors.models import (
    ActsFor,
    Exhibitor,
    ExhibitorStatus,
)
from fairapp.fairs.models import Fair


def exhibitors_visible_to(actor: Actor) -> Select[Exhibitor]:
    """SELECT all of the actor's fair for its staff, their own for an exhibitor's people, none for others."""
    query = select(Exhibitor).where(Exhibitor.fair_id == actor.fair_id)
    if actor.may(Permission.SEE_EXHIBITORS):
        return query
    if actor.organisation_ids:
        return query.where(Exhibitor.organisation_id.in_(sorted(actor.organisation_ids)))
    return query.where(false())


def exhibitor_visible_to(actor: Actor, exhibitor_id: UUID) -> Exhibitor | None:
    """Return an exhibitor the actor may see."""
    return db.session.scalar(exhibitors_visible_to(actor).where(Exhibitor.id == exhibitor_id))


def exhibitors_by_ids(actor: Actor, ids: Iterable[UUID]) -> list[Exhibitor]:
    """List those of `ids` that the actor may see, by name."""
    query = exhibitors_visible_to(actor).where(Exhibitor.id.in_(sorted(ids)))
    return list(db.session.scalars(query.order_by(Exhibitor.sort_name, Exhibitor.id)))


def exhibitor_of(actor: Actor, fair: Fair) -> Exhibitor | None:
    """Return the approved exhibitor the actor speaks for in this fair; of several the one they chose, else the first."""
    return db.session.scalar(_spoken_for(actor, fair).limit(1)) if actor.organisation_ids else None


def exhibitors_of(actor: Actor, fair: Fair) -> list[Exhibitor]:
    """List all exhibitors the actor speaks for and could choose, the present one first."""
    return list(db.session.scalars(_spoken_for(actor, fair)))


def _spoken_for(actor: Actor, fair: Fair) -> Select[Any]:
    membership = and_(
        RoleGrant.fair_id == Exhibitor.fair_id,
        RoleGrant.organisation_id == Exhibitor.organisation_id,
        RoleGrant.user_id == actor.user_id,
        RoleGrant.withdrawn_at.is_(None),
    )
    chosen = and_(ActsFor.fair_id == Exhibitor.fair_id, ActsFor.exhibitor_id == Exhibitor.id)
    query = select(Exhibitor).outerjoin(RoleGrant, membership)
    query = query.outerjoin(ActsFor, and_(chosen, ActsFor.user_id == actor.user_id))
    return query.where(
        Exhibitor.fair_id == fair.id,
        Exhibitor.organisation_id.in_(sorted(actor.organisation_ids)),
        Exhibitor.status == ExhibitorStatus.APPROVED,
    ).order_by(ActsFor.id.is_(None), RoleGrant.granted_at, RoleGrant.id, Exhibitor.id)


def exhibitor_by_id(fair_id: int, exhibitor_id: UUID) -> Exhibitor | None:
    """Return an exhibitor of the fair."""
    return db.session.get(Exhibitor, (fair_id, exhibitor_id))


def exhibitor_by_reference(fair_id: int, reference: str) -> Exhibitor | None:
    """Return an exhibitor of the fair by its reference, however typed."""
    return db.session.scalar(
        select(Exhibitor).where(
            Exhibitor.fair_id == fair_id, Exhibitor.reference == reference.replace("\0", "\1").strip().upper()
        )
    )


def history_of(exhibitor: Exhibitor, limit: int = 50) -> list[FairEvent]:
    """List the latest events about an exhibitor, the latest first."""
    of_exhibitor = (FairEvent.fair_id == exhibitor.fair_id, FairEvent.subject_id == str(exhibitor.id))
    return list(
        db.session.scalars(
            select(FairEvent).where(*of_exhibitor).order_by(FairEvent.at.desc(), FairEvent.id.desc()).limit(limit)
        )
    )


def lock_exhibitor(exhibitor: Exhibitor) -> None:
    """Read the record anew and keep others from changing it until the transaction ends."""
    db.session.flush()  # a refresh forgets what was not stored
    db.session.refresh(exhibitor, Exhibitor.__table__.columns.keys(), with_for_update=True)
