"""Badges issued, issued anew and revoked, and the keys that sign them."""

import re

import pytest

from fairapp.audit.catalogue import Event
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.fairs.models import Fair
from fairapp.visitors.badges.code import Verdict
from fairapp.visitors.badges.queries import badge_for_code
from fairapp.visitors.badges.services import reprint_badge, revoke_badge
from fairapp.visitors.models import VisitorStatus
from fairapp.visitors.search.queries import search_visitors
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_visitor
from tests.visitors.reading import code_of, last_event


def test_a_genuine_code_finds_its_badge(fair: Fair) -> None:
    visitor, badge = make_visitor(fair, name="王小明", company="蓝港贸易")
    reading = badge_for_code(fair, code_of(fair, visitor))
    assert reading.verdict is Verdict.GENUINE
    assert (reading.badge.badge_id, reading.badge.person_id) == (badge.id, visitor.id)
    assert (reading.badge.name, reading.badge.company, reading.badge.kind) == ("王小明", "蓝港贸易", "visitor")


def test_a_code_of_another_fair_is_foreign(fair: Fair) -> None:
    visitor, _badge = make_visitor(fair)
    other = make_fair()
    make_visitor(other)
    assert badge_for_code(other, code_of(fair, visitor)).verdict is Verdict.FOREIGN


def test_a_reprint_ends_the_old_code_at_once(fair: Fair) -> None:
    visitor, first = make_visitor(fair)
    old = code_of(fair, visitor)
    with transaction():
        second = reprint_badge(actor=system(fair.id), visitor=visitor, reason="lost")
    assert (second.issue, second.status, first.status) == (2, "active", "replaced")
    assert second.code_id != first.code_id
    assert second.number != first.number
    assert badge_for_code(fair, old).badge.status == "replaced"
    assert badge_for_code(fair, code_of(fair, visitor)).badge.status == "active"
    assert (last_event(fair).detail, first.end_note) == ({"issue": 2}, "lost")
    assert [row.id for row in search_visitors(fair.id, second.number)] == [visitor.id]
    assert search_visitors(fair.id, first.number) == []


def test_a_revoked_badge_can_be_issued_anew(fair: Fair) -> None:
    visitor, badge = make_visitor(fair)
    with transaction():
        revoke_badge(actor=system(fair.id), visitor=visitor, reason="sold it")
    assert (visitor.status, badge.status, badge.end_note) == ("revoked", "revoked", "sold it")
    assert last_event(fair).event == Event.BADGE_REVOKED
    assert search_visitors(fair.id, visitor.name) == []
    with pytest.raises(DomainError):
        revoke_badge(actor=system(fair.id), visitor=visitor, reason="again")
    with transaction():
        reprint_badge(actor=system(fair.id), visitor=visitor, reason="pardoned")
    assert visitor.status == VisitorStatus.REGISTERED


def test_a_lost_secret_makes_a_new_key_and_old_codes_stay_good(fair: Fair, app) -> None:
    visitor, _badge = make_visitor(fair)
    old = code_of(fair, visitor)
    before = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "another secret"
    try:
        assert make_visitor(fair)[1].key_number == 2
        assert badge_for_code(fair, old).verdict is Verdict.GENUINE
        with pytest.raises(DomainError) as refusal:
            code_of(fair, visitor)
        assert refusal.value.code == "key_lost"
    finally:
        app.config["SECRET_KEY"] = before


def test_many_badges_come_as_one_file(fair, desk) -> None:
    for number in range(3):
        make_visitor(fair, name=f"Anna {number}")
    make_visitor(fair, category="GEN")
    url = "/fairs/open/desk/visitors/print?category=PRO"
    page = desk.press(url, url)
    link = re.search(r'href="([^"]+/file)"', page.html)
    assert link is not None
    assert desk.download(link[1]).data[:4] == b"%PDF"
