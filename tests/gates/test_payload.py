"""One definition of what a lane sends: what its published description takes is taken, what it refuses is refused."""

import json
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from apiflask import APIFlask
from hypothesis import given, settings
from hypothesis import strategies as st

from fairapp.gates.models import Decision, Direction
from fairapp.gates.scanning.payload import SentScans

ID = "0190a6f0-1111-7222-8333-444455556666"
IDS = [ID, ID.upper(), "urn:uuid:" + ID, "{" + ID + "}", ID[:-1], ID + "0", "", ID.replace("-", "_")]
TIMES = [
    "2021-03-18T09:00:00+08:00",
    "2021-03-18T09:00:00Z",
    "2021-03-18T09:00:00.123456789Z",
    "2021-03-18T09:00:00-00:00",
    "2021-02-29T09:00:00Z",
    "2021-03-18T24:00:00Z",
    "2021-03-18T09:00:00+24:00",
    "2021-03-18T09:00:00",
    "2021-03-18T09:00Z",
    "20210318T090000Z",
    "2021-W11-4T09:00:00Z",
    "2021-03-18",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "10000-01-01T00:00:00Z",
]
TEXTS = [
    "",
    "A",
    "G1",
    "A" * 20,
    "A" * 21,
    "A" * 40,
    "A" * 41,
    "A" * 200,
    "A" * 201,
    "A" * 1000,
    "A" * 1001,
    "中" * 1000,
]
WORDS = [*Direction, *Decision, "camera", "scanner", "search", "import", "desk", "device", "server"]
NUMBERS = [-1, 0, 1, 2**53 - 1, 2**53, 2**63, 2**64, 0.5, -0.5]
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.sampled_from([*IDS, *TIMES, *TEXTS, *WORDS, *NUMBERS]) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "admitted", "x"]), inner),
    max_leaves=4,
)


@st.composite
def mostly(draw: st.DrawFn, right: dict[str, Any], needed: set[str]) -> dict[str, Any]:
    """An object as it should be, but for one or two fields."""
    optional = draw(st.sets(st.sampled_from(sorted(right.keys() - needed)))) if right.keys() - needed else set()
    item = {name: right[name] for name in sorted(needed | optional)}
    for name in draw(st.lists(st.sampled_from([*right, "colour"]), max_size=2)):
        item[name] = draw(st.sampled_from([*IDS, *TIMES, *TEXTS, *WORDS, *NUMBERS]) | JSON)
    return item


DECIDED = mostly({"decision": "blocked", "admitted": True, "mode": "device", "list_version": "1"}, {"decision"})
RIGHT = {"id": ID, "gate": "G1", "direction": "entry", "code": "FA1", "badge": ID, "at": TIMES[0], "counter": 7}
RIGHT |= {"method": "camera", "override_reason": "An honoured guest"}
ITEMS = st.builds(
    lambda item, decided: item | decided,
    mostly(RIGHT, {"id", "gate", "direction"}),
    st.just({}) | st.fixed_dictionaries({"decided": DECIDED | JSON}),
)
AROUND = mostly({"sent_at": TIMES[0]}, set())


@pytest.fixture(scope="module")
def schema(program: APIFlask) -> Any:
    """The published description of what a lane sends."""
    with program.app_context():
        operation = program.spec["paths"]["/api/v1/fairs/{fair}/scans"]["post"]
    return operation["requestBody"]["content"]["application/json"]["schema"]


@pytest.mark.filterwarnings("ignore:.*already been added to the spec")
@given(items=st.lists(ITEMS, min_size=1, max_size=3) | JSON, around=AROUND)
@settings(max_examples=1500, deadline=None, derandomize=True, database=None)
def test_what_the_description_takes_is_taken_and_nothing_else(schema: Any, items: Any, around: dict[str, Any]) -> None:
    body = {"scans": items, **around}
    assert taken(body) == described(schema, body)


@pytest.mark.filterwarnings("ignore:.*already been added to the spec")
@pytest.mark.parametrize("field", ["id", "badge"])
@pytest.mark.parametrize("value", IDS)
def test_an_id_of_whatever_form(schema: Any, field: str, value: str) -> None:
    body = one({field: value})
    assert taken(body) == described(schema, body) == (value.lower() == ID)


@pytest.mark.filterwarnings("ignore:.*already been added to the spec")
@pytest.mark.parametrize(
    ("changes", "is_taken", "is_described"),
    [
        ({"id": ID.replace("-", "")}, True, False),  # a UUID all the same
        ({"at": "2021-03-18 09:00:00Z"}, True, False),  # times that leave no doubt
        ({"at": "2021-03-18T09:00:00+0800"}, True, False),
        ({"at": "2016-12-31T23:59:60Z"}, False, True),  # no clock of a phone shows a leap second
        ({"at": "0000-01-01T00:00:00Z"}, False, True),
        ({"counter": 1.0}, False, True),  # a whole number for JSON Schema
    ],
)
def test_where_the_description_says_otherwise(
    schema: Any, changes: dict[str, Any], is_taken: bool, is_described: bool
) -> None:
    body = one(changes)
    assert (taken(body), described(schema, body)) == (is_taken, is_described)


def one(changes: dict[str, Any]) -> dict[str, Any]:
    """A body with one scan."""
    return {"scans": [{"id": ID, "gate": "G1", "direction": "entry", **changes}]}


def described(schema: Any, body: Any) -> bool:
    return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(body)


def taken(body: Any) -> bool:
    try:
        msgspec.json.decode(json.dumps(body), type=SentScans)
    except msgspec.ValidationError:
        return False
    return True
