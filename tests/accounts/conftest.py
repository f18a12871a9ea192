"""Limits that really count, and people who can sign in."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from apiflask import APIFlask
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from tests.client import PageClient
from tests.factories.accounts import PASSWORD
from tests.page import Page


@pytest.fixture
def tries(app: APIFlask) -> Iterator[None]:
    """Count tries as a real server does; other tests run without limits."""
    before = app.extensions["tries"]
    app.extensions["tries"] = SimpleNamespace(enabled=True, limiter=FixedWindowRateLimiter(MemoryStorage()))
    yield
    app.extensions["tries"] = before


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
