"""What was written about persons in meetings goes with them, and the figures stay."""

from datetime import date, timedelta

import pytest
from sqlalchemy import String, select

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import system
from fairapp.meetings import models, queries
from fairapp.meetings.erasure import REGISTRY
from fairapp.meetings.models import Meeting
from fairapp.visitors.erasure import services as erasure
from tests.factories.deals import make_exhibitor
from tests.factories.fairs import make_ground
from tests.factories.foundation import make_person
from tests.factories.meetings import make_confirmed_meeting, make_meeting
from tests.factories.visitors import make_visitor

pytestmark = pytest.mark.usefixtures("clock")
WRITTEN = {"topic": "Anna wants 20 %", "outcome": "Anna Svensson calls in May", "notes": "Anna, +46"}


@pytest.fixture
def ground(app):
    return make_ground("here")


@pytest.fixture
def exhibitor(ground):
    return make_exhibitor(ground.fair)


@pytest.mark.parametrize(
    "table", [models.Meeting.__table__, models.MeetingSlot.__table__, models.MeetingProof.__table__], ids=str
)
def test_every_text_column_is_listed(table) -> None:
    texts = {column.name for column in table.columns if isinstance(column.type, String)}
    assert texts == set(REGISTRY[table.name])


def everything() -> str:
    return repr(db.session.execute(select(Meeting.__table__)).all())


def figures(fair) -> list:
    days = queries.meetings_by_day(fair.id)
    return [queries.overall_rounds(fair.id), queries.rounds_by_country(fair.id), days]


def purge(fair, today: date) -> None:
    with transaction():
        erasure.purge_expired(actor=system(fair.id), fair=fair, today=today)


def test_no_name_written_down_outlives_the_retention_and_the_figures_stay(ground, exhibitor, clock) -> None:
    clock.shift(timedelta(hours=5))
    people = [make_visitor(ground.fair, name="Anna Svensson", company="Anna & Co")[0] for _ in range(2)]
    for number, person in enumerate(people):
        make_confirmed_meeting(ground.fair, exhibitor, 30 * number, visitor_id=person.id, **WRITTEN)
    alone, _ = make_visitor(ground.fair, name="Anna Svensson", company="", country="SE")
    make_confirmed_meeting(ground.fair, exhibitor, 90, visitor_id=alone.id)
    counterpart = {"counterpart_name": "Anna Svensson", "counterpart_country": "SE"}
    make_meeting(ground.fair, exhibitor, 120, status="held", counterpart_company="", **counterpart, **WRITTEN)
    before = figures(ground.fair)
    assert (before[0].rounds, before[0].counterparts) == (3, 2)
    purge(ground.fair, date(2022, 3, 20))
    assert "Anna" in everything()
    purge(ground.fair, date(2022, 3, 21))
    assert "anna" not in everything().lower()
    assert figures(ground.fair) == before
    purge(ground.fair, date(2022, 3, 22))
    assert figures(ground.fair) == before


def test_an_erased_person_is_named_in_no_meeting_and_others_are(ground, exhibitor, clock, signed_in) -> None:
    clock.shift(timedelta(hours=5))
    anna, bert = (make_visitor(ground.fair, name=name, company="Nordic")[0] for name in ("Anna Svensson", "Bert Berg"))
    mine = make_confirmed_meeting(ground.fair, exhibitor, visitor_id=anna.id, **WRITTEN)
    make_confirmed_meeting(ground.fair, exhibitor, 30, visitor_id=bert.id, topic="Shoes with Bert")
    before = figures(ground.fair)
    with transaction():
        erasure.erase_visitor(actor=system(ground.fair.id), visitor=anna, reason="asked")
    assert "Anna" not in everything()
    assert "Shoes with Bert" in everything()
    assert figures(ground.fair) == before
    assert before[0].counterparts == 1
    organiser = signed_in(make_person(ground.fair, Role.ORGANISER))
    assert organiser.get_page(f"/fairs/here/desk/meetings/{mine.id}").title == "Meeting with an erased person"
