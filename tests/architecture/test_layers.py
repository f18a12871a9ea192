"""What import-linter cannot see: who commits, what services keep their hands off."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.source import (
    Function,
    called,
    calls,
    functions,
    imports,
    modules,
    name_of,
    of_layer,
    offered,
    public_functions,
)

SERVICES = [path for path in of_layer("services") if "audit" not in path.parts]
OF_THE_REQUEST = {"request", "session", "flash", "abort", "redirect", "render_template", "current_user", "login_user"}


def arguments(node: Function) -> list[str]:
    return [argument.arg for argument in node.args.kwonlyargs]


def test_the_word_commit_stands_in_one_file() -> None:
    said = [name_of(path) for path in modules() if re.search(r"\.commit\(", path.read_text(encoding="utf-8"))]
    assert said == ["fairapp/core/data/db.py"]


@pytest.mark.parametrize("path", SERVICES, ids=name_of)
def test_services_know_no_request(path: Path) -> None:
    assert [name for _, name in imports(path) if name in OF_THE_REQUEST] == []


@pytest.mark.parametrize("path", SERVICES, ids=name_of)
def test_services_open_no_transaction(path: Path) -> None:
    opened = [node.name for node in functions(path) if any(called(call) == "transaction" for call in calls(node))]
    assert opened == []


@pytest.mark.parametrize("path", SERVICES, ids=name_of)
def test_services_name_their_arguments_and_say_first_who_acts(path: Path) -> None:
    loose = {}
    for node in offered(path):
        positional = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
        if positional or arguments(node)[:1] != ["actor"]:
            loose[node.name] = [*positional, "*", *arguments(node)]
    assert loose == {}


@pytest.mark.parametrize("path", SERVICES, ids=name_of)
def test_services_leave_a_trail(path: Path) -> None:
    near = path.parent.glob("*.py") if path.parent.name == "services" else [path]
    named = {node.name: node for module in near for node in functions(module)}

    def records(node: Function, seen: frozenset[str] = frozenset()) -> bool:
        names = {called(call) for call in calls(node)}
        if any(name.startswith("record") for name in names):
            return True
        return any(records(named[name], seen | {name}) for name in names - seen if name in named)

    assert [node.name for node in offered(path) if not records(node)] == []


@pytest.mark.parametrize("path", of_layer("queries"), ids=name_of)
def test_queries_are_nouns(path: Path) -> None:
    verbs = ("get_", "find_", "fetch_", "load_", "list_", "create_", "update_", "delete_")
    assert [node.name for node in public_functions(path) if node.name.startswith(verbs)] == []


@pytest.mark.parametrize("path", of_layer("rules"), ids=name_of)
def test_rules_know_neither_database_nor_web(path: Path) -> None:
    impure = ("sqlalchemy", "flask", "fairapp.core.db", "fairapp.core.access", "requests")
    assert [module for module, _ in imports(path) if module.startswith(impure)] == []


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_the_clock_is_asked_in_one_place(path: Path) -> None:
    if name_of(path) == "fairapp/core/data/clock.py":
        return
    asked = [
        f"{called(call)} in line {call.lineno}" for node in functions(path) for call in calls(node) if unclocked(call)
    ]
    assert asked == []


CHANCE = {("uuid", "uuid4"), ("uuid_utils.compat", "uuid7"), ("secrets", ""), ("random", "")}


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_chance_comes_from_one_place(path: Path) -> None:
    """A fair told from a seed must come out the same; log-in secrets are nobody's to repeat."""
    if path.parent.name in {"core", "accounts"} or path.stem == "config":
        return
    assert CHANCE & set(imports(path)) == set()


def unclocked(call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    owner_name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    return owner_name in {"datetime", "date"} and called(call) in {"now", "utcnow", "today"}
