"""Reads of the trail that show whether two persons may be one."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from fairapp.accounts.models import RoleGrant, User
from fairapp.accounts.permissions import Role
from fairapp.audit.catalogue import Event
from fairapp.audit.models import ActorKind, FairEvent
from fairapp.core.data import clock
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.deals.enums import DealStatus
from fairapp.deals.models import Deal
from fairapp.deals.second_person.rules import Act, Sign, signs

_ENTERED = (Event.DEAL_DECLARED, Event.DEAL_AMENDED)


def signs_for(actor: Actor, deal: Deal) -> list[Sign]:
    """List what the person who is about to verify a deal should know of themselves and those who entered it."""
    if actor.user_id is None:
        return []
    entered = _acts(_events(deal.fair_id, *_ENTERED).where(FairEvent.subject_id == str(deal.id))).get(str(deal.id), [])
    now = Act(actor.user_id, clock.now(), actor.browser, actor.network)
    since = _roles_since(deal.fair_id).get(actor.user_id)
    return signs(now, entered, role_since=since, domains=_domains({actor.user_id, *(act.by for act in entered)}))


def signs_of_verified(fair_id: int) -> list[tuple[int, list[Sign]]]:
    """List the verified deals by number that bear a sign, with their signs."""
    verified = select(Deal.id, Deal.number).where(Deal.fair_id == fair_id, Deal.status == DealStatus.VERIFIED)
    numbers = {str(deal_id): number for deal_id, number in db.session.execute(verified)}
    decided, entered = _acts(_events(fair_id, Event.DEAL_VERIFIED)), _acts(_events(fair_id, *_ENTERED))
    since = _roles_since(fair_id)
    domains = _domains({act.by for acts in (*decided.values(), *entered.values()) for act in acts})
    marked = {
        number: {
            sign
            for act in decided.get(deal_id, [])
            for sign in signs(act, entered.get(deal_id, []), role_since=since.get(act.by), domains=domains)
        }
        for deal_id, number in numbers.items()
    }
    return [(number, [sign for sign in Sign if sign in marked[number]]) for number in sorted(marked) if marked[number]]


def count_verifiers(fair_id: int) -> int:
    """Count the persons who verified the deals that stand as verified."""
    query = select(func.count(Deal.verified_by_id.distinct()))
    return db.session.scalar(query.where(Deal.fair_id == fair_id, Deal.status == DealStatus.VERIFIED)) or 0


def _events(fair_id: int, *events: Event) -> Select[str, UUID | None, datetime, str, str]:
    columns = (FairEvent.subject_id, FairEvent.actor_id, FairEvent.at, FairEvent.browser, FairEvent.network)
    by_people = (FairEvent.actor_kind == ActorKind.PERSON, FairEvent.event.in_(events))
    return select(*columns).where(FairEvent.fair_id == fair_id, *by_people)


def _acts(query: Select[str, UUID | None, datetime, str, str]) -> dict[str, list[Act]]:
    acts: dict[str, list[Act]] = defaultdict(list)
    for subject, person, at, browser, network in db.session.execute(query):
        if person is not None:
            acts[subject].append(Act(person, at, browser, network))
    return acts


def _roles_since(fair_id: int) -> dict[UUID, datetime]:
    """Since when each verifier may verify: the role given, or released by a second person."""
    query = select(RoleGrant.user_id, RoleGrant.granted_at, RoleGrant.released_at)
    verifies = (RoleGrant.fair_id == fair_id, RoleGrant.role == Role.VERIFIER)
    return {user_id: released or granted for user_id, granted, released in db.session.execute(query.where(*verifies))}


def _domains(people: set[UUID]) -> dict[UUID, str]:
    query = select(User.id, User.email).where(User.id.in_(people))
    return {user_id: email.rpartition("@")[2] for user_id, email in db.session.execute(query)}
