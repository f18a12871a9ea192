import re
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from fairapp.accounts import queries
from fairapp.accounts.permissions import Role
from fairapp.accounts.sign_in import passwords
from fairapp.audit.catalogue import Event
from fairapp.audit.models import AccountEvent
from fairapp.config import ConfigurationError, Settings
from fairapp.core.data.db import db
from tests.client import PageClient
from tests.factories.accounts import PASSWORD, code_of, grant_to, make_member
from tests.factories.foundation import make_fair, make_person


def events() -> list[str]:
    return list(db.session.scalars(select(AccountEvent.event).order_by(AccountEvent.id)))


def open_with(client: PageClient, email: str, password: str = PASSWORD, url: str = "/account/sign-in"):
    """The bare answer to address and password."""
    return client.post(url, {"email": email, "password": password})


def is_signed_in(client: PageClient) -> bool:
    return client.open("/account/").status_code == 200


def test_the_right_password_opens_the_account(client) -> None:
    user = make_member(make_fair(), Role.VIEWER)
    response = open_with(client, " Mei@Example.com ")
    assert (response.status_code, response.location) == (302, "/account/home")
    assert is_signed_in(client)
    assert events()[-1] == Event.SIGNED_IN
    assert user.last_seen_at is not None


def test_a_person_with_one_fair_goes_straight_to_its_first_page(client) -> None:
    fair = make_fair("spring")
    make_member(fair, Role.VIEWER)
    open_with(client, "mei@example.com")
    assert client.open("/account/home").location == "/fairs/spring/home"


def test_a_person_with_several_fairs_chooses(client) -> None:
    first = make_fair("spring", name_en="Spring Fair")
    user = make_member(first, Role.VIEWER)
    grant_to(user, make_fair("autumn", name_en="Autumn Fair"), Role.STEWARD)
    open_with(client, "mei@example.com")
    page = client.get_page("/account/home")
    assert page.title == "Your fairs"
    homes = [href for href in page.links.values() if href.endswith("/home")]
    assert sorted(homes) == ["/fairs/autumn/home", "/fairs/spring/home"]


def test_who_has_no_role_is_told_what_to_do(client) -> None:
    client.sign_in(make_person())
    assert "You have no role in a fair yet" in client.get_page("/account/home")


def test_unknown_address_and_wrong_password_get_the_same_answer(client, try_sign_in) -> None:
    make_member(make_fair(), Role.VIEWER)
    make_person(email="invited@example.com")  # has no password yet
    answers = set()
    for email in ("mei@example.com", "nobody@example.com", "invited@example.com"):
        page = try_sign_in(email, "not the password")
        body = re.sub(r'nonce="[^"]*"|value="[^"]*"', "", page.html)
        answers.add((page.status, body))
    assert len(answers) == 1
    assert "do not fit together" in answers.pop()[1]
    assert not is_signed_in(client)
    assert events()[-3:] == [Event.SIGN_IN_FAILED] * 3


def test_an_unknown_address_costs_a_hash_too(client, try_sign_in, monkeypatch) -> None:
    checked = []

    class CountingHasher(PasswordHasher):
        def verify(self, kept, password):
            checked.append(kept)
            return super().verify(kept, password)

    make_member(make_fair(), Role.VIEWER)
    hasher = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: hasher)
    for email in ("mei@example.com", "nobody@example.com"):
        try_sign_in(email, "not the password")
    assert len(checked) == 2


def test_the_trail_keeps_no_typed_address(client, try_sign_in) -> None:
    try_sign_in("nobody@example.com", "x")
    event = db.session.scalars(select(AccountEvent)).one()
    assert (event.user_id, event.address, event.detail) == (None, "127.0.0.1", {})


@pytest.mark.usefixtures("tries")
def test_an_account_is_closed_after_ten_tries_for_a_while(client, clock) -> None:
    make_member(make_fair(), Role.VIEWER)
    answers = [
        open_with(client, "MEI@example.com" if n % 2 else "mei@example.com", "wrong").status_code for n in range(11)
    ]
    assert answers == [200] * 10 + [429]
    assert open_with(client, "mei@example.com").status_code == 429
    assert "Too many tries" in client.post_form("/account/sign-in", {"email": "mei@example.com", "password": "x"}, 429)
    clock.shift(timedelta(minutes=16))
    assert open_with(client, "mei@example.com").status_code == 302


