"""The second factor as an app on a phone takes it: a secret and its QR code."""

import base64
import io

import pyotp
import qrcode

from fairapp.accounts.models import User


def new_secret() -> str:
    """Return 160 random bits in base 32 (RFC 4226, 4)."""
    return pyotp.random_base32()


def otpauth_uri(secret: str, user: User) -> str:
    """Return the otpauth address that an authenticator app reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="FairApp")


def qr_data_uri(address: str) -> str:
    """Return a QR code as a PNG in a data address."""
    code = qrcode.QRCode(border=2, box_size=6, error_correction=qrcode.ERROR_CORRECT_M, mask_pattern=2)
    code.add_data(address)
    file = io.BytesIO()
    code.make_image().save(file)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def group_by_four(secret: str) -> str:
    """Return the secret as people type it: groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
