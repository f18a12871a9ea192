"""What comes late and what days were moved is told by the next publication."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from apiflask import APIFlask

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import snapshot, transaction
from fairapp.core.errors import DomainError
from fairapp.deals.draft import Side
from fairapp.deals.ledger.verification import ledger_report
from fairapp.deals.queries.records import statements_of
from fairapp.deals.slips.services import enter_slip, print_slips
from fairapp.fairs.models import Fair
from fairapp.fairs.services import change_fair
from fairapp.reports.counting.services import change_counting
from fairapp.reports.fair_workbook import DEFINITIONS, NEWEST, collect_facts
from fairapp.reports.publications import services
from fairapp.reports.publications.build import build_publication, rebuild_publication
from fairapp.reports.publications.queries import earlier_publication_facts, list_approved
from tests.factories.deals import a_draft, declare
from tests.factories.foundation import make_actor, make_fair
from tests.factories.gates import make_doors, new_scan

Clock = Any


def moment(day: int, hour: int) -> datetime:
    return datetime(2021, 3, day, hour - 8, tzinfo=UTC)


def publish(fair: Fair, label: str) -> None:
    preparer, approver = make_actor(fair, Role.ORGANISER), make_actor(fair, Role.VERIFIER)
    built = build_publication(fair, label, label)
    with transaction():
        made = services.prepare_publication(actor=preparer, fair=fair, built=built)
        services.approve_publication(actor=approver, fair=fair, publication=made)


def cells_of(sheet: Any, key: str) -> list[tuple[Any, ...]]:
    """The rows of a table of a sheet, none when it is not there."""
    return [tuple(row) for table in sheet.tables if table.key == key for row in table.rows]


def sheet_23(fair: Fair) -> Any:
    """Sheet 23 as a publication of now would have it."""
    with snapshot():
        facts, reading = collect_facts(fair, earlier_publication_facts(fair))
        return DEFINITIONS[NEWEST].sheets(fair.id, facts, reading)[23]


def test_other_days_between_two_publications_stand_on_sheet_23_with_the_deals_outside(
    app: APIFlask, clock: Clock
) -> None:
    fair = make_fair()
    organiser = make_actor(fair, Role.ORGANISER)
    clock.move_to(moment(20, 17))
    outside = declare(fair, signed_on=date(2021, 3, 18), buyer=Side(name="Early", country="SG"))
    declare(fair, signed_on=date(2021, 3, 20), buyer=Side(name="Later", country="SG"))
    publish(fair, "close")
    assert cells_of(sheet_23(fair), "fair_days") == []
    with transaction():
        change_fair(actor=organiser, fair=fair, starts_on=date(2021, 3, 19), name_en="Renamed")
    days = cells_of(sheet_23(fair), "fair_days")
    assert [(first, last) for _seq, first, last, _text in days] == [
        (date(2021, 3, 18), date(2021, 3, 20)),
        (date(2021, 3, 19), date(2021, 3, 20)),
    ]
    assert [row[:2] for row in cells_of(sheet_23(fair), "signed_outside")] == [(outside.number, date(2021, 3, 18))]
    assert ledger_report(fair.id).ok
    with transaction():
        change_fair(actor=organiser, fair=fair, name_en="Renamed again")
    assert len(cells_of(sheet_23(fair), "fair_days")) == 2
    publish(fair, "moved")
    for entry in list_approved(fair.id):
        rebuild_publication(entry.publication).close()


def test_another_counting_profile_is_an_entry_of_the_ledger(app: APIFlask, clock: Clock) -> None:
    fair = make_fair()
    declare(fair)
    organiser = make_actor(fair, Role.ORGANISER)
    with transaction():
        change_counting(actor=organiser, fair=fair, profile="ufi-1", small_cells=0)
    assert [row[3].split()[-1] for row in cells_of(sheet_23(fair), "fair_days")] == ["fairapp-1", "ufi-1"]
    assert ledger_report(fair.id).ok


def test_a_slip_entered_after_closing_is_late_everywhere(app: APIFlask, clock: Clock) -> None:
    fair = make_fair()
    by = make_actor(fair, Role.ORGANISER)
    with transaction():
        print_slips(actor=by, fair=fair, count=3)
    declare(fair)
    clock.move_to(moment(20, 18))
    publish(fair, "close")
    clock.move_to(moment(22, 10))
    draft = a_draft(buyer=Side(name="Paper Buyer", country="SG"), signed_on=date(2021, 3, 20))
    with transaction():
        late = enter_slip(actor=by, fair=fair, number=1, draft=draft)
    assert late.late
    assert [statement.entry.outcome for statement in statements_of(late)] == ["late"]
    (change,) = [row for row in cells_of(sheet_23(fair), "revisions") if row[0] == late.number]
    assert "entered after closing" in change[1]
    with pytest.raises(DomainError, match="deals_closed"):
        declare(fair, signed_on=date(2021, 3, 20), buyer=Side(name="Typed Buyer", country="SG"))
    with pytest.raises(DomainError, match="deals_closed"), transaction():
        print_slips(actor=by, fair=fair, count=1)
    clock.move_to(datetime(2021, 4, 4, 2, tzinfo=UTC))  # the fifteenth day after closing
    with pytest.raises(DomainError, match="deals_closed"), transaction():
        enter_slip(actor=by, fair=fair, number=2, draft=draft)


def test_scans_that_arrive_after_their_day_was_published_are_a_line_of_the_next(app: APIFlask, clock: Clock) -> None:
    doors = make_doors()
    clock.move_to(moment(18, 18))
    declare(doors.fair)
    publish(doors.fair, "day 1")
    clock.move_to(moment(19, 10))
    doors.scan(new_scan(doors.main, doors.badge(), 60, decided="admitted"))
    assert cells_of(sheet_23(doors.fair), "late_scans") == [(date(2021, 3, 18), 1, 1)]
