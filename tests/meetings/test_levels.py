"""Declared, confirmed, proven, disputed: who can bring about what, and what the figures say."""

import itertools
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from fairapp.accounts.models import Organisation
from fairapp.accounts.permissions import Role
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.meetings import queries, services
from fairapp.meetings.levels import rules
from fairapp.meetings.levels.queries import level_counts
from fairapp.meetings.levels.rules import Reading
from fairapp.meetings.models import Meeting
from fairapp.visitors.badges import link as badge_link
from fairapp.visitors.badges.services import revoke_badge
from fairapp.visitors.grants.models import ContactRequest
from fairapp.visitors.models import Visitor
from tests.factories.deals import make_exhibitor
from tests.factories.foundation import make_actor, make_person
from tests.factories.gates import code_of, make_doors
from tests.factories.meetings import at, make_confirmed_meeting, make_meeting, new_meeting
from tests.factories.visitors import make_visitor

TEN = datetime(2021, 3, 18, 2, 0, tzinfo=UTC)
MY, DESK, API = "/fairs/here/my/meetings", "/fairs/here/desk/meetings", "/api/v1/fairs/here/meetings"
pytestmark = pytest.mark.usefixtures("clock")


# --- truth tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other_said", "proven", "contradicted"), list(itertools.product([None, True, False], [True, False], [True, False]))
)
def test_what_is_known_of_a_meeting(other_said, proven, contradicted) -> None:
    level = rules.level_of(other_said=other_said, proven=proven, contradicted=contradicted)
    if other_said is False or contradicted:
        assert level == "disputed"
    elif proven:
        assert level == "proven"
    else:
        assert level == ("confirmed" if other_said else "declared")


@pytest.mark.parametrize(
    ("buyer", "host", "place", "proven"),
    [
        (0, 0, "A", True),
        (-10, 10, "A", True),
        (-11, 5, "A", False),
        (45, 45, "A", True),
        (45, 46, "A", False),
        (0, 20, "A", True),
        (0, 21, "A", False),
        (5, 5, "B", False),
    ],
)
def test_both_badges_at_one_place_in_its_time_prove_a_meeting(buyer, host, place, proven) -> None:
    minute = timedelta(minutes=1)
    readings = [Reading("buyer", TEN + buyer * minute, "A"), Reading("host", TEN + host * minute, place)]
    assert rules.is_proven(TEN, TEN + 30 * minute, readings) is proven
    assert not rules.is_proven(TEN, TEN + 30 * minute, readings[:1] * 2)


# --- through pages and the API -------------------------------------------------------------------------


@pytest.fixture
def doors(app):
    return make_doors("here")


@pytest.fixture
def exhibitor(doors):
    return make_exhibitor(doors.fair, "Blue Harbour")


@pytest.fixture
def member(doors, exhibitor, signed_in):
    organisation = db.session.get_one(Organisation, exhibitor.organisation_id)
    return signed_in(make_person(doors.fair, Role.EXHIBITOR, organisation))


def own_page(visitor) -> str:
    return f"/fairs/here/badge/{badge_link.badge_token(visitor)}/contacts"


def answer(browser, visitor, word: str):
    request = db.session.scalars(select(ContactRequest).order_by(ContactRequest.asked_at.desc())).first()
    page = own_page(visitor)
    return browser.press(page, f"{page}/requests/{request.id}/{word}")


def only_meeting() -> Meeting:
    meeting = db.session.scalars(select(Meeting)).one()
    db.session.refresh(meeting)
    return meeting


def test_twenty_five_numbers_typed_by_one_exhibitor_show_nobody(doors, member, client, mailbox) -> None:
    people = [make_visitor(doors.fair, name=f"Ada{n} Lind", company=f"Nordic{n}", country="SE") for n in range(15)]
    numbers = [badge.number for _, badge in people] + [f"{n:08d}" for n in range(10)]
    body = {"starts_at": "2021-03-18T10:00:00+08:00", "minutes": 30, "status": "held"}
    answers = [member.api("POST", API, {**body, "badge": number}) for number in numbers]
    assert {answer.status_code for answer in answers} == {201}
    texts = {
        re.sub(r'"id":\s*"[^"]+"', "", answer.text).replace(number, "#")
        for answer, number in zip(answers, numbers, strict=True)
    }
    assert len(texts) == 1
    pages = {
        member.post_form(f"{MY}/new", {"badge": number, "start": f"09:{15 * n:02d}", "minutes": "15"}).title.replace(
            number, "#"
        )
        for n, number in enumerate(numbers[13:17])
    }
    assert pages == {"Meeting with badge #, typed"}
    for url in (MY, f"{API}?q=Lind"):
        text = member.open(url).text if url == MY else member.api("GET", url).text
        assert "Lind" not in text
        assert "Nordic" not in text
    assert member.api("GET", f"{API}?q=Lind").json["total"] == 0
    assert {str(mail["To"]) for mail in mailbox.mails} == {visitor.email for visitor, _ in people}
    assert level_counts(doors.fair.id).held == 0


