"""PDF by typst: a template of ours, and data that can only ever be text in it."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import pylopdf_fonts_zh_cn
import typst

from fairapp.config import ROOT

TEMPLATES = ROOT / "templates"
FONTS = (ROOT / "static" / "vendor" / "fonts", Path(pylopdf_fonts_zh_cn.__file__).parent)
LATIN, CHINESE, ARABIC = "Noto Sans", "Noto Sans SC", "Noto Sans Arabic"


class _SharedCompiler:
    """A compiler with its fonts, kept since making one takes as long as many pages; one compilation at a time."""

    def __init__(self, template: Path) -> None:
        self.lock = Lock()
        self.compiler = typst.Compiler(
            str(template), root=str(TEMPLATES), font_paths=[str(folder) for folder in FONTS], ignore_system_fonts=True
        )


def compile_pdf(template: str, data: Any) -> bytes:
    """Return a PDF made from `templates/{template}` and plain `data`.

    The template reads it with `#let data = json(bytes(sys.inputs.data))`; text in it is never markup.
    """
    return _compiled(template, data)


def compile_pdf_apart(template: str, data: Any) -> bytes:
    """Return a PDF of hundreds of pages, made in a process of its own, whose memory goes with it.

    It has no structure for screen readers, which a pile of prints does not need.
    """
    command = [sys.executable, "-m", __name__, template]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(data).encode(), stdout=subprocess.PIPE, check=True)
    return done.stdout


def _compiled(template: str, data: Any, *, pdf_tags: bool = True) -> bytes:
    compiler = _shared_compiler(template)
    text = json.dumps(data, ensure_ascii=False)
    with compiler.lock:
        content: Any = compiler.compiler.compile(format="pdf", sys_inputs={"data": text}, pdf_tags=pdf_tags)
    return bytes(content)


@cache
def _shared_compiler(template: str) -> _SharedCompiler:
    missing = [name for name in (LATIN, CHINESE, ARABIC) if name not in _families()]
    if missing:
        raise RuntimeError(f"fonts are missing: {', '.join(missing)}; run make setup")
    return _SharedCompiler(TEMPLATES / template)


def _families() -> set[str]:
    paths = [str(folder) for folder in FONTS]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)
    return set(fonts.families())


if __name__ == "__main__":
    sys.stdout.buffer.write(_compiled(sys.argv[1], json.load(sys.stdin.buffer), pdf_tags=False))
