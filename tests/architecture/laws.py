"""The laws of the house, each a function from the source to what breaks it. docs/architecture.md explains them.

test_laws.py holds the program to them; test_planted_offences.py plants one offence each and sees the law turn red.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator

from tests.architecture.roles import ARTEFACTS, LAYERS, WRITERS
from tests.architecture.source import (
    Function,
    Module,
    Source,
    called,
    calls,
    length,
    nesting,
    only_constructs,
    owner_of,
)

MAX_FUNCTION, MAX_VIEW, MAX_MODULE, MAX_PUBLIC_NAMES, MAX_NESTING = 40, 20, 500, 25, 3
MAX_FILES_OF_FEATURE, MAX_FILES_OF_ROOM, MAX_FILES_OF_ARTEFACTS = 15, 12, 20
ONE_FILE = {"fairapp/reports/verify_workbook.py": 900}  # handed out to people who have Python and nothing else
ROOMS_OF_ARTEFACTS = {"fairapp/reports/sheets"}
# Before anybody is signed in, what proves who acts stands first.
ACTS_FOR_ITSELF = {"fairapp/accounts/sign_in/services.py": {"user", "email", "token"}}
OF_THE_REQUEST = {"request", "session", "flash", "abort", "redirect", "render_template", "current_user", "login_user"}
VAGUE_FILES = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "lib", "tools", "manager"}
RIDDLES = set("told said kept found one known asked shown given whole of parts common".split())
VAGUE_BOUND = re.compile(r"^_?(MOST|LONGEST|LEAST|SHORTEST|FEWEST)_")
NO_IMPERATIVE = set(
    "a an the what whether which who whom how where when why every each all one this that it there".split()
)
CHANCE = {("uuid", "uuid4"), ("uuid_utils.compat", "uuid7"), ("secrets", ""), ("random", "")}
Law = Callable[[Source], Iterator[str]]


def every_module_has_a_role(source: Source) -> Iterator[str]:
    yield from (f"{module.name} has no role" for module in source.modules if not module.layer)
    places = {module.name.removeprefix("fairapp/") for module in source.modules}
    for entry in (*ARTEFACTS, *WRITERS):
        if not any(place == entry or (entry.endswith("/") and place.startswith(entry)) for place in places):
            yield f"{entry} is in a table and not in the house"


def imports_go_down(source: Source) -> Iterator[str]:
    """Inside a feature, whatever the room: views | api | cli → forms | jobs → services → queries → rules → models."""
    for module in source.modules:
        for name in source.imported[module.dotted] if module.layer and module.feature != "core" else ():
            other = source.by_name[name]
            if other.feature == module.feature and other.layer and module.stands_above(other.layer):
                yield f"{module.name} ({module.layer}) imports {other.name} ({other.layer})"


def rooms_stand_in_a_line(source: Source) -> Iterator[str]:
    """No rooms of a feature import each other in a circle, nor do the modules of a room."""
    folders = {tuple(module.dotted.split(".")[:depth]) for module in source.modules for depth in (1, 2, 3, 4)}
    for folder in sorted(folders):
        yield from circles(source, folder)


def circles(source: Source, folder: tuple[str, ...]) -> Iterator[str]:
    """The children of a folder that lead back to themselves."""
    edges: dict[str, set[str]] = {}
    for module in source.modules:
        child = child_of(folder, module.dotted)
        others = {child_of(folder, name) for name in source.imported[module.dotted]} if child else set()
        edges.setdefault(child, set()).update(others - {child, ""})
    for start in sorted(edges.keys() - {""}):
        reached: set[str] = set()
        ahead = list(edges[start])
        while ahead:
            name = ahead.pop()
            if name not in reached:
                reached.add(name)
                ahead += edges.get(name, ())
        if start in reached:
            yield f"{'.'.join(folder)}.{start} leads back to itself"


def child_of(folder: tuple[str, ...], dotted: str) -> str:
    parts = tuple(dotted.split("."))
    return parts[len(folder)] if parts[: len(folder)] == folder and len(parts) > len(folder) else ""


def packages_define_nothing(source: Source) -> Iterator[str]:
    """An `__init__.py` says at most what its room is; callers import the module they mean."""
    for module in source.everything:
        is_package = module.path.stem == "__init__"
        if is_package and any(not isinstance(node, ast.Expr) for node in module.tree.body):
            yield f"{module.name} defines or passes on names"
        if not is_package and any(isinstance(node, ast.Name) and node.id == "__all__" for node in module.nodes):
            yield f"{module.name} lists what it passes on"


def rooms_are_small(source: Source) -> Iterator[str]:
    for folder, count in Counter(module.path.parent for module in source.modules).items():
        name = folder.relative_to(source.modules[0].root).as_posix()
        limit = MAX_FILES_OF_FEATURE if name.count("/") == 1 else MAX_FILES_OF_ROOM
        limit = MAX_FILES_OF_ARTEFACTS if name in ROOMS_OF_ARTEFACTS else limit
        if count > limit:
            yield f"{name} holds {count} files, {limit} at most"


def modules_are_small(source: Source) -> Iterator[str]:
    for module in source.modules:
        lines = len(module.text.splitlines())
        if lines > ONE_FILE.get(module.name, MAX_MODULE):
            yield f"{module.name} has {lines} lines: cut it along a capability"
        defined = [node for node in module.tree.body if isinstance(node, Function | ast.ClassDef)]
        public = sum(1 for node in defined if not node.name.startswith("_"))
        if public > MAX_PUBLIC_NAMES and module.layer != "models" and module.role not in {"views", "api"}:
            yield f"{module.name} offers {public} names: cut it along a capability"


def functions_are_short(source: Source) -> Iterator[str]:
    for module in source.modules:
        limit = MAX_VIEW if module.role in {"views", "api"} and module.feature != "core" else MAX_FUNCTION
        yield from long_functions(module, limit)


def long_functions(module: Module, limit: int) -> Iterator[str]:
    for node in module.functions:
        if length(node) > limit and not only_constructs(node):
            yield f"{module.name}:{node.lineno} {node.name} has {length(node)} lines, {limit} at most"
        if nesting(node) > MAX_NESTING:
            yield f"{module.name}:{node.lineno} {node.name} nests {nesting(node)} deep"


def services_say_who_acts(source: Source) -> Iterator[str]:
    """Keyword arguments alone, `actor` the first of them."""
    for module in services(source):
        for node in module.public_functions:
            positional = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
            named = [argument.arg for argument in node.args.kwonlyargs]
            first = {"actor"} | ACTS_FOR_ITSELF.get(module.name, set())
            if positional or not set(named[:1]) & first:
                yield f"{module.name} {node.name}({', '.join([*positional, '*', *named])})"


def services_leave_a_trail(source: Source) -> Iterator[str]:
    """Each public function records an event, itself or through what it calls of its feature's services."""
    for module in services(source):
        changes = [other for other in source.modules if other.feature == module.feature and other.layer == "services"]
        near = {node.name: node for other in changes for node in other.functions}
        for node in module.public_functions:
            if not records(node, near):
                yield f"{module.name} {node.name} leaves no trail"


