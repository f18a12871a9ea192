"""The app of a device as it is served: the same for everybody, and named file by file to its worker."""

import json
import re
from pathlib import Path

import pytest

from fairapp.accounts.permissions import Role
from fairapp.config import ROOT
from fairapp.gates.scanner.labels import scanner_words
from tests.client import PageClient
from tests.factories.foundation import make_person
from tests.factories.gates import Doors, make_doors


@pytest.fixture
def doors(app: object) -> Doors:
    return make_doors()


def app_address(doors: Doors, part: str = "") -> str:
    return f"/fairs/{doors.fair.code}/scanner/{part}"


def worker_facts(client: PageClient, doors: Doors) -> dict[str, object]:
    """The constants that the server writes before the service worker."""
    text = client.download(app_address(doors, "worker.js")).text
    return {name: json.loads(value) for name, value in re.findall(r"^const ([A-Z]+) = (.*);$", text, re.MULTILINE)[:4]}


def test_the_app_is_the_same_for_a_stranger_and_for_a_steward(doors: Doors, client: PageClient, signed_in) -> None:
    nonce = re.compile(r' nonce="[^"]*"')
    strangers = client.get_page(app_address(doors)).html
    stewards = signed_in(make_person(doors.fair, Role.STEWARD)).get_page(app_address(doors)).html
    assert nonce.sub("", strangers) == nonce.sub("", stewards)
    assert "csrf" not in strangers.lower()


def test_the_worker_keeps_every_module_and_every_file_is_served(doors: Doors, client: PageClient) -> None:
    facts = worker_facts(client, doors)
    files = facts["FILES"]
    assert facts["FAIR"] == doors.fair.code
    assert {"/static/scanner/app.js", "/static/scanner/rules.js", "/static/vendor/zxing/zxing_reader.wasm"} <= set(
        files
    )
    assert [path for path in [*files, *facts["SHELLS"].values()] if client.open(path).status_code != 200] == []
    page = client.get_page(app_address(doors))
    linked = page.tree.xpath("//link[@rel='stylesheet']/@href | //script/@src | //link[@rel='icon']/@href")
    assert [path for path in linked if path not in files] == []


def imported(module: Path) -> set[Path]:
    """A module and all that it imports, at once or later."""
    text = re.sub(r"/\*.*?\*/", "", module.read_text(encoding="utf-8"), flags=re.DOTALL)  # types are no modules
    near = [(module.parent / name).resolve() for name in re.findall(r'(?:from|import)[ (]"(\.[^"]+)"', text)]
    return {module}.union(*(imported(other) for other in near))


def test_the_worker_keeps_whatever_its_modules_import(doors: Doors, client: PageClient) -> None:
    files = worker_facts(client, doors)["FILES"]
    scanner = ROOT / "static" / "scanner"
    needed = imported(scanner / "app.js") | imported(scanner / "decoder.js")
    assert {scanner / "api.js", ROOT / "static/js/dom.js", ROOT / "static/vendor/noble/ed25519.js"} < needed
    assert sorted({f"/{path.relative_to(ROOT).as_posix()}" for path in needed} - set(files)) == []


def test_the_scanner_is_typed_with_the_words_that_it_is_served(app: object) -> None:
    types = (ROOT / "types" / "setup.d.ts").read_text(encoding="utf-8")
    union = re.search(r"type PlainWord =([^;]+);", types)
    words = re.search(r"interface Words extends [^{]+{([^}]+)}", types)
    assert union is not None
    assert words is not None
    typed = {*re.findall(r'"(\w+)"', union[1]), *re.findall(r"(\w+):", words[1])}
    assert typed == set(scanner_words())


def test_a_desk_made_phone_has_no_person_whose_name_is_kept(doors: Doors, client: PageClient, signed_in) -> None:
    assert "Your name and the reason are kept" not in client.get_page(app_address(doors)).html
    own = signed_in(make_person(doors.fair, Role.STEWARD)).get_page(f"/fairs/{doors.fair.code}/gate").html
    assert "Your name and the reason are kept" in own


def test_a_changed_word_makes_a_new_version(doors: Doors, client: PageClient, monkeypatch) -> None:
    from fairapp.gates.scanner import views as scanner_views

    first = worker_facts(client, doors)["VERSION"]
    assert worker_facts(client, doors)["VERSION"] == first
    monkeypatch.setattr(scanner_views, "override_reasons", lambda: ["Another reason"])
    assert worker_facts(client, doors)["VERSION"] != first


def test_a_phone_may_put_the_gate_on_its_home_screen(doors: Doors, client: PageClient) -> None:
    manifest = json.loads(client.download(app_address(doors, "manifest.webmanifest")).text)
    assert manifest["start_url"] == manifest["scope"] == app_address(doors)
    assert manifest["display"] == "standalone"
    for icon in manifest["icons"]:
        assert client.download(icon["src"]).mimetype == icon["type"]
