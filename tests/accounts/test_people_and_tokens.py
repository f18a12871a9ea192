"""The desk's pages about people and machines."""

import pytest
from sqlalchemy import func, select

from fairapp.accounts import queries
from fairapp.accounts.models import ApiToken, RoleGrant
from fairapp.accounts.permissions import Role
from fairapp.core.data.db import db
from tests.client import PageClient
from tests.factories.accounts import make_grant, make_member
from tests.factories.foundation import make_fair, make_organisation, make_person
from tests.hostile import PAYLOADS
from tests.mail import links_in

PEOPLE, TOKENS = "/fairs/spring/desk/people", "/fairs/spring/desk/tokens"


@pytest.fixture
def fair(app):
    return make_fair("spring")


@pytest.fixture
def desk(fair, signed_in) -> PageClient:
    """The browser of an organiser of the spring fair."""
    return signed_in(make_person(fair, Role.ORGANISER, name="Olga Organiser", password_hash="x"))


def test_the_list_shows_who_holds_which_role_and_who_has_not_joined(desk, fair) -> None:
    make_member(fair, Role.VIEWER)
    make_grant(fair, Role.STEWARD)
    rows = desk.get_page(PEOPLE).rows()
    assert [(row[0].split()[0], row[2], row[4]) for row in rows] == [
        ("Lin", "Government viewer", "joined"),
        ("Olga", "Organiser", "joined given at the server by one person"),
        ("Person", "Steward", "invited"),
    ]


def test_the_list_is_narrowed_by_words_role_and_state(desk, fair) -> None:
    make_member(fair, Role.VIEWER)
    make_grant(fair, Role.STEWARD)
    found = {
        query: len(desk.get_page(f"{PEOPLE}?{query}").tree.xpath("//tbody/tr"))
        for query in (
            "q=LIN",
            "q=mei%40exam",
            "q=%25",
            "q=_",
            "role=viewer",
            "state=waiting",
            "role=nonsense",
            "q=%00",
        )
    }
    assert list(found.values()) == [1, 1, 0, 0, 1, 1, 3, 3]


def test_members_of_exhibitors_are_shown_when_asked_for(desk, fair) -> None:
    make_person(fair, Role.EXHIBITOR, make_organisation("Blue Harbour"), name="Eva")
    assert "Eva" not in desk.get_page(PEOPLE)
    assert "Blue Harbour" in desk.get_page(f"{PEOPLE}?role=exhibitor")


def test_a_search_without_a_hit_says_what_to_do(desk) -> None:
    assert "Clear the filters, or invite whom you are looking for." in desk.get_page(f"{PEOPLE}?q=nobody")


def test_the_list_has_pages_and_equal_queries_for_few_and_many(desk, fair) -> None:
    from sqlalchemy import event

    def queries_of(url: str) -> int:
        count = []
        event.listen(db.engine, "before_cursor_execute", counter := lambda *_: count.append(1))
        desk.get_page(url)
        event.remove(db.engine, "before_cursor_execute", counter)
        return len(count)

    make_grant(fair)
    few = queries_of(PEOPLE)
    for _ in range(60):
        make_grant(fair)
    assert queries_of(PEOPLE) == few
    assert len(desk.get_page(PEOPLE).rows()) == 50
    assert len(desk.get_page(f"{PEOPLE}?page=2").rows()) == 12


def test_an_organiser_invites_by_mail(desk, fair, mailbox) -> None:
    given = {"email": "New@example.com", "name": "Nora New", "role": "verifier", "locale": "en"}
    page = desk.post_form(f"{PEOPLE}/invite", given)
    assert "A mail is on its way to New@example.com." in page
    grant = db.session.scalars(select(RoleGrant).join(RoleGrant.user).where(RoleGrant.role == "verifier")).one()
    assert (grant.user.email, grant.user.locale) == ("new@example.com", "en")
    assert links_in(mailbox.only("new@example.com"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not an address"),
        ("email", ""),
        ("name", ""),
        ("name", "a\u202eb"),
        ("role", "exhibitor"),
        ("role", "root"),
        ("locale", "fr"),
    ],
)
def test_a_wrong_invitation_is_refused_at_its_field(desk, field: str, value: str) -> None:
    given = {"email": "new@example.com", "name": "Nora", "role": "viewer", "locale": "en", field: value}
    page = desk.post_form(f"{PEOPLE}/invite", given)
    assert list(page.errors()) == [field]
    assert queries.user_by_email("new@example.com") is None


@pytest.mark.parametrize("name", [name for name in PAYLOADS if name != "surrogate"])
def test_hostile_input_is_refused_or_kept_as_text(desk, name: str, mailbox) -> None:
    for field in ("email", "name", "role", "locale"):
        given = {"email": "new@example.com", "name": "Nora", "role": "viewer", "locale": "en", field: PAYLOADS[name]}
        response = desk.post(f"{PEOPLE}/invite", given)
        assert response.status_code in {200, 302}
        assert "<script>window.stolen" not in response.text
    assert "<script>window.stolen" not in desk.open(PEOPLE).text


