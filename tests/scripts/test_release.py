"""A release is made in a real git repository, or nothing is touched at all."""

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from scripts.release import main

PROJECT = """\
[project]
name = "fairapp"
version = "0.1.9"
dependencies = ["flask>=3.1,<4"]

[tool.pytest]
minversion = "9.0"
"""
CHANGELOG = """\
# Changelog

## Unreleased

### Added

- Gates: a lane opens by itself.

### Fixed

- Deals: a sum is a sum.

## 0.1.9 — 2026-01-31

- What was before.
"""

Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Git in a repository with one commit, whatever this machine's own settings are."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")

    def run(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    (tmp_path / "docs").mkdir()
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "docs" / "changelog.md").write_text(CHANGELOG, encoding="utf-8")
    run("init", "--quiet", "--initial-branch=main")
    run("config", "user.name", "Chen Wei")
    run("config", "user.email", "chen@example.org")
    run("add", ".")
    run("commit", "--quiet", "--message=begin")
    return run


@pytest.fixture
def release(git: Git, tmp_path: Path) -> Callable[..., int]:
    """`make release` on 20 March 2026."""

    def make(*arguments: str) -> int:
        with time_machine.travel(datetime(2026, 3, 20, 9, tzinfo=UTC)):
            return main(list(arguments), root=tmp_path)

    return make


def test_a_release_is_one_commit_with_the_version_and_the_day(git: Git, release, tmp_path: Path, capsys) -> None:
    assert release("0.2.0") == 0
    assert git("log", "--format=%s") == "release: 0.2.0\nbegin"
    assert git("diff", "--name-only", "HEAD~").split() == ["docs/changelog.md", "pyproject.toml"]
    assert git("status", "--porcelain") == ""
    assert (tmp_path / "pyproject.toml").read_text() == PROJECT.replace('"0.1.9"', '"0.2.0"')
    assert (tmp_path / "docs/changelog.md").read_text(encoding="utf-8") == CHANGELOG.replace(
        "## Unreleased\n", "## Unreleased\n\n## 0.2.0 — 2026-03-20\n"
    )
    assert "git push --atomic origin main v0.2.0" in capsys.readouterr().out


def test_the_tag_is_annotated_with_what_changed(git: Git, release) -> None:
    assert release("0.2.0") == 0
    assert git("cat-file", "-t", "v0.2.0") == "tag"
    assert git("rev-parse", "v0.2.0^{commit}") == git("rev-parse", "HEAD")
    message = git("tag", "--list", "--format=%(contents)", "v0.2.0")
    assert message == (
        "FairApp 0.2.0\n\n### Added\n\n- Gates: a lane opens by itself.\n\n### Fixed\n\n- Deals: a sum is a sum."
    )


def test_a_second_release_needs_new_lines(git: Git, release, tmp_path: Path, capsys) -> None:
    assert release("0.2.0") == 0
    assert release("0.3.0") == 1
    assert "nothing under Unreleased" in capsys.readouterr().err
    path = tmp_path / "docs/changelog.md"
    path.write_text(path.read_text(encoding="utf-8").replace("Unreleased\n", "Unreleased\n\n- One more.\n", 1), "utf-8")
    git("commit", "--quiet", "--all", "--message=more")
    assert release("0.3.0") == 0
    assert git("tag", "--list").split() == ["v0.2.0", "v0.3.0"]
    headings = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert headings == ["## Unreleased", "## 0.3.0 — 2026-03-20", "## 0.2.0 — 2026-03-20", "## 0.1.9 — 2026-01-31"]


def state(git: Git) -> tuple[str, ...]:
    return git("log", "--format=%H"), git("tag", "--list"), git("status", "--porcelain"), git("diff", "HEAD")


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("0.1.9", "0.1.9 is not newer than 0.1.9"),
        ("0.1.10rc1", "is no version"),
        ("0.0.99", "0.0.99 is not newer than 0.1.9"),
        ("v0.2.0", "is no version"),
        ("0.2", "is no version"),
        ("0.2.00", "is no version"),
        ("", "is no version"),
    ],
)
def test_a_version_that_is_none_or_not_newer_changes_nothing(git: Git, release, capsys, version: str, reason) -> None:
    before = state(git)
    assert release(version) == 1
    assert reason in capsys.readouterr().err
    assert state(git) == before


def test_versions_are_compared_as_numbers(release) -> None:
    assert release("0.1.10") == 0


def test_how_to_call_it_is_said_when_the_version_is_missing(release, capsys) -> None:
    assert release() == 2
    assert "make release VERSION=0.2.0" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["pyproject.toml", "new.txt"])
def test_a_tree_that_is_not_clean_is_not_released(git: Git, release, tmp_path: Path, capsys, name: str) -> None:
    with (tmp_path / name).open("a") as file:
        file.write("# by hand\n")
    before = state(git)
    assert release("0.2.0") == 1
    assert "not clean" in capsys.readouterr().err
    assert state(git) == before


def test_a_tag_that_exists_is_never_moved(git: Git, release, capsys) -> None:
    git("tag", "v0.2.0")
    before = state(git)
    assert release("0.2.0") == 1
    assert "v0.2.0 exists already" in capsys.readouterr().err
    assert state(git) == before


def test_no_release_is_made_without_a_branch(git: Git, release, capsys) -> None:
    git("checkout", "--quiet", "--detach")
    assert release("0.2.0") == 1
    assert "no branch" in capsys.readouterr().err


def test_headings_alone_are_not_something_released(git: Git, release, tmp_path: Path, capsys) -> None:
    text = "# Changelog\n\n## Unreleased\n\n### Added\n\n## 0.1.9 — 2026-01-31\n\n- What was before.\n"
    (tmp_path / "docs/changelog.md").write_text(text, encoding="utf-8")
    git("commit", "--quiet", "--all", "--message=empty")
    before = state(git)
    assert release("0.2.0") == 1
    assert "nothing under Unreleased" in capsys.readouterr().err
    assert state(git) == before


def test_a_commit_that_a_hook_refuses_leaves_the_tree_as_it_was(git: Git, release, tmp_path: Path, capsys) -> None:
    hook = tmp_path / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not today' >&2\nexit 1\n")
    hook.chmod(0o755)
    before = state(git)
    assert release("0.2.0") == 1
    assert "not today" in capsys.readouterr().err
    assert state(git) == before


def test_a_tag_that_cannot_be_made_takes_the_commit_back(git: Git, release, tmp_path: Path) -> None:
    git("config", "tag.gpgSign", "true")
    git("config", "gpg.program", str(tmp_path / "no such program"))
    before = state(git)
    assert release("0.2.0") == 1
    assert state(git) == before
