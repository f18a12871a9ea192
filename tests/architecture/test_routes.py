"""Every door has a lock, a menu line leads somewhere, and addresses have one shape."""

import re

from apiflask import APIFlask

from fairapp.core.web.access import access_of
from fairapp.navigation import MENUS

SCHEME = re.compile(
    r"^/$|^/(healthz|readyz|metrics)$|^/static/|^/api/v1/(openapi\.json|fairs/<fair>/)|^/account(/|$)"
    r"|^/fairs$|^/fairs/(new|<fair>(/.*)?)$|^/privacy|^/verify|^/start$"
)


def test_every_route_is_marked(program: APIFlask) -> None:
    unmarked = []
    for rule in program.url_map.iter_rules():
        try:
            access_of(program, rule.endpoint)
        except RuntimeError:
            unmarked.append(rule.endpoint)
    assert unmarked == []


def test_every_menu_line_leads_somewhere(program: APIFlask) -> None:
    missing = [
        item.endpoint for items in MENUS.values() for item in items if item.endpoint not in program.view_functions
    ]
    assert missing == []


def test_a_menu_line_asks_for_what_its_page_asks_for(program: APIFlask) -> None:
    different = {
        item.endpoint: (item.permission, access_of(program, item.endpoint))
        for items in MENUS.values()
        for item in items
        if access_of(program, item.endpoint) not in {item.permission, "public"}
    }
    assert different == {}


def test_addresses_have_one_shape(program: APIFlask) -> None:
    assert [rule.rule for rule in program.url_map.iter_rules() if not SCHEME.match(rule.rule)] == []


def test_views_that_change_something_are_not_read_by_get(program: APIFlask) -> None:
    mixed = [
        rule.endpoint
        for rule in program.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and {"PUT", "PATCH", "DELETE"} & (rule.methods or set())
    ]
    assert mixed == []
