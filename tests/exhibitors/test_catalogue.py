"""What an exhibitor shows of itself: profile, logo, products, and the public's pages."""

import io

import pytest
from PIL import Image

from fairapp.audit.catalogue import Event
from fairapp.core.data.db import transaction
from fairapp.core.errors import DomainError
from fairapp.core.web.access import ANONYMOUS
from fairapp.exhibitors.catalogue import services as showcase
from fairapp.exhibitors.catalogue.queries import products_of
from fairapp.exhibitors.models import Exhibitor
from tests.client import PageClient
from tests.exhibitors.reading import trail
from tests.factories.exhibitors import make_application, make_assignment, make_exhibitor, make_product, picture
from tests.factories.fairs import Ground


def test_products_come_change_and_go(ground: Ground) -> None:
    one = make_exhibitor(ground.fair)
    first, second = make_product(ground.fair, one, hs_code="64.04"), make_product(ground.fair, one, name_zh="帽子")
    assert first.hs_code == "6404"
    with transaction():
        showcase.change_product(actor=ANONYMOUS, product=second, name_zh="草帽", hs_code="")
        showcase.remove_product(actor=ANONYMOUS, product=first)
    assert [product.name_zh for product in products_of(one)] == ["草帽"]
    assert trail(one)[-4:] == [Event.PRODUCT_ADDED, Event.PRODUCT_ADDED, Event.PRODUCT_CHANGED, Event.PRODUCT_REMOVED]


@pytest.mark.parametrize(
    ("given", "code"), [({"name_zh": "", "name_en": ""}, "no_name"), ({"hs_code": "1"}, "bad_hs_code")]
)
def test_a_faulty_product_is_refused(ground: Ground, given: dict, code: str) -> None:
    one = make_exhibitor(ground.fair)
    with pytest.raises(DomainError, match=code):
        make_product(ground.fair, one, **given)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_logo_is_decoded_and_written_anew(ground: Ground, form: str) -> None:
    one = make_exhibitor(ground.fair)
    with transaction():
        showcase.store_logo(actor=ANONYMOUS, exhibitor=one, content=picture(form, (1200, 300)) + b"<script>")
    assert one.logo is not None
    content = one.logo.path.read_bytes()
    assert content.startswith(b"\x89PNG")
    assert b"<script>" not in content


def with_cut_exif() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG", exif=b"Exif\0\0II*\0")
    return content.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg/>", b"\x89PNG\r\n\x1a\nrubbish", b"x" * (5 * 1024 * 1024 + 1), with_cut_exif()],
)
def test_what_is_no_picture_is_refused(ground: Ground, content: bytes) -> None:
    one = make_exhibitor(ground.fair)
    with pytest.raises(DomainError, match="bad_image"), transaction():
        showcase.store_logo(actor=ANONYMOUS, exhibitor=one, content=content)


def test_a_picture_of_too_many_pixels_is_refused(ground: Ground) -> None:
    one = make_exhibitor(ground.fair)
    with pytest.raises(DomainError, match="bad_image"), transaction():
        showcase.store_logo(actor=ANONYMOUS, exhibitor=one, content=picture("PNG", (10_000, 4_001)))


def test_the_public_sees_who_exhibits_and_nobody_else(ground: Ground, client: PageClient) -> None:
    shown = make_exhibitor(ground.fair, name_zh="蓝港贸易", name_en="Blue Harbour")
    make_assignment(ground.fair, shown, ground.booths[0])
    hidden = [
        make_application(ground.fair, name_en="Waiting"),
        make_exhibitor(ground.fair, name_en="Host", is_host_only=True),
    ]
    page = client.get_page("/fairs/fair-e/exhibitors")
    assert ("Blue Harbour" in page, "Waiting" in page, "Host" in page) == (True, False, False)
    assert "H1-A001" in client.get_page(f"/fairs/fair-e/exhibitors/{shown.id}")
    for one in hidden:
        client.get_page(f"/fairs/fair-e/exhibitors/{one.id}", 404)
    assert "Blue Harbour" not in client.get_page("/fairs/fair-e/exhibitors?q=nothing")


def test_an_exhibitor_tells_of_itself(ground: Ground, own: Exhibitor, phone: PageClient) -> None:
    phone.post_form("/fairs/fair-e/my/profile", {"profile_en": "We export.", "website": "example.com"})
    phone.post_form("/fairs/fair-e/my/logo", {"logo": (io.BytesIO(picture("JPEG")), "logo.jpg")})
    page = phone.get_page(f"/fairs/fair-e/exhibitors/{own.id}")
    assert "We export." in page
    (image,) = page.tree.xpath("//img[@class='logo']/@src")
    logo = phone.download(image)
    assert (logo.mimetype, "sandbox" in logo.headers["Content-Security-Policy"]) == ("image/png", True)
    page = phone.post_form("/fairs/fair-e/my/logo", {"logo": (io.BytesIO(b"<svg onload=alert(1)>"), "logo.png")})
    assert list(page.errors()) == ["logo"]
    phone.press("/fairs/fair-e/my/logo", "/fairs/fair-e/my/logo/remove")
    assert own.logo_file_id is None


def test_products_are_added_changed_and_removed(ground: Ground, own: Exhibitor, phone: PageClient) -> None:
    phone.post_form("/fairs/fair-e/my/products/new", {"name_en": "Shoes", "hs_code": "6404"})
    (product,) = products_of(own)
    url = f"/fairs/fair-e/my/products/{product.id}"
    assert list(phone.post_form(url, {"hs_code": "x"}).errors()) == ["hs_code"]
    phone.post_form(url, {"name_en": "Boots", "category": str(ground.products[1].id)})
    assert (product.name_en, product.category_id, product.hs_code) == ("Boots", ground.products[1].id, "6404")
    phone.press(url, f"{url}/remove")
    assert products_of(own) == []


def test_a_rivals_product_is_not_there(ground: Ground, phone: PageClient) -> None:
    product = make_product(ground.fair, make_exhibitor(ground.fair))
    phone.get_page(f"/fairs/fair-e/my/products/{product.id}", 404)
    assert phone.post(f"/fairs/fair-e/my/products/{product.id}/remove").status_code == 404
