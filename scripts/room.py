"""Checks one room in seconds: `make room ROOM=deals/slips` runs its lint, the laws of the house and its tests.

The tests of a room stand in tests/<feature>/test_<room>*.py or tests/<feature>/<room>/, those of a feature in tests/<feature>/.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def tests_of(room: str) -> list[Path]:
    """The test files and folders of a room; empty when it has none."""
    feature, _, inner = room.partition("/")
    folder = ROOT / "tests" / feature
    if not inner:
        return [folder] if folder.is_dir() else []
    name = inner.replace("/", "_")
    return sorted(
        [*folder.glob(f"test_{name}*.py"), *folder.glob(f"test_{name.rstrip('s')}_*.py"), *folder.glob(inner)]
    )


def main(room: str = "") -> int:
    room = room.strip("/").removeprefix("fairapp/")
    code = ROOT / "fairapp" / room
    if not room or not code.exists():
        print(f"no such room: {room or '(none)'}; give one as ROOM=deals/slips", file=sys.stderr)
        return 2
    tests = tests_of(room)
    if not tests:
        print(f"{room} has no tests of its own under tests/{room.partition('/')[0]}", file=sys.stderr)
        return 2
    laws = ROOT / "tests" / "architecture" / "test_laws.py"
    steps = [
        [sys.executable, "-m", "ruff", "check", code, *tests],
        [sys.executable, "-m", "ruff", "format", "--check", code, *tests],
        [sys.executable, "-m", "pytest", laws, *tests],
    ]
    return max(subprocess.run([*map(str, step)], cwd=ROOT).returncode for step in steps)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
