"""Who is kept out, for how long, and what ends a session."""

from datetime import timedelta

import pytest

from fairapp.accounts.permissions import Role
from tests.accounts.test_sign_in import is_signed_in, open_with
from tests.client import PageClient
from tests.factories.accounts import make_member
from tests.factories.foundation import make_fair


@pytest.mark.usefixtures("tries")
def test_nobody_is_kept_out_by_what_others_try(app, client) -> None:
    make_member(make_fair(), Role.VIEWER)
    stranger = from_network(app, "203.0.113.1")
    assert [open_with(stranger, "mei@example.com", "wrong").status_code for _ in range(11)] == [200] * 10 + [429]
    assert open_with(from_network(app, "203.0.113.2"), "mei@example.com").status_code == 302


@pytest.mark.usefixtures("tries")
def test_many_networks_together_keep_no_known_browser_out(app, client) -> None:
    make_member(make_fair(), Role.VIEWER)
    open_with(client, "mei@example.com")
    client.press("/account/", "/account/sign-out")
    for n in range(101):
        answer = open_with(from_network(app, f"203.0.113.{n // 5}"), "mei@example.com", "wrong").status_code
    assert answer == 429
    assert open_with(from_network(app, "203.0.113.250"), "mei@example.com").status_code == 429
    assert open_with(client, "mei@example.com").status_code == 302


@pytest.mark.usefixtures("tries")
def test_a_known_browser_cannot_guess_either(app, client) -> None:
    fair = make_fair()
    make_member(fair, Role.VIEWER)
    make_member(fair, Role.VIEWER, email="other@example.com")
    open_with(client, "mei@example.com")
    client.sign_out()
    assert [open_with(client, "mei@example.com", "wrong").status_code for _ in range(11)] == [200] * 10 + [429]
    for n in range(101):
        open_with(from_network(app, f"203.0.113.{n // 5}"), "other@example.com", "wrong")
    assert open_with(client, "other@example.com").status_code == 429  # known for mei alone


def from_network(app, address: str) -> PageClient:
    stranger = PageClient(app)
    stranger.http.environ_base["REMOTE_ADDR"] = address
    return stranger


def test_a_copy_of_a_session_ends_with_it_and_no_other_does(app, client) -> None:
    make_member(make_fair(), Role.VIEWER)
    copy, elsewhere = PageClient(app), PageClient(app)
    for browser in (client, elsewhere):
        open_with(browser, "mei@example.com")
    copy.http.set_cookie("session", client.http.get_cookie("session").value)
    assert is_signed_in(copy)
    client.press("/account/", "/account/sign-out")
    assert [is_signed_in(copy), is_signed_in(elsewhere)] == [False, True]


def test_a_busy_session_ends_after_seven_days(client, clock) -> None:
    make_member(make_fair(), Role.VIEWER)
    open_with(client, "mei@example.com")
    for _turn in range(15):
        clock.shift(timedelta(hours=11))
        assert is_signed_in(client)
    clock.shift(timedelta(hours=4))
    assert not is_signed_in(client)
