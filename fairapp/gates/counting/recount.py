"""Counting afresh: one person when what is known of them changed (in that change's transaction), or the whole fair."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db
from fairapp.core.web.access import Actor
from fairapp.fairs.models import Fair
from fairapp.gates import rules
from fairapp.gates.counting import kept_counts, passages
from fairapp.gates.models import Reason, ScanConflict
from fairapp.gates.rules import CountKey, Passage, Person


def recount_person(*, fair_id: int, person_id: UUID) -> None:
    """Count a person afresh, after another record was merged into `person_id` or what they are counted as changed.

    A merged record is marked as such even before anybody came in: a scan that waits for it sees so.
    """
    connection = db.session.connection()
    absorbed = passages.ABSORBED.find(connection, fair_id, [person_id])
    records = sorted([person_id, *(row.id for row in absorbed)])
    counted = passages.lock_people(connection, fair_id, records)()
    by_record = passages.passages_by_record(connection, fair_id, records)
    everything = rules.sort_passages(passage for own in by_record.values() for passage in own)
    if not everything and not absorbed:
        return
    before = _contribution_before(counted, by_record)
    query = passages.PERSON
    person = rules.person_from_row(connection.execute(query, {"fair_id": fair_id, "id": person_id}).one())
    rows = _presence_rows(fair_id, records, person_id, person, everything)
    passages.SAVE_PRESENCES.execute_many(connection, rows)
    _forget_early_scans(fair_id, rules.with_badge(everything, person.first_badge_at))
    changes = rules.count_changes(before, rules.contribution(everything, person))
    kept_counts.add_to_counts(connection, fair_id, changes)


def _forget_early_scans(fair_id: int, counted: Iterable[Passage]) -> None:
    """Take away the contradiction of scans that a badge of another record explains: a merge has found it."""
    explained = [passage.id for passage in counted]
    if explained:
        table = ScanConflict.__table__.c
        early = (table.fair_id == fair_id, table.reason == Reason.BEFORE_BADGE, table.id.in_(explained))
        db.session.execute(delete(ScanConflict.__table__).where(*early))


def _contribution_before(counted: list[Any], by_record: dict[UUID, list[Passage]]) -> Counter[CountKey]:
    before = Counter[CountKey]()
    people = dict.fromkeys((row.person_id, rules.person_from_row(row)) for row in counted if row.kind)
    for person_id, person in people:
        own = [passage for row in counted if row.person_id == person_id for passage in by_record.get(row.id, ())]
        before.update(rules.contribution(rules.sort_passages(own), person))
    return before


def recount_fair(*, actor: Actor, fair: Fair) -> int:
    """Make every kept count and what is known of each person anew from the scans; return how many counts were wrong.

    For after a repair of the database by hand: the counts are kept right without it.
    """
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":  # no scan may be stored before we are done
        connection.execute(text("LOCK TABLE presences IN SHARE ROW EXCLUSIVE MODE"))
    kept, afresh = kept_counts.kept_counts(fair.id), passages.counts_afresh(fair.id)
    rows = [
        row
        for one in passages.list_counted_people(fair.id)
        for row in _presence_rows(fair.id, one.records, one.records[0], one.person, one.passages)
    ]
    if rows:
        passages.SAVE_PRESENCES.execute_many(connection, rows)
    wrong = rules.count_changes(kept, afresh)
    kept_counts.add_to_counts(connection, fair.id, wrong)
    audit.record(Event.FAIR_RECOUNTED, actor=actor, fair_id=fair.id, subject=fair, wrong=len(wrong))
    return len(wrong)


def _presence_rows(
    fair_id: int, records: list[UUID], person_id: UUID, person: Person, own: list[Passage]
) -> list[dict[str, Any]]:
    """All passages stand under the record that counts; the ones merged into it have none."""
    return [
        passages.presence_row(fair_id, record, person_id, person, own if record == person_id else ())
        for record in records
    ]