@pytest.mark.usefixtures("tries")
def test_an_unknown_account_is_closed_just_the_same(client) -> None:
    answers = [open_with(client, "nobody@example.com", "wrong").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


@pytest.mark.usefixtures("tries")
def test_the_right_password_clears_the_count(client) -> None:
    make_member(make_fair(), Role.VIEWER)
    for _ in range(3):
        for _ in range(9):
            open_with(client, "mei@example.com", "wrong")
        assert open_with(client, "mei@example.com").status_code == 302
        client.sign_out()


@pytest.mark.usefixtures("tries")
def test_one_network_address_cannot_try_many_accounts(client) -> None:
    answers = [open_with(client, f"person{n}@example.com", "wrong").status_code for n in range(61)]
    assert answers == [200] * 60 + [429]


@pytest.mark.parametrize(
    "address", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_to_another_site(client, address: str) -> None:
    make_member(make_fair(), Role.VIEWER)
    response = client.post(
        "/account/sign-in", {"email": "mei@example.com", "password": PASSWORD}, query_string={"next": address}
    )
    assert response.location == "/account/home"


def test_the_page_asked_for_opens_after_signing_in(client) -> None:
    fair = make_fair("spring")
    make_member(fair, Role.VIEWER)
    asked = client.open("/fairs/spring/desk/?day=2")
    assert asked.location == "/account/sign-in?next=/fairs/spring/desk/?day%3D2"
    assert open_with(client, "mei@example.com", url=asked.location).location == "/fairs/spring/desk/?day=2"


def test_signing_in_begins_a_new_session(client) -> None:
    make_member(make_fair(), Role.VIEWER)
    with client.http.session_transaction() as session:
        session["planted"] = "by someone else"
    before = client.csrf_token()
    open_with(client, "mei@example.com")
    with client.http.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"]
        assert session.permanent
    assert client.csrf_token() != before


def test_a_session_ends_after_twelve_hours_without_a_request(client, clock) -> None:
    make_member(make_fair(), Role.VIEWER)
    open_with(client, "mei@example.com")
    clock.shift(timedelta(hours=11))
    assert is_signed_in(client)
    clock.shift(timedelta(hours=12, seconds=1))
    assert not is_signed_in(client)


def test_signing_out_ends_the_session(client) -> None:
    make_member(make_fair(), Role.VIEWER)
    open_with(client, "mei@example.com")
    page = client.press("/account/", "/account/sign-out")
    assert "You are signed out." in page
    assert not is_signed_in(client)
    assert events()[-1] == Event.SIGNED_OUT


def test_nobody_is_signed_out_by_a_link(client) -> None:
    assert client.open("/account/sign-out").status_code == 405


def test_a_form_without_its_token_is_refused(client) -> None:
    response = client.open("/account/sign-in", method="POST", data={"email": "a@example.com", "password": "x"})
    assert response.status_code == 400


def test_a_changed_session_key_signs_out(client) -> None:
    user = make_member(make_fair(), Role.VIEWER)
    open_with(client, "mei@example.com")
    user.session_key = "0" * 32
    assert not is_signed_in(client)


def test_a_hash_of_older_parameters_is_made_anew(client) -> None:
    older = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    user = make_member(make_fair(), Role.VIEWER, password_hash=older)
    open_with(client, "mei@example.com")
    assert user.password_hash != older
    assert passwords.is_right(PASSWORD, user.password_hash)


def test_the_password_is_kept_with_the_parameters_of_owasp(app, monkeypatch, tmp_path) -> None:
    settings = Settings(instance_path=tmp_path)
    monkeypatch.setitem(app.config, "PASSWORD_MEMORY_KIB", settings.password_memory_kib)
    monkeypatch.setitem(app.config, "PASSWORD_ROUNDS", settings.password_rounds)
    assert passwords.hash_password("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("cheap", [{"password_memory_kib": 19_455}, {"password_rounds": 1}])
def test_no_fair_runs_with_cheaper_passwords(tmp_path, cheap: dict[str, int]) -> None:
    with pytest.raises(ConfigurationError, match="must cost"):
        Settings(instance_path=tmp_path, **cheap).check(debug=False)
    Settings(instance_path=tmp_path, development=True, **cheap).check(debug=False)


def test_the_same_letters_typed_otherwise_are_the_same_password(app) -> None:
    kept = passwords.hash_password("Łódź Ga\u0301bor ten")
    assert passwords.is_right("Łódź G\u00e1bor ten", kept)
    assert not passwords.is_right("Lodz Gabor ten", kept)


@pytest.mark.usefixtures("demo")
def test_the_demo_lists_a_log_in_for_each_role(client) -> None:
    fair = make_fair()
    for role in (Role.ORGANISER, Role.STEWARD):
        make_member(fair, role, email=f"{role}@demo.example")
    make_member(fair, Role.VIEWER, email="viewer@example.com")
    page = client.get_page("/account/sign-in")
    assert "organiser@demo.example" in page
    assert "steward@demo.example" in page
    assert "viewer@example.com" not in page


def test_outside_the_demo_no_log_ins_are_shown(client) -> None:
    make_member(make_fair(), Role.VIEWER, email="viewer@demo.example")
    assert "demo.example" not in client.get_page("/account/sign-in").html


def test_pages_come_in_the_language_of_the_person(client) -> None:
    user = make_member(make_fair(), Role.VIEWER)
    user.locale = "zh_Hans"
    open_with(client, "mei@example.com")
    assert client.get_page("/account/").title == "账号与安全"


# --- the second step ------------------------------------------------------------------------


@pytest.fixture
def verifier(app):
    return make_member(make_fair("spring"), Role.VERIFIER, second_factor=True)


def second_step(client: PageClient, code: str):
    return client.post("/account/sign-in/second-step", {"code": code})


def test_a_password_alone_does_not_open_an_account_with_a_second_factor(client, verifier) -> None:
    assert open_with(client, verifier.email).location == "/account/sign-in/second-step"
    assert not is_signed_in(client)
    assert client.get_page("/account/sign-in/second-step").title == "Your second factor"


def test_the_code_completes_the_sign_in(client, verifier) -> None:
    open_with(client, verifier.email, url="/account/sign-in?next=/account/fairs")
    assert second_step(client, f" {code_of(verifier)[:3]} {code_of(verifier)[3:]} ").location == "/account/fairs"
    assert is_signed_in(client)


def test_a_code_is_not_taken_twice(client, verifier, clock) -> None:
    code = code_of(verifier)
    open_with(client, verifier.email)
    second_step(client, code)
    client.sign_out()
    open_with(client, verifier.email)
    assert second_step(client, code).status_code == 200
    assert not is_signed_in(client)
    clock.shift(30)
    assert second_step(client, code_of(verifier)).status_code == 302


def test_the_second_step_waits_ten_minutes(client, verifier, clock) -> None:
    open_with(client, verifier.email)
    clock.shift(timedelta(minutes=10, seconds=1))
    assert "Begin again" in second_step(client, code_of(verifier)).text
    assert not is_signed_in(client)


def test_without_the_first_step_there_is_no_second(client, verifier) -> None:
    assert client.get_page("/account/sign-in/second-step").title == "Begin again"
    assert "Begin again" in second_step(client, code_of(verifier)).text
    assert not is_signed_in(client)


@pytest.mark.usefixtures("tries")
def test_codes_cannot_be_guessed(client, verifier) -> None:
    open_with(client, verifier.email)
    answers = [second_step(client, f"{n:06}").status_code for n in range(7)]
    assert answers == [200] * 6 + [429]
    assert second_step(client, code_of(verifier)).status_code == 429


@pytest.mark.parametrize(
    "code", ["", "1" * 100, "\x00", "=cmd()", "<script>alert(1)</script>", "\u202e123456", "１２３４５６"]
)
def test_a_hostile_code_is_wrong(client, verifier, code: str) -> None:
    open_with(client, verifier.email)
    response = second_step(client, code)
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert not is_signed_in(client)


# --- hostile input --------------------------------------------------------------------------

HOSTILE = [
    "",
    "x" * 1_000_000,
    "a\x00b@example.com",
    "=cmd()@example.com",
    "<script>alert(1)</script>",
    "\u202emei@example.com",
    "\u0130@example.com",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_is_answered_at_the_field(client, text: str) -> None:
    make_member(make_fair(), Role.VIEWER)
    for data in ({"email": text, "password": PASSWORD}, {"email": "mei@example.com", "password": text}):
        response = client.post("/account/sign-in", data)
        assert response.status_code == 200
        assert "<script>alert" not in response.text
    assert not is_signed_in(client)


def test_a_lone_surrogate_is_no_address(client) -> None:
    body = b"email=%ED%A0%80%40example.com&password=x"
    headers = {"X-CSRFToken": client.csrf_token(), "Content-Type": "application/x-www-form-urlencoded"}
    assert client.open("/account/sign-in", method="POST", data=body, headers=headers).status_code == 200


def test_unknown_keys_are_refused(client) -> None:
    data = {"email": "mei@example.com", "password": PASSWORD, "may_create_fairs": "1"}
    assert client.post("/account/sign-in", data).status_code == 400
    assert queries.user_by_email("mei@example.com") is None
