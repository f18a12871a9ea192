"""Paper slips as a PDF: two on a sheet of A4, numbered, in both languages, each with its own code."""

from typing import Any

import qrcode
from flask import current_app

from fairapp.core.documents import pdf
from fairapp.deals.enums import Tier
from fairapp.deals.slips.rules import NumberRange, slip_code
from fairapp.fairs.models import Fair

TEMPLATE = "deals/slip.typ"
MIN_PILE = 40
QUIET = 2
_TIERS = (
    (Tier.CONTRACT, "合同", "Contract"),
    (Tier.AGREEMENT, "协议", "Agreement"),
    (Tier.INTENT, "意向", "Intent"),
    (Tier.ONSITE_ORDER, "现场订单", "On-site order"),
)


def slips_pdf(fair: Fair, numbers: NumberRange) -> bytes:
    """Return the sheets of these numbers as a PDF."""
    codes = [slip_code(number) for number in range(numbers.first, numbers.last + 1)]
    slips = [{"code": code, "qr": qr_svg(slip_address(fair, code))} for code in codes]
    make = pdf.compile_pdf if len(slips) < MIN_PILE else pdf.compile_pdf_apart
    return make(TEMPLATE, _head(fair) | {"slips": slips})


def _head(fair: Fair) -> dict[str, Any]:
    return {
        "title": f"{fair.name_zh} · 成交登记单 Deal slips",
        "fair_zh": fair.name_zh,
        "fair_en": fair.name_en,
        "first_day": fair.starts_on.isoformat(),
        "last_day": fair.ends_on.isoformat(),
        "tiers": [f"{zh} {en}" for _tier, zh, en in _TIERS],
    }


def slip_address(fair: Fair, code: str) -> str:
    """Return what the code on a slip says: where the desk enters it."""
    return f"{current_app.config['PUBLIC_URL'].rstrip('/')}/fairs/{fair.code}/desk/deals/new?slip={code}"


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG picture with a narrow quiet zone (the paper around it is white)."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, mask_pattern=3)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    edge = len(rows) + 2 * QUIET
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{QUIET} -{QUIET} {edge} {edge}"><path d="{path}"/></svg>'