def records(node: Function, near: dict[str, Function], seen: frozenset[str] = frozenset()) -> bool:
    names = {called(call) for call in calls(node)}
    if any(name.startswith("record") for name in names):
        return True
    return any(records(near[name], near, seen | {name}) for name in names - seen if name in near)


def services(source: Source) -> list[Module]:
    return [module for module in source.of_role("services") if module.feature != "audit"]


def only_edges_know_the_request(source: Source) -> Iterator[str]:
    for module in source.modules:
        if module.feature != "core" and module.layer in {"models", "rules", "queries", "services"}:
            taken = sorted(
                name for owner, name in module.imports if owner.startswith("flask") and name in OF_THE_REQUEST
            )
            yield from (f"{module.name} knows {name}" for name in taken)


def only_services_write(source: Source) -> Iterator[str]:
    """Rows are added, changed and deleted where `actor` and the trail are."""
    for module in source.modules:
        if module.role in {"services", "reactions"} or module.name.removeprefix("fairapp/") in WRITERS:
            continue
        of_sql = {name for owner, name in module.imports if owner.startswith("sqlalchemy")} & {
            "insert",
            "update",
            "delete",
        }
        for call in module.calls:
            to_session = owner_of(call) == "session" and called(call) in {"add", "add_all", "delete", "merge"}
            if to_session or (called(call) in of_sql and isinstance(call.func, ast.Name)):
                yield f"{module.name}:{call.lineno} writes: {ast.unparse(call)[:60]}"


