"""Numbers and addresses of a company, each in its one spelling."""

import re
import unicodedata
from urllib.parse import urlsplit

import phonenumbers
from stdnum.cn import uscc

# Who registered it and what it is (letters too: N2 is a village collective), the region, who it is and the check digit
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


def credit_code(text: str) -> str:
    """Return a unified social credit code (GB 32100-2015) in its one spelling; ValueError when its check digit is wrong."""
    code = uscc.compact(unicodedata.normalize("NFKC", text))
    if not _CREDIT_CODE.fullmatch(code) or code[-1] != uscc.calc_check_digit(code):
        raise ValueError("not a credit code")
    return str(code)


def phone_number(text: str, country: str) -> str:
    """Return a phone number as E.164, read as in `country` when it has no +; ValueError when there is no such number."""
    try:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", text), country)
    except phonenumbers.NumberParseException as error:
        raise ValueError("not a phone number") from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError("not a phone number")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def web_address(text: str) -> str:
    """Return an http(s) address of at most 200 characters; `example.com` gets its https://. ValueError otherwise."""
    address = text if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", text) and "://" in text else f"https://{text}"
    url = urlsplit(address)
    has_host = re.fullmatch(r"[^\s@:/]+\.[^\s@:/.]{2,}(:\d{1,5})?", url.netloc)
    if not has_host or url.scheme.lower() not in {"http", "https"} or len(address) > 200:
        raise ValueError("not a web address")
    return address


def hs_code(text: str) -> str:
    """Return two to six digits of the Harmonized System, without dots and spaces; ValueError otherwise."""
    digits = re.sub(r"[.\s]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"\d{2}|\d{4}|\d{5,6}|\d{3}", digits) or digits.startswith("00"):
        raise ValueError("not an HS code")
    return digits
