"""Copies the front-end files named in vendor.json from node_modules into static/vendor.

`python -m scripts.vendor` copies and compares each file with its recorded SHA-256.
`python -m scripts.vendor --record` writes the hashes anew, after a version was raised.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_name("vendor.json")
SOURCE = ROOT / "node_modules"
TARGET = ROOT / "static" / "vendor"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record(files: dict[str, dict[str, str]]) -> None:
    for entry in files.values():
        entry["sha256"] = sha256(SOURCE / entry["from"])
    LIST.write_text(json.dumps(files, indent=2) + "\n", encoding="utf-8")


def copy(files: dict[str, dict[str, str]]) -> list[str]:
    """Returns the names of the files that are not what they were when they were chosen."""
    changed = [name for name, entry in files.items() if sha256(SOURCE / entry["from"]) != entry["sha256"]]
    if changed:
        return changed
    shutil.rmtree(TARGET, ignore_errors=True)
    for name, entry in files.items():
        destination = TARGET / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(SOURCE / entry["from"], destination)
        if "types" in entry:  # of the package itself, for whoever imports the copy
            destination.with_suffix(".d.ts").write_text(f'export * from "{entry["types"]}";\n', encoding="utf-8")
    return []


def main(arguments: list[str]) -> int:
    files = json.loads(LIST.read_text(encoding="utf-8"))
    if arguments == ["--record"]:
        record(files)
        return 0
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    changed = copy(files)
    for name in changed:
        print(f"{name}: the file in node_modules has another SHA-256 than scripts/vendor.json", file=sys.stderr)
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
