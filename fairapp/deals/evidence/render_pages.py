"""Draws the pages of a PDF as pictures, in a process of its own, which a hostile file can break at no cost.

Run as a program: the file on standard input; on standard output one line of JSON, `{"sizes": [bytes of each
picture, …]}` or `{"refused": "too_many_pages" | "file_unreadable"}`, then the pictures (JPEG) one after another.
It imports nothing of FairApp.
"""

import io
import json
import sys

MAX_PAGES = 20
SECONDS = 30
_MEMORY = 1536 * 1024 * 1024
_WIDEST = 1600  # pixels of the longer side
_DENSEST = 3.0  # times 72 dpi


def limit() -> None:
    """Less memory and time for this process, where the system knows how."""
    try:
        import resource
    except ImportError:  # pragma: no cover - not a POSIX system
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def drawn(content: bytes) -> list[bytes]:
    """A picture of each page. ValueError "too_many_pages"; whatever pypdfium2 raises for a broken file."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    if not 0 < len(document) <= MAX_PAGES:
        raise ValueError("too_many_pages" if len(document) else "file_unreadable")
    return [_picture(document[at]) for at in range(len(document))]


def _picture(page: object) -> bytes:
    longer = max(page.get_size())  # type: ignore[attr-defined]
    scale = min(_DENSEST, _WIDEST / max(longer, 1.0))
    image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")  # type: ignore[attr-defined]
    written = io.BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()


def main() -> None:
    """Answer for one file, within a bound of memory and of processor time."""
    limit()
    out = sys.stdout.buffer
    try:
        pictures = drawn(sys.stdin.buffer.read())
        answer: dict[str, object] = {"sizes": [len(picture) for picture in pictures]}
    except Exception as error:
        pictures, answer = [], {"refused": "too_many_pages" if str(error) == "too_many_pages" else "file_unreadable"}
    out.write(json.dumps(answer).encode() + b"\n" + b"".join(pictures))


if __name__ == "__main__":
    main()
