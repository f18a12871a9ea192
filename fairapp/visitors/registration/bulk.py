"""Registering very many people at once: the same rows as `register_visitor`, by bulk insert."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, select

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db, translate_integrity_errors
from fairapp.core.data.ids import new_id, random_bytes
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair, VisitorCategory
from fairapp.fairs.states.checks import require_open
from fairapp.fairs.states.enums import FairAct
from fairapp.visitors import queries
from fairapp.visitors.badges.issue import current_signing_key, new_badge_number
from fairapp.visitors.models import Badge, BadgeStatus, Consent, Interest, SearchTerm, Visitor
from fairapp.visitors.registration import records
from fairapp.visitors.rules import NewVisitor
from fairapp.visitors.search.terms import search_terms

BATCH = 5000


class RegisteredVisitor(NamedTuple):
    """A person registered in bulk; in the order of the rows."""

    visitor_id: UUID
    badge_id: UUID
    code_id: bytes
    number: str
    category_code: str
    kind: str


class _Rows:
    """The rows of one batch, by table."""

    def __init__(self) -> None:
        self.visitors: list[dict[str, Any]] = []
        self.badges: list[dict[str, Any]] = []
        self.terms: list[dict[str, Any]] = []
        self.consents: list[dict[str, Any]] = []
        self.interests: list[dict[str, Any]] = []

    def store(self) -> None:
        # a prefix table stays compact when its rows come in the order of its key
        self.terms.sort(key=lambda row: row["term"])
        tables = ((Visitor, self.visitors), (Badge, self.badges), (Consent, self.consents), (Interest, self.interests))
        for model, rows in (*tables, (SearchTerm, self.terms)):
            if rows:
                db.session.execute(insert(model.__table__), rows)


def register_visitors(*, actor: Actor, fair: Fair, rows: Iterable[NewVisitor]) -> list[RegisteredVisitor]:
    """Register everyone of `rows` with a badge; one audit event for all.

    DomainError `registration_closed`, `already_registered` when a person is there twice, `unknown_category`; then nothing of
    the call is stored.
    """
    require_open(fair, FairAct.REGISTER_AT_DESK)
    categories = queries.categories_by_code(fair.id)
    key_number = current_signing_key(fair.id).number
    registered: list[RegisteredVisitor] = []
    for batch in _batches(rows):
        twice = DomainError("already_registered", _l("A person of this list is registered already."))
        with translate_integrity_errors({"uq_visitors_person": twice}):
            registered += _register_batch(fair, categories, key_number, batch)
    audit.record(Event.VISITORS_REGISTERED, actor=actor, fair_id=fair.id, subject=fair, count=len(registered))
    return registered


def _batches(rows: Iterable[NewVisitor]) -> Iterator[list[NewVisitor]]:
    walk = iter(rows)
    while batch := list(islice(walk, BATCH)):
        yield batch


def _register_batch(fair: Fair, categories: Any, key_number: int, batch: list[NewVisitor]) -> list[RegisteredVisitor]:
    numbers = _free_numbers(fair.id, len(batch))
    rows, registered = _Rows(), []
    for new, number in zip(batch, numbers, strict=True):
        category = categories.get(new.category) or records.category_by_code(fair, new.category)
        registered.append(_add_person(rows, fair, category, key_number, new, number))
    rows.store()
    return registered


def _add_person(
    rows: _Rows, fair: Fair, category: VisitorCategory, key_number: int, new: NewVisitor, number: str
) -> RegisteredVisitor:
    person = records.visitor_values(fair, category, new)
    # Core knows nothing of the defaults of columns that a mapped object would have
    person |= {"link_issue": 1, "merge_reason": "", "mailed_at": None, "merged_into_id": None, "erased_at": None}
    person["first_badge_at"] = person["registered_at"]
    link: dict[str, Any] = {"fair_id": fair.id, "visitor_id": person["id"]}
    badge = link | {
        "id": new_id(),
        "code_id": random_bytes(16),
        "key_number": key_number,
        "issue": 1,
        "category_code": category.code,
        "days": new.days,
        "status": BadgeStatus.ACTIVE,
        "number": number,
        "issued_at": person["registered_at"],
        "revoked_at": None,
        "end_reason": "",
        "end_note": "",
    }
    rows.visitors.append(person)
    rows.badges.append(badge)
    rows.terms += [link | {"term": term} for term in search_terms(new.name, new.name_latin, new.company, number)]
    for purpose in sorted(new.consents):
        answer = {"id": new_id(), "purpose": purpose, "given": True, "at": person["registered_at"]}
        rows.consents.append(link | answer | {"notice_version": fair.privacy_notice_version})
    for line in dict.fromkeys(new.interests):
        rows.interests.append(link | {"id": new_id(), "product_category_id": line})
    return RegisteredVisitor(link["visitor_id"], badge["id"], badge["code_id"], number, category.code, category.kind)


def _free_numbers(fair_id: int, count: int) -> list[str]:
    """Return `count` badge numbers that nobody has."""
    free: dict[str, None] = {}
    while len(free) < count:
        fresh = list(dict.fromkeys(new_badge_number() for _ in range(count - len(free))))
        query = select(Badge.number).where(Badge.fair_id == fair_id, Badge.number.in_(fresh))
        taken = set(db.session.scalars(query))
        free.update((number, None) for number in fresh if number not in taken)
    return list(free)[:count]
