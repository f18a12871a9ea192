"""Questions about the figures, what was published, and the ledger as it stood."""

from fairapp.reports.queries.figures import figures, stamp
from fairapp.reports.queries.publications import (
    Published,
    all_publications,
    earlier_facts,
    frozen_content,
    mailing_of,
    next_number,
    people_of,
    publication_by_id,
    publication_numbered,
    publication_visible_to,
    publications_in,
    publications_visible_to,
    published,
    workbook_file,
)

__all__ = [
    "Published",
    "all_publications",
    "earlier_facts",
    "figures",
    "frozen_content",
    "mailing_of",
    "next_number",
    "people_of",
    "publication_by_id",
    "publication_numbered",
    "publication_visible_to",
    "publications_in",
    "publications_visible_to",
    "published",
    "stamp",
    "workbook_file",
]
