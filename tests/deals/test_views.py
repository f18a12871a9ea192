"""The pages of deals, as people walk through them."""

from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import Actor
from fairapp.deals.confirmation_links import link_address
from fairapp.deals.draft import Side
from fairapp.deals.enums import DealStatus
from fairapp.deals.evidence.queries import list_evidence
from fairapp.deals.evidence.services import add_evidence
from fairapp.deals.ledger.verification import ledger_checks, ledger_head, ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.services.confirm import send_confirmation
from fairapp.deals.services.review import hold_deal, screen_deal
from fairapp.fairs.models import Fair
from tests.client import PageClient
from tests.factories.deals import a_pdf, confirm, declare, make_category, make_exhibitor, member_of, prove
from tests.factories.foundation import make_actor, make_fair, make_person
from tests.mail import links_in
from tests.page import filled_in

SAID = {
    "company": "Orchid Imports",
    "country": "SG",
    "amount": "120万",
    "currency": "CNY",
    "email": "buyer@example.com",
    "truth": "y",
    "goods": "tea sets",
}


def path(fair: Fair, rest: str) -> str:
    return f"/fairs/{fair.code}{rest}"


def only_deal() -> Deal:
    return db.session.scalars(select(Deal)).one()


def phone_of(fair: Fair, signed_in: Any) -> PageClient:
    """The phone of somebody who speaks for a new exhibitor."""
    make_category(fair)
    return signed_in(make_person(fair, Role.EXHIBITOR, make_exhibitor(fair).organisation))


def declare_on(phone: PageClient, fair: Fair, **changes: str) -> Deal:
    """Type the short form, read it back, declare."""
    new, said = path(fair, "/my/deals/new"), SAID | changes
    page = phone.post_form(new, said)
    (key,), (read,) = page.tree.xpath("//input[@name='client_id']/@value"), page.tree.xpath("//*[@name='sure']/@value")
    sure = said | {"tier": "intent", "side": "seller", "sure": read, "client_id": key}
    assert phone.post(new, sure, follow_redirects=True).status_code == 200
    assert phone.post(new, sure, follow_redirects=True).status_code == 200
    return only_deal()


def test_the_amount_is_read_back_before_it_is_declared(app, signed_in) -> None:
    fair = make_fair()
    page = phone_of(fair, signed_in).post_form(path(fair, "/my/deals/new"), SAID)
    assert "one million two hundred thousand" in page
    assert "1.2 million" in page
    assert "120万" in page
    assert ledger_head(fair.id)[0] == 0


def test_a_declaration_sent_twice_is_one_deal(app, mailbox, signed_in) -> None:
    fair = make_fair()
    deal = declare_on(phone_of(fair, signed_in), fair)
    assert (deal.amount_minor, deal.currency, deal.status) == (120_000_000, "CNY", "declared")
    assert len(mailbox.to("buyer@example.com")) == 1


def test_the_buyer_confirms_by_the_mailed_link_once(app, mailbox, signed_in, client) -> None:
    fair = make_fair()
    declare_on(phone_of(fair, signed_in), fair)
    link = links_in(mailbox.only("buyer@example.com"))[0]
    assert "1,200,000" not in client.get_page(link)
    assert "Choose what you answer" in client.post_form(link, {"amount": "1200"})
    assert "differ" in client.post(link, {"amount": "1200", "currency": "CNY", "say": "confirm"}).text
    page = client.post(link, {"amount": "1200000", "currency": "CNY", "say": "confirm"}, follow_redirects=True)
    assert "The deal is confirmed" in page.text
    assert client.get_page(link, 404).status == 404
    assert only_deal().status == DealStatus.CONFIRMED


def test_the_buyer_disputes_with_its_own_figure(app, mailbox, signed_in, client) -> None:
    fair = make_fair()
    phone = phone_of(fair, signed_in)
    deal = declare_on(phone, fair)
    link = links_in(mailbox.only("buyer@example.com"))[0]
    client.post(link, {"amount": "1000000", "currency": "CNY", "say": "dispute", "reason": "other_amount"})
    assert only_deal().counter_minor == 100_000_000
    assert "CNY 1,000,000.00 instead of CNY 1,200,000.00" in phone.get_page(path(fair, f"/my/deals/{deal.id}"))