def one_place_commits(source: Source) -> Iterator[str]:
    for module in source.modules:
        if module.name != "fairapp/core/data/db.py" and re.search(r"\.commit\(", module.text):
            yield f"{module.name} commits"
        below = module.feature not in {"core", "demo"} and module.layer in LAYERS[: LAYERS.index("forms")]
        if below and any(called(call) == "transaction" for call in module.calls):
            yield f"{module.name} opens a transaction"


def rules_are_pure(source: Source) -> Iterator[str]:
    impure = ("sqlalchemy", "flask.", "flask_", "fairapp.core.data.db", "fairapp.core.web.access", "requests")
    for module in source.of_role("rules", "enums", "labels"):
        for owner, _ in module.imports:
            if owner == "flask" or (owner.startswith(impure) and owner != "flask_babel"):
                yield f"{module.name} imports {owner}"


def queries_read(source: Source) -> Iterator[str]:
    """`x_by_y`, `list_x`, `count_x` and nouns; a verb of change has no place there."""
    verbs = ("get_", "find_", "fetch_", "load_", "create_", "update_", "delete_")
    for module in source.of_role("queries"):
        yield from (f"{module.name} {n.name}" for n in module.public_functions if n.name.startswith(verbs))


def names_are_plain(source: Source) -> Iterator[str]:
    """No riddles; bounds are MAX_ and MIN_; one class `Outcome` at most; no drawer of odds and ends."""
    outcomes = []
    for module in source.everything:
        if module.path.stem in VAGUE_FILES or module.path.parent.name in VAGUE_FILES:
            yield f"{module.name} is a drawer, not a room"
        for node in module.nodes:
            if isinstance(node, Function | ast.ClassDef) and node.name.lstrip("_").lower() in RIDDLES:
                yield f"{module.name}:{node.lineno} {node.name} is a riddle"
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and VAGUE_BOUND.match(node.id):
                yield f"{module.name}:{node.lineno} {node.id}: a bound is MAX_ or MIN_"
            if isinstance(node, ast.ClassDef) and node.name == "Outcome":
                outcomes.append(f"{module.name}:{node.lineno} Outcome")
    yield from outcomes[1:]


def docstrings_tell_what_to_expect(source: Source) -> Iterator[str]:
    """A public function says in the imperative what it does: 'Return the …', 'Refuse …', 'List …'."""
    for module in source.modules:
        for node in module.public_functions:
            first = (ast.get_docstring(node) or "").split(maxsplit=1)[:1]
            word = first[0].strip(".,:;()`'’\"") if first else ""
            if word.lower() in NO_IMPERATIVE or word.endswith(("'s", "’s")):
                yield f"{module.name}:{node.lineno} {node.name}: “{word} …”"


def one_clock(source: Source) -> Iterator[str]:
    for module in source.modules:
        for call in module.calls if module.name != "fairapp/core/data/clock.py" else ():
            if owner_of(call) in {"datetime", "date"} and called(call) in {"now", "utcnow", "today"}:
                yield f"{module.name}:{call.lineno} asks another clock"


def one_source_of_chance(source: Source) -> Iterator[str]:
    """A fair told from a seed must come out the same; log-in secrets are nobody's to repeat."""
    for module in source.modules:
        if module.feature not in {"core", "accounts"} and module.path.stem != "config" and CHANCE & set(module.imports):
            yield f"{module.name} draws lots"


LAWS: tuple[Law, ...] = (
    every_module_has_a_role,
    imports_go_down,
    rooms_stand_in_a_line,
    packages_define_nothing,
    rooms_are_small,
    modules_are_small,
    functions_are_short,
    services_say_who_acts,
    services_leave_a_trail,
    only_edges_know_the_request,
    only_services_write,
    one_place_commits,
    rules_are_pure,
    queries_read,
    names_are_plain,
    docstrings_tell_what_to_expect,
    one_clock,
    one_source_of_chance,
)


def main(place: str = "") -> None:
    """Print what breaks a law, below `place` where one is named: `python -m tests.architecture.laws deals/slips`."""
    source = Source()
    for law in LAWS:
        breaches = [breach for breach in law(source) if place in breach]
        sys.stdout.write("\n    ".join([f"{law.__name__}: {len(breaches)}", *breaches]) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
