"""Whatever is sent to a form or to the API, the answer is a clear refusal and never a 500."""

import itertools
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import lxml.html
import pytest
from apiflask import APIFlask

from tests.access import Case, World, make_world
from tests.architecture.test_access_matrix import CASES, address, rules_of
from tests.client import PageClient
from tests.hostile import PAYLOADS, WRONG_TYPES
from tests.isolation import forgotten, isolated
from tests.page import Page, field_names, filled_in

FORM = "application/x-www-form-urlencoded"
RECORD = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
ALONE = ("absurd", "surrogate", "control", "foreign id", "script", "empty", "wan")
WORDS_OF_URL_FOR = ("endpoint", "fair", "_anchor", "_external", "_method", "_scheme")
PAGES = sorted(name for name in CASES if "_api." not in name)
MACHINES = sorted(name for name in CASES if "_api." in name)


@pytest.fixture(scope="module")
def world(program: APIFlask) -> Iterator[World]:
    with isolated(program):
        yield make_world()


@pytest.fixture(scope="module")
def seen() -> set[object]:
    """Kinds of form tried already: many pages show the same ones."""
    return set()


def someone_admitted(program: APIFlask, world: World, case: Case) -> PageClient:
    client = PageClient(program)
    persona = next(persona for persona in world.personas if persona.side in (None, world.own) and case.admits(persona))
    if persona.user is not None:
        client.sign_in(persona.user)
    return client


def addresses(program: APIFlask, world: World, endpoint: str, method: str) -> list[str]:
    own, case = world.own, CASES[endpoint]
    rules = [rule for rule in rules_of(program, endpoint) if method in (rule.methods or ())]
    return [address(program, rule, case, own, own.fair.code) for rule in rules]


def attempts(form: lxml.html.FormElement) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every payload in all fields at once; then each field alone, with a payload of its turn."""
    shown = filled_in(form)
    files = set(form.xpath(".//input[@type='file']/@name"))
    fields = sorted(field_names(form) - files - {"csrf_token"})
    token = {"csrf_token": shown["csrf_token"]} if "csrf_token" in shown else {}
    for label, text in PAYLOADS.items() if fields else ():
        if label != "megabyte":
            yield f"all={label}", token | dict.fromkeys(fields, text)
    for name, label in zip(fields, itertools.cycle(ALONE)):
        yield f"{name}={label}", {**shown, name: PAYLOADS[label]}
    if fields:
        yield f"{fields[0]}=megabyte", {**shown, fields[0]: PAYLOADS["megabyte"]}
    yield "an unknown field", {**shown, "is_admin": "1", "fair_id": "1", "status": "approved"}


def posting_forms(client: PageClient, url: str, seen: set[object]) -> Iterator[tuple[str, lxml.html.FormElement]]:
    """(where it posts to, form) for each kind of form on a page that was not seen before, signing out excepted."""
    answer = client.open(url)
    forms = Page(answer).forms() if answer.mimetype == "text/html" and answer.status_code == 200 else []
    for form in forms:
        action = form.get("action") or url
        kind = (RECORD.sub("", action), *sorted(field_names(form)))
        if form.get("method", "get").lower() == "post" and "sign-out" not in action and kind not in seen:
            seen.add(kind)
            yield action, form


@pytest.mark.parametrize("endpoint", PAGES)
def test_no_form_breaks(program: APIFlask, world: World, seen: set[object], endpoint: str) -> None:
    client, broken = someone_admitted(program, world, CASES[endpoint]), []
    urls = addresses(program, world, endpoint, "GET")
    tried = [
        (action, *attempt)
        for url in urls
        for action, form in posting_forms(client, url, seen)
        for attempt in attempts(form)
    ]
    for action, label, data in tried:
        with forgotten():
            status = client.open(action, method="POST", data=encoded(data), content_type=FORM).status_code
        if status >= 500:
            broken.append(f"{action} {label}: {status}")
    assert broken == []


def encoded(data: dict[str, Any]) -> str:
    """As a form sends it, lone surrogates as the broken bytes that a hostile program would send."""
    pairs = [(name, one) for name, value in data.items() for one in (value if isinstance(value, list) else [value])]
    return urlencode([(name, str(value).encode("utf-8", "surrogatepass")) for name, value in pairs])


@pytest.mark.parametrize("endpoint", PAGES)
def test_no_question_breaks_a_page(program: APIFlask, world: World, endpoint: str) -> None:
    """Filters, sorting and page numbers stand in the address, where anybody can write."""
    client, broken = someone_admitted(program, world, CASES[endpoint]), []
    for url in addresses(program, world, endpoint, "GET"):
        names = {"q", "page", "sort", "status", "next", "lang", *WORDS_OF_URL_FOR, *query_names(client, url)}
        for label, text in PAYLOADS.items():
            if label == "megabyte":
                continue
            with forgotten():
                status = client.open(url, query_string=encoded(dict.fromkeys(sorted(names), text))).status_code
            if status >= 500:
                broken.append(f"{url} {label}: {status}")
    assert broken == []


def query_names(client: PageClient, url: str) -> set[str]:
    answer = client.open(url)
    if answer.mimetype != "text/html":
        return set()
    forms = [form for form in Page(answer).forms() if form.get("method", "get").lower() == "get"]
    return {name for form in forms for name in field_names(form)}


@pytest.mark.parametrize("endpoint", MACHINES)
def test_no_json_breaks_the_api(program: APIFlask, world: World, endpoint: str) -> None:
    case, broken = CASES[endpoint], []
    key = case.key and case.key(world.own)
    client = PageClient(program) if key else someone_admitted(program, world, case)
    doors = [
        (method, url) for method in ("POST", "PUT", "PATCH") for url in addresses(program, world, endpoint, method)
    ]
    for (method, url), sent in itertools.product(doors, list(bodies(dict(case.data(world.own))))):
        with forgotten():
            answer = client.api(method, url, json=sent, token=key)
        if answer.status_code >= 500 or (answer.status_code >= 400 and "json" not in answer.mimetype):
            broken.append(f"{method} {url} {str(sent)[:120]}: {answer.status_code} {answer.mimetype}")
    assert broken == []


def bodies(body: dict[str, Any]) -> Iterator[Any]:
    """Wrong types in place of each value, at every depth, missing and unknown keys."""
    yield from WRONG_TYPES
    yield {**body, "is_admin": True}
    for name, value in body.items():
        yield {key: kept for key, kept in body.items() if key != name}
        yield from ({**body, name: wrong} for wrong in WRONG_TYPES)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield from ({**body, name: [inner]} for inner in bodies(value[0]))
