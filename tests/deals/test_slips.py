"""Paper slips: numbers that check themselves, each entered once, none lost without a word."""

from uuid import UUID

import pytest
from sqlalchemy.orm.attributes import set_committed_value

from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import Actor
from fairapp.deals.ledger.verification import ledger_head
from fairapp.deals.models import Deal
from fairapp.deals.slips.models import DealSlip
from fairapp.deals.slips.pdf import slips_pdf
from fairapp.deals.slips.queries import (
    SlipCounts,
    list_missing_slips,
    slip_by_number,
    slip_counts,
    slip_of,
    slips_at_desk,
)
from fairapp.deals.slips.rules import NumberRange, slip_code, slip_number, to_ranges
from fairapp.deals.slips.services import enter_slip, hand_out_slips, print_slips, restore_slip, spoil_slip
from fairapp.fairs.models import Fair
from tests.factories.deals import a_draft, make_exhibitor
from tests.factories.foundation import make_fair, make_person

DESK = Actor("desk")


def test_a_misread_number_names_no_other_slip() -> None:
    code = slip_code(123)
    digits = code.replace("-", "")
    assert slip_number(code) == slip_number(digits) == slip_number(f"https://x/desk/deals/new?slip={code}") == 123
    wrong = {digits[:at] + other + digits[at + 1 :] for at in range(7) for other in "0123456789"} - {digits}
    wrong |= {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(6)} - {digits}
    assert {slip_number(one) for one in wrong} == {None}
    assert {slip_number(text) for text in ("", "12", "abc", "00000-98", "9" * 30)} == {None}


def test_numbers_are_told_in_ranges() -> None:
    assert to_ranges([5, 1, 2, 3, 9]) == [NumberRange(1, 3), NumberRange(5, 5), NumberRange(9, 9)]
    assert (NumberRange(1, 3).count, str(NumberRange(5, 5))) == (3, slip_code(5))


@pytest.fixture
def fair(app) -> Fair:
    fair = make_fair()
    with transaction():
        assert print_slips(actor=DESK, fair=fair, count=10) == NumberRange(1, 10)
    return fair


def told(fair: Fair, number: int, client_id: UUID | None = None, **changes) -> Deal:
    return enter_slip(actor=DESK, fair=fair, number=number, draft=a_draft(**changes), client_id=client_id)


def enter(fair: Fair, number: int, **changes) -> Deal:
    with transaction():
        return told(fair, number, **changes)


def refusal_of(change) -> str:
    with pytest.raises(DomainError) as refusal, transaction():
        change()
    return refusal.value.code


def test_every_printed_slip_is_somewhere(fair: Fair) -> None:
    booth = make_exhibitor(fair, "Harbour Works")
    with transaction():
        hand_out_slips(actor=DESK, fair=fair, numbers=NumberRange(1, 4), exhibitor_id=booth.id)
        hand_out_slips(actor=DESK, fair=fair, numbers=NumberRange(5, 6), holder="Signing desk")
        spoil_slip(actor=DESK, fair=fair, number=5, reason="coffee")
    deal = enter(fair, 2)
    assert slip_of(deal).number == 2
    counts = slip_counts(fair.id)
    assert counts == SlipCounts(printed=10, handed_out=6, entered=1, spoiled=1, missing=4, at_desk=4)
    missing = {one.holder: (one.count, one.numbers) for one in list_missing_slips(fair.id)}
    assert missing == {
        "海港工厂" + booth.name_zh[4:]: (3, [NumberRange(1, 1), NumberRange(3, 4)]),
        "Signing desk": (1, [NumberRange(6, 6)]),
    }
    assert slips_at_desk(fair.id) == [NumberRange(7, 10)]


def test_a_slip_is_entered_once(fair: Fair) -> None:
    enter(fair, 1)
    assert refusal_of(lambda: told(fair, 1, amount_minor=5_000)) == "slip_used"
    assert refusal_of(lambda: told(fair, 11)) == "unknown_slip"
    assert refusal_of(lambda: spoil_slip(actor=DESK, fair=fair, number=1, reason="x")) == "slip_used"
    assert ledger_head(fair.id)[0] == 1


