"""Publications: approved by another person, made again byte for byte, differences explained line by line."""

import hashlib
import io
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from apiflask import APIFlask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Side
from fairapp.deals.ledger.receipts import ledger_root
from fairapp.deals.services.review import hold_deal, void_deal
from fairapp.fairs.models import Fair
from fairapp.fairs.states.enums import FairState
from fairapp.fairs.states.services import set_state
from fairapp.reports.publications import services
from fairapp.reports.publications.build import (
    WrittenWorkbook,
    build_publication,
    check_workbook_opens,
    rebuild_publication,
    rebuild_sheets,
)
from fairapp.reports.publications.jobs import workbook_attachment
from fairapp.reports.publications.models import Publication
from fairapp.reports.publications.queries import list_all_publications, mailing_of, workbook_file
from tests.factories.deals import confirm, declare, verified_deal
from tests.factories.foundation import make_actor, make_fair, make_person
from tests.factories.rates import say_rate
from tests.mail import Mailbox, text_of
from tests.reports.formulas import FORMS, OF_A_PUBLICATION, forms_in

HOSTILE = ["=cmd|' /C calc'!A0", "<b>&amp;]]>", " spaces ", "\u202egnp.exe", "𠮷野家", "+1", "'quoted'"]
Clock = Any


def prepare(fair: Fair, actor: Actor, label: str = "day 1") -> Publication:
    built = build_publication(fair, label, label)
    with transaction():
        return services.prepare_publication(actor=actor, fair=fair, built=built)


def approve(fair: Fair, actor: Actor, publication: Publication) -> None:
    with transaction():
        services.approve_publication(actor=actor, fair=fair, publication=publication)


def publish(fair: Fair, label: str = "day 1") -> Publication:
    made = prepare(fair, make_actor(fair, Role.ORGANISER), label)
    approve(fair, make_actor(fair, Role.VERIFIER), made)
    return made


def sha256_again(publication: Publication) -> str:
    with rebuild_publication(publication) as file:
        return hashlib.sha256(file.read()).hexdigest()


def moment(day: int, hour: int) -> datetime:
    return datetime(2021, 3, day, hour - 8, tzinfo=UTC)


@pytest.fixture
def thrice(app: APIFlask, clock: Clock) -> tuple[Fair, list[Publication]]:
    """A fair published on day 1, on day 2 and at the close, with everything between that can happen."""
    fair = make_fair()
    opening, second, last = (date(2021, 3, day) for day in (18, 19, 20))
    first = verified_deal(fair, amount_minor=1_000_000)
    twice = declare(fair, amount_minor=300_000, currency="EUR", buyer=Side(name=HOSTILE[0], country="JP"))
    yearly = {"basis": "yearly", "years": {2021: 40_000, 2022: 60_000}, "amount_minor": 100_000}
    declare(fair, buyer=Side(name=HOSTILE[1], country="MY"), **yearly)
    unpriced = declare(fair, amount_minor=9_000_000, currency="VND", buyer=Side(name="Saigon", country="VN"))
    made = [publish(fair, "day 1")]
    clock.move_to(moment(19, 18))
    declare(fair, signed_on=opening, amount_minor=50_000, buyer=Side(name="Late Traders", country="SG"))
    declare(fair, signed_on=second, nature="investment", buyer=Side(name="Builders", country="DE"))
    confirm(twice)
    made.append(publish(fair, "day 2"))
    clock.move_to(moment(20, 17))
    desk = make_actor(fair, Role.ORGANISER)
    with transaction():
        void_deal(actor=desk, deal=first, reason="mistake")
        hold_deal(actor=desk, deal=twice)
    say_rate(fair, "VND", "23000")
    declare(fair, signed_on=last, amount_minor=70_000, tier="contract", buyer=Side(name=HOSTILE[4], country="FR"))
    made.append(publish(fair, "close"))
    assert unpriced.usd_minor is not None
    return fair, made


