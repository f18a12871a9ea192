"""Two records of one person count once."""

import pytest

from fairapp.audit.catalogue import Event
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.fairs.models import BadgeKind, Fair
from fairapp.visitors.badges.queries import badge_for_code, live_badge
from fairapp.visitors.badges.services import reprint_badge, revoke_badge
from fairapp.visitors.merging.rules import counts_before
from fairapp.visitors.merging.services import MergeResult, merge_visitors
from fairapp.visitors.models import Visitor
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_visitor
from tests.visitors.reading import code_of, last_event
from tests.visitors.test_rules import EARLY, LATE


def merge(fair: Fair, first: Visitor, second: Visitor) -> MergeResult:
    with transaction():
        return merge_visitors(actor=system(fair.id), first=first, second=second, reason="same passport")


def test_the_staff_record_counts_whichever_comes_first(fair: Fair) -> None:
    visitor, _badge = make_visitor(fair)
    staff, _badge = make_visitor(fair, category="EXH")
    merged = merge(fair, visitor, staff)
    assert (merged.remaining, merged.merged) == (staff, visitor)
    assert (visitor.status, visitor.merged_into_id, visitor.merge_reason) == ("merged", staff.id, "same passport")
    assert last_event(fair).event == Event.VISITORS_MERGED
    assert badge_for_code(fair, code_of(fair, visitor)).badge.person_id == staff.id


def test_merged_records_always_name_the_one_that_counts(fair: Fair) -> None:
    first, second, staff = (make_visitor(fair, category=code)[0] for code in ("PRO", "PRO", "EXH"))
    merge(fair, first, second)
    merge(fair, first, staff)
    assert {visitor.merged_into_id for visitor in (first, second)} == {staff.id}


@pytest.mark.parametrize("verb", [revoke_badge, reprint_badge])
def test_what_ends_the_badge_of_a_person_ends_those_of_merged_records(fair: Fair, verb) -> None:
    kept, merged = make_visitor(fair)[0], make_visitor(fair)[0]
    codes = [code_of(fair, kept), code_of(fair, merged)]
    merge(fair, kept, merged)
    with transaction():
        verb(actor=system(fair.id), visitor=kept, reason="stolen")
    assert "active" not in [badge_for_code(fair, code).badge.status for code in codes]


def test_one_of_two_badges_of_a_person_can_be_revoked(fair: Fair) -> None:
    kept, merged = make_visitor(fair)[0], make_visitor(fair)[0]
    merge(fair, kept, merged)
    with transaction():
        revoke_badge(actor=system(fair.id), visitor=merged, reason="lent")
    assert (live_badge(merged), merged.status) == (None, "merged")
    assert live_badge(kept) is not None
    with pytest.raises(DomainError, match="not_possible"):
        revoke_badge(actor=system(fair.id), visitor=merged, reason="again")


def test_what_cannot_be_merged(fair: Fair) -> None:
    first, second = make_visitor(fair)[0], make_visitor(fair)[0]
    with pytest.raises(DomainError, match="same_record"):
        merge(fair, first, first)
    with pytest.raises(DomainError, match="other_fair"):
        merge(fair, first, make_visitor(make_fair())[0])
    merge(fair, first, second)
    with pytest.raises(DomainError, match="not_possible"):
        merge(fair, first, second)


@pytest.mark.parametrize(
    ("first", "second", "first_counts"),
    [
        ((BadgeKind.EXHIBITOR, LATE), (BadgeKind.VISITOR, EARLY), True),
        ((BadgeKind.VISITOR, EARLY), (BadgeKind.EXHIBITOR, LATE), False),
        ((BadgeKind.VISITOR, EARLY), (BadgeKind.VISITOR, LATE), True),
        ((BadgeKind.VISITOR, LATE), (BadgeKind.VISITOR, EARLY), False),
        ((BadgeKind.ORGANISER, LATE), (BadgeKind.EXHIBITOR, EARLY), True),
        ((BadgeKind.PRESS, LATE), (BadgeKind.GUEST, EARLY), True),
        ((BadgeKind.GUEST, LATE), (BadgeKind.VISITOR, EARLY), True),
    ],
)
def test_the_staff_role_wins_then_the_earlier_record(first, second, first_counts: bool) -> None:
    assert counts_before(first, second) is first_counts
