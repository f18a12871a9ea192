"""What an exhibitor shows of itself: profile, logo, products."""

import io
import warnings
from typing import Any

from PIL import Image, ImageOps

from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data.db import db
from fairapp.core.data.files import store_file
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _
from fairapp.core.web.access import Actor
from fairapp.exhibitors.catalogue.queries import products_of
from fairapp.exhibitors.companies.identifiers import hs_code
from fairapp.exhibitors.models import Exhibitor, Product

MAX_LOGO_BYTES = 5 * 1024 * 1024
MAX_LOGO_PIXELS = 40_000_000
MAX_LOGO_SIDE = 600
MAX_PRODUCTS = 200


def store_logo(*, actor: Actor, exhibitor: Exhibitor, content: bytes) -> Exhibitor:
    """Store a picture as the logo: decoded and written anew as PNG, at most 600 px a side. DomainError: bad_image."""
    picture = _redraw(content)
    file = store_file(
        picture,
        fair_id=exhibitor.fair_id,
        name=f"{exhibitor.reference}.png",
        content_type="image/png",
        owner_id=actor.user_id,
    )
    exhibitor.logo_file_id = file.id
    exhibitor.logo = file
    audit.record(Event.EXHIBITOR_CHANGED, actor=actor, fair_id=exhibitor.fair_id, subject=exhibitor, changed=["logo"])
    return exhibitor


def remove_logo(*, actor: Actor, exhibitor: Exhibitor) -> Exhibitor:
    """Remove the logo."""
    exhibitor.logo_file_id, exhibitor.logo = None, None
    audit.record(Event.EXHIBITOR_CHANGED, actor=actor, fair_id=exhibitor.fair_id, subject=exhibitor, changed=["logo"])
    return exhibitor


def _redraw(content: bytes) -> bytes:
    if len(content) > MAX_LOGO_BYTES:
        raise _bad_image(_("The picture is larger than 5 MB. Choose a smaller one."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture: Image.Image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP", "GIF"))
            if picture.width * picture.height > MAX_LOGO_PIXELS:
                raise _bad_image(_("The picture has too many pixels. Choose a smaller one."))
            picture = ImageOps.exif_transpose(picture).convert("RGBA")
    except DomainError:
        raise
    except Exception as error:  # Pillow's decoders raise errors of every kind over a broken file
        raise _bad_image(_("This is no picture we can read. Use PNG, JPEG, WebP or GIF.")) from error
    picture.thumbnail((MAX_LOGO_SIDE, MAX_LOGO_SIDE))
    png = io.BytesIO()
    picture.save(png, "PNG", optimize=True)
    return png.getvalue()


def _bad_image(message: str) -> DomainError:
    return DomainError("bad_image", message, field="logo", status=422)


def add_product(*, actor: Actor, exhibitor: Exhibitor, **details: Any) -> Product:
    """Add a product with `name_zh` or `name_en`, `category_id`, `hs_code` (2 to 6 digits or ''), `description`.

    DomainError: no_name, bad_hs_code, too_many_products.
    """
    products = products_of(exhibitor)
    if len(products) >= MAX_PRODUCTS:
        raise DomainError("too_many_products", _("Show at most %(most)s products.", most=MAX_PRODUCTS))
    position = max((product.position for product in products), default=0) + 1
    product = Product(
        fair_id=exhibitor.fair_id, exhibitor_id=exhibitor.id, position=position, **_product_values(details)
    )
    db.session.add(product)
    db.session.flush()
    _record_product(Event.PRODUCT_ADDED, actor, product)
    return product


def change_product(*, actor: Actor, product: Product, **details: Any) -> Product:
    """Change a product. DomainError as in add_product."""
    for name, value in _product_values(details).items():
        setattr(product, name, value)
    db.session.flush()
    _record_product(Event.PRODUCT_CHANGED, actor, product)
    return product


def remove_product(*, actor: Actor, product: Product) -> None:
    """Remove a product."""
    _record_product(Event.PRODUCT_REMOVED, actor, product)
    db.session.delete(product)
    db.session.flush()


def _product_values(details: dict[str, Any]) -> dict[str, Any]:
    values = dict(details)
    if not values.get("name_zh") and not values.get("name_en"):
        message = _("Write the name in Chinese, in English, or in both.")
        raise DomainError("no_name", message, field="name_zh", status=422)
    if values.get("hs_code"):
        try:
            values["hs_code"] = hs_code(values["hs_code"])
        except ValueError as error:
            message = _("An HS code has 2 to 6 digits, for example 6109 or 8517.13.")
            raise DomainError("bad_hs_code", message, field="hs_code", status=422) from error
    return values


def _record_product(event: Event, actor: Actor, product: Product) -> None:
    name = product.name_zh or product.name_en
    audit.record(event, actor=actor, fair_id=product.fair_id, subject=str(product.exhibitor_id), product=name)
