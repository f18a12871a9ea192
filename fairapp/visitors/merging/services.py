"""Making two records of one person count once."""

from dataclasses import dataclass

from fairapp.audit import services as audit
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.visitors import queries, rules
from fairapp.visitors.events import VisitorsMerged
from fairapp.visitors.merging.rules import counts_before
from fairapp.visitors.models import Visitor
from fairapp.visitors.transitions import lock_visitors, start_step


@dataclass(frozen=True)
class MergeResult:
    """The record that counts from now on, and the one merged into it."""

    remaining: Visitor
    merged: Visitor


def merge_visitors(*, actor: Actor, first: Visitor, second: Visitor, reason: str) -> MergeResult:
    """Make two records of one person count once: the staff role wins, then the earlier one.

    Both badges stay valid; the gate knows them as one person. DomainError `same_record`, `other_fair`,
    `not_possible`.
    """
    if first.id == second.id:
        raise DomainError("same_record", _l("Choose another record: this is the one you are on."), field="other")
    if first.fair_id != second.fair_id:
        raise DomainError("other_fair", _l("Choose a record of this fair."), field="other", status=404)
    lock_visitors(first, second)
    ranks = [(person.category.kind, person.registered_at) for person in (first, second)]
    remaining, merged = (first, second) if counts_before(ranks[0], ranks[1]) else (second, first)
    if not rules.may(remaining.status, "merge"):
        raise DomainError("not_possible", _l("One of the records cannot be merged any more."), field="other")
    merged.status = start_step(merged, "merge")
    merged.merged_into_id, merged.merge_reason = remaining.id, reason
    first_badges = [record.first_badge_at for record in (remaining, merged) if record.first_badge_at is not None]
    remaining.first_badge_at = min(first_badges, default=None)
    _point_followers(merged, remaining)
    event = VisitorsMerged(remaining.fair_id, remaining.id, merged.id)
    audit.record(event, actor=actor, fair_id=remaining.fair_id, subject=remaining, merged=str(merged.id))
    return MergeResult(remaining, merged)


def _point_followers(merged: Visitor, remaining: Visitor) -> None:
    # what was merged into the one that goes now counts with the one that stays
    for follower in queries.merged_records(merged):
        follower.merged_into_id = remaining.id
    db.session.flush()