def test_typing_numbers_has_limits_on_page_and_api_alike(doors, member, tries) -> None:
    body = {"starts_at": "2021-03-18T10:00:00+08:00", "minutes": 30, "status": "held"}
    for n in range(5):
        assert member.api("POST", API, {**body, "badge": f"{n:08d}"}).status_code == 201
        assert member.post_form(f"{MY}/new", {"badge": f"{n + 50:08d}"})
    _, badge = make_visitor(doors.fair)
    assert member.api("POST", API, {**body, "badge": badge.number}).status_code == 429
    member.post_form(f"{MY}/new", {"badge": badge.number}, 429)
    assert member.api("POST", API, {**body, "badge": code_of(badge)}).status_code == 201
    guesses = select(func.count()).select_from(FairEvent).where(FairEvent.event == "numbers.guessed")
    assert db.session.scalar(guesses) == 2


def test_the_holder_confirms_on_the_own_page_and_nobody_else_can(doors, exhibitor, member, client) -> None:
    visitor, badge = make_visitor(doors.fair, name="Ada Lind")
    doors.enter(badge)
    member.post_form(f"{MY}/new", {"badge": badge.number})
    meeting = only_meeting()
    assert (meeting.level, meeting.visitor_id) == ("declared", None)
    assert "for the other side alone" in answer(member, visitor, "yes")
    assert only_meeting().level == "declared"
    before = client.get_page(own_page(visitor))
    assert "Blue Harbour" in before
    assert only_meeting().level == "declared"  # to look changes nothing
    assert "your answer is stored" in answer(client, visitor, "yes")
    meeting = only_meeting()
    assert (meeting.level, meeting.visitor_id) == ("confirmed", visitor.id)
    known = level_counts(doors.fair.id)
    assert (known.declared, known.confirmed, known.proven, known.held) == (0, 1, 0, 1)
    assert "Ada Lind" not in member.get_page(f"{MY}/{meeting.id}")


def test_was_not_there_leaves_every_figure_until_a_verifier_decides(
    doors, exhibitor, member, client, signed_in
) -> None:
    visitor, badge = make_visitor(doors.fair)
    doors.enter(badge)
    member.post_form(f"{MY}/new", {"badge": code_of(badge)})
    answer(client, visitor, "no")
    meeting = only_meeting()
    assert meeting.level == "disputed"
    known = level_counts(doors.fair.id)
    assert (known.declared, known.disputed, known.held) == (0, 1, 0)
    for verb in ("reopen", "cancel", "hold"):
        assert b"in another state now" in member.post(f"{MY}/{meeting.id}/{verb}", follow_redirects=True).data
    verifier = signed_in(make_person(doors.fair, Role.VERIFIER))
    page = f"{DESK}/disputed"
    assert "Blue Harbour" in verifier.get_page(page)
    verifier.post_form(f"{page}/{meeting.id}", {"stands": "struck", "note": "Both say so"})
    assert only_meeting().status == "cancelled"
    assert b"in another state now" in member.post(f"{MY}/{meeting.id}/reopen", follow_redirects=True).data