def test_what_was_published_comes_out_again_whatever_happened_since(
    thrice: tuple[Fair, list[Publication]], clock: Clock
) -> None:
    fair, made = thrice
    clock.move_to(datetime(2022, 3, 20, tzinfo=UTC))
    actor = make_actor(fair, Role.ORGANISER)
    with transaction():
        set_state(actor=actor, fair=fair, state=FairState.RUNNING, reason="A list was found")
    for number, name in enumerate(HOSTILE):
        declare(fair, actor, amount_minor=80_000 + number, buyer=Side(name=name.strip(), country="TH"))
    with transaction() as session:
        session.execute(
            text("UPDATE deals SET seller_name = 'erased', buyer_name = 'erased', salt = 'ff', goods_en = ''")
        )
        session.execute(text("UPDATE fairs SET name_en = 'Another name', venue_en = 'Elsewhere'"))
    say_rate(fair, "EUR", "0.5", reason="The bank's notice")
    publish(fair, "a year later")
    for publication in made:
        assert sha256_again(publication) == publication.workbook_sha256


def test_the_preparer_cannot_approve(app: APIFlask) -> None:
    fair = make_fair()
    declare(fair)
    organiser = make_actor(fair, Role.ORGANISER)
    with pytest.raises(DomainError, match="may_not_prepare"):
        prepare(fair, make_actor(fair, Role.VIEWER))
    made = prepare(fair, organiser)
    with pytest.raises(DomainError, match="same_person"):
        approve(fair, organiser, made)
    with pytest.raises(DomainError, match="may_not_approve"):
        approve(fair, make_actor(fair, Role.VIEWER), made)
    approve(fair, make_actor(fair, Role.ORGANISER), made)
    with pytest.raises(DomainError):
        approve(fair, make_actor(fair, Role.VERIFIER), made)


def test_a_publication_follows_the_last_one(app: APIFlask) -> None:
    fair = make_fair()
    first, second = (prepare(fair, make_actor(fair, Role.ORGANISER)) for _ in range(2))
    approve(fair, make_actor(fair, Role.VERIFIER), first)
    with pytest.raises(DomainError, match="published_meanwhile"):
        approve(fair, make_actor(fair, Role.VERIFIER), second)
    verifier = make_actor(fair, Role.VERIFIER)
    with transaction():
        services.refuse_publication(actor=verifier, publication=second, reason="The second of two")
    third = publish(fair, "third")
    assert (second.number, third.number, third.follows) == (2, 3, 1)


