"""The second factor: demanded, set up, recovered, given up."""

import base64
import io

import pyotp
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from fairapp.accounts import queries
from fairapp.accounts.models import RecoveryCode
from fairapp.accounts.permissions import Role
from fairapp.accounts.sign_in import services as credentials
from fairapp.audit.catalogue import Event
from fairapp.audit.models import AccountEvent
from fairapp.core.data import clock as moments
from fairapp.core.data.db import db, transaction
from tests.client import PageClient
from tests.factories.accounts import PASSWORD, code_of, grant_to, make_member
from tests.factories.foundation import make_fair

SET_UP = "/account/second-factor/set-up"


def events() -> list[str]:
    return list(db.session.scalars(select(AccountEvent.event).order_by(AccountEvent.id)))


def offered_secret(client: PageClient) -> str:
    return client.get_page(SET_UP).tree.xpath("//details//*[contains(@class, 'mono')]")[0].text.replace(" ", "")


def set_up(client: PageClient) -> list[str]:
    """Set it up in the browser; the recovery codes shown."""
    code = pyotp.TOTP(offered_secret(client)).at(moments.now())
    page = client.post_form(SET_UP, {"code": code})
    return [item.text_content().strip() for item in page.tree.xpath("//ol/li")]


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.VERIFIER])
@pytest.mark.parametrize("page", ["/fairs/spring/desk/", "/fairs/spring/home"])
def test_strong_roles_are_led_to_set_it_up(client, role: Role, page: str) -> None:
    client.sign_in(make_member(make_fair("spring"), role))
    assert client.open(page).location == f"{SET_UP}?next={page}"


@pytest.mark.parametrize(("role", "first"), [(Role.SUPERVISOR, "desk/"), (Role.VIEWER, "desk/reports/publications")])
def test_other_roles_are_not(client, role: Role, first: str) -> None:
    client.sign_in(make_member(make_fair("spring"), role))
    assert client.open("/fairs/spring/home").location == f"/fairs/spring/{first}"


@pytest.mark.usefixtures("demo")
def test_the_demo_asks_for_none(client) -> None:
    client.sign_in(make_member(make_fair("spring"), Role.ORGANISER))
    assert client.open("/fairs/spring/home").location == "/fairs/spring/desk/"


def test_without_it_a_strong_role_changes_nothing(client) -> None:
    fair = make_fair("spring")
    client.sign_in(make_member(fair, Role.ORGANISER))
    response = client.post(
        "/fairs/spring/desk/people/invite", {"email": "a@example.com", "name": "A", "role": "viewer", "locale": "en"}
    )
    assert response.location == SET_UP
    assert queries.user_by_email("a@example.com") is None


def test_a_weaker_role_beside_it_still_works(client) -> None:
    fair = make_fair("spring")
    user = make_member(fair, Role.ORGANISER)
    grant_to(user, fair, Role.SUPERVISOR)
    client.sign_in(user)
    assert client.open("/fairs/spring/desk/people").location == f"{SET_UP}?next=/fairs/spring/desk/people"
    assert client.open("/fairs/spring/desk/").status_code == 200


def test_the_picture_holds_the_secret_for_an_app(client) -> None:
    client.sign_in(make_member(make_fair(), Role.ORGANISER))
    page = client.get_page(SET_UP)
    content = page.tree.xpath("//main//img/@src")[0].removeprefix("data:image/png;base64,")
    address = zxingcpp.read_barcode(Image.open(io.BytesIO(base64.b64decode(content)))).text
    totp = pyotp.parse_uri(address)
    assert (totp.name, totp.issuer, totp.secret) == ("mei@example.com", "FairApp", offered_secret(client))
    assert len(base64.b32decode(totp.secret)) == 20


def test_setting_it_up_opens_the_desk_and_shows_ten_codes_once(client) -> None:
    user = make_member(make_fair("spring"), Role.ORGANISER)
    client.sign_in(user)
    codes = set_up(client)
    assert len(set(codes)) == 10
    assert all(len(code) == 19 for code in codes)
    assert client.open("/fairs/spring/home").location == "/fairs/spring/desk/"
    assert events()[-1] == Event.SECOND_FACTOR_ADDED
    kept = db.session.scalars(select(RecoveryCode.digest)).all()
    assert not set(codes) & set(kept)
    assert codes[0] not in client.get_page("/account/second-factor").html


