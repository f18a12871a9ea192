"""A list comes in by the pages of the desk."""

import io

import pytest
from sqlalchemy import select

from fairapp.core.data.db import db
from fairapp.core.documents.spreadsheet import read_rows
from fairapp.exhibitors.models import Exhibitor
from tests.client import PageClient
from tests.exhibitors.test_imports import LIST
from tests.factories.fairs import Ground


def test_a_list_is_imported_step_by_step(ground: Ground, desk: PageClient) -> None:
    start = "/fairs/fair-e/desk/exhibitors/import"
    preview = desk.post_form(start, {"file": (io.BytesIO(LIST.encode()), "list.csv")})
    assert "Will be created 5" in preview.words
    assert "Booth H1-FT-C015 is wanted by two" in preview
    assert db.session.scalar(select(Exhibitor)) is None
    corrected = desk.get_page(f"{preview.path}?column_name_zh=1&kind=platform&country=CN")
    assert "Will be created 4" in corrected.words
    done = desk.post_form(preview.path, {}, action=preview.path)
    assert "Created 5" in done.words
    report = next(url for words, url in done.links.items() if "report" in words)
    assert len(read_rows(desk.download(report).get_data())) == 8
    again = desk.post_form(preview.path, {}, action=preview.path)
    assert ("Created 0" in again.words, "Updated 0" in again.words, "Unchanged 5" in again.words) == (True, True, True)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rubbish", b"\x00\x01", b"a," * 200])
def test_a_file_that_is_no_list_is_refused_at_the_field(ground: Ground, desk: PageClient, content: bytes) -> None:
    page = desk.post_form("/fairs/fair-e/desk/exhibitors/import", {"file": (io.BytesIO(content), "list.xlsx")})
    assert list(page.errors()) == ["file"]


@pytest.mark.parametrize(
    "query", ["column_name_zh=99", "column_name_zh=x", "kind=king&column_name_zh=0", "country=XX&column_name_zh=0"]
)
def test_a_mapping_that_makes_no_sense_is_said_so(ground: Ground, desk: PageClient, query: str) -> None:
    preview = desk.post_form("/fairs/fair-e/desk/exhibitors/import", {"file": (io.BytesIO(LIST.encode()), "list.csv")})
    page = desk.get_page(f"{preview.path}?{query}")
    assert page.tree.xpath("//*[@data-error-summary]")
    values = dict(part.split("=") for part in query.split("&"))
    assert desk.post(preview.path, values).status_code == 400
    assert db.session.scalar(select(Exhibitor)) is None
