"""The demo's rules, and people who can sign in."""

from collections.abc import Callable, Iterator

import pytest
from apiflask import APIFlask

from tests.client import PageClient
from tests.factories.accounts import PASSWORD
from tests.page import Page


@pytest.fixture
def demo(app: APIFlask) -> Iterator[None]:
    app.config["DEMO"] = True
    yield
    app.config["DEMO"] = False


@pytest.fixture
def try_sign_in(client: PageClient) -> Callable[..., Page]:
    """Type address and password; the page one gets, without going on."""

    def sign_in(email: str, password: str = PASSWORD, *, url: str = "/account/sign-in", status: int = 200) -> Page:
        return client.post_form(url, {"email": email, "password": password}, status, follow=False)

    return sign_in
