"""Whatever the API is asked within its own description and at its edges: an answer, never a 500."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import schemathesis
from apiflask import APIFlask
from hypothesis import HealthCheck, given, settings

from fairapp.accounts import services
from fairapp.accounts.permissions import Role
from fairapp.core.data import clock
from fairapp.core.data.db import transaction
from fairapp.core.web.access import Actor
from tests.factories.fairs import make_ground
from tests.factories.foundation import make_person
from tests.isolation import forgotten, isolated

CODE = "own-fair"
ENOUGH = settings(
    max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def key(program: APIFlask) -> Iterator[str]:
    """The text of an organiser's token."""
    with isolated(program):
        fair = make_ground(code=CODE).fair
        organiser = make_person(fair, Role.ORGANISER)
        with transaction():
            _token, text = services.create_token(
                actor=Actor("organiser", organiser.id),
                fair=fair,
                label="Machine",
                role=Role.ORGANISER,
                expires_at=clock.now() + timedelta(days=1),
            )
        yield text


@pytest.mark.filterwarnings("ignore:.*already been added to the spec")
def test_no_question_breaks_the_api(program: APIFlask, key: str) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", program)
    answers: list[tuple[int, str]] = []
    for found in schema.get_all_operations():

        @given(case=found.ok().as_strategy())
        @ENOUGH
        def ask(case: schemathesis.Case) -> None:
            case.path_parameters["fair"] = CODE
            with forgotten():
                answer = case.call(headers={"Authorization": f"Bearer {key}"})
            answers.append(
                (answer.status_code, f"{case.method} {case.formatted_path} {case.query} {case.body!r}"[:300])
            )

        ask()
    assert [asked for status, asked in answers if status >= 500] == []
    assert {200, 422} <= {status for status, _asked in answers}
