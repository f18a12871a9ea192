"""Proves that the locks install although every dependency has newer releases by now.

`python -m scripts.lock` reads requirements.txt and requirements-dev.txt against the metadata of what is installed. An
installer that demands hashes takes nothing that the lock does not name: so whatever a distribution requires must stand
in the lock with one version, its hashes, and the extras asked for. pip 22.3 refuses `pydantic[email]>=2` where the lock
says `pydantic==2.14.3` alone, as soon as a newer pydantic is out; until then nobody notices.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.txt": (), "requirements-dev.txt": ("dev",)}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")

Environment = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class LockedLine:
    """One distribution of a lock: its requirement as written, and whether a hash follows."""

    requirement: Requirement
    is_hashed: bool

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str | None:
        """The one version the line admits; None where it admits several."""
        (only, *more) = list(self.requirement.specifier) or [None]
        return only.version if only and not more and only.operator == "==" and "*" not in only.version else None


def parse_lock(text: str) -> list[LockedLine]:
    """The lines of a requirements file, comments left out and continued lines joined."""
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    lines = [line.strip() for line in plain.replace("\\\n", " ").splitlines() if line.strip()]
    return [
        LockedLine(requirement=Requirement(line.split("--hash", 1)[0].strip()), is_hashed=bool(HASH.search(line)))
        for line in lines
    ]


def environments() -> Iterator[Environment]:
    """Each Python on each system the lock is meant for."""
    here = {name: str(value) for name, value in default_environment().items()}
    for python in PYTHONS:
        for platform, system, family in SYSTEMS:
            version = {"python_version": python, "python_full_version": f"{python}.0"}
            yield here | version | {"sys_platform": platform, "platform_system": system, "os_name": family}


def applies(requirement: Requirement, environment: Environment, extras: Iterable[str] = ()) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({**environment, "extra": extra}) for extra in ("", *extras))


def unmet(wanted: Requirement, lock: list[LockedLine], environment: Environment) -> str:
    """What the lock lacks for one requirement; empty where nothing is missing."""
    name = canonicalize_name(wanted.name)
    lines = [line for line in lock if line.name == name and applies(line.requirement, environment)]
    if not lines:
        return "is not in the lock"
    if missing := wanted.extras - lines[0].requirement.extras:
        return f"stands in the lock without [{','.join(sorted(missing))}]"
    if lines[0].version and not wanted.specifier.contains(lines[0].version, prereleases=True):
        return f"is locked at {lines[0].version}"
    return ""


def problems(lock: list[LockedLine], roots: list[Requirement], requires: Mapping[str, list[str]]) -> set[str]:
    """Why the lock would not install, a sentence each.

    `roots` is what the project asks for; `requires` maps each distribution's canonical name to its `Requires-Dist`.
    """
    found = {f"{line.requirement} is not pinned to one version" for line in lock if line.version is None}
    found |= {f"{line.requirement} has no hash" for line in lock if not line.is_hashed}
    asked = [("the project", root, None) for root in roots]
    for line in lock:
        asked += [(line.name, Requirement(text), line) for text in requires.get(line.name, [])]
    for environment in environments():
        for asker, wanted, line in asked:
            extras = line.requirement.extras if line else ()
            if (line is None or applies(line.requirement, environment)) and applies(wanted, environment, extras):
                reason = unmet(wanted, lock, environment)
                found |= {f"{asker} requires {wanted}, which {reason}"} if reason else set()
    return found


def installed(lock: list[LockedLine]) -> tuple[dict[str, list[str]], set[str]]:
    """(requirements of each locked distribution, those that are missing here or installed in another version)."""
    requires, missing = {}, set()
    here = {name: str(value) for name, value in default_environment().items()}
    for line in lock:
        if applies(line.requirement, here):
            try:
                distribution = metadata.distribution(line.name)
            except metadata.PackageNotFoundError:
                missing.add(f"{line.name} is locked and not installed: run `make test-setup`")
                continue
            if distribution.version != line.version:
                missing.add(f"{line.requirement} is locked, {distribution.version} installed: run `make test-setup`")
            requires[line.name] = distribution.requires or []
    return requires, missing


def roots(extras: Iterable[str]) -> list[Requirement]:
    """What pyproject.toml asks for, with the optional groups named."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    texts = [*project["dependencies"], *(text for extra in extras for text in project["optional-dependencies"][extra])]
    return [Requirement(text) for text in texts]


def main() -> int:
    found = []
    for name, extras in LOCKS.items():
        lock = parse_lock((ROOT / name).read_text(encoding="utf-8"))
        requires, missing = installed(lock)
        found += [f"{name}: {problem}" for problem in sorted(missing | problems(lock, roots(extras), requires))]
    print("\n".join(found) or "The locks install, whatever was released since.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
