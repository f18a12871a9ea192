"""What every page can use."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from apiflask import APIFlask
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from fairapp.core.web.templating import _with_language


def something(converter: Any) -> Any:
    """What may stand in an address there."""
    match converter:
        case AnyConverter():
            return min(converter.items)
        case IntegerConverter():
            return 1
        case UUIDConverter():
            return UUID(int=1)
    return "asean"


def address_of(rule: Rule) -> str:
    built = rule.build({name: something(converter) for name, converter in rule._converters.items()})
    assert built is not None
    return built[1]


def test_the_other_language_of_every_answer_to_a_form_can_be_opened(program: APIFlask) -> None:
    known = program.url_map.bind("localhost")
    posted = {address_of(rule) for rule in program.url_map.iter_rules() if "GET" not in (rule.methods or set())}
    closed = set()
    for address in posted:
        with program.test_request_context(address, method="POST"):
            link = urlsplit(_with_language("en"))
        if not known.test(link.path, "GET") or link.query != "lang=en":
            closed.add((address, link.path))
    assert len(posted) > 50 and closed == set()