def test_a_verifier_verifies_what_the_desk_has_proof_of(app, signed_in) -> None:
    fair = make_fair()
    deal = declare(fair)
    confirm(deal)
    desk, verifier = (signed_in(make_person(fair, role)) for role in (Role.ORGANISER, Role.VERIFIER))
    here, there = (path(fair, f"/desk/deals/{part}{deal.id}") for part in ("", "verification/"))
    desk.post_form(here, {"kind": "original_seen", "description": "Contract 7"}, action=f"{here}/evidence")
    refused = verifier.post(f"{there}/accept", {"grade": "B"})
    assert "One person alone has seen the original" in refused.text
    assert only_deal().status == DealStatus.CONFIRMED
    other = signed_in(make_person(fair, Role.ORGANISER))
    other.post_form(here, {"kind": "original_seen", "description": "Contract 7"}, action=f"{here}/evidence")
    assert "D-1" in verifier.get_page(path(fair, "/desk/deals/verification"))
    verifier.post_form(there, {"grade": "B"}, action=f"{there}/accept")
    assert only_deal().status == DealStatus.VERIFIED


@pytest.mark.parametrize("locale", ["en", "zh"])
def test_every_page_opens_with_and_without_deals(app, signed_in, locale: str) -> None:
    fair = make_fair()
    desk = signed_in(make_person(fair, Role.ORGANISER))
    desk.locale = locale
    places = [
        "/desk/deals",
        "/desk/deals/ledger",
        "/desk/deals/rates",
        "/desk/deals/new",
        "/desk/deals?open=held&sort=-amount",
    ]
    for place in places:
        desk.get_page(path(fair, place))
    deal = declare(fair, currency="VND", note="from slip 7")
    for place in [*places, f"/desk/deals/{deal.id}"]:
        desk.get_page(path(fair, place))
    assert len(desk.get_page(path(fair, "/desk/deals?open=without_rate")).rows()) >= 1


def test_the_ledger_is_verified_by_a_button(app, signed_in) -> None:
    fair = make_fair()
    declare(fair)
    desk = signed_in(make_person(fair, Role.ORGANISER))
    page = desk.press(path(fair, "/desk/deals/ledger"), path(fair, "/desk/deals/ledger/verify"))
    assert "Whole" in page
    assert ledger_checks(fair.id)[0].ok


