"""What is said about a company, checked as a whole: by the public form, the desk and an import alike."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from fairapp.core.data import clock
from fairapp.core.data.ids import random_bytes
from fairapp.core.errors import DomainError
from fairapp.core.text.i18n import _, _l
from fairapp.exhibitors.companies import countries, identifiers, names
from fairapp.exhibitors.labels import STATUSES
from fairapp.exhibitors.models import CompanyType, Exhibitor, ExhibitorKind, ExhibitorStatus, Ownership, Participation

Details = Mapping[str, Any]  # keys of FIELDS
# Columns that an application or the desk may fill in
FIELDS = (
    "kind",
    "name_zh",
    "name_en",
    "country",
    "credit_code",
    "registration_number",
    "province",
    "city",
    "ownership",
    "company_type",
    "industry",
    "industrial_belt",
    "zone_id",
    "delegation_id",
    "product_category_id",
    "contact_name",
    "contact_email",
    "contact_phone",
    "website",
    "profile_zh",
    "profile_en",
    "products_wanted",
    "is_host_only",
    "is_returning",
    "participation",
    "main_exhibitor_id",
)

FAULTS = {
    "no_name": _l("Write the name in Chinese, in English, or in both."),
    "no_credit_code": _l("Companies of the Chinese mainland write their 18-character credit code."),
    "bad_credit_code": _l("This is not a unified social credit code. Check its 18 characters."),
    "credit_code_abroad": _l("Only companies of the Chinese mainland have a credit code. Use the registration number."),
    "bad_country": _l("Choose a country or region of the list."),
    "bad_phone": _l("Write a phone number with its country code, for example +86 591 8765 4321."),
    "bad_website": _l("Write a web address like www.example.com."),
    "bad_email": _l("Write an address like name@example.com."),
    "bad_choice": _l("Choose one of the list."),
    "no_main": _l("Name the main exhibitor by its reference."),
}
_CHOICES = {"kind": ExhibitorKind, "ownership": Ownership, "company_type": CompanyType, "participation": Participation}
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}")


def clean_details(details: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the details in their one spelling, and by field what is wrong (a key of FAULTS).

    Wrong values are left as they came.
    """
    values = {name: value for name, value in details.items() if value is not None or name.endswith("_id")}
    faults: dict[str, str] = {}
    for name, read, fault in _readings(values):
        if values.get(name):
            try:
                values[name] = read(values[name])
            except ValueError:
                faults[name] = fault
    return values, faults | _faults_between_fields(values, faults)


def _readings(values: Mapping[str, Any]) -> list[tuple[str, Any, str]]:
    country = str(values.get("country") or "CN")
    region = country if len(country) == 2 else "CN"
    return [
        ("country", countries.country_code, "bad_country"),
        ("credit_code", identifiers.credit_code, "bad_credit_code"),
        ("contact_phone", lambda text: identifiers.phone_number(text, region), "bad_phone"),
        ("contact_email", _mail_address, "bad_email"),
        ("website", identifiers.web_address, "bad_website"),
        *((name, choices, "bad_choice") for name, choices in _CHOICES.items()),
    ]


def _mail_address(text: str) -> str:
    if not _MAIL.fullmatch(text):
        raise ValueError("not a mail address")
    return text.lower()


def _faults_between_fields(values: Mapping[str, Any], faults: Mapping[str, str]) -> dict[str, str]:
    further = {}
    if "name_zh" in values and not values["name_zh"] and not values.get("name_en"):
        further["name_zh"] = "no_name"
    if values.get("credit_code") and values.get("country", "CN") != "CN" and "country" not in faults:
        further["credit_code"] = "credit_code_abroad"
    if values.get("participation", Participation.MAIN) != Participation.MAIN and not values.get("main_exhibitor_id"):
        further["main_exhibitor_id"] = "no_main"
    return further


def needs_credit_code(kind: str, country: str) -> bool:
    """Return whether an applicant must name its credit code: all of the mainland have one, associations included."""
    return country == "CN" and bool(kind)


def new_exhibitor(fair_id: int, values: Mapping[str, Any], **columns: Any) -> Exhibitor:
    """Return a new, unstored exhibitor of a fair; `values` are valid."""
    exhibitor = Exhibitor(fair_id=fair_id, reference=new_reference(), applied_at=clock.now(), **values, **columns)
    update_name_index(exhibitor)
    return exhibitor


def valid_details(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return the details in their one spelling; DomainError (422) for the first that is wrong."""
    unknown = set(details) - set(FIELDS)
    if unknown:
        raise TypeError(f"an exhibitor has no {', '.join(sorted(unknown))}")
    values, faults = clean_details(details)
    for field, fault in faults.items():
        raise DomainError(fault, FAULTS[fault], field=field, status=422)
    return values


def new_reference() -> str:
    """Return eight random letters and digits a person can read out: `K3MT-9Q2X`."""
    text = base64.b32encode(random_bytes(5)).decode()
    return f"{text[:4]}-{text[4:]}"


def update_name_index(exhibitor: Exhibitor) -> None:
    """Write anew what is searched and sorted by: after each change of a name or number."""
    zh, en = exhibitor.name_zh or "", exhibitor.name_en or ""
    exhibitor.name_key_zh = names.name_key(zh) if zh else ""
    exhibitor.name_key_en = names.name_key(en) if en else ""
    exhibitor.sort_name = names.sort_name(zh, en)
    exhibitor.sort_name_en = names.sort_name("", en or names.pinyin_of(zh)[0])
    numbers = (exhibitor.credit_code or "", exhibitor.registration_number or "", exhibitor.reference or "")
    exhibitor.search_text = names.search_text(zh, en, *numbers)


def wrong_status(exhibitor: Exhibitor) -> DomainError:
    """Return the refusal `not_possible`: somebody else was quicker, or the page is old."""
    names = {"name": display_name(exhibitor), "status": str(STATUSES[ExhibitorStatus(exhibitor.status)])}
    return DomainError("not_possible", _("%(name)s is %(status)s now. Look at the list again.", **names))


def display_name(exhibitor: Exhibitor) -> str:
    """Return one of the names, for a sentence."""
    return exhibitor.name_zh or exhibitor.name_en
