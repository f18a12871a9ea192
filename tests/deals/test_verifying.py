"""The verifiers' desk: drawn evidence, the queue and its order, messages to the declarant, taking back."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, snapshot, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.deals.draft import Side
from fairapp.deals.enums import DealStatus, RiskFlag
from fairapp.deals.evidence import queries as evidence_queries
from fairapp.deals.evidence import render_pages
from fairapp.deals.evidence.files import render_file, render_pdf
from fairapp.deals.evidence.services import add_evidence
from fairapp.deals.holds.judge import raise_flag
from fairapp.deals.ledger.verification import ledger_head
from fairapp.deals.models import Deal, Evidence, EvidencePage
from fairapp.deals.queries.review_queue import (
    deals_by_ids,
    deals_sent_back,
    deals_to_verify,
    message_for_declarant,
    queue_length,
    queue_neighbours,
)
from fairapp.deals.second_person.queries import signs_for, signs_of_verified
from fairapp.deals.second_person.rules import Sign
from fairapp.deals.services.amend import Change, amend_deal
from fairapp.deals.services.review import refuse_verification
from fairapp.deals.totals.queries import totals_by_sum
from fairapp.reports.fair_workbook import DEFINITIONS, collect_facts
from tests.factories.deals import a_pdf, a_picture, confirm, declare, make_exhibitor, prove, verified_deal, verify
from tests.factories.foundation import actor, make_actor, make_fair, make_person


def hand_in(deal: Deal, content: bytes, name: str = "contract.pdf") -> Evidence:
    with transaction():
        return add_evidence(actor=Actor("desk"), deal=deal, kind="contract", content=content, name=name, party="seller")


def refuse(deal: Deal, actor: Actor, **changes: Any) -> Deal:
    with transaction():
        return refuse_verification(actor=actor, deal=deal, **{"reason": "unreadable"} | changes)


def pages_of(proof: Evidence) -> list[EvidencePage]:
    return evidence_queries.pages_by_proof([proof])[proof.id]


def test_the_file_is_kept_to_the_byte_and_looked_at_as_a_new_picture(app: Any) -> None:
    content = a_picture("red") + b"<script>alert(1)</script>"
    proof = hand_in(declare(make_fair()), content, "a.png")
    assert proof.file is not None
    assert (proof.file.path.read_bytes(), proof.file.content_type) == (content, "image/png")
    (page,) = pages_of(proof)
    drawn = page.file.path.read_bytes()
    assert b"script" not in drawn
    with Image.open(io.BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("JPEG", (40, 30))


def test_each_page_of_a_pdf_is_drawn(app: Any) -> None:
    proof = hand_in(declare(make_fair()), a_pdf(3))
    assert [page.number for page in pages_of(proof)] == [1, 2, 3]
    assert {page.file.content_type for page in pages_of(proof)} == {"image/jpeg"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (a_pdf(render_pages.MAX_PAGES + 1), "too_many_pages"),
        (b"%PDF-1.7\n%%EOF\n", "file_unreadable"),
        (a_pdf()[:200], "file_unreadable"),
        (b"PK\x03\x04" + bytes(99), "file_unreadable"),
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused_with_a_word(content: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        render_file(content)
    assert (refusal.value.code, refusal.value.field) == (code, "file")


def test_a_page_as_large_as_a_field_is_drawn_small() -> None:
    huge = a_pdf().replace(b"/MediaBox [ 0 0", b"/MediaBox [ -200000 -200000", 1)
    for picture in render_pdf(huge):
        with Image.open(io.BytesIO(picture)) as image:
            assert max(image.size) <= 1700


def test_a_picture_that_claims_too_many_pixels_is_refused_unopened() -> None:
    written = io.BytesIO()
    Image.new("1", (8_000, 6_000)).save(written, "PNG")
    with pytest.raises(DomainError) as refusal:
        render_file(written.getvalue())
    assert refusal.value.code == "file_too_large"


def test_the_queue_puts_warnings_first_then_amounts(app: Any) -> None:
    fair = make_fair()
    verifier = make_actor(fair, Role.VERIFIER)
    amounts = {"small": 100_000, "large": 5_000_000, "warned": 200_000}
    deals = {
        name: confirm(declare(fair, buyer=Side(name=name, country="SG"), amount_minor=minor))
        for name, minor in amounts.items()
    }
    with transaction():
        raise_flag(deals["warned"], RiskFlag.SHOWN_LINK)
    queue = deals_by_ids(fair.id, list(db.session.scalars(deals_to_verify(verifier))))
    assert [deal.buyer_name for deal in queue] == ["warned", "large", "small"]
    assert queue_neighbours(verifier, deals["large"].id) == (deals["warned"].id, deals["small"].id)
    assert queue_length(make_actor(make_fair(), Role.VERIFIER)) == 0


def test_what_is_sent_back_leaves_the_queue_until_its_declarant_answers(app: Any, mailbox: Any, signed_in: Any) -> None:
    fair = make_fair()
    seller = make_exhibitor(fair)
    member = make_person(fair, Role.EXHIBITOR, seller.organisation)
    deal = confirm(declare(fair, seller=seller, actor=make_actor_of(fair, member, seller)))
    verifier = make_actor(fair, Role.VERIFIER)
    refuse(deal, verifier, note="Page 2 is missing.")
    assert queue_length(verifier) == 0
    assert list(db.session.scalars(deals_sent_back(verifier))) == [deal.id]
    mail = mailbox.only(member.email)
    assert "Page 2 is missing." in mail.get_body(("plain",)).get_content()
    page = signed_in(member).get_page(f"/fairs/{fair.code}/my/deals/{deal.id}")
    assert "Page 2 is missing." in page
    assert "The evidence cannot be read" in page
    hand_in(deal, a_picture())
    assert queue_length(verifier) == 1
    assert message_for_declarant(deal) is None


def test_a_correction_answers_what_was_sent_back(app: Any) -> None:
    fair = make_fair()
    deal = confirm(declare(fair))
    refuse(deal, make_actor(fair, Role.VERIFIER))
    assert message_for_declarant(deal) is not None
    with transaction():
        amend_deal(actor=Actor("declarant"), deal=deal, change=Change(details={"place": "Hall 2"}))
    assert message_for_declarant(deal) is None


def make_actor_of(fair: Any, person: Any, exhibitor: Any) -> Actor:
    return Actor(
        person.email, user_id=person.id, fair_id=fair.id, organisation_ids=frozenset({exhibitor.organisation_id})
    )


def test_a_verification_is_taken_back_by_a_new_entry(app: Any, signed_in: Any) -> None:
    fair = make_fair()
    deal = verified_deal(fair)
    before = ledger_head(fair.id)[0]
    desk = signed_in(make_person(fair, Role.VERIFIER))
    here = f"/fairs/{fair.code}/desk/deals/verification/{deal.id}"
    assert "Take the verification back" in desk.get_page(here)
    desk.post_form(here, {"reason": "mistake"}, action=f"{here}/refuse")
    db.session.refresh(deal)
    assert (deal.status, deal.evidence_grade) == (DealStatus.CONFIRMED, None)
    assert ledger_head(fair.id)[0] == before + 1
    assert totals_by_sum(fair.id)["trade"]["verified_count"] == 0


def test_after_a_decision_the_next_deal_of_the_queue_opens(app: Any, signed_in: Any) -> None:
    fair = make_fair()
    first, second = (
        confirm(declare(fair, buyer=Side(name=f"B{at}", country="SG"), amount_minor=minor))
        for at, minor in enumerate((900_000, 100_000))
    )
    prove(first)
    desk = signed_in(make_person(fair, Role.VERIFIER))
    here = f"/fairs/{fair.code}/desk/deals/verification/{first.id}"
    page = desk.post_form(here, {"grade": "B"}, action=f"{here}/accept")
    assert "D-1 is verified" in page
    assert page.url.endswith(str(second.id))
    assert page.tree.xpath("//details[@data-keys]//kbd")


def test_evidence_is_shown_as_pictures_and_saved_as_a_file(app: Any, signed_in: Any) -> None:
    fair = make_fair()
    deal = confirm(declare(fair))
    proof = hand_in(deal, a_picture("blue"), "seal.png")
    desk = signed_in(make_person(fair, Role.VERIFIER))
    page = desk.get_page(f"/fairs/{fair.code}/desk/deals/verification/{deal.id}")
    (shown,) = page.tree.xpath("//img[@class='deal-proof']/@src")
    picture = desk.download(shown)
    assert picture.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    saved = desk.download(f"/fairs/{fair.code}/desk/deals/{deal.id}/evidence/{proof.id}")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.data == a_picture("blue")


def test_who_screened_or_entered_a_deal_cannot_verify_it(app: Any) -> None:
    fair = make_fair()
    verifier = make_actor(fair, Role.VERIFIER)
    deal = confirm(declare(fair, verifier))
    prove(deal)
    with pytest.raises(DomainError) as refusal:
        verify(deal, verifier)
    assert refusal.value.code == "own_deal"


def test_signs_that_two_persons_may_be_one_stand_beside_the_decision_and_on_sheet_23(app, clock) -> None:
    fair = make_fair()
    clock.move_to(datetime(2021, 3, 19, 2, 0, tzinfo=UTC))
    seller, verifier = (
        make_person(fair, role, email=f"{role}@mill.example") for role in (Role.ORGANISER, Role.VERIFIER)
    )
    entered = replace(actor(seller, fair), browser="b" * 16, network="n" * 16)
    deal = declare(fair, entered)
    confirm(deal)
    prove(deal)
    same = replace(actor(verifier, fair), browser="b" * 16, network="n" * 16)
    assert signs_for(same, deal) == [Sign.NEW_ROLE, Sign.SAME_BROWSER, Sign.SAME_OFFICE]
    clock.shift(86_400)
    assert signs_for(replace(same, browser="c" * 16, network="m" * 16), deal) == []
    verify(deal, same)
    assert signs_of_verified(fair.id) == [(deal.number, [Sign.SAME_BROWSER, Sign.SAME_OFFICE])]
    with snapshot():
        facts, reading = collect_facts(fair, prepared_by="Olga")
        sheets = DEFINITIONS[1].sheets(fair.id, facts, reading)
    (rows,) = [table.rows for table in sheets[23].tables if table.title and table.title.zh == "两人是否为两人"]
    assert [row[0] for row in rows] == [deal.number]
    cover = dict(row[:2] for row in sheets[0].tables[0].rows)
    named = {str(item).split(" ")[0]: content for item, content in cover.items()}
    assert (named["编制人"], named["核验人数"]) == ("Olga", "1")
