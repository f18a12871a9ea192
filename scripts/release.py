"""Makes a release: `make release VERSION=0.2.0`.

It wants a clean tree on a branch, a version newer than the one in pyproject.toml, a tag that does not exist yet, and
at least one line under Unreleased in docs/changelog.md. Then that section gets the version and the day as its heading,
pyproject.toml gets the version, and both become one commit with an annotated tag. Nothing is pushed.
"""

import re
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT, CHANGELOG = Path("pyproject.toml"), Path("docs", "changelog.md")
VERSION = re.compile(r"(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)")
UNRELEASED = re.compile(r"^## Unreleased\n(?P<notes>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


class ReleaseRefused(Exception):
    """Why no release is made; nothing was changed."""


def git(root: Path, *arguments: str, text: str | None = None) -> str:
    """The output of a git command, stripped. ReleaseRefused with git's own words when it fails."""
    done = subprocess.run(["git", *arguments], cwd=root, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseRefused(f"git {arguments[0]}: {(done.stderr or done.stdout).strip()}")
    return done.stdout.strip()


def parts(version: str) -> tuple[int, ...]:
    """The three numbers of `1.2.3`; ReleaseRefused for any other form."""
    if not VERSION.fullmatch(version):
        raise ReleaseRefused(f"{version!r} is no version; write three numbers, as 0.2.0")
    return tuple(int(part) for part in version.split("."))


def unreleased_notes(changelog: str) -> str:
    """What stands under Unreleased, stripped; ReleaseRefused when that is no line at all."""
    section = UNRELEASED.search(changelog)
    if section is None:
        raise ReleaseRefused(f"{CHANGELOG} has no section '## Unreleased'")
    notes = section["notes"].strip()
    if not re.search(r"^- \S", notes, re.MULTILINE):
        raise ReleaseRefused(f"{CHANGELOG} has nothing under Unreleased")
    return notes


def released_changelog(changelog: str, version: str, day: date) -> str:
    """The changelog with an empty Unreleased and its former lines under `version`."""
    heading = f"## Unreleased\n\n## {version} — {day.isoformat()}\n"
    return UNRELEASED.sub(lambda section: heading + section["notes"], changelog, count=1)


def released_project(project: str, version: str) -> str:
    """The text of pyproject.toml with another version."""
    before = tomllib.loads(project)["project"]["version"]
    changed, count = re.subn(
        rf'^version = "{re.escape(before)}"$', f'version = "{version}"', project, flags=re.MULTILINE
    )
    if count != 1:
        raise ReleaseRefused(f"{PROJECT} must say version = … in exactly one line")
    return changed


def check(root: Path, version: str) -> None:
    """Refuse what would make a release that is not the committed state, or not a new one."""
    present = tomllib.loads((root / PROJECT).read_text(encoding="utf-8"))["project"]["version"]
    if parts(version) <= parts(present):
        raise ReleaseRefused(f"{version} is not newer than {present}")
    if git(root, "status", "--porcelain"):
        raise ReleaseRefused("the tree is not clean; commit or put away what `git status` shows")
    if not git(root, "branch", "--show-current"):
        raise ReleaseRefused("no branch is checked out")
    if git(root, "tag", "--list", f"v{version}"):
        raise ReleaseRefused(f"the tag v{version} exists already")


def release(root: Path, version: str, day: date) -> str:
    """Make the commit and the tag; gives the command that publishes them."""
    check(root, version)
    project, changelog = ((root / path).read_text(encoding="utf-8") for path in (PROJECT, CHANGELOG))
    notes = unreleased_notes(changelog)
    texts = {PROJECT: released_project(project, version), CHANGELOG: released_changelog(changelog, version, day)}
    before = git(root, "rev-parse", "HEAD")
    try:
        for path, text in texts.items():
            (root / path).write_text(text, encoding="utf-8")
        git(root, "commit", "--quiet", "--all", "--message", f"release: {version}")
        message = f"FairApp {version}\n\n{notes}\n"
        git(root, "tag", "--annotate", f"v{version}", "--cleanup=verbatim", "--file=-", text=message)
    except ReleaseRefused:  # by a hook, or for want of a name or a key; the tree was clean, so nothing else is lost
        git(root, "reset", "--quiet", "--hard", before)
        raise
    return f"git push --atomic origin {git(root, 'branch', '--show-current')} v{version}"


def main(arguments: list[str], root: Path = ROOT) -> int:
    if len(arguments) != 1:
        print("usage: make release VERSION=0.2.0", file=sys.stderr)
        return 2
    try:
        command = release(root, arguments[0], datetime.now(UTC).date())
    except ReleaseRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"Version {arguments[0]} is committed and tagged. To publish it:\n    {command}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
