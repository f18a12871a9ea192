"""Names functions, classes, methods and properties that nothing calls any more.

vulture reads Python alone; so the words in templates are given to it as a file of uses, and what frameworks call by name
or by decorator is listed in pyproject.toml. Fields and columns are not judged: the database and the pages read those.
"""

import re
import subprocess
import sys
from keyword import iskeyword
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
USES = ROOT / "build" / "uses_in_templates.py"
EXPRESSION = re.compile(r"{[{%].*?[}%]}", re.DOTALL)
WORD = re.compile(r"[A-Za-z_]\w*")
JUDGED = re.compile(r"unused (function|class|method|property) ")


def write_uses() -> None:
    """Write every word of a template's expressions as a use of that name."""
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*") if path.is_file())
    words = {word for text in texts for expression in EXPRESSION.findall(text) for word in WORD.findall(expression)}
    USES.parent.mkdir(exist_ok=True)
    USES.write_text(
        "\n".join(f"_.{word}" for word in sorted(words) if word.isidentifier() and not iskeyword(word)),
        encoding="utf-8",
    )


def main() -> int:
    write_uses()
    command = [sys.executable, "-m", "vulture", "fairapp", "wsgi.py", "gunicorn.conf.py", str(USES.relative_to(ROOT))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    unused = [line for line in done.stdout.splitlines() if JUDGED.search(line) and "fairapp/" in line]
    print("\n".join([*unused, done.stderr.strip()]).strip() or "Everything is called by somebody.")
    return 1 if unused or done.returncode not in {0, 3} else 0


if __name__ == "__main__":
    sys.exit(main())
