"""Our QR codes are those of the library, module by module, and scanners read them."""

import io
import random

import pytest
import qrcode
import zxingcpp
from PIL import Image
from qrcode.util import MODE_ALPHA_NUM, QRData

from fairapp.visitors.badges import qr as badge_qr
from fairapp.visitors.badges.code import ALPHABET

LENGTHS = [1, 2, 40, 158, 172, 177, 178]


def some_text(length: int) -> str:
    return "".join(random.Random(length).choices(ALPHABET, k=length))


@pytest.mark.parametrize("length", LENGTHS)
def test_it_draws_what_the_library_draws(length: int) -> None:
    drawn = qrcode.QRCode(version=7, error_correction=badge_qr.ERROR_CORRECT_M, mask_pattern=badge_qr.MASK, border=0)
    drawn.add_data(QRData(some_text(length).encode(), mode=MODE_ALPHA_NUM))
    drawn.make(fit=False)
    rows = ["".join("1" if dark else "0" for dark in row) for row in drawn.get_matrix()]
    assert badge_qr.modules(some_text(length)) == rows


@pytest.mark.parametrize("length", LENGTHS)
def test_an_independent_decoder_reads_it(length: int) -> None:
    rows = badge_qr.modules(some_text(length))
    picture = Image.new("L", (53, 53), 255)
    picture.putdata(
        [
            255 if not 0 <= x - 4 < 45 or not 0 <= y - 4 < 45 or rows[y - 4][x - 4] == "0" else 0
            for y in range(53)
            for x in range(53)
        ]
    )
    large = picture.resize((424, 424), Image.Resampling.NEAREST)
    found = zxingcpp.read_barcodes(large, formats=zxingcpp.BarcodeFormat.QRCode)
    assert [code.text for code in found] == [some_text(length)]


@pytest.mark.parametrize("text", ["a", "é", "x" * 10, "A" * 179])
def test_what_it_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        badge_qr.modules(text)


def test_the_picture_has_a_name_and_no_text_of_the_code() -> None:
    picture = badge_qr.svg(some_text(158), label="QR")
    assert 'aria-label="QR"' in picture
    assert some_text(158) not in picture
    assert io.StringIO(picture).read().count("<path") == 2
