"""The pages of deals, as people walk through them."""

from sqlalchemy import select

from fairapp.accounts.permissions import Role
from fairapp.core.db import db
from fairapp.deals import queries
from fairapp.deals.models import Deal, DealStatus
from tests.factories.deals import make_category, make_exhibitor
from tests.factories.foundation import make_fair, make_person
from tests.mail import links_in


def path(fair, rest: str) -> str:
    return f"/fairs/{fair.code}{rest}"


def only_deal() -> Deal:
    return db.session.scalars(select(Deal)).one()


def test_a_deal_from_the_phone_to_the_verifier(app, mailbox, signed_in, client) -> None:
    fair = make_fair()
    make_category(fair)
    seller = make_exhibitor(fair)
    phone = signed_in(make_person(fair, Role.EXHIBITOR, seller.organisation))
    new = path(fair, "/my/deals/new")
    said = {
        "company": "Orchid Imports",
        "country": "SG",
        "amount": "120万",
        "currency": "CNY",
        "email": "buyer@example.com",
        "truth": "y",
        "goods": "tea sets",
    }
    page = phone.post_form(new, said)
    assert "一百二十万" in page.html or "one million two hundred thousand" in page
    assert "1.2 million" in page
    values = said | {
        "tier": "intent",
        "side": "seller",
        "sure": "yes",
        "client_id": page.tree.xpath("//input[@name='client_id']/@value")[0],
    }
    answer = phone.post(new, values, follow_redirects=True)
    assert answer.status_code == 200, answer.text[:500]
    deal = only_deal()
    assert (deal.amount_minor, deal.currency, deal.status) == (120_000_000, "CNY", "declared")
    link = links_in(mailbox.only("buyer@example.com"))[0]
    assert "Choose what you answer" in client.post_form(link, {"amount": "1200"})
    page = client.post(link, {"amount": "1200", "currency": "CNY", "say": "confirm"})
    assert "differ" in page.text
    page = client.post(link, {"amount": "1200000", "currency": "CNY", "say": "confirm"}, follow_redirects=True)
    assert "The deal is confirmed" in page.text
    assert client.open(link).status_code == 404
    desk = signed_in(make_person(fair, Role.ORGANISER))
    here = path(fair, f"/desk/deals/{deal.id}")
    desk.post_form(here, {"kind": "original_seen", "description": "Contract 7"}, action=f"{here}/evidence")
    verifier = signed_in(make_person(fair, Role.VERIFIER))
    queue = verifier.get_page(path(fair, "/desk/deals/verification"))
    assert "D-1" in queue
    verifier.post_form(
        path(fair, f"/desk/deals/verification/{deal.id}"),
        {"grade": "B"},
        action=path(fair, f"/desk/deals/verification/{deal.id}/accept"),
    )
    assert only_deal().status == DealStatus.VERIFIED
    for place in (
        "/desk/deals",
        f"/desk/deals/{deal.id}",
        "/desk/deals/ledger",
        "/desk/deals/rates",
        "/desk/deals/new",
    ):
        desk.get_page(path(fair, place))
    for place in ("/my/deals", f"/my/deals/{deal.id}", "/my/deals/new"):
        phone.get_page(path(fair, place))
    desk.press(path(fair, "/desk/deals/ledger"), path(fair, "/desk/deals/ledger/verify"))
    assert queries.ledger_checks(fair.id)[0].ok
    assert desk.download(path(fair, "/desk/deals/export")).data[:2] == b"PK"
