"""Which commands there are: targets of make, commands of flask, modules of scripts; and which ones the documents name."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
from apiflask import APIFlask
from flask.cli import FlaskGroup

from fairapp.config import ROOT

FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?:^(?: {4}|\t)\S.*\n?)+", re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
PLACEHOLDER = re.compile(r"[A-Z…<\[|]")


def make_targets() -> set[str]:
    """Every target of the Makefile that a person calls by its name."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):(?!=)", text, re.MULTILINE))


def is_flask_command(program: APIFlask, words: list[str]) -> bool:
    """Whether `flask WORDS…` is a command, its groups included: `ledger verify` is, `ledger` alone is not."""
    group: click.Command | None = FlaskGroup(create_app=lambda: program)
    for word in words:
        if not isinstance(group, click.Group):
            return True  # the rest are arguments
        group = group.get_command(click.Context(group, obj=None), word)
    return group is not None and not isinstance(group, click.Group)


def documents() -> list[Path]:
    """What people read: every Markdown file of the project."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / ".github").rglob("*.md")])


def code(path: Path) -> Iterator[str]:
    """The pieces of a document that stand as code."""
    text = path.read_text(encoding="utf-8")
    yield from FENCED.findall(text)
    text = FENCED.sub("", text)
    yield from INDENTED.findall(text)
    yield from SPAN.findall(INDENTED.sub("", text))


def named_targets(path: Path) -> set[str]:
    return {name for piece in code(path) for name in re.findall(r"\bmake ([a-z][a-z-]*)\b", piece)}


def named_scripts(path: Path) -> set[str]:
    return {name for piece in code(path) for name in re.findall(r"-m scripts\.(\w+)", piece)}


def named_flask_commands(path: Path) -> Iterator[list[str]]:
    """The words after `flask`, up to the first option or placeholder."""
    for piece in code(path):
        for words in re.findall(r"(?:^|[\s/])flask (?:--app wsgi )?([a-z][^\n`#;&|)]*)", piece):
            yield before_options(words.split())


def before_options(words: list[str]) -> list[str]:
    plain = []
    for word in words:
        if word.startswith("-") or PLACEHOLDER.search(word):
            break
        plain.append(word)
    return plain
