"""Draws the pages of a PDF as pictures, in a process of its own, which a hostile file can break at no cost.

Run as a program: the file on standard input; on standard output one line of JSON, `{"sizes": [bytes of each
picture, …]}` or `{"refused": "too_many_pages" | "file_unreadable"}`, then the pictures (JPEG) one after another.
It imports nothing of FairApp.
"""

import io
import json
import sys
from typing import Any

MAX_PAGES = 20
MAX_SECONDS = 30
_MAX_MEMORY = 1536 * 1024 * 1024
_MAX_SIDE = 1600  # pixels of the longer side
_MAX_SCALE = 3.0  # times 72 dpi


def limit_resources() -> None:
    """Allow this process less memory and time, where the system knows how."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not a POSIX system
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_MEMORY, _MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


def render(content: bytes) -> list[bytes]:
    """Draw each page as a JPEG picture. ValueError "too_many_pages"; whatever pypdfium2 raises for a broken file."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    if not 0 < len(document) <= MAX_PAGES:
        raise ValueError("too_many_pages" if len(document) else "file_unreadable")
    return [_picture(document[at]) for at in range(len(document))]


def _picture(page: Any) -> bytes:
    longer = max(page.get_size())
    scale = min(_MAX_SCALE, _MAX_SIDE / max(longer, 1.0))
    image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()


def main() -> None:
    """Answer for one file, within a bound of memory and of processor time."""
    limit_resources()
    out = sys.stdout.buffer
    try:
        pictures = render(sys.stdin.buffer.read())
        answer: dict[str, object] = {"sizes": [len(picture) for picture in pictures]}
    except Exception as error:
        pictures, answer = [], {"refused": "too_many_pages" if str(error) == "too_many_pages" else "file_unreadable"}
    out.write(json.dumps(answer).encode() + b"\n" + b"".join(pictures))


if __name__ == "__main__":
    main()