def test_two_codes_read_on_the_spot_prove_a_meeting(doors, exhibitor, member, clock) -> None:
    _visitor, badge = make_visitor(doors.fair)
    _, staff = make_visitor(doors.fair, category="EXH", exhibitor_id=exhibitor.id)
    _, stranger = make_visitor(doors.fair)
    doors.enter(badge)
    page = member.post_form(f"{MY}/new", {"badge": code_of(badge)})
    form = {"action": f"{page.url}/badge"}
    assert "proves nothing" in member.post_form(page.url, {"badge": staff.number}, **form).errors()["badge"]
    assert "neither side" in member.post_form(page.url, {"badge": code_of(stranger)}, **form).errors()["badge"]
    clock.shift(timedelta(minutes=12))
    assert "Proven" in member.post_form(page.url, {"badge": code_of(staff)}, **form)
    known = level_counts(doors.fair.id)
    assert (known.confirmed, known.proven, known.held) == (0, 1, 1)


def test_the_desk_confirms_for_the_buyer_by_the_buyers_own_code_alone(doors, exhibitor, signed_in) -> None:
    organiser = signed_in(make_person(doors.fair, Role.ORGANISER))
    visitor, badge = make_visitor(doors.fair)
    doors.enter(badge)
    meeting = make_meeting(doors.fair, exhibitor, status="held", visitor_id=visitor.id)
    page = f"{DESK}/{meeting.id}"
    assert (
        "proves nothing" in organiser.post_form(page, {"badge": badge.number}, action=f"{page}/badge").errors()["badge"]
    )
    assert only_meeting().level == "declared"
    organiser.post_form(page, {"badge": code_of(badge)}, action=f"{page}/badge")
    assert only_meeting().level == "confirmed"


def test_an_ask_holds_no_time_of_the_asked_side_and_accepting_takes_it_or_says_just_taken(
    doors, exhibitor, member, client
) -> None:
    visitor, badge = make_visitor(doors.fair, name="Ada Lind", company="Nordic")
    ask = {"badge": code_of(badge), "status": "asked", "start": "15:00"}
    meeting_page = member.post_form(f"{MY}/new", ask).url
    rival = make_meeting(doors.fair, make_exhibitor(doors.fair), 300, visitor_id=visitor.id, status="confirmed")
    assert "just taken" in answer(client, visitor, "yes")
    with transaction():
        services.mark_meeting(actor=system(doors.fair.id), meeting=rival, verb="cancel")
    answer(client, visitor, "yes")
    page = member.get_page(meeting_page)
    assert "Arranged" in page
    assert "Ada Lind" in page  # who accepts is found by name, company, position and country
    assert visitor.email not in page


def test_asks_have_limits(doors, exhibitor) -> None:
    actor = make_actor(doors.fair, Role.EXHIBITOR, db.session.get_one(Organisation, exhibitor.organisation_id))
    visitor, _ = make_visitor(doors.fair)

    def ask(start: int, **more) -> Meeting:
        with transaction():
            new = new_meeting(exhibitor, start, **more)
            return services.log_meeting(actor=actor, fair=doors.fair, new=new)

    for n in range(3):
        ask(180 + 30 * n, visitor_id=visitor.id)
    with pytest.raises(DomainError, check=lambda error: error.code == "too_many_asks"):
        ask(300, visitor_id=visitor.id)
    for n in range(17):
        ask(180 + 5 * n)
    with pytest.raises(DomainError, check=lambda error: error.code == "too_many_asks"):
        ask(300)
    with pytest.raises(DomainError, check=lambda error: error.code == "asks_first"):
        ask(300, status="confirmed")


def test_an_ask_that_nobody_answers_gives_the_askers_time_back_after_a_day(doors, exhibitor, clock) -> None:
    host = make_person(doors.fair, Role.STEWARD)
    make_meeting(doors.fair, exhibitor, 1800, host_id=host.id)
    with pytest.raises(DomainError, check=lambda error: error.code == "busy"):
        make_meeting(doors.fair, exhibitor, 1800, host_id=host.id)
    clock.shift(timedelta(hours=24, minutes=1))
    assert make_meeting(doors.fair, exhibitor, 1800, host_id=host.id).id


def test_a_badge_that_no_gate_saw_stands_apart_until_its_entry_arrives(doors, exhibitor) -> None:
    (visitor, badge), (_, other) = (make_visitor(doors.fair) for _ in range(2))
    make_confirmed_meeting(doors.fair, exhibitor, visitor_id=visitor.id)
    assert level_counts(doors.fair.id).held == 1  # a fair whose gates count nobody has no such sign
    doors.enter(other)
    known = level_counts(doors.fair.id)
    assert (known.confirmed, known.without_entry, known.held) == (0, 1, 0)
    assert queries.overall_rounds(doors.fair.id).rounds == 0
    doors.enter(badge)
    known = level_counts(doors.fair.id)
    assert (known.confirmed, known.without_entry, known.held) == (1, 0, 1)