@pytest.mark.parametrize("table", ["publications", "publication_contents", "publication_decisions"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET fair_id = fair_id"])
def test_the_database_refuses_to_change_what_was_published(app: APIFlask, table: str, statement: str) -> None:
    publish(make_fair())
    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(statement.format(table)))
    db.session.rollback()


def test_the_differences_add_up_to_the_difference_of_the_totals(thrice: tuple[Fair, list[Publication]]) -> None:
    for before, after in zip(thrice[1], thrice[1][1:], strict=False):
        sheets, _facts = rebuild_sheets(after)
        table = next(sheet_table for sheet_table in sheets[23].tables if sheet_table.key == "revisions")
        for at, name in enumerate(("declared", "confirmed", "verified")):
            counted = sum(row[9 + 2 * at] for row in table.rows)
            summed = sum(row[10 + 2 * at] for row in table.rows) * 100
            totals_before, totals_after = before.totals["trade"], after.totals["trade"]
            assert counted == totals_after[f"{name}_count"] - totals_before[f"{name}_count"]
            assert summed == totals_after[f"{name}_usd"] - totals_before[f"{name}_usd"]


def test_each_difference_says_why(thrice: tuple[Fair, list[Publication]]) -> None:
    reasons = []
    for publication in thrice[1][1:]:
        sheets, _facts = rebuild_sheets(publication)
        rows = [row for table in sheets[23].tables if table.key.startswith("revisions") for row in table.rows]
        reasons.append({row[0]: (row[1], row[2]) for row in rows})
    assert reasons[0][2] == ("对方确认 confirmed", None)
    assert reasons[0][5] == ("迟报 late", 1)
    assert reasons[0][6] == ("新增 new", None)
    assert (reasons[1][1][0], reasons[1][2][0]) == ("作废 voided", "暂缓 held")
    assert reasons[1][4][0] == "汇率补录或更正 rate added or corrected"


def test_late_deals_are_marked_on_their_day(thrice: tuple[Fair, list[Publication]]) -> None:
    sheets, _facts = rebuild_sheets(thrice[1][1])
    days = {row[0]: row for row in sheets[10].tables[1].rows}
    assert days["2021-03-18"][-2:] == (1, 500)


def test_a_changed_total_is_named(app: APIFlask) -> None:
    fair = make_fair()
    declare(fair)
    made = publish(fair)
    db.session.expunge(made)
    made.totals = json.loads(json.dumps(made.totals).replace("1200000", "1200001"))
    with pytest.raises(DomainError, match="/trade/declared_usd"):
        rebuild_sheets(made)


def test_the_authorities_are_told_with_the_hashes(app: APIFlask, mailbox: Mailbox) -> None:
    fair = make_fair()
    declare(fair)
    organiser = make_actor(fair, Role.ORGANISER)
    with transaction():
        services.change_mailing(
            actor=organiser, fair=fair, addresses="Trade@city.example\nhall@city.example", attaches=True, locale="en"
        )
    made = publish(fair)
    for address in ("trade@city.example", "hall@city.example"):
        told, mail = mailbox.to(address)
        assert "You are told of every publication" in text_of(told)
        body = mail.get_body(("plain",))
        assert body is not None
        root = ledger_root(fair.id, made.watermark)
        for proof in (made.head_hash, root, made.content_hash, made.workbook_sha256):
            assert proof in body.get_content()
        attached = next(iter(mail.iter_attachments())).get_payload(decode=True)
        assert hashlib.sha256(bytes(attached)).hexdigest() == made.workbook_sha256


@pytest.mark.parametrize("addresses", ["nobody", "a@b\x00.example", "x@y.example\n" * 1 + "no at sign"])
def test_an_address_that_is_none_is_refused(app: APIFlask, addresses: str) -> None:
    fair = make_fair()
    organiser = make_actor(fair, Role.ORGANISER)
    with transaction(), pytest.raises(DomainError, match="bad_address"):
        services.change_mailing(actor=organiser, fair=fair, addresses=addresses, attaches=True, locale="en")


def test_a_file_that_is_another_one_is_neither_served_nor_mailed(
    app: APIFlask, signed_in: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    fair = make_fair()
    declare(fair)
    made = publish(fair)
    file = workbook_file(made)
    assert file is not None
    prepared = file.path.read_bytes()
    file.path.write_bytes(prepared[:-1] + b"x")
    assert workbook_file(made) is None and "is not the workbook of publication 1" in caplog.text
    _name, _type, mailed = workbook_attachment(f"{fair.id}:1")
    assert mailed == prepared
    base = f"/fairs/{fair.code}/desk/reports/publications/1"
    organiser = signed_in(make_person(fair, Role.ORGANISER))
    assert "The file that was prepared is not here" in organiser.get_page(f"{base}/workbook")
    organiser.press(base, f"{base}/again")
    assert organiser.download(f"{base}/workbook").data == prepared


def test_a_workbook_that_was_written_badly_is_not_offered(app: APIFlask) -> None:
    fair = make_fair()
    declare(fair)
    with build_publication(fair, "day 1", "day 1").workbook as file:
        content = file.read()
        for damaged in (content[:-1000], content.replace(content[2000:2010], bytes(10), 1)):
            with pytest.raises(DomainError, match="workbook_unsound"):
                check_workbook_opens(WrittenWorkbook(io.BytesIO(damaged), "", "", len(damaged)))
        check_workbook_opens(WrittenWorkbook(file, "", "", len(content)))
        assert file.tell() == 0


def test_a_fair_without_deals_is_published_too(app: APIFlask) -> None:
    assert publish(make_fair()).watermark == 0


def test_a_viewer_sees_publications_and_nothing_else(app: APIFlask, signed_in: Callable[..., Any]) -> None:
    fair = make_fair()
    declare(fair, buyer=Side(name="<script>alert(1)</script>", country="SG"))
    waiting = prepare(fair, make_actor(fair, Role.ORGANISER), "<b>day 1</b>")
    viewer = signed_in(make_person(fair, Role.VIEWER))
    home = f"/fairs/{fair.code}/home"
    page = viewer.get_page(home)
    assert page.url.endswith("/desk/reports/publications") and "Nothing is published yet" in page
    viewer.get_page(f"/fairs/{fair.code}/desk/reports/publications/1", 404)
    approve(fair, make_actor(fair, Role.VERIFIER), waiting)
    page = viewer.get_page(home)
    assert "USD 12,000" in page and "<b>day 1</b>" in page.words
    menu = page.tree.xpath("//nav//a/@href")
    assert not [link for link in menu if "/desk/" in link and "/publications" not in link]
    for closed in ("desk/", "desk/reports/", "desk/deals", "desk/reports/10", "desk/reports/publications/prepare"):
        viewer.get_page(f"/fairs/{fair.code}/{closed}", 403)
    first = viewer.get_page(f"/fairs/{fair.code}/desk/reports/publications/1")
    assert waiting.workbook_sha256 in first and ledger_root(fair.id, waiting.watermark) in first
    assert "Approve and publish" not in first
    viewer.get_page(f"/fairs/{fair.code}/desk/reports/publications/1/10")
    file = viewer.download(f"/fairs/{fair.code}/desk/reports/publications/1/workbook").data
    assert hashlib.sha256(file).hexdigest() == waiting.workbook_sha256


def test_one_prepares_on_the_page_and_another_approves(app: APIFlask, signed_in: Callable[..., Any]) -> None:
    fair = make_fair()
    declare(fair)
    base = f"/fairs/{fair.code}/desk/reports/publications"
    organiser, verifier = signed_in(make_person(fair, Role.ORGANISER)), signed_in(make_person(fair, Role.VERIFIER))
    organiser.post_form(f"{base}/prepare", {"label_zh": "第1天", "label_en": "day 1"})
    made = list_all_publications(fair.id)[0]
    assert "someone else must approve" in organiser.get_page(f"{base}/1")

    verifier.press(f"{base}/1", f"{base}/1/approve")
    assert list_all_publications(fair.id)[0].state == "approved"
    page = verifier.press(f"{base}/1", f"{base}/1/again")
    assert "Ready" in page
    assert made.publication.number == 1


def test_the_organiser_writes_down_who_is_told(app: APIFlask, signed_in: Callable[..., Any]) -> None:
    fair = make_fair()
    url = f"/fairs/{fair.code}/desk/reports/publications/mailing"
    organiser = signed_in(make_person(fair, Role.ORGANISER))
    organiser.post_form(url, {"addresses": "trade@city.example\nhall@city.example", "locale": "en"})
    mailing = mailing_of(fair.id)
    assert (mailing.addresses.split(), mailing.locale, mailing.attaches) == (
        ["trade@city.example", "hall@city.example"],
        "en",
        False,
    )
    page = organiser.post_form(url, {"addresses": "no address"})
    assert "addresses" in page.errors()


def test_the_workbook_of_a_publication_can_be_read(thrice: tuple[Fair, list[Publication]]) -> None:
    with rebuild_publication(thrice[1][2]) as file:
        book = openpyxl.load_workbook(file)
    assert [int(name.split()[0]) for name in book.sheetnames] == list(range(24))
    assert forms_in(book) == FORMS | OF_A_PUBLICATION
    ledger = next(sheet for sheet in book if sheet.title.startswith("15 "))
    assert ledger.cell(7, 2).value == "1"
    cover = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=6, max_row=30)}
    assert cover["期号 Publication"] == "第3期 close No. 3 close"
    assert cover["账本首哈希 Head of the ledger"] == thrice[1][2].head_hash
