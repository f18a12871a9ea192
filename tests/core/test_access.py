from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask import Blueprint

from fairapp.accounts.permissions import Permission, Role
from fairapp.config import Settings
from fairapp.core.web.access import requires
from fairapp.fairs.models import Fair
from tests.client import PageClient
from tests.factories.foundation import make_fair, make_person


@pytest.fixture
def fair(app: APIFlask) -> Fair:
    return make_fair()


@pytest.fixture
def unmarked(app: APIFlask) -> Iterator[str]:
    app.view_functions["healthz"], kept = (lambda: "open to all"), app.view_functions["healthz"]
    yield "/healthz"
    app.view_functions["healthz"] = kept


def test_a_view_without_a_mark_does_not_open(client: PageClient, unmarked: str) -> None:
    with pytest.raises(RuntimeError, match="marked neither"):
        client.open(unmarked)


def test_a_stranger_is_asked_to_sign_in_and_comes_back(client: PageClient, fair: Fair) -> None:
    response = client.open(f"/fairs/{fair.code}/desk/settings?tab=halls")
    assert response.status_code == 302
    assert response.location.startswith("/account/sign-in?next=/fairs/")


def test_a_role_in_one_fair_is_none_in_another(client: PageClient, fair: Fair) -> None:
    other = make_fair()
    client.sign_in(make_person(fair, Role.ORGANISER))
    assert client.open(f"/fairs/{fair.code}/desk/settings").status_code == 200
    assert client.open(f"/fairs/{other.code}/desk/settings").status_code == 403


def test_a_fair_that_is_not_there_is_404(client: PageClient, fair: Fair) -> None:
    client.sign_in(make_person(fair, Role.ORGANISER))
    assert client.open("/fairs/nowhere/desk/settings").status_code == 404


@pytest.mark.parametrize("path", ["/fairs/%00", "/fairs/a%00b/desk/"])
def test_no_fair_has_a_code_that_no_database_can_hold(client: PageClient, fair: Fair, path: str) -> None:
    assert client.open(path).status_code == 404


def test_a_form_without_its_token_changes_nothing(client: PageClient, fair: Fair) -> None:
    client.sign_in(make_person(fair, Role.ORGANISER))
    response = client.open("/account/sign-out", method="POST")
    assert response.status_code == 400


def test_machines_get_problems_as_json(client: PageClient, fair: Fair) -> None:
    response = client.open(
        f"/api/v1/fairs/{fair.code}/scans", method="POST", json={}, headers={"Authorization": "Bearer false"}
    )
    assert response.status_code == 401
    assert response.content_type == "application/problem+json"
    assert response.json is not None and response.json["status"] == 401


def test_pages_keep_to_themselves(client: PageClient) -> None:
    headers = client.open("/").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_permissions_are_words_of_the_catalogue() -> None:
    assert requires(Permission.SEE_DESK)(lambda: None).access == "see_desk"  # type: ignore[attr-defined]


def test_settings_fail_loudly(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "many")
    with pytest.raises(RuntimeError, match="TRUSTED_PROXIES"):
        Settings(instance_path=tmp_path)
    monkeypatch.setenv("TRUSTED_PROXIES", "1")
    assert Settings(instance_path=tmp_path).trusted_proxies == 1


def test_a_blueprint_needs_no_word_about_the_fair(app: APIFlask, fair: Fair) -> None:
    assert isinstance(app.blueprints["fairs"], Blueprint)
