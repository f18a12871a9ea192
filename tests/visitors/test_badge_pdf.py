"""The printed badge: read back by an independent decoder."""

import io

import pypdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from fairapp.core.data.db import transaction
from fairapp.visitors import queries
from fairapp.visitors.badges import batches, jobs
from fairapp.visitors.badges import pdf as badge_pdf
from fairapp.visitors.badges.code import Verdict
from fairapp.visitors.badges.queries import badge_for_code
from fairapp.visitors.rules import days_mask
from tests.factories.foundation import make_fair
from tests.factories.visitors import make_visitor

LONG = "北京市朝阳区第一进出口贸易股份有限公司国际跨境电子商务综合服务事业部华北区域运营中心管理办公室第六十个字满了吗再加几个字"


@pytest.fixture
def fair(app):
    return make_fair(city_zh="福州", city_en="Fuzhou")


def drawn(content: bytes, ppi: int) -> Image.Image:
    """The first page as a camera would see it."""
    return pypdfium2.PdfDocument(content)[0].render(scale=ppi / 72).to_pil()


@pytest.mark.parametrize("name", ["王喆", "堃 䶮", "Łódź Győr Đặng Привет", "محمد", "W" * 100])
def test_the_code_on_the_page_is_read_and_genuine(fair, name: str) -> None:
    visitor, badge = make_visitor(fair, name=name, company=LONG)
    content = badge_pdf.badges_pdf(fair, [batches.printable_badge(fair.id, visitor.id)])
    (code,) = zxingcpp.read_barcodes(drawn(content, ppi=150), formats=zxingcpp.BarcodeFormat.QRCode)
    reading = badge_for_code(fair, code.text)
    assert reading.verdict is Verdict.GENUINE
    assert reading.badge.badge_id == badge.id


def test_the_page_says_who_what_and_when(fair) -> None:
    visitor, badge = make_visitor(
        fair, name="Anna Łuk", company="Blue Harbour", country="PL", job_title="Buyer", days=days_mask([1, 3])
    )
    content = badge_pdf.badges_pdf(fair, [batches.printable_badge(fair.id, visitor.id)])
    words = " ".join(pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
    for part in (
        "Anna Łuk",
        "Blue Harbour",
        "Buyer · Poland",
        "专业观众",
        "Trade visitor",
        "3.18, 3.20",
        "18–20 March 2021",
    ):
        assert part in words
    assert badge_pdf.spaced_number(badge.number) in words


def test_no_mail_or_phone_is_on_the_page(fair) -> None:
    visitor, _badge = make_visitor(fair, email="secret@example.com", phone="+447700900123")
    content = badge_pdf.badges_pdf(fair, [batches.printable_badge(fair.id, visitor.id)])
    assert "secret" not in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_a_pile_has_a_page_for_each_active_badge(fair) -> None:
    for number in range(5):
        make_visitor(fair, name=f"Anna {number}")
    reader = pypdf.PdfReader(io.BytesIO(jobs.first_badges_pdf(fair, 3)))
    assert ["Anna" in page.extract_text() for page in reader.pages] == [True] * 3


def test_each_page_of_a_pile_has_the_band_of_its_own_category(fair) -> None:
    people = [make_visitor(fair, name=f"Anna {number}", category="GEN")[0] for number in range(3)]
    with transaction():  # the badge was issued as GEN
        people[2].category_id = queries.categories_by_code(fair.id)["PRO"].id
    pages = pypdf.PdfReader(io.BytesIO(jobs.first_badges_pdf(fair, 3))).pages
    assert ["General visitor" in page.extract_text() for page in pages] == [True, True, False]


def test_the_attachment_is_made_at_sending(fair) -> None:
    visitor, badge = make_visitor(fair, name="Anna")
    name, kind, content = jobs.badge_attachment(f"{fair.id}:{visitor.id}")
    assert (name, kind, content[:4]) == (f"badge-{badge.number}.pdf", "application/pdf", b"%PDF")
    with transaction():
        badge.status = "revoked"
    with pytest.raises(OSError):
        jobs.badge_attachment(f"{fair.id}:{visitor.id}")


@pytest.mark.parametrize(("colour", "ink"), [("#14539a", "#ffffff"), ("#e8b973", "#15191e"), ("#000000", "#ffffff")])
def test_words_on_a_colour_can_be_read(colour: str, ink: str) -> None:
    assert badge_pdf.text_colour_on(colour) == ink
