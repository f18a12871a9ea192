"""Pictures people hand in: decoded and written anew."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from fairapp.core.errors import DomainError
from fairapp.core.i18n import _

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 3_000


def rewritten(content: bytes) -> bytes:
    """A picture decoded and written anew as JPEG: what hid beside the pixels (code, place, owner) is gone."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _refusal("file_too_large", _("The picture has too many pixels."))
            turned = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _refusal("file_unreadable", _("This file cannot be read. Use a PDF, JPEG, PNG or WebP.")) from error
    turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = io.BytesIO()
    turned.save(written, "JPEG", quality=85)
    return written.getvalue()


def _refusal(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="file", status=422)
