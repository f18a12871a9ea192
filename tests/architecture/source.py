"""The source as data, for the laws that are about its shape."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from fairapp.config import ROOT

PROGRAM = ROOT / "fairapp"
TEMPLATES = ROOT / "templates"
LAYERS = ("views", "api", "forms", "jobs", "services", "queries", "rules", "models")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> list[Path]:
    return sorted(path for path in PROGRAM.rglob("*.py") if "migrations" not in path.parts)


def scripts() -> list[Path]:
    """Python outside the program that is held to the same sizes."""
    return sorted(path for folder in ("scripts", "tests", "bench") for path in (ROOT / folder).rglob("*.py"))


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def of_layer(name: str) -> list[Path]:
    """The modules of one layer in every feature: `services.py`, or the modules in `services/`."""
    return [path for path in modules() if in_layer(path, name) and path.stem != "__init__"]


def in_layer(path: Path, *names: str) -> bool:
    return path.stem in names or path.parent.name in names


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def public_functions(path: Path) -> Iterator[Function]:
    """The functions of a module itself that others call."""
    for node in tree(path).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node


def offered(path: Path) -> list[Function]:
    """The public functions of a module; of one in a split layer only those that its package offers."""
    package = path.with_name("__init__.py")
    functions = list(public_functions(path))
    if path.parent.name not in LAYERS:
        return functions
    names = {name for _, name in imports(package)}
    return [node for node in functions if node.name in names]


def length(node: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    last = node.end_lineno or node.lineno
    lines = last - node.lineno + 1
    if ast.get_docstring(node) is not None:
        text = node.body[0]
        lines -= (text.end_lineno or text.lineno) - text.lineno + 1
    return lines


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (part for part in ast.walk(node) if isinstance(part, ast.Call))


def called(call: ast.Call) -> str:
    """The last name of what is called: `audit.record(…)` gives 'record'."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """(module, name) for every `from module import name`, (module, '') for `import module`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)


NESTING = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match, ast.AsyncFor, ast.AsyncWith)


def nesting(node: ast.AST, depth: int = 0) -> int:
    """How deep blocks stand in blocks; `elif` is no deeper than its `if`."""
    deepest = depth
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef | ast.Lambda):
            continue
        continued = isinstance(node, ast.If) and isinstance(child, ast.If) and node.orelse == [child]
        inside = isinstance(child, NESTING) and not continued
        deepest = max(deepest, nesting(child, depth + inside))
    return deepest
