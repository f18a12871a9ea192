"""The set-up link of a device, as text and as a picture for its camera."""

import re

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from fairapp.accounts.links import public_address
from fairapp.fairs.models import Fair

QUIET = 4  # modules of white around
_RUN = re.compile("1+")


def set_up_link(fair: Fair, secret: str) -> str:
    """Return where a phone is set up, as the outside sees it; what stands behind the # never reaches a server's log."""
    return f"{public_address('gates.device_app', fair=fair.code)}#set-up={secret}"


def qr_svg(text: str, label: str) -> str:
    """Draw a text as a QR code in SVG; `label` is plain text for those who cannot see it."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make()
    rows = ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]
    runs = [f"M{run.start()} {y}.5h{len(run[0])}" for y, row in enumerate(rows) for run in _RUN.finditer(row)]
    edge = len(rows) + 2 * QUIET
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{QUIET} -{QUIET} {edge} {edge}" role="img" aria-label="{label}">'
        f'<path fill="#fff" d="M-{QUIET}-{QUIET}h{edge}v{edge}h-{edge}z"/><path stroke="#000" d="{"".join(runs)}"/></svg>'
    )
