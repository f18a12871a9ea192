"""The source as data: modules with their role, room and layer, for the laws that are about its shape."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fairapp.config import ROOT
from tests.architecture.roles import ARTEFACTS, LAYERS, ROLES

Function = ast.FunctionDef | ast.AsyncFunctionDef
NESTING = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match, ast.AsyncFor, ast.AsyncWith)


@dataclass(frozen=True)
class Module:
    """One Python file below `root`, the folder that holds `fairapp/`."""

    root: Path
    path: Path

    @cached_property
    def name(self) -> str:
        """The file as people name it: `fairapp/deals/slips/rules.py`."""
        return self.path.relative_to(self.root).as_posix()

    @cached_property
    def dotted(self) -> str:
        """The module as Python names it; a package by its own name."""
        return ".".join(self.path.relative_to(self.root).with_suffix("").parts).removesuffix(".__init__")

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def feature(self) -> str:
        """`deals` for all that stands in fairapp/deals; empty for the few files beside the features."""
        parts = self.path.relative_to(self.root).parts
        return parts[1] if len(parts) > 2 else ""

    @cached_property
    def role(self) -> str:
        """The stem, its last word, or the folder it stands in, where that names a role; else empty."""
        words = (self.path.stem, self.path.stem.rpartition("_")[2], self.path.parent.name)
        return next((word for word in words if word in ROLES), "")

    @cached_property
    def artefact(self) -> str:
        """The layer the table of artefacts gives to this file or to its folder; else empty."""
        place = self.name.removeprefix("fairapp/")
        folders = [f"{folder}/" for folder in Path(place).parents if folder != Path(".")]
        return next((ARTEFACTS[key] for key in (place, *map(str, folders)) if key in ARTEFACTS), "")

    @cached_property
    def layer(self) -> str:
        return ROLES.get(self.role, "") or self.artefact

    def stands_above(self, layer: str) -> bool:
        return LAYERS.index(self.layer) < LAYERS.index(layer)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the file: walked once for all laws."""
        return list(ast.walk(self.tree))

    @cached_property
    def functions(self) -> list[Function]:
        return [node for node in self.nodes if isinstance(node, Function)]

    @cached_property
    def calls(self) -> list[ast.Call]:
        return [node for node in self.nodes if isinstance(node, ast.Call)]

    @cached_property
    def public_functions(self) -> list[Function]:
        """The functions of the module itself that others call."""
        return [node for node in self.tree.body if isinstance(node, Function) and not node.name.startswith("_")]

    @cached_property
    def imports(self) -> list[tuple[str, str]]:
        """(module, name) for every `from module import name`, (module, '') for `import module`."""
        found = []
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom):
                found += [(node.module or "", alias.name) for alias in node.names]
            elif isinstance(node, ast.Import):
                found += [(alias.name, "") for alias in node.names]
        return found


class Source:
    """All modules of the program below `root`: the checkout, or a copy in which an offence was planted."""

    def __init__(self, root: Path = ROOT) -> None:
        paths = sorted(path for path in (root / "fairapp").rglob("*.py") if "migrations" not in path.parts)
        self.everything = [Module(root, path) for path in paths if "alembic" not in path.parts]
        self.modules = [module for module in self.everything if module.path.stem != "__init__"]
        self.by_name = {module.dotted: module for module in self.modules}

    def of_role(self, *roles: str) -> list[Module]:
        return [module for module in self.modules if module.role in roles and module.feature != "core"]

    @cached_property
    def imported(self) -> dict[str, set[str]]:
        """The program's own modules that each module imports, by dotted name."""
        names = {
            module: {f"{o}.{n}" for o, n in module.imports} | {o for o, _ in module.imports} for module in self.modules
        }
        return {module.dotted: used & self.by_name.keys() for module, used in names.items()}


def scripts() -> list[Module]:
    """Python outside the program that is held to the same sizes."""
    paths = sorted(path for folder in ("scripts", "tests", "bench") for path in (ROOT / folder).rglob("*.py"))
    return [Module(ROOT, path) for path in paths]


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (part for part in ast.walk(node) if isinstance(part, ast.Call))


def called(call: ast.Call) -> str:
    """The last name of what is called: `audit.record(…)` gives 'record'."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def owner_of(call: ast.Call) -> str:
    """The name before the dot: `db.session.add(…)` gives 'session', `insert(…)` nothing."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    return owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")


def length(node: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if ast.get_docstring(node) is not None:
        text = node.body[0]
        lines -= (text.end_lineno or text.lineno) - text.lineno + 1
    return lines


def only_constructs(node: Function) -> bool:
    """Whether a function is one `return Thing(name=…, …)`: a table of fields, which has no natural end."""
    body = [part for part in node.body if not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or not isinstance(body[0].value, ast.Call):
        return False
    call = body[0].value
    return not call.args and all(keyword.arg for keyword in call.keywords)


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
