"""A fair that is over takes nothing new, by whatever road it comes, and says since when."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from apiflask import APIFlask
from sqlalchemy import func, select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.deals.imports.services import import_file as import_deals
from fairapp.deals.models import Deal
from fairapp.exhibitors.applications.services import approve_exhibitor
from fairapp.exhibitors.models import Exhibitor
from fairapp.fairs.states.enums import FairState
from fairapp.fairs.states.services import set_state
from fairapp.meetings.models import Meeting
from fairapp.visitors.models import Visitor
from tests.client import PageClient
from tests.factories.exhibitors import company, make_application
from tests.factories.fairs import Ground, make_ground
from tests.factories.foundation import make_organisation, make_person
from tests.factories.visitors import make_booth_for, make_visitor

HERE, API = "/fairs/here", "/api/v1/fairs/here"
CLOSED_ON = "closed on Mar 20, 2021"
DEAL = {
    "client_id": str(uuid4()),
    "seller": {"name": "Quayside", "country": "CN"},
    "buyer": {"name": "Orchid", "country": "SG"},
    "currency": "USD",
    "amount": "1000",
    "signed_on": "2021-03-18",
}


@pytest.fixture
def over(app: APIFlask) -> Iterator[Ground]:
    """A fair of 2021 with an exhibitor, an application and a visitor, in November 2026."""
    ground = make_ground("here")
    ground.exhibitor = make_booth_for(ground.fair, make_organisation("Blue Harbour"))  # type: ignore[attr-defined]
    ground.application = make_application(ground.fair)  # type: ignore[attr-defined]
    make_visitor(ground.fair)
    with time_machine.travel(datetime(2026, 11, 30, 4, tzinfo=UTC), tick=False):
        yield ground


@pytest.fixture
def desk(over: Ground, signed_in) -> PageClient:
    return signed_in(make_person(over.fair, Role.ORGANISER))


@pytest.fixture
def stand(over: Ground, signed_in) -> PageClient:
    exhibitor: Exhibitor = over.exhibitor  # type: ignore[attr-defined]
    return signed_in(make_person(over.fair, Role.EXHIBITOR, exhibitor.organisation))


def counts() -> list[int]:
    tables = (Visitor, Exhibitor, Meeting, Deal)
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_public_pages_say_since_when_and_take_nothing(over: Ground, client: PageClient) -> None:
    before = counts()
    assert f"Registration {CLOSED_ON} (by the dates of the fair)." in client.get_page(f"{HERE}/register")
    assert f"Applications to exhibit {CLOSED_ON}" in client.get_page(f"{HERE}/apply")
    client.post(f"{HERE}/register", {"category": "PRO", "name": "王小明", "email": "w@example.com", "country": "CN"})
    client.post(f"{HERE}/apply", company() | {"agreed": "y"})
    home = client.get_page(HERE)
    assert "Your badge in under a minute" not in home
    assert f"Registration {CLOSED_ON}" in home
    client.locale = "zh"
    assert "观众登记已于2021年3月20日截止（按展会日期）。" in client.get_page(f"{HERE}/register")
    assert counts() == before


def test_the_desk_and_the_stand_are_refused_with_words(over: Ground, desk: PageClient, stand: PageClient) -> None:
    before = counts()
    walk_in = desk.post_form(f"{HERE}/desk/visitors/new", {"name": "王小明", "category": "GEN"})
    assert f"Registration at the desk and by lists {CLOSED_ON}" in walk_in
    staff = stand.post_form(f"{HERE}/my/badges", {"name": "李娜", "email": "lina@example.com"})
    assert f"Registration at the desk and by lists {CLOSED_ON}" in staff
    assert f"Declaring deals {CLOSED_ON}" in stand.get_page(f"{HERE}/my/deals/new")
    assert f"Declaring deals {CLOSED_ON}" in desk.get_page(f"{HERE}/desk/deals/new")
    slips = desk.post_form(f"{HERE}/desk/deals/slips", {"count": "3"})
    assert f"Printing and handing out paper slips {CLOSED_ON}" in slips
    meeting = {"day": "2021-03-18", "start": "10:00", "counterpart_name": "Ann", "counterpart_company": "Ann Ltd"}
    assert f"Logging of meetings {CLOSED_ON}" in stand.post_form(f"{HERE}/my/meetings/new", meeting)
    assert counts() == before


def test_machines_are_refused_with_a_code(over: Ground, desk: PageClient) -> None:
    before = counts()
    visitor = {"category": "PRO", "name": "Anna", "company": "Blue", "country": "PL", "email": "anna@example.com"}
    meeting = {
        "exhibitor": str(over.exhibitor.id),  # type: ignore[attr-defined]
        "starts_at": "2021-03-18T02:00:00+00:00",
        "minutes": 20,
        "name": "Ann",
    }
    answers = [
        desk.api("POST", f"{API}/visitors", visitor),
        desk.api("POST", f"{API}/deals", DEAL),
        desk.api("POST", f"{API}/meetings", meeting),
    ]
    assert [answer.status_code for answer in answers] == [409, 409, 409], [answer.json for answer in answers]
    assert [answer.json["code"] for answer in answers] == ["registration_closed", "deals_closed", "meetings_closed"]
    assert counts() == before


def test_lists_and_approvals_are_refused(over: Ground) -> None:
    before = counts()
    content = "卖方,卖方国家,买方,买方国家,金额,币种\n蓝港,CN,Orchid,SG,1000,USD\n".encode()
    with transaction():
        report = import_deals(actor=system(over.fair.id), fair=over.fair, content=content, filename="deals.csv")
    assert report.counts["refused"] == 1
    with pytest.raises(Exception, match="exhibitors_closed"), transaction():
        approve_exhibitor(
            actor=system(over.fair.id),
            fair=over.fair,
            exhibitor=over.application,  # type: ignore[attr-defined]
        )
    assert counts() == before


def test_a_reopened_fair_takes_them_again_and_a_deal_is_late(over: Ground, desk: PageClient) -> None:
    with transaction():
        set_state(actor=system(over.fair.id), fair=over.fair, state=FairState.RUNNING, reason="A lost box was found")
    answer = desk.api("POST", f"{API}/deals", DEAL)
    assert answer.status_code == 201, answer.json
    assert answer.json["late"] is True
    page = desk.get_page(f"{HERE}/desk/deals")
    assert "Late" in page
    desk.locale = "zh"
    assert "迟报" in desk.get_page(f"{HERE}/desk/deals")
