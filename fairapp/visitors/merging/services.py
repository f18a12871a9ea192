"""Making two records of one person count once."""

from dataclasses import dataclass

from fairapp.audit import services as audit
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _l
from fairapp.core.web.access import Actor
from fairapp.visitors import queries, rules
from fairapp.visitors.events import VisitorsMerged
from fairapp.visitors.merging.rules import keeps
from fairapp.visitors.models import Visitor
from fairapp.visitors.transitions import lock, next_status


@dataclass(frozen=True)
class Merged:
    """Which record counts from now on, and which was folded into it."""

    kept: Visitor
    merged: Visitor


def merge_visitors(*, actor: Actor, first: Visitor, second: Visitor, reason: str) -> Merged:
    """Make two records of one person count once: the staff role wins, then the earlier one.

    Both badges stay good; the gate knows them as one person. Raises DomainError `same_record`,
    `other_fair`, `not_possible`.
    """
    if first.id == second.id:
        raise DomainError("same_record", _l("Choose another record: this is the one you are on."), field="other")
    if first.fair_id != second.fair_id:
        raise DomainError("other_fair", _l("Choose a record of this fair."), field="other", status=404)
    lock(first, second)
    ranks = [(person.category.kind, person.registered_at) for person in (first, second)]
    kept, merged = (first, second) if keeps(ranks[0], ranks[1]) else (second, first)
    if not rules.may(kept.status, "merge"):
        raise DomainError("not_possible", _l("One of the records cannot be merged any more."), field="other")
    merged.status = next_status(merged, "merge")
    merged.merged_into_id, merged.merge_reason = kept.id, reason
    _point_followers(merged, kept)
    event = VisitorsMerged(kept.fair_id, kept.id, merged.id)
    audit.record(event, actor=actor, fair_id=kept.fair_id, subject=kept, merged=str(merged.id))
    return Merged(kept, merged)


def _point_followers(merged: Visitor, kept: Visitor) -> None:
    # what was merged into the one that goes now counts with the one that stays
    for follower in queries.merged_into(merged):
        follower.merged_into_id = kept.id
    db.session.flush()