def test_a_slip_that_was_read_before_another_entered_it_is_not_entered_again(fair: Fair) -> None:
    deal = enter(fair, 1)
    with transaction() as session:
        stale = slip_by_number(fair.id, 1)
        set_committed_value(stale, "deal_id", None)
        with pytest.raises(DomainError) as refusal:
            told(fair, 1, amount_minor=7_000)
        session.rollback()
    assert (refusal.value.code, slip_of(deal).number, ledger_head(fair.id)[0]) == ("slip_used", 1, 1)


def test_a_slip_sent_twice_is_one_deal(fair: Fair) -> None:
    sent = UUID(int=7)
    first = enter(fair, 1, client_id=sent)
    assert enter(fair, 1, client_id=sent).id == first.id
    assert ledger_head(fair.id)[0] == 1


def test_a_spoiled_slip_is_noted_and_can_be_taken_back(fair: Fair) -> None:
    assert refusal_of(lambda: spoil_slip(actor=DESK, fair=fair, number=3, reason=" ")) == "reason_needed"
    with transaction():
        spoil_slip(actor=DESK, fair=fair, number=3, reason="torn")
    assert refusal_of(lambda: told(fair, 3)) == "slip_spoiled"
    with transaction():
        restore_slip(actor=DESK, fair=fair, number=3)
    assert slip_of(enter(fair, 3)).number == 3


@pytest.mark.parametrize(("count", "code"), [(0, "bad_count"), (201, "bad_count"), (-1, "bad_count")])
def test_slips_are_printed_in_sensible_piles(fair: Fair, count: int, code: str) -> None:
    assert refusal_of(lambda: print_slips(actor=DESK, fair=fair, count=count)) == code


def test_slips_of_another_fair_are_unknown(fair: Fair) -> None:
    other = make_fair()
    assert refusal_of(lambda: told(other, 1)) == "unknown_slip"
    assert db.session.query(DealSlip).filter_by(fair_id=other.id).count() == 0


def test_the_pdf_has_two_slips_a_sheet(fair: Fair) -> None:
    import pypdfium2

    made = slips_pdf(fair, NumberRange(1, 3))
    sheets = pypdfium2.PdfDocument(made)
    assert len(sheets) == 2
    words = sheets[0].get_textpage().get_text_range()
    assert slip_code(1) in words
    assert slip_code(2) in words
    assert fair.name_zh in words


def test_the_desk_prints_hands_out_and_enters_by_number(fair: Fair, signed_in) -> None:
    desk = signed_in(make_person(fair, Role.ORGANISER))
    page = f"/fairs/{fair.code}/desk/deals/slips"
    made = desk.post(f"{page}/print", {"count": "2"}, follow_redirects=True)
    assert slip_code(11) in made.text
    desk.post(f"{page}/hand-out", {"first": slip_code(1), "last": slip_code(3), "holder": "Hall 2"})
    assert "Hall 2" in desk.get_page(page)
    opened = desk.post(f"{page}/enter", {"slip": slip_code(2).replace("-", "")})
    assert opened.headers["Location"].endswith(f"slip={slip_code(2)}")
    assert "no number of a slip" in desk.post(f"{page}/enter", {"slip": "00002-00"}).text
    said = {"seller": "Quayside", "seller_country": "CN", "buyer": "Orchid", "buyer_country": "SG", "amount": "5000"}
    form = opened.headers["Location"]
    back = desk.post_form(form, said | {"declared_by": "seller", "currency": "USD"})
    assert "Is this right" in back
    sent = {one.get("name"): one.get("value") for one in back.tree.xpath("//form//input[@type='hidden']")}
    sent.pop("csrf_token")
    answered = desk.post(
        form,
        said
        | sent
        | {
            "declared_by": "seller",
            "currency": "USD",
            "tier": "intent",
            "channel": "booth",
            "basis": "one_off",
            "relation": "new",
        },
        follow_redirects=True,
    )
    assert answered.status_code == 200
    assert slip_of(db.session.query(Deal).one()).number == 2