def test_hostile_names_stay_text_on_the_page_and_in_the_file(app, signed_in) -> None:
    fair = make_fair()
    declare(fair, buyer=Side(name='=cmd()|"<script>alert(1)</script>', country="SG"))
    desk = signed_in(make_person(fair, Role.ORGANISER))
    assert "<script>alert" not in desk.get_page(path(fair, "/desk/deals")).html
    sheet = load_workbook(BytesIO(desk.download(path(fair, "/desk/deals/export")).data)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=cmd")]
    assert [cell.data_type for cell in cells] == ["s"]
    assert ledger_report(fair.id).ok


def test_a_list_asks_as_much_for_one_deal_as_for_thirty(app, signed_in, statements) -> None:
    fair = make_fair()
    desk = signed_in(make_person(fair, Role.ORGANISER))
    counts = []
    for first, last in ((0, 1), (1, 30)):
        for at in range(first, last):
            declare(fair, buyer=Side(name=f"B{at}", country="SG"), amount_minor=100_000 + at)
        statements.clear()
        desk.get_page(path(fair, "/desk/deals"))
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_machine_declares_once_however_often_it_sends(app, signed_in) -> None:
    fair = make_fair()
    machine = signed_in(make_person(fair, Role.ORGANISER))
    body = {
        "client_id": str(UUID(int=77)),
        "seller": {"name": "Quayside", "country": "CN"},
        "buyer": {"name": "Orchid", "country": "SG"},
        "currency": "JPY",
        "amount": "1000",
        "signed_on": "2021-03-18",
    }
    url = f"/api/v1/fairs/{fair.code}/deals"
    first, again = machine.api("POST", url, body), machine.api("POST", url, body)
    assert (first.status_code, again.json) == (201, first.json)
    assert (first.json["amount"], first.json["usd_minor"]) == ("1000", 916)
    assert machine.api("GET", url).json["total"] == 1
    wrong = ({"amount": "-1"}, {"currency": "ZZZ"}, {"rank": 1}, {"amount": "1.5"}, {"signed_on": "2020-01-01"})
    for changes in (*wrong, {"hs_code": "850110\n"}, {"hs_code": "٣٣"}):
        answer = machine.api("POST", url, body | {"client_id": str(UUID(int=78))} | changes)
        assert answer.status_code in {400, 422}, changes
    assert ledger_head(fair.id)[0] == 1


def test_a_proof_is_served_sandboxed(app, signed_in) -> None:
    fair = make_fair()
    deal = declare(fair)
    prove(deal)
    desk = signed_in(make_person(fair, Role.ORGANISER))
    here = path(fair, f"/desk/deals/{deal.id}")
    desk.post(
        f"{here}/evidence",
        {"kind": "contract", "file": (BytesIO(a_pdf()), "a.pdf")},
        content_type="multipart/form-data",
    )
    proof = list_evidence(only_deal())[-1]
    answer = desk.download(f"{here}/evidence/{proof.id}")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("attachment")


def two_sides(fair: Fair, signed_in: Any, **changes: Any) -> tuple[Deal, str, PageClient, PageClient]:
    """A deal between two exhibitors, its page's address, and the phones of seller and buyer."""
    seller, buyer = make_exhibitor(fair), make_exhibitor(fair, country="SG")
    phones = [signed_in(make_person(fair, Role.EXHIBITOR, one.organisation)) for one in (seller, buyer)]
    deal = declare(fair, member_of(fair, seller), seller=seller, buyer=Side(exhibitor_id=buyer.id), **changes)
    return deal, path(fair, f"/my/deals/{deal.id}"), phones[0], phones[1]


def test_a_machine_learns_no_amount_that_its_company_must_type_unread(app, signed_in) -> None:
    fair = make_fair()
    _deal, here, seller, buyer = two_sides(fair, signed_in)
    url = f"/api/v1/fairs/{fair.code}/deals"

    def told(by: PageClient) -> list[Any]:
        (deal,) = by.api("GET", url).json["deals"]
        return [deal[name] for name in ("to_confirm", "amount", "usd_minor")]

    assert told(buyer) == [True, None, None]
    assert told(seller) == [False, "12000.00", 1200000]
    buyer.post_form(here, {"amount": "12000", "currency": "USD", "say": "confirm"}, action=f"{here}/answer")
    assert told(buyer) == told(seller)


def test_who_agreed_to_a_deal_cannot_write_it_anew(app, signed_in) -> None:
    fair = make_fair()
    deal, here, _seller, buyer = two_sides(fair, signed_in)
    buyer.post_form(here, {"amount": "12000", "currency": "USD", "say": "confirm"}, action=f"{here}/answer")
    page = buyer.get_page(here)
    assert "Correct the deal" not in page and "Complete this deal" not in page
    for place in ("amend", "complete"):
        answer = buyer.post(f"{here}/{place}", {"amount": "100000000", "currency": "USD", "tier": "intent"})
        assert answer.status_code == 409, place
    db.session.refresh(deal)
    assert (deal.amount_minor, deal.status, deal.last_seq) == (1_200_000, DealStatus.CONFIRMED, 2)


@pytest.mark.parametrize("amount", ["", "100.555", "never"])
def test_an_amount_that_is_none_tells_nothing_of_the_declared(app, signed_in, amount: str) -> None:
    fair = make_fair()
    deal, here, _seller, buyer = two_sides(fair, signed_in)
    with transaction():
        link = send_confirmation(actor=Actor("x"), deal=deal, method="shown_link")
    for address in (f"{here}/answer", link_address(fair, link)):
        answer = buyer.post(address, {"amount": amount, "currency": "USD", "say": "confirm"})
        assert answer.status_code == 200
        assert "12,000" not in answer.text, address


def test_an_exhibitor_cannot_say_what_the_desk_has_seen(app, signed_in) -> None:
    fair = make_fair()
    deal, here, seller, _buyer = two_sides(fair, signed_in)
    assert "original_seen" not in seller.get_page(here).html
    answer = seller.post(f"{here}/evidence", {"kind": "original_seen", "description": "Contract 7"})
    assert answer.status_code == 200
    assert list_evidence(deal) == []


def test_a_mailed_link_is_the_other_sides_alone(app, mailbox, signed_in) -> None:
    fair = make_fair()
    _deal, here, seller, _buyer = two_sides(fair, signed_in, contact_email="buyer@example.com")
    page = seller.get_page(here)
    assert "buyer@example.com" not in page.html
    seller.post_form(here, {"email": ""}, action=f"{here}/send")
    assert "/confirm/" not in seller.get_page(here).html
    assert links_in(mailbox.only("buyer@example.com"))
    assert "/confirm/" in seller.press(here, f"{here}/show").html


def test_notes_are_read_by_whom_they_were_written_for(app, signed_in) -> None:
    fair = make_fair()
    deal, here, seller, buyer = two_sides(fair, signed_in, note="They pay late.")
    desk = make_actor(fair, Role.ORGANISER)
    confirm(deal)
    with transaction():
        hold_deal(actor=desk, deal=deal, note="Is this firm real?")
    with transaction():
        screen_deal(actor=desk, deal=deal, passed=False, note="Send the contract.")
    told = {name: phone.get_page(here) for name, phone in (("seller", seller), ("buyer", buyer))}
    read = {name: [note in page for note in ("pay late", "real?", "the contract")] for name, page in told.items()}
    assert read == {"seller": [True, False, True], "buyer": [False, False, False]}


def test_who_is_asked_does_not_read_the_amount_first(app, signed_in) -> None:
    fair = make_fair()
    deal, here, seller, buyer = two_sides(fair, signed_in)
    with transaction():
        add_evidence(actor=Actor("x"), deal=deal, kind="contract", content=a_pdf(), name="a.pdf")
    cards = path(fair, "/my/deals")
    assert "12,000" in seller.get_page(cards)
    assert "12,000" not in buyer.get_page(cards).tree.xpath("string(//ul[@class='deal-cards'])")
    assert "a, page 1 of 1" not in buyer.get_page(here).html


def test_only_what_was_read_back_is_declared(app, signed_in) -> None:
    fair = make_fair()
    phone, new = phone_of(fair, signed_in), path(fair, "/my/deals/new")
    (read,) = phone.post_form(new, SAID).tree.xpath("//*[@name='sure']/@value")
    typed = SAID | {"tier": "intent", "side": "seller"}
    for changed in ({"amount": "1200万"}, {"company": "Orchard Imports"}, {"currency": "USD"}, {"tier": "contract"}):
        assert "Is this right?" in phone.post(new, typed | changed | {"sure": read}).text, changed
    assert "Is this right?" in phone.post(new, typed | {"sure": "yes"}).text
    assert ledger_head(fair.id)[0] == 0


def test_a_tap_a_minute_later_is_no_second_tap(app, mailbox, signed_in, clock) -> None:
    fair = make_fair()
    _deal, here, seller, _buyer = two_sides(fair, signed_in, contact_email="buyer@example.com")
    for after_s, mails in ((0, 1), (59, 1), (2, 2)):
        clock.shift(after_s)
        assert seller.post(f"{here}/send", {"email": "", "language": "en"}).status_code == 302
        assert len(mailbox.to("buyer@example.com")) == mails


def test_a_second_tap_burns_no_link_and_reads_that_the_answer_is_stored(app, mailbox, signed_in, client) -> None:
    fair = make_fair()
    deal, here, seller, _buyer = two_sides(fair, signed_in, contact_email="buyer@example.com")
    for kind, said in (("show", {}), ("send", {"email": "", "language": "en"})):
        for _tap in range(2):
            assert seller.post(f"{here}/{kind}", said).status_code == 302
    db.session.refresh(deal)
    assert (deal.links_sent, len(mailbox.to("buyer@example.com"))) == (2, 1)
    link = links_in(mailbox.only("buyer@example.com"))[0]
    answers = [client.post(link, {"amount": "12000", "currency": "USD", "say": "confirm"}) for _tap in range(2)]
    assert answers[0].status_code == 302
    assert "Answered already" in answers[1].text


def test_three_other_amounts_dispute_the_deal_and_nothing_tells_the_declared_one(
    app, mailbox, signed_in, client
) -> None:
    fair = make_fair()
    declare_on(phone_of(fair, signed_in), fair)
    link = links_in(mailbox.only("buyer@example.com"))[0]
    for number, amount in enumerate(("1", "2", "3"), 1):
        answer = client.post(link, {"amount": amount, "currency": "CNY", "say": "confirm"})
        assert "1,200,000" not in answer.text and "1200000" not in answer.text
        assert answer.status_code == (302 if number == 3 else 200)
    deal = only_deal()
    assert (deal.status, deal.counter_minor, deal.wrong_answers) == (DealStatus.DISPUTED, 300, 3)
    events = [event for event in db.session.scalars(select(FairEvent.event)) if event.startswith("deal.answer")]
    assert events == ["deal.answer_differed"] * 3
    assert "is disputed" in str(mailbox.to("buyer@example.com")[-1]["Subject"])
    assert client.open(link).status_code == 404


def test_an_answer_binds_the_terms_that_were_shown(app, mailbox, signed_in, client) -> None:
    fair = make_fair()
    _deal, here, seller, buyer = two_sides(fair, signed_in, contact_email="buyer@example.com")
    seller.post_form(here, {"email": "", "language": "en"}, action=f"{here}/send")
    link = links_in(mailbox.only("buyer@example.com"))[0]
    opened = buyer.get_page(here).form_for({"amount", "say"}, f"{here}/answer")
    stale = {**filled_in(opened), "amount": "12000", "currency": "USD", "say": "confirm"}
    amend = {"amount": "12000", "currency": "USD", "tier": "contract"}
    seller.post_form(here, amend, action=f"{here}/amend")
    answer = buyer.post(f"{here}/answer", stale)
    assert answer.status_code == 200 and "was changed since the page was opened" in answer.text
    assert client.post(link, {"amount": "12000", "currency": "USD", "say": "confirm"}).status_code == 404
    assert only_deal().status == DealStatus.DECLARED
    buyer.post_form(here, {"amount": "12000", "currency": "USD", "say": "confirm"}, action=f"{here}/answer")
    assert only_deal().status == DealStatus.CONFIRMED
