"""What people hand in as proof: looked at as pictures drawn anew, never as the file itself."""

import io
import json
import subprocess
import sys
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.deals.evidence import render_pages

MAX_PIXELS = 40_000_000
MAX_SIDE = 2_000
MAX_BYTES_DRAWN = 20 * 1024 * 1024
_TYPES = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "WEBP": ("image/webp", "webp")}


@dataclass(frozen=True)
class RenderedFile:
    """A file as it was handed in, and a plain picture (JPEG) of each of its pages."""

    content_type: str
    ending: str
    pages: list[bytes]


def render_file(content: bytes) -> RenderedFile:
    """Read a PDF or a picture and draw each page as a plain picture; what only calls itself a picture is refused.

    DomainError at field "file": file_unreadable, too_many_pages, file_too_large (pixels).
    """
    if content.lstrip()[:5] == b"%PDF-":
        return RenderedFile("application/pdf", "pdf", render_pdf(content))
    kind, picture = reencode_picture(content)
    return RenderedFile(*_TYPES[kind], [picture])


def reencode_picture(content: bytes) -> tuple[str, bytes]:
    """Return the kind of a picture, and the picture written anew as JPEG.

    What hid beside the pixels (code, place, owner) is gone. DomainError file_unreadable, file_too_large.
    """
    try:
        with Image.open(io.BytesIO(content), formats=tuple(_TYPES)) as image:
            kind = image.format or ""
            if image.width * image.height > MAX_PIXELS:
                raise _refusal("file_too_large", _("The picture has too many pixels."))
            turned = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _unreadable() from error
    turned.thumbnail((MAX_SIDE, MAX_SIDE))
    written = io.BytesIO()
    turned.save(written, "JPEG", quality=85)
    return kind, written.getvalue()


def render_pdf(content: bytes) -> list[bytes]:
    """Draw the pages of a PDF as JPEG pictures, in a process with bounds (render_pages).

    DomainError file_unreadable, too_many_pages.
    """
    command = [sys.executable, "-I", render_pages.__file__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=render_pages.MAX_SECONDS, check=True)
        line, _newline, pictures = done.stdout.partition(b"\n")
        answer = json.loads(line)
    except (subprocess.SubprocessError, ValueError) as error:
        raise _unreadable() from error
    if answer.get("refused") == "too_many_pages":
        raise _refusal(
            "too_many_pages",
            _("The file has too many pages: hand in the %(most)s that prove the deal.", most=render_pages.MAX_PAGES),
        )
    if "sizes" not in answer or len(pictures) > MAX_BYTES_DRAWN:
        raise _unreadable()
    return _split_pictures(pictures, answer["sizes"])


def _split_pictures(pictures: bytes, sizes: list[int]) -> list[bytes]:
    parts, at = [], 0
    for size in sizes:
        parts.append(pictures[at : at + size])
        at += size
    return parts


def _unreadable() -> DomainError:
    return _refusal("file_unreadable", _("This file cannot be read. Use a PDF, JPEG, PNG or WebP."))


def _refusal(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="file", status=422)
