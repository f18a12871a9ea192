"""Words become pages: any script, and never markup."""

import io
from typing import Any

import pypdf
import pypdfium2
import pytest

from fairapp.core.documents import pdf
from fairapp.visitors.badges import pdf as badge_pdf

NAMES = ["王喆", "堃", "䶮", "Łódź", "Győr", "Đặng", "Привет", "محمد"]
FAIR = {"title": "测试", "fair_zh": "测试交易会", "fair_en": "Test Fair", "when": "2021.3.18"}


def page(**changes: Any) -> dict[str, Any]:
    values = {
        "name": "王喆",
        "han": True,
        "name_latin": "",
        "company": "福州蓝港贸易有限公司",
        "job": "",
        "category_code": "PRO",
        "category_zh": "专业观众",
        "category_en": "Trade visitor",
        "colour": "#14539a",
        "on_colour": "#ffffff",
        "qr": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>',
        "number": "4827 1936",
        "days": "All days",
    }
    return {**values, **changes}


def made(*pages: dict[str, Any]) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf.compile_pdf(badge_pdf.TEMPLATE, FAIR | {"badges": list(pages)})))


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_has_a_shape(name: str) -> None:
    reader = made(page(name=name, company=name))
    text = reader.pages[0].extract_text()
    assert "\x00" not in text
    assert "\ufffd" not in text
    if name != "محمد":  # laid out from the right, a reader may give its shapes one by one
        assert name in text
    fonts = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert all("NotoSans" in font for font in fonts), fonts


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_without_a_shape_would_be_seen(name: str) -> None:
    """The picture of the name differs from that of as many letters no font has."""
    data = [FAIR | {"badges": [page(name=text, han=False, company="")]} for text in (name, "\U000f0000" * len(name))]
    pages = [pypdfium2.PdfDocument(pdf.compile_pdf(badge_pdf.TEMPLATE, letter))[0] for letter in data]
    pictures = [page.render(scale=50 / 72).to_pil() for page in pages]
    assert pictures[0].tobytes() != pictures[1].tobytes()


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        "#set text(red)",
        "$x^2$",
        "*bold* _it_",
        "<label> @ref",
        "\\ // /* ",
        '"); #read("/etc/passwd")',
        "=cmd()",
    ],
)
def test_words_are_never_markup(name: str) -> None:
    text = made(page(name=name, han=False, company=name)).pages[0].extract_text()
    assert "".join(name.split()) in "".join(text.split())


def test_a_page_for_each() -> None:
    reader = made(page(), page(name="Anna"), page(name="x" * 100, company="字" * 200))
    assert len(reader.pages) == 3
    assert {(round(badge.mediabox.width), round(badge.mediabox.height)) for badge in reader.pages} == {(298, 420)}


def test_a_pile_is_made_in_a_process_of_its_own() -> None:
    reader = pypdf.PdfReader(
        io.BytesIO(pdf.compile_pdf_apart(badge_pdf.TEMPLATE, FAIR | {"badges": [page(name="王喆")] * 60}))
    )
    assert len(reader.pages) == 60
    assert "王喆" in reader.pages[59].extract_text()


def test_a_missing_font_is_said_and_not_printed_around(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "FONTS", ())
    pdf._shared_compiler.cache_clear()
    with pytest.raises(RuntimeError, match="make setup"):
        pdf.compile_pdf(badge_pdf.TEMPLATE, FAIR | {"badges": [page()]})
    pdf._shared_compiler.cache_clear()