def test_a_badge_taken_away_before_is_a_dispute(doors, exhibitor, clock) -> None:
    visitor, _ = make_visitor(doors.fair)
    with transaction():
        revoke_badge(actor=system(doors.fair.id), visitor=visitor, reason="lost")
    clock.shift(timedelta(hours=1))
    assert make_meeting(doors.fair, exhibitor, 30, status="held", visitor_id=visitor.id).level == "disputed"


def test_nothing_is_declared_a_week_after_the_fair(doors, exhibitor, clock) -> None:
    arranged = make_meeting(doors.fair, exhibitor, 60, status="confirmed")
    clock.move_to(datetime(2021, 3, 27, 12, 0, tzinfo=UTC))
    meeting = make_meeting(doors.fair, exhibitor, status="held")
    assert meeting.level == "declared"
    clock.move_to(datetime(2021, 3, 28, 12, 0, tzinfo=UTC))
    late = pytest.raises(DomainError, check=lambda error: (error.code, error.field) == ("too_late", "status"))
    with late:
        make_meeting(doors.fair, exhibitor, 120, status="held")
    with late, transaction():
        services.mark_meeting(actor=system(doors.fair.id), meeting=arranged, verb="hold")


def test_a_no_show_names_who_and_the_absent_side_denies_it_for_48_hours(
    doors, exhibitor, member, client, clock
) -> None:
    visitor, _badge = make_visitor(doors.fair)
    meeting = make_meeting(doors.fair, exhibitor, visitor_id=visitor.id, status="confirmed")
    member.post_form(f"{MY}/{meeting.id}", {"absent": "buyer"}, action=f"{MY}/{meeting.id}/miss")
    assert (only_meeting().status, only_meeting().absent) == ("no_show", "buyer")
    assert level_counts(doors.fair.id).absent == 1
    clock.shift(timedelta(hours=49))
    assert "48 hours" in answer(client, visitor, "no")
    clock.shift(timedelta(hours=-2))
    answer(client, visitor, "no")
    assert level_counts(doors.fair.id).absent == 0


def test_ones_own_people_and_mailboxes_confirm_nothing(doors, exhibitor, member, client) -> None:
    with transaction():
        exhibitor.contact_email = "sales@blue.example"
    friend, badge = make_visitor(doors.fair, email="Sales@blue.example")
    member.post_form(f"{MY}/new", {"badge": code_of(badge)})
    assert "for the other side alone" in answer(client, friend, "yes")
    _staff, own = make_visitor(doors.fair, category="EXH", exhibitor_id=exhibitor.id)
    assert "your own people" in member.post_form(f"{MY}/new", {"badge": code_of(own)}).errors()["badge"]
    assert level_counts(doors.fair.id).held == 0


def test_who_has_confirmed_stays_who_was_met(doors, exhibitor, member) -> None:
    visitor, _ = make_visitor(doors.fair)
    meeting = make_confirmed_meeting(doors.fair, exhibitor, visitor_id=visitor.id)
    page = f"{MY}/{meeting.id}/change"
    for change in ({"counterpart_company": "Another"}, {"start": "09:00"}, {"badge": "12345678"}):
        assert "stay as they are" in member.post_form(page, change)
    assert "Samples" in member.post_form(page, {"outcome": "Samples"})


def test_one_exhibitor_alone_moves_no_published_figure(doors, exhibitor, member) -> None:
    for n in range(4):
        _, badge = make_visitor(doors.fair)
        doors.enter(badge)
        text = code_of(badge) if n % 2 else badge.number
        entry = {"badge": text, "start": f"09:{15 * n:02d}", "minutes": "15", "counterpart_company": f"Company {n}"}
        page = member.post_form(f"{MY}/new", entry)
        for verb in ("confirm", "hold", "reopen", "hold"):
            member.post(f"{page.url}/{verb}")
    known = level_counts(doors.fair.id)
    assert (known.confirmed, known.proven, known.held) == (0, 0, 0)
    assert known.declared == 4
    assert db.session.scalar(select(func.count()).select_from(Visitor)) == 4
    assert at(0) == TEN