def test_setting_it_up_signs_other_browsers_out(client, app) -> None:
    user = make_member(make_fair(), Role.ORGANISER)
    client.sign_in(user)
    other = PageClient(app)
    other.sign_in(user)
    set_up(client)
    assert other.open("/account/").status_code == 302
    assert client.open("/account/").status_code == 200


def test_a_wrong_code_sets_nothing_up(client) -> None:
    user = make_member(make_fair(), Role.ORGANISER)
    client.sign_in(user)
    page = client.post_form(SET_UP, {"code": "000000"})
    assert "not right" in page.errors()["code"]
    assert user.totp_secret == ""


def test_the_code_of_the_set_up_does_not_sign_in(client, clock) -> None:
    user = make_member(make_fair(), Role.ORGANISER)
    client.sign_in(user)
    set_up(client)
    with transaction():
        assert not credentials.pass_second_factor(user=user, code=code_of(user))
        assert credentials.pass_second_factor(user=user, code=code_of(user, 1))


def test_it_is_not_set_up_over_another(client) -> None:
    user = make_member(make_fair(), Role.ORGANISER, second_factor=True)
    client.sign_in(user)
    assert client.open(SET_UP).location == "/account/second-factor"
    before = user.totp_secret
    client.post(SET_UP, {"code": code_of(user)})
    assert user.totp_secret == before


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "spaces"])
def test_a_recovery_code_signs_in_once(client, typed: str) -> None:
    user = make_member(make_fair(), Role.ORGANISER)
    client.sign_in(user)
    code = set_up(client)[3]
    written = {"lower": code.lower(), "spaces": code.replace("-", " ")}.get(typed, typed.format(code))
    for works in (True, False):
        client.sign_out()
        client.post("/account/sign-in", {"email": user.email, "password": PASSWORD})
        client.post("/account/sign-in/second-step", {"code": written})
        assert (client.open("/account/").status_code == 200) is works
    assert queries.count_unused_recovery_codes(user.id) == 9
    assert Event.RECOVERY_CODE_USED in events()


def test_a_recovery_code_of_another_person_is_worth_nothing(client) -> None:
    fair = make_fair()
    client.sign_in(make_member(fair, Role.ORGANISER))
    code = set_up(client)[0]
    other = make_member(fair, Role.VERIFIER, email="other@example.com", second_factor=True)
    with transaction():
        assert not credentials.pass_second_factor(user=other, code=code)


def test_new_recovery_codes_replace_the_old(client) -> None:
    user = make_member(make_fair(), Role.ORGANISER)
    client.sign_in(user)
    old = set_up(client)
    page = client.post_form(
        "/account/second-factor", {"current": PASSWORD}, action="/account/second-factor/recovery-codes"
    )
    new = [item.text_content().strip() for item in page.tree.xpath("//ol/li")]
    assert (len(new), set(old) & set(new)) == (10, set())
    with transaction():
        assert not credentials.pass_second_factor(user=user, code=old[0])
        assert credentials.pass_second_factor(user=user, code=new[0])
    assert Event.RECOVERY_CODES_RENEWED in events()


@pytest.mark.parametrize("action", ["recovery-codes", "remove"])
def test_both_ask_for_the_password(client, action: str) -> None:
    user = make_member(make_fair(), Role.ORGANISER, second_factor=True)
    client.sign_in(user)
    response = client.post(f"/account/second-factor/{action}", {"current": "wrong"})
    assert (response.status_code, user.totp_secret != "") == (200, True)
    assert queries.count_unused_recovery_codes(user.id) == 0


def test_giving_it_up_closes_the_desk_again(client, mailbox) -> None:
    user = make_member(make_fair("spring"), Role.ORGANISER, second_factor=True)
    client.sign_in(user)
    assert client.post("/account/second-factor/remove", {"current": PASSWORD}).location == "/account/"
    assert user.totp_secret == ""
    assert client.open("/fairs/spring/desk/people").location.startswith(SET_UP)
    assert mailbox.only(user.email)["Subject"] == "Your second factor was removed"
