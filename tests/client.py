"""A browser without JavaScript: it follows redirects, fills in forms, and checks each page it gets."""

import contextvars
import hashlib
import os
from collections.abc import Mapping
from typing import Any

from apiflask import APIFlask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from fairapp.accounts.models import User
from fairapp.core.data.db import db
from tests.page import Page, filled_in


class PageClient:
    """Wraps Flask's test client. `locale` is 'en' or 'zh'; `http` is the bare client."""

    def __init__(self, app: APIFlask, locale: str = "en") -> None:
        self.app = app
        self.http = app.test_client()
        self.locale = locale

    # --- people ------------------------------------------------------------------------------

    def sign_in(self, user: User) -> None:
        """Be that person from now on, second factor included."""
        with self.http.session_transaction() as session:
            session["_user_id"] = user.get_id()
            session["_fresh"] = True

    def sign_out(self) -> None:
        with self.http.session_transaction() as session:
            session.clear()

    # --- pages -------------------------------------------------------------------------------

    def get_page(self, url: str, status: int = 200, *, follow: bool = True) -> Page:
        """The page at `url`, checked; redirects are followed."""
        response = self.open(url, follow_redirects=follow)
        return self._page(response, status)

    def get_fragment(self, url: str, status: int = 200) -> Page:
        """A piece of a page as htmx asks for it; only its policy on inline code is checked."""
        response = self.open(url, headers={"HX-Request": "true"})
        assert response.status_code == status, f"{url}: {response.status}"
        return Page(response)

    def post_form(
        self,
        url: str,
        data: Mapping[str, Any] | None = None,
        status: int = 200,
        *,
        action: str | None = None,
        follow: bool = True,
    ) -> Page:
        """Open `url`, fill in its form with `data` and send it to where the form says.

        The form is the first that has all fields of `data` (and posts to `action`). What is not in
        `data` goes as the page shows it; None leaves a field out.
        """
        data = data or {}
        page = self.get_page(url)
        form = page.form_for(set(data), action)
        values = {name: value for name, value in (filled_in(form) | dict(data)).items() if value is not None}
        response = self.open(form.get("action") or page.url, method="POST", data=values, follow_redirects=follow)
        return self._page(response, status)

    def press(self, url: str, action: str, status: int = 200, **data: Any) -> Page:
        """Press the button on the page at `url` whose form posts to `action`."""
        return self.post_form(url, data, status, action=action)

    def download(self, url: str, status: int = 200) -> TestResponse:
        """A file: the bare answer."""
        response = self.open(url)
        assert response.status_code == status, f"{url}: {response.status}"
        return response

    # --- bare requests -----------------------------------------------------------------------

    def post(self, url: str, data: Any = None, **options: Any) -> TestResponse:
        """A post with a true CSRF token and whatever fields one likes: for hostile input."""
        return self.open(url, method="POST", data=data, headers={"X-CSRFToken": self.csrf_token()}, **options)

    def api(self, method: str, url: str, json: Any = None, token: str | None = None) -> TestResponse:
        """A JSON request, by API token or as the person signed in."""
        headers = {"Authorization": f"Bearer {token}"} if token else {"X-CSRFToken": self.csrf_token()}
        return self.open(url, method=method, json=json, headers=headers)

    def open(self, url: str, *, headers: Mapping[str, str] | None = None, **options: Any) -> TestResponse:
        """Any request. It gets a context of its own, as on a server, and sees what the test stored."""
        db.session.commit()
        spoken = {"en": "en", "zh": "zh-CN"}[self.locale]
        headers = {"Accept-Language": spoken, **(headers or {})}
        response: TestResponse = contextvars.Context().run(
            self.http.open, url, headers=headers, buffered=True, **options
        )
        db.session.expire_all()
        return response

    def csrf_token(self) -> str:
        with self.http.session_transaction() as session:
            secret = session.setdefault("csrf_token", hashlib.sha1(os.urandom(64)).hexdigest())
        return str(URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(secret))

    def _page(self, response: TestResponse, status: int) -> Page:
        page = Page(response)
        assert response.status_code == status, f"{page.url}: {response.status}: {page.html[:600]}"
        assert response.mimetype == "text/html", f"{page.url} is {response.mimetype}"
        page.check()
        return page
