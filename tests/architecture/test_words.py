"""Every text can be translated, and is."""

import ast
import re
from pathlib import Path

import lxml.html
import pytest
from jinja2 import Environment, nodes
from jinja2.visitor import NodeVisitor

from scripts.catalogues import features, problems, stored
from tests.architecture.source import Module, Source, called, name_of, templates

MODULES = Source().modules

TRANSLATORS = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "pgettext"}
SPOKEN_ATTRIBUTES = ("title", "alt", "placeholder", "aria-label", "aria-roledescription", "label")
# Names that are the same in both languages
SAME_EVERYWHERE = {
    "FairApp",
    "中文",
    "English",
    "EN",
    "QR",
    "PDF",
    "XLSX",
    "CSV",
    "API",
    "USD",
    "CNY",
    "m²",
    "JSON",
    "ID",
    "UTC",
    "HS",
    "SHA-256",
}
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
SENTENCE = re.compile(r"^[A-Z][a-z]+(?: [a-z]+)+|[\u4e00-\u9fff]")
JINJA = re.compile(r"{#.*?#}|{%-?\s*trans\b.*?endtrans\s*-?%}|{%.*?%}|{{.*?}}", re.DOTALL)

# a block that holds one identifier is a class or a switch; a macro may choose its tag
MARK = re.compile(r"{%-?\s*block \w+\s*-?%}[a-z-]+{%-?\s*endblock\s*-?%}")
CHOSEN_TAG = re.compile(r"<(/?){{.*?}}")


@pytest.mark.parametrize("feature", features())
def test_the_chinese_catalogue_is_complete(feature: str) -> None:
    assert list(problems(feature)) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_what_is_translated_is_a_plain_text(module: Module) -> None:
    marked = [call for call in module.calls if called(call) in TRANSLATORS and isinstance(call.func, ast.Name)]
    built = [call.lineno for call in marked if not (call.args and isinstance(call.args[0], ast.Constant))]
    assert built == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_people_are_told_nothing_untranslated(module: Module) -> None:
    bare = []
    for call in module.calls:
        position = {"DomainError": 1, "flash": 0, "ValidationError": 0, "StopValidation": 0}.get(called(call))
        if position is None and module.role == "forms" and called(call).endswith(("Field", "Choice", "Area", "Number")):
            position = 1 if called(call) == "SelectChoice" else 0
        if position is not None and len(call.args) > position and is_text(call.args[position]):
            bare.append(f"line {call.lineno}: {ast.unparse(call)[:80]}")
    assert bare == []


def is_text(node: ast.expr) -> bool:
    """Whether words stand in the expression itself: a literal, or a literal part of an f-string."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
    return any(WORD.search(text) and text not in SAME_EVERYWHERE for text in texts)


@pytest.mark.parametrize("path", [path for path in templates() if path.suffix == ".html"], ids=name_of)
def test_templates_say_nothing_untranslated(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert [*bare_text(source), *bare_arguments(source)] == []


def bare_text(source: str) -> list[str]:
    """Words between tags and in spoken attributes that stand outside `_()`."""
    plain = JINJA.sub(" ", MARK.sub(" ", CHOSEN_TAG.sub(r"<\1div", source)))
    if "<" not in plain:
        return []
    page = lxml.html.fragment_fromstring(plain, create_parent="div")
    found = [str(text) for text in page.xpath(".//text()[not(ancestor::script or ancestor::style or ancestor::code)]")]
    for attribute in SPOKEN_ATTRIBUTES:
        found += [str(value) for value in page.xpath(f".//@*[name() = '{attribute}']")]
    return [text.strip() for text in found if any(word not in SAME_EVERYWHERE for word in words(text))]


def words(text: str) -> list[str]:
    return [part.strip(".,:;!?()[]·–—/") for part in text.split() if WORD.search(part)]


class Sentences(NodeVisitor):
    """Collects texts in expressions that look like sentences and stand outside `_()`."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def visit_Call(self, node: nodes.Call) -> None:  # noqa: N802
        if not (isinstance(node.node, nodes.Name) and node.node.name in TRANSLATORS):
            self.generic_visit(node)

    def visit_Const(self, node: nodes.Const) -> None:  # noqa: N802
        if isinstance(node.value, str) and SENTENCE.search(node.value) and node.value not in SAME_EVERYWHERE:
            self.found.append(node.value)


def bare_arguments(source: str) -> list[str]:
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    visitor = Sentences()
    visitor.visit(environment.parse(source))
    return visitor.found


INLINE = re.compile(
    r"<style|<script(?![^>]*\bsrc=)(?![^>]*application/json)|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize(
    "path", [p for p in templates() if p.suffix == ".html" and "emails" not in p.parts], ids=name_of
)
def test_templates_hold_no_code_or_style(path: Path) -> None:
    plain = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    inline = INLINE.findall(plain)
    if path.parts[-2:] == ("layouts", "mail.html"):
        return  # mail programs know no other style
    assert inline == []


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_templates_never_trust_what_people_typed(path: Path) -> None:
    assert re.findall(r"\|\s*safe\b|autoescape\s+false", path.read_text(encoding="utf-8")) == []


def test_a_text_is_translated_in_one_way() -> None:
    """The catalogues are merged when the program starts: of two translations of a text one would be lost."""
    found: dict[tuple[str | None, str], dict[str, list[str]]] = {}
    for feature in features():
        for message in stored(feature):
            if message.id:
                way = found.setdefault((message.context, str(message.id)), {})
                way.setdefault(str(message.string), []).append(feature)
    assert {text: ways for text, ways in found.items() if len(ways) > 1} == {}
