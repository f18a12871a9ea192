"""Invitation, forgotten password, change of password."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from fairapp.accounts import jobs, queries, services
from fairapp.accounts.permissions import Role
from fairapp.accounts.sign_in import jobs as sign_in_jobs
from fairapp.accounts.sign_in import services as credentials
from fairapp.accounts.sign_in.passwords import user_with_password
from fairapp.audit.catalogue import Event
from fairapp.audit.models import AccountEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.errors import DomainError
from fairapp.core.jobs import mail
from fairapp.core.web.access import system
from tests.client import PageClient
from tests.factories.accounts import PASSWORD, code_of, make_member
from tests.factories.foundation import make_fair
from tests.hostile import PAYLOADS
from tests.mail import links_in, text_of

NEW = "four green bicycles"


def events() -> list[str]:
    return list(db.session.scalars(select(AccountEvent.event).order_by(AccountEvent.id)))


def mailed_link(mailbox, address: str) -> str:
    return links_in(mailbox.to(address)[-1])[0]


@pytest.fixture
def invited(app, mailbox) -> str:
    """The link of an invitation to be a viewer."""
    fair = make_fair()
    with transaction():
        services.invite_member(
            actor=system(fair.id), fair=fair, email="new@example.com", name="New", role=Role.VIEWER, locale="en"
        )
    return mailed_link(mailbox, "new@example.com")


@pytest.fixture
def reset_link(app, mailbox) -> str:
    make_member(make_fair(), Role.VIEWER)
    with transaction():
        credentials.send_reset(email="mei@example.com")
    return mailed_link(mailbox, "mei@example.com")


def test_an_invitation_is_taken_up_with_a_name_and_a_password(client, invited) -> None:
    page = client.get_page(invited)
    assert "new@example.com" in page
    response = client.post(invited, {"name": "Nora New", "password": NEW})
    assert (response.status_code, response.location) == (302, "/account/home")
    assert client.open("/account/").status_code == 200
    user = queries.user_by_email("new@example.com")
    assert user.name == "Nora New"
    assert events()[-3:] == [Event.PASSWORD_CHANGED, Event.USER_JOINED, Event.SIGNED_IN]


def test_looking_at_a_link_does_not_spend_it(client, invited) -> None:
    for _ in range(3):
        assert client.get_page(invited).title == "Welcome to FairApp"


def test_an_invitation_lasts_seven_days(client, clock, mailbox) -> None:
    fair = make_fair()
    with transaction():
        services.invite_member(actor=system(fair.id), fair=fair, email="n@example.com", name="N", role=Role.VIEWER)
    link = mailed_link(mailbox, "n@example.com")
    clock.shift(timedelta(days=7) - timedelta(seconds=1))
    client.get_page(link)
    clock.shift(1)
    assert client.get_page(link, 404).title == "This link no longer works"
    assert client.post(link, {"name": "N", "password": NEW}).status_code == 404
    assert queries.user_by_email("n@example.com").password_hash == ""


def test_an_invitation_works_once(client, invited) -> None:
    client.post(invited, {"name": "N", "password": NEW})
    client.sign_out()
    assert client.post(invited, {"name": "Thief", "password": "thief's password"}).status_code == 404
    assert queries.user_by_email("new@example.com").name == "N"


def test_a_refused_password_does_not_spend_the_link(client, invited) -> None:
    page = client.post_form(invited, {"name": "N", "password": "short"})
    assert "at least 10 characters" in page.errors()["password"]
    assert client.post(invited, {"name": "N", "password": "new@example.com"}).status_code == 200
    assert client.post(invited, {"name": "N", "password": NEW}).status_code == 302


@pytest.mark.parametrize("kind", ["invitation", "reset"])
@pytest.mark.parametrize("token", ["x", "..", "%00", "a" * 5000, "=cmd()", "<script>", "%ED%A0%80"])
def test_an_invented_link_is_a_spent_one(client, kind: str, token: str) -> None:
    assert client.open(f"/account/{kind}/{token}").status_code == 404


def test_a_link_serves_its_own_purpose_alone(client, invited, reset_link) -> None:
    assert client.open(invited.replace("invitation", "reset")).status_code == 404
    assert client.open(reset_link.replace("reset", "invitation")).status_code == 404


def test_a_reset_link_sets_a_new_password_and_ends_other_sessions(client, app, mailbox, reset_link) -> None:
    other = PageClient(app)
    other.sign_in(queries.user_by_email("mei@example.com"))
    assert client.post(reset_link, {"password": NEW}).status_code == 302
    assert other.open("/account/").status_code == 302
    assert client.open("/account/").status_code == 200
    assert user_with_password("mei@example.com", NEW) is not None
    assert user_with_password("mei@example.com", PASSWORD) is None
    assert mailbox.to("mei@example.com")[-1]["Subject"] == "Your password was changed"


def test_a_reset_link_lasts_an_hour_and_works_once(client, clock, mailbox) -> None:
    make_member(make_fair(), Role.VIEWER)
    with transaction():
        credentials.send_reset(email="mei@example.com")
    link = mailed_link(mailbox, "mei@example.com")
    clock.shift(timedelta(minutes=59, seconds=59))
    client.get_page(link)
    clock.shift(1)
    client.get_page(link, 404)


def test_a_newer_reset_link_replaces_the_older(client, mailbox, reset_link) -> None:
    with transaction():
        credentials.send_reset(email="mei@example.com")
    client.get_page(reset_link, 404)
    client.get_page(mailed_link(mailbox, "mei@example.com"))


def test_an_invitation_ends_with_the_first_password(client, mailbox, invited) -> None:
    with transaction():
        credentials.send_reset(email="new@example.com")
    client.post(mailed_link(mailbox, "new@example.com"), {"password": NEW})
    client.sign_out()
    assert client.post(invited, {"name": "Thief", "password": "thief's password"}).status_code == 404
    assert user_with_password("new@example.com", NEW) is not None


def test_a_changed_password_ends_the_links_asked_for_before(client, reset_link) -> None:
    client.sign_in(queries.user_by_email("mei@example.com"))
    client.post_form("/account/password", {"current": PASSWORD, "password": NEW})
    client.sign_out()
    assert client.post(reset_link, {"password": "thief's password"}).status_code == 404
    assert user_with_password("mei@example.com", NEW) is not None


def test_a_reset_does_not_go_round_the_second_factor(client, mailbox) -> None:
    user = make_member(make_fair(), Role.VERIFIER, second_factor=True)
    with transaction():
        credentials.send_reset(email=user.email)
    response = client.post(mailed_link(mailbox, user.email), {"password": NEW})
    assert response.location == "/account/sign-in/second-step"
    assert client.open("/account/").status_code == 302
    assert client.post(response.location, {"code": code_of(user)}).status_code == 302
    assert client.open("/account/").status_code == 200


def test_asking_for_a_link_tells_nobody_who_has_an_account(client, mailbox) -> None:
    make_member(make_fair(), Role.VIEWER)
    known = client.post_form("/account/forgotten", {"email": "mei@example.com"})
    unknown = client.post_form("/account/forgotten", {"email": "nob@example.com"})
    assert known.words.replace("mei@", "nob@") == unknown.words
    assert "set a new password" in mailbox.only("mei@example.com")["Subject"].lower()
    assert mailbox.to("nob@example.com") == []
    assert events()[-1] == Event.PASSWORD_RESET_ASKED


@pytest.mark.usefixtures("tries", "mailbox")
def test_nobody_is_flooded_with_links(client) -> None:
    make_member(make_fair(), Role.VIEWER)
    answers = [client.post("/account/forgotten", {"email": "mei@example.com"}).status_code for _ in range(5)]
    assert answers == [200] * 4 + [429]


def test_links_lead_to_the_public_address(app, mailbox) -> None:
    make_member(make_fair(), Role.VIEWER)
    app.config["PUBLIC_URL"] = "https://fair.example/"
    try:
        with transaction():
            credentials.send_reset(email="mei@example.com")
    finally:
        app.config["PUBLIC_URL"] = "http://localhost"
    assert "https://fair.example/account/reset/" in text_of(mailbox.only("mei@example.com"))


def test_a_forged_host_changes_no_link(client, mailbox) -> None:
    make_member(make_fair(), Role.VIEWER)
    client.open(
        "/account/forgotten",
        method="POST",
        data={"email": "mei@example.com"},
        headers={"X-CSRFToken": client.csrf_token(), "X-Forwarded-Host": "evil.example"},
    )
    assert "evil.example" not in text_of(mailbox.only("mei@example.com"))


def test_a_name_cannot_break_a_mail(app, mailbox) -> None:
    fair = make_fair()
    with transaction():
        given = {"email": "a@example.com", "name": "<b>Eve</b>\nBcc: x@example.com", "role": Role.VIEWER}
        services.invite_member(actor=system(fair.id), fair=fair, **given)
    received = mailbox.only("a@example.com")
    html = received.get_body(("html",)).get_content()
    assert "Eve" in html
    assert "<b>Eve" not in html
    assert received["Bcc"] is None


def test_no_table_holds_a_mailed_link(app, mailbox) -> None:
    make_member(make_fair(), Role.VIEWER)
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    with transaction():
        credentials.send_reset(email="mei@example.com")
    waiting = everything_kept()
    app.config["SMTP_URL"] = mailbox.url
    assert mail.send_waiting() == 1
    token = mailed_link(mailbox, "mei@example.com").rsplit("/", 1)[1]
    assert [token in kept for kept in (waiting, everything_kept())] == [False, False]


def everything_kept() -> str:
    rows = [
        db.session.execute(text(f"SELECT * FROM {table}")).all() for table in ("outgoing_mails", "single_use_links")
    ]
    assert all(rows)
    return str(rows)


# --- change of password ---------------------------------------------------------------------


def test_a_password_is_changed_by_who_knows_it(client, app, mailbox) -> None:
    user = make_member(make_fair(), Role.VIEWER)
    client.sign_in(user)
    other = PageClient(app)
    other.sign_in(user)
    page = client.post_form("/account/password", {"current": PASSWORD, "password": NEW})
    assert "Other browsers are signed out." in page
    assert other.open("/account/").status_code == 302
    assert user_with_password(user.email, NEW) is not None
    assert Event.PASSWORD_CHANGED in events()


@pytest.mark.parametrize(
    ("current", "password", "field"),
    [
        ("wrong", NEW, "current"),
        (PASSWORD, "short", "password"),
        (PASSWORD, "mei@example.com", "password"),
        ("", NEW, "current"),
    ],
)
def test_a_change_is_refused_at_the_field(client, current: str, password: str, field: str) -> None:
    user = make_member(make_fair(), Role.VIEWER)
    client.sign_in(user)
    page = client.post_form("/account/password", {"current": current, "password": password})
    assert list(page.errors()) == [field]
    assert user_with_password(user.email, PASSWORD) is not None


FORM_PAYLOADS = {name: text for name, text in PAYLOADS.items() if name != "surrogate"}  # no form can carry one


@pytest.mark.parametrize("payload", FORM_PAYLOADS.values(), ids=FORM_PAYLOADS.keys())
def test_a_hostile_name_is_refused_or_kept_as_text(client, payload: str) -> None:
    user = make_member(make_fair(), Role.VIEWER)
    client.sign_in(user)
    response = client.post("/account/", {"name": payload, "locale": "en"})
    assert response.status_code in {200, 302, 400}
    assert "<script>window.stolen" not in client.open("/account/").text


def test_a_person_chooses_name_and_language(client) -> None:
    user = make_member(make_fair(), Role.VIEWER)
    client.sign_in(user)
    page = client.post_form("/account/", {"name": "林梅", "locale": "zh_Hans"})
    assert (page.title, user.name, user.locale) == ("账号与安全", "林梅", "zh_Hans")
    assert events()[-1] == Event.USER_CHANGED


@pytest.mark.parametrize("field", ["email", "may_create_fairs", "password_hash", "totp_secret", "session_key", "id"])
def test_nobody_changes_what_the_form_does_not_show(client, field: str) -> None:
    user = make_member(make_fair(), Role.VIEWER)
    client.sign_in(user)
    assert client.post("/account/", {"name": "X", "locale": "en", field: "1"}).status_code == 400
    assert user.name == "Lin Mei"


# --- the operator's commands ----------------------------------------------------------------


def test_the_first_administrator_is_made_on_the_command_line(client) -> None:
    link = jobs.create_person(email="Root@Example.com", name="Root", locale="en", may_create_fairs=True)
    assert link.startswith("http://localhost/account/invitation/")
    client.post(link.removeprefix("http://localhost"), {"name": "Root", "password": NEW})
    user = queries.user_by_email("root@example.com")
    assert "create_fairs" in queries.actor_of(user, None).permissions
    with pytest.raises(DomainError, match="email_taken"):
        jobs.create_person(email="root@example.com", name="Again")


def test_an_operator_removes_a_lost_second_factor(mailbox) -> None:
    user = make_member(make_fair(), Role.VERIFIER, second_factor=True)
    key = user.session_key
    assert sign_in_jobs.remove_second_factor(email=user.email)
    assert (user.totp_secret, user.session_key == key) == ("", False)
    assert events()[-1] == Event.SECOND_FACTOR_REMOVED
    assert "second factor was removed" in mailbox.only(user.email)["Subject"]
    assert not sign_in_jobs.remove_second_factor(email="nobody@example.com")
