"""Every route, tried by every role, with records of one's own, of a rival, and of another fair."""

from collections.abc import Iterator

import pytest
from apiflask import APIFlask
from flask import url_for
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.access import EVERYONE, Case, Persona, Side, World, make_world, stated
from tests.client import PageClient
from tests.isolation import forgotten, isolated

CASES: dict[str, Case] = {"healthz": Case(EVERYONE), "readyz": Case(EVERYONE), **stated("CASES")}
WITHOUT_CASE = {"static", "openapi.spec"}
REFUSALS = {401, 403, 404}


@pytest.fixture(scope="module")
def world(program: APIFlask) -> Iterator[World]:
    with isolated(program):
        yield make_world()


def rules_of(program: APIFlask, endpoint: str) -> list[Rule]:
    return [rule for rule in program.url_map.iter_rules() if rule.endpoint == endpoint]


def address(program: APIFlask, rule: Rule, case: Case, side: Side, fair_code: str) -> str:
    values = {**case.fixed, **case.args(side), **({"fair": fair_code} if "fair" in rule.arguments else {})}
    with program.test_request_context():
        return url_for(rule.endpoint, **values)


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def answer(program: APIFlask, persona: Persona, method: str, url: str, case: Case, side: Side) -> TestResponse:
    client = PageClient(program)
    if persona.user is not None:
        client.sign_in(persona.user)
    if method == "GET":
        return client.open(url)
    body = dict(case.data(side))
    with_body = {"json": body} if url.startswith("/api/") else {"data": body}
    return client.open(url, method=method, headers={"X-CSRFToken": client.csrf_token()}, **with_body)


def refused(case: Case, response: TestResponse) -> bool:
    """What is open to everyone may lead to the sign-in page; else that page is a refusal."""
    to_sign_in = response.status_code == 302 and "/account/sign-in" in response.headers["Location"]
    return response.status_code in REFUSALS or (to_sign_in and EVERYONE not in case.roles)


def complaint(case: Case, method: str, response: TestResponse, *, admitted: bool) -> str:
    """What is wrong with an answer; empty when nothing is."""
    status = response.status_code
    if status >= 500:
        return f"{status}"
    if refused(case, response) == admitted:
        return f"{'refused' if admitted else 'let in'} with {status}"
    if admitted and method == "GET" and (status >= 400 or status != (case.status or status)):
        return f"{status}"
    return ""


def expectations(case: Case, world: World) -> Iterator[tuple[Persona, Side, str, bool]]:
    """(who, whose record, in which fair's address, may they)."""
    own, rival, foreign = world.own, world.rival, world.foreign
    public = EVERYONE in case.roles
    for persona in world.personas:
        at_home = persona.side is not foreign
        admitted = case.admits(persona) and (at_home or public or "signed_in" in case.roles)
        if persona.side is rival and case.args(own) and not case.shared and not public:
            admitted = False
        yield persona, own, own.fair.code, admitted
    if not case.args(foreign):
        return
    for persona in world.personas:
        if case.admits(persona) and persona.side is own:
            yield persona, foreign, own.fair.code, False
    yield from ((p, rival, own.fair.code, True) for p in world.personas if p.side is rival and case.admits(p))


Try = tuple[Persona, str, str, Side, bool]


def tries(program: APIFlask, world: World, endpoint: str, case: Case) -> list[Try]:
    """(who, method, address, whose record, may they), worked out before anything is tried."""
    found: list[Try] = []
    for rule in rules_of(program, endpoint):
        for persona, side, fair_code, admitted in expectations(case, world):
            if "fair" in rule.arguments or side is world.own:
                url = address(program, rule, case, side, fair_code)
                found += [(persona, method, url, side, admitted) for method in methods(rule)]
    return found


@pytest.mark.parametrize("endpoint", sorted(CASES))
def test_only_those_named_get_in(program: APIFlask, world: World, endpoint: str) -> None:
    case, wrong = CASES[endpoint], []
    for persona, method, url, side, admitted in tries(program, world, endpoint, case):
        with forgotten():
            response = answer(program, persona, method, url, case, side)
        if problem := complaint(case, method, response, admitted=admitted):
            wrong.append(f"{persona.name} {method} {url} (record of {side.name}): {problem}")
    assert wrong == []


def test_no_route_is_without_a_case(program: APIFlask) -> None:
    endpoints = {rule.endpoint for rule in program.url_map.iter_rules()} - WITHOUT_CASE
    assert (sorted(endpoints - set(CASES)), sorted(set(CASES) - endpoints)) == ([], [])