def test_an_invitation_takes_no_other_fields(desk) -> None:
    given = {"email": "a@example.com", "name": "A", "role": "viewer", "locale": "en", "organisation_id": "1"}
    assert desk.post(f"{PEOPLE}/invite", given).status_code == 400


def test_the_same_role_twice_is_refused_at_the_address(desk, fair) -> None:
    grant = make_grant(fair, Role.STEWARD)
    given = {"email": grant.user.email, "name": "X", "role": "steward", "locale": "en"}
    page = desk.post_form(f"{PEOPLE}/invite", given)
    assert "holds this role already" in page.errors()["email"]


def test_a_role_is_withdrawn_by_its_button(desk, fair) -> None:
    grant = make_grant(fair)
    page = desk.press(PEOPLE, f"{PEOPLE}/{grant.id}/withdraw")
    assert "no longer holds this role" in page
    assert grant.withdrawn_at is not None
    assert desk.post(f"{PEOPLE}/{grant.id}/withdraw").status_code == 404


def test_the_last_organiser_is_told_why_not(desk, fair) -> None:
    grant = db.session.scalars(select(RoleGrant)).one()
    page = desk.press(PEOPLE, f"{PEOPLE}/{grant.id}/withdraw", 409)
    assert "A fair needs an organiser who has joined." in page


def test_an_invitation_is_sent_again(desk, fair, mailbox) -> None:
    grant = make_grant(fair)
    desk.press(PEOPLE, f"{PEOPLE}/{grant.id}/invite-again")
    assert links_in(mailbox.only(grant.user.email))


@pytest.mark.parametrize("verb", ["withdraw", "invite-again"])
def test_the_people_of_another_fair_are_out_of_reach(desk, verb: str) -> None:
    foreign = make_grant(make_fair("autumn"))
    assert desk.post(f"{PEOPLE}/{foreign.id}/{verb}").status_code == 404
    assert desk.post(f"/fairs/autumn/desk/people/{foreign.id}/{verb}").status_code == 403
    assert foreign.withdrawn_at is None


@pytest.mark.parametrize("key", ["x", "0188e5a0-0000-7000-8000-000000000000", "1 OR 1=1"])
def test_an_invented_key_is_not_found(desk, key: str) -> None:
    assert desk.post(f"{PEOPLE}/{key}/withdraw").status_code == 404


# --- tokens ---------------------------------------------------------------------------------


def make_token(desk: PageClient, **changes: str) -> str:
    page = desk.post_form(f"{TOKENS}/new", {"label": "Hall 3", "role": "steward", "days": "30", **changes})
    return page.tree.xpath("//*[contains(@class, 'token-text')]")[0].text_content()


def test_a_token_is_shown_once_and_works(desk, fair, app) -> None:
    text = make_token(desk)
    assert text not in desk.get_page(TOKENS).html
    assert queries.actor_of_token(text, fair.id).roles == {"steward"}
    machine = PageClient(app)
    refused = machine.open(PEOPLE, headers={"Authorization": f"Bearer {text}"})
    assert refused.status_code == 403


def test_the_list_of_tokens_says_which_still_work(clock, desk, fair) -> None:
    make_token(desk, label="Week", days="7")
    make_token(desk, label="Year", days="365")
    clock.shift(8 * 86400)
    desk.sign_in(db.session.scalars(select(RoleGrant)).one().user)
    token = db.session.scalars(select(ApiToken).where(ApiToken.label == "Year")).one()
    states = {row[0]: row[4] for row in desk.get_page(TOKENS).rows()}
    assert states == {"Week": "expired", "Year": "works"}
    page = desk.press(TOKENS, f"{TOKENS}/{token.id}/revoke")
    assert "no longer works" in page
    assert {row[0]: row[4] for row in page.rows()}["Year"] == "revoked"


def test_no_token_yet_says_what_it_is_for(desk) -> None:
    assert "No machine has a key yet" in desk.get_page(TOKENS)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("label", ""),
        ("label", "x" * 101),
        ("label", "a\x00b"),
        ("role", "verifier"),
        ("role", "exhibitor"),
        ("days", "0"),
        ("days", "36500"),
        ("days", "-1"),
    ],
)
def test_a_wrong_token_is_refused_at_its_field(desk, field: str, value: str) -> None:
    page = desk.post_form(f"{TOKENS}/new", {"label": "Hall 3", "role": "steward", "days": "30", field: value})
    assert list(page.errors()) == [field]
    assert db.session.scalar(select(func.count()).select_from(ApiToken)) == 0


def test_a_false_token_is_refused_even_beside_a_session(desk) -> None:
    assert desk.open(PEOPLE, headers={"Authorization": "Bearer nonsense"}).status_code == 302
    assert desk.open(PEOPLE, headers={"Authorization": "Bearer \x7f"}).status_code == 302
