"""The Dockerfile and .dockerignore as data, read as Docker's documentation says."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from fairapp.config import ROOT


@dataclass(frozen=True, kw_only=True)
class Instruction:
    """One instruction: its word, its text with continued lines joined, and the number of its stage (from 0)."""

    word: str
    text: str
    stage: int

    @property
    def flags(self) -> dict[str, str]:
        """`--from=build` as {"from": "build"}; those of a HEALTHCHECK stand before its CMD."""
        leading = re.match(r"(?:--\S+\s+)*", self.text)
        return dict(flag.removeprefix("--").split("=", 1) for flag in (leading[0] if leading else "").split())

    @property
    def arguments(self) -> list[str]:
        """The words after the flags; those of the JSON form where it is one."""
        plain = re.sub(r"^(?:--\S+\s+)*", "", self.text)
        return json.loads(plain) if plain.startswith("[") else shlex.split(plain)


def instructions(text: str) -> list[Instruction]:
    """Every instruction of a Dockerfile, in order."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    found, stage = [], -1
    for line in filter(str.strip, joined.splitlines()):
        word, _, rest = line.strip().partition(" ")
        stage += word == "FROM"
        found.append(Instruction(word=word, text=" ".join(rest.split()), stage=stage))
    return found


def dockerfile() -> list[Instruction]:
    return instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))


def last_stage() -> list[Instruction]:
    """The instructions of the image that is run."""
    every = dockerfile()
    return [instruction for instruction in every if instruction.stage == every[-1].stage]


def copied(steps: list[Instruction]) -> Iterator[tuple[Instruction, str]]:
    """(COPY, source) for each source that comes from the project's folder."""
    for step in steps:
        if step.word == "COPY" and "from" not in step.flags:
            yield from ((step, source) for source in step.arguments[:-1])


def environment(steps: list[Instruction]) -> dict[str, str]:
    pairs = [pair for step in steps if step.word == "ENV" for pair in step.arguments]
    return dict(pair.split("=", 1) for pair in pairs)


def is_left_out(path: str, patterns: list[str]) -> bool:
    """Whether .dockerignore keeps a path from the builder: of all lines that fit it or a folder above it, the last counts."""
    left_out = False
    for pattern in patterns:
        if fits(path, pattern.removeprefix("!")):
            left_out = not pattern.startswith("!")
    return left_out


def fits(path: str, pattern: str) -> bool:
    """`*` stands for a part of one name, `**/` for any folders; a folder stands for all that is in it."""
    names, wanted = PurePosixPath(path).parts, PurePosixPath(pattern).parts
    if wanted[0] == "**":
        return any(fnmatchcase(name, wanted[1]) for name in names)
    return len(wanted) <= len(names) and all(map(fnmatchcase, names, wanted))


def ignore_patterns() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]
