"""What the documents promise: commands that exist, links that lead somewhere, one content in two languages, a changelog a program can read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from fairapp.config import ROOT
from scripts.release import VERSION
from tests.kit.commands import (
    code,
    documents,
    is_flask_command,
    make_targets,
    named_flask_commands,
    named_scripts,
    named_targets,
)

LINK = re.compile(r"\]\(([^)\s]+)\)")
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
RELEASE = re.compile(rf"({VERSION.pattern}) — (\d{{4}}-\d\d-\d\d)")
DECISIONS = ROOT / "docs" / "decisions"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


every_document = pytest.mark.parametrize("path", documents(), ids=name_of)


@every_document
def test_every_target_of_make_exists(path: Path) -> None:
    assert named_targets(path) - make_targets() == set()


def test_what_is_called_a_command_is_found_in_the_documents() -> None:
    assert {"demo", "test", "run", "check", "po", "release"} <= {n for path in documents() for n in named_targets(path)}
    assert ["ledger", "verify"] in [words for path in documents() for words in named_flask_commands(path)]


@every_document
def test_every_command_of_flask_exists(program: APIFlask, path: Path) -> None:
    assert [words for words in named_flask_commands(path) if words and not is_flask_command(program, words)] == []


@every_document
def test_every_script_exists(path: Path) -> None:
    assert [name for name in named_scripts(path) if not (ROOT / "scripts" / f"{name}.py").exists()] == []


@pytest.mark.parametrize("words", [["ledger", "prove"], ["ledger"], ["serve"]])
def test_a_command_that_is_none_is_noticed(program: APIFlask, words: list[str]) -> None:
    assert not is_flask_command(program, words)


def anchors(path: Path) -> set[str]:
    """The anchors that a forge makes of the headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(path: Path) -> Iterator[str]:
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            yield link


@every_document
def test_every_link_leads_somewhere(path: Path) -> None:
    assert list(broken(path)) == []


# --- two languages ----------------------------------------------------------------------------


def skeleton(name: str) -> dict[str, object]:
    """What must be the same in every language: headings by depth, links, tables, commands and addresses."""
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    other = "README.md" if name == "README.zh.md" else "README.zh.md"
    pieces = "\n".join(code(path))
    return {
        "headings": [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)],
        "links": sorted(link for link in LINK.findall(text) if link != other),
        "rows": [line.count("|") for line in text.splitlines() if line.startswith("|")],
        "commands": sorted(re.findall(r"make [a-z]+|flask [^\n]*", pieces)),
        "addresses": sorted(re.findall(r"/[\w/.]+", pieces)),
        "people": re.findall(r"\w+@demo\.example", text),
        "figures": sorted(re.findall(r"\d[\d,.]*\d", re.sub(r"`[^`]*`", "", text))),
    }


def test_both_readmes_say_the_same() -> None:
    assert skeleton("README.zh.md") == skeleton("README.md")


@pytest.mark.parametrize(("name", "other"), [("README.md", "README.zh.md"), ("README.zh.md", "README.md")])
def test_each_readme_leads_to_the_other_in_its_first_lines(name: str, other: str) -> None:
    assert f"]({other})" in "\n".join((ROOT / name).read_text(encoding="utf-8").splitlines()[:4])


def test_the_readme_leads_newcomers_on() -> None:
    links = set(LINK.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    assert {
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CODE_OF_CONDUCT.md",
        "docs/changelog.md",
        "docs/architecture.md",
    } <= links


# --- changelog and decisions ------------------------------------------------------------------


def sections() -> dict[str, str]:
    """The changelog by the headings of its versions, in order."""
    text = (ROOT / "docs" / "changelog.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_changelog_has_unreleased_first_and_then_every_version_with_its_day() -> None:
    first, *released = sections()
    assert first == "Unreleased"
    found = [RELEASE.fullmatch(heading) for heading in released]
    assert None not in found
    versions = [tuple(map(int, match[1].split("."))) for match in found if match]
    assert versions == sorted(set(versions), reverse=True)


def test_the_changelog_says_of_each_line_what_kind_of_change_it_is() -> None:
    for body in sections().values():
        kinds = re.findall(r"^### (.+)$", body, re.MULTILINE)
        assert kinds == [kind for kind in KINDS if kind in kinds]
        before, *groups = re.split(r"^### .+$", body, flags=re.MULTILINE)
        assert before.strip() == "" and all(re.search(r"^- ", group, re.MULTILINE) for group in groups)


def test_a_line_of_the_changelog_begins_with_its_capability() -> None:
    lines = re.findall(r"^- (.+)$", "".join(sections().values()), re.MULTILINE)
    assert [line for line in lines if not re.match(r"(?:The fair|[A-Z][\w-]+): \S", line)] == []


def test_decisions_are_numbered_without_a_gap_and_all_stand_in_the_index() -> None:
    files = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| (\d+) \| \[.+?\]\((.+?)\)", index, re.MULTILINE) == [
        (str(int(name[:4])), name) for name in files
    ]
