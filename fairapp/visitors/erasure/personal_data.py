"""Every column about a person: what it is for, how long it stays, what an erasure does to it.

A test fails when a column of text in a visitors' table is missing here.
"""

from dataclasses import dataclass
from enum import StrEnum

BADGE = "badge and entry"
CONTACT = "contact within the consents given"
ONE_PERSON = "one person is counted once"
STATISTICS = "statistics without persons"
EVIDENCE = "evidence of issue, entry and consent"

FAIR = "the fair's retention days after its last day"
FOREVER = "kept with the fair"


class Erase(StrEnum):
    """What an erasure does to a column."""

    BLANK = "blank"  # emptied in its row
    DELETE = "delete"  # the row goes
    KEEP = "keep"  # says nothing about whom


@dataclass(frozen=True)
class ColumnPolicy:
    """Why a column is stored, until when, and what an erasure does."""

    purpose: str
    retention: str
    erase: Erase


def _blank(purpose: str) -> ColumnPolicy:
    return ColumnPolicy(purpose, FAIR, Erase.BLANK)


def _keep(purpose: str) -> ColumnPolicy:
    return ColumnPolicy(purpose, FOREVER, Erase.KEEP)


_GOES = ColumnPolicy(BADGE, FAIR, Erase.DELETE)

REGISTRY: dict[str, dict[str, ColumnPolicy]] = {
    "visitors": {
        "name": _blank(BADGE),
        "name_latin": _blank(BADGE),
        "company": _blank(BADGE),
        "job_title": _blank(BADGE),
        "email": _blank(CONTACT),
        "phone": _blank(CONTACT),
        "email_digest": _blank(ONE_PERSON),
        "phone_digest": _blank(ONE_PERSON),
        "id_digest": _blank(ONE_PERSON),
        "id_last4": _blank(ONE_PERSON),
        "person_key": _blank(ONE_PERSON),
        "city": _blank(STATISTICS),
        "merge_reason": _blank(EVIDENCE),
        "country": _keep(STATISTICS),
        "province": _keep(STATISTICS),
        "locale": _keep(STATISTICS),
        "source": _keep(STATISTICS),
        "status": _keep(STATISTICS),
    },
    "badges": {
        "category_code": _keep(STATISTICS),
        "status": _keep(EVIDENCE),
        "number": _keep(EVIDENCE),
        "code_id": _keep(EVIDENCE),
        "end_reason": _keep(EVIDENCE),
        "end_note": _blank(EVIDENCE),
    },
    "consents": {"purpose": _keep(EVIDENCE)},
    "lead_grants": {"method": _GOES, "text_sha256": _GOES},
    "contact_requests": {"number": _GOES, "topic": _GOES, "place": _GOES},
    "visitor_interests": {"product_category_id": _GOES},
    "visitor_search_terms": {"term": _GOES},
    "signing_keys": {},
}


def blank_values(table: str) -> dict[str, str]:
    """Return the columns of a table that an erasure empties, with the empty value."""
    return {name: "" for name, entry in REGISTRY[table].items() if entry.erase is Erase.BLANK}


def deleted_tables() -> list[str]:
    """List the tables whose rows about a person an erasure deletes."""
    return [table for table, columns in REGISTRY.items() if any(e.erase is Erase.DELETE for e in columns.values())]
