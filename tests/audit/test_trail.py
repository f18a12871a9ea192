"""The audit trail: append-only, complete in names, read by filters, exported."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fairapp.accounts.permissions import Role
from fairapp.audit import queries, views
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.audit.labels import EVENT_NAMES
from fairapp.audit.models import AccountEvent, FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.data.ids import new_id
from fairapp.core.web.access import Actor, system
from fairapp.fairs.events import GateChanged
from tests.factories.foundation import actor, make_fair, make_person

TRAIL = "/fairs/spring/desk/audit"


@pytest.fixture
def fair(app):
    return make_fair("spring")


@pytest.fixture
def desk(fair, signed_in):
    return signed_in(make_person(fair, Role.ORGANISER, name="Olga"))


def note(fair, event=Event.FAIR_CHANGED, label="Olga", subject="x", **detail) -> FairEvent:
    with transaction():
        audit.record(event, actor=Actor(label=label), fair_id=fair.id, subject=subject, **detail)
    return db.session.scalars(select(FairEvent).order_by(FairEvent.id.desc())).first()


def test_an_event_keeps_who_what_and_which(fair) -> None:
    with transaction():
        audit.record(Event.FAIR_CHANGED, actor=system(fair.id, "demo"), fair_id=fair.id, subject=fair, field="name")
    event = db.session.scalars(select(FairEvent)).one()
    kept = (event.event, event.actor_label, event.subject_type, event.subject_id, event.detail)
    assert kept == ("fair.changed", "demo", "fairs", str(fair.id), {"field": "name"})


def test_an_event_that_causes_something_is_recorded_with_its_facts_alone(fair, app, monkeypatch) -> None:
    heard: list[tuple[object, str]] = []

    def reaction(event: GateChanged) -> None:
        heard.append((event, db.session.scalars(select(FairEvent.event)).one()))

    monkeypatch.setitem(app.extensions["reactions"], GateChanged, [reaction])
    changed = GateChanged(fair.id, new_id(), "G1", is_renamed=True)
    with pytest.raises(RuntimeError, match="record it as GateChanged"), transaction():
        audit.record(Event.GATE_CHANGED, actor=system(fair.id), fair_id=fair.id, subject="G1")
    with transaction():
        audit.record(changed, actor=system(fair.id), fair_id=fair.id, subject="G1")
    assert heard == [(changed, "gate.changed")]


@pytest.mark.parametrize("statement", ["UPDATE {} SET event = 'x'", "DELETE FROM {}"])
@pytest.mark.parametrize("model", [FairEvent, AccountEvent])
def test_the_database_refuses_to_change_the_trail(fair, statement: str, model) -> None:
    note(fair)
    with transaction():
        audit.record_account(Event.SIGNED_IN, user_id=None)
    with pytest.raises(DBAPIError, match="append-only"), transaction() as session:
        session.execute(text(statement.format(model.__tablename__)))
    assert db.session.scalar(select(FairEvent.event)) == "fair.changed"


def test_every_event_has_a_name() -> None:
    assert set(Event) - set(EVENT_NAMES) == set()


def test_codes_never_say_the_same(fair) -> None:
    assert len({event.value for event in Event}) == len(list(Event))


def test_the_trail_of_another_fair_is_not_seen(fair) -> None:
    other = make_fair("autumn")
    mine, _foreign = note(fair), note(other)
    shown = db.session.scalars(queries.events_visible_to(Actor("x", fair_id=fair.id))).all()
    assert shown == [mine]


def test_the_page_shows_the_newest_first(desk, fair) -> None:
    note(fair, Event.HALL_ADDED, subject="h1", code="A1")
    note(fair, Event.HALL_CHANGED, label="System")
    rows = desk.get_page(TRAIL).rows()
    assert [row[1:3] for row in rows] == [["Hall changed", "System"], ["Hall added", "Olga"]]
    assert rows[1][4] == "code A1"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("event=hall.added", 1),
        ("event=nonsense", 4),
        ("person=Olga", 2),
        ("person=olg", 3),
        ("person=%25", 0),
        ("record=hall-7", 1),
        ("day=2021-03-18", 3),
        ("day=2021-03-19", 1),
        ("day=2021-02-30", 4),
        ("day=0001-01-01", 4),
        ("day=9999-12-31", 4),
        ("event=hall.added&day=2021-03-19", 0),
        ("before=nonsense", 4),
        ("before=0188e5a0-0000-7000-8000-000000000000", 4),
        ("person=%00", 4),
        ("record=%F0%28%8C%BC", 0),
    ],
)
def test_the_trail_is_narrowed(clock, fair, signed_in, query: str, found: int) -> None:
    note(fair, Event.HALL_ADDED)
    note(fair, subject="hall-7")
    note(fair, label="Olga Petrova")
    clock.move_to(datetime(2021, 3, 18, 16, 0, tzinfo=UTC))  # past midnight in Fuzhou
    note(fair, label="Li")
    desk = signed_in(make_person(fair, Role.ORGANISER))
    assert len(desk.get_page(f"{TRAIL}?{query}").tree.xpath("//tbody/tr")) == found


def test_older_events_are_reached_page_by_page(desk, fair) -> None:
    for number in range(120):
        note(fair, subject=f"s{number}")
    seen, url = [], TRAIL
    while url:
        page = desk.get_page(url)
        seen += [link.get("href").rsplit("=", 1)[1] for link in page.tree.xpath("//tbody/tr/td[3]//a")]
        url = page.links.get("Older")
    assert seen == [f"s{number}" for number in reversed(range(120))]


def test_nothing_found_says_what_to_do(desk) -> None:
    assert "Clear the filters to see the entire trail." in desk.get_page(f"{TRAIL}?person=nobody")


def test_what_is_shown_is_exported_and_the_export_is_noted(desk, fair) -> None:
    note(fair, Event.HALL_ADDED, label="=cmd()", code="<script>")
    note(fair, label="Li")
    response = desk.post(f"{TRAIL}/export?event=hall.added")
    sheet = load_workbook(io.BytesIO(response.data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(rows) == 2
    assert rows[1][1:4] == ["=cmd()", "Hall added", "hall.added"]
    assert sheet["B2"].data_type != "f"
    noted = db.session.scalars(select(FairEvent).order_by(FairEvent.id.desc())).first()
    assert (noted.event, noted.actor_label, noted.detail) == (
        Event.LIST_EXPORTED,
        "Olga",
        {"filters": ["event"], "lines": 1},
    )


def test_a_list_too_long_is_refused_not_cut(desk, fair, monkeypatch) -> None:
    monkeypatch.setattr(views, "MAX_EXPORTED", 3)
    for _turn in range(3):
        note(fair)
    assert desk.post(f"{TRAIL}/export").status_code == 200
    assert desk.post(f"{TRAIL}/export").status_code == 409  # the first export is a line too


def test_people_of_one_name_and_their_tokens_are_told_apart(desk, fair) -> None:
    people = [make_person(fair, Role.ORGANISER, name="Li") for _ in range(2)]
    acting = [replace(actor(person, fair), by_token=token) for person in people for token in (False, True)]
    for one in acting:
        with transaction():
            audit.record(Event.FAIR_CHANGED, actor=one, fair_id=fair.id, subject="x")
    shown = [row[2] for row in desk.get_page(f"{TRAIL}?event=fair.changed").rows()]
    assert [who.split()[:-1] for who in shown] == [["Li", "API", "token"], ["Li", "Person"]] * 2
    assert len({who.split()[-1] for who in shown}) == 2
    assert len(desk.get_page(f"{TRAIL}?person={people[0].id}").rows()) == 2
    sheet = load_workbook(io.BytesIO(desk.post(f"{TRAIL}/export?event=fair.changed").data)).active
    told = [tuple(cell.value for cell in row[-2:]) for row in sheet.iter_rows(min_row=2)]
    ids = [str(person.id) for person in reversed(people)]
    assert told == [(kind, one) for one in ids for kind in ("API token", "Person")]


def test_text_of_people_stays_text(desk, fair) -> None:
    note(fair, label="<script>alert(1)</script>", detail="<img src=x onerror=alert(1)>")
    page = desk.get_page(TRAIL)
    assert "<script>alert" not in page.html
    assert "<img src=x" not in page.html
