"""Tables come in with limits and go out as values."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from apiflask import APIFlask
from openpyxl.worksheet.worksheet import Worksheet

from fairapp.core.documents import spreadsheet
from fairapp.core.documents.spreadsheet import export_response, read_rows, write_rows
from fairapp.core.documents.xlsx import XlsxBook
from fairapp.core.errors import DomainError

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "a\x00b\x1f",
    "\ud800",
    "\ufffe",
    "two\nlines",
]


@pytest.fixture(autouse=True)
def _words(app: APIFlask):
    with app.test_request_context():
        yield


def workbook(*rows: list[object], hidden: list[object] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    if hidden:
        sheet.append(hidden)
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet("List")
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def written(headings: list[object], *rows: list[object], zone: str = "UTC") -> Worksheet:
    content = io.BytesIO()
    write_rows(content, headings, rows, zone=zone)
    sheet = openpyxl.load_workbook(content).active
    assert isinstance(sheet, Worksheet)
    return sheet


def refused(content: bytes) -> str:
    with pytest.raises(DomainError) as caught:
        read_rows(content, "list.xlsx")
    assert caught.value.status == 422
    assert caught.value.field == "file"
    assert str(caught.value.message)
    return caught.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_each_usual_encoding(encoding: str) -> None:
    assert read_rows("名称,展位\r\n蓝港贸易,A001\r\n".encode(encoding)) == [["名称", "展位"], ["蓝港贸易", "A001"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_with_each_usual_delimiter(delimiter: str) -> None:
    content = f'"a,b;c"{delimiter}n\nx{delimiter}1\n'.encode()
    assert read_rows(content) == [["a,b;c", "n"], ["x", "1"]]


def test_rows_keep_their_numbers_and_have_one_width() -> None:
    assert read_rows(b"a,b,c,\n\n 1 ,2\n,,\n") == [["a", "b", "c"], ["", "", ""], ["1", "2", ""]]
    assert read_rows(workbook([], ["a", None, "c"], [None], ["1"])) == [
        ["", "", ""],
        ["a", "", "c"],
        ["", "", ""],
        ["1", "", ""],
    ]


def test_a_workbook_is_read_as_people_would_type_it() -> None:
    content = workbook(["n", "d", "t", "f"], [13800001111.0, date(2021, 3, 18), True, 2.5])
    assert read_rows(content)[1] == ["13800001111", "2021-03-18", "TRUE", "2.5"]


def test_a_hidden_sheet_is_left_out() -> None:
    assert read_rows(workbook(["seen"], hidden=["secret"])) == [["seen"]]


def test_what_is_no_table_is_refused() -> None:
    assert refused(b"") == "file_empty"
    assert refused(b" , ,\n") == "file_empty"
    assert refused(workbook()) == "file_empty"
    assert refused(b"PK\x03\x04 rubbish") == "file_unreadable"
    assert refused(b"\xd0\xcf\x11\xe0 rubbish") == "file_unreadable"
    assert refused(b"\x89PNG\r\n\x1a\n\x00\x00") == "file_unreadable"
    assert refused(b'"' + b"a" * 200_000) == "file_unreadable"


def test_limits_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(b"x" * (spreadsheet.MAX_BYTES + 1)) == "file_too_large"
    assert refused(b"a\n" * (spreadsheet.MAX_ROWS + 1)) == "too_many_rows"
    assert refused(b",".join([b"a"] * 101)) == "too_many_columns"
    assert refused(workbook(["a"] * 101)) == "too_many_columns"
    assert refused(b"a" * 10_001) == "cell_too_long"
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 2)
    assert refused(workbook(["a"], ["b"], ["c"])) == "too_many_rows"


def test_a_small_file_that_claims_a_billion_cells_is_refused() -> None:
    book = openpyxl.Workbook()
    assert isinstance(book.active, Worksheet)
    book.active["A1"], book.active["XFD1048576"] = "a", "z"
    content = io.BytesIO()
    book.save(content)
    assert refused(content.getvalue()) == "file_unreadable"


def test_a_zip_bomb_is_refused() -> None:
    bomb = io.BytesIO(workbook(["a"]))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        names = [name for name in archive.namelist() if "sheet1" in name]
        with pytest.warns(UserWarning, match="Duplicate"):
            part = archive.open(names[0], "w", force_zip64=True)
        part.write(b"<worksheet><sheetData><row><c t='inlineStr'><is><t>")
        for _ in range(150):
            part.write(b"a" * 10_000_000)
        part.close()
    assert refused(bomb.getvalue()) == "file_unreadable"


def test_texts_are_written_as_texts() -> None:
    sheet = written(["=1+1"] * len(HOSTILE), HOSTILE)
    assert {cell.data_type for cell in sheet[1]} == {"s"}
    assert {cell.data_type for cell in sheet[2]} == {"s"}
    assert sheet["A2"].value == HOSTILE[0]
    assert sheet["E2"].value == "a\ufffdb\ufffd"
    assert sheet["F2"].value == "\ufffd"
    assert sheet["H2"].value == "two\nlines"


def test_numbers_days_and_moments_keep_their_nature() -> None:
    row = [12, 2.5, True, None, date(2021, 3, 18), datetime(2021, 3, 18, 2, 30, tzinfo=UTC), 10**17, "x" * 40_000]
    cells = written([str(n) for n in range(8)], row, zone="Asia/Shanghai")[2]
    assert [cell.value for cell in cells[:4]] == [12, 2.5, True, None]
    assert cells[4].value == datetime(2021, 3, 18)
    assert cells[5].value == datetime(2021, 3, 18, 10, 30)
    assert cells[6].value == str(10**17)
    assert cells[7].value == "x" * 32_767


def test_headings_are_bold_stay_on_top_and_columns_fit() -> None:
    sheet = written(["展商", "n"], ["福建蓝港国际贸易有限公司", 1])
    assert sheet["A1"].font.b
    assert not sheet["A2"].font.b
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width > 24


def test_sheets_get_titles_a_workbook_allows(tmp_path: Path) -> None:
    book = XlsxBook(datetime(2021, 3, 18, tzinfo=UTC))
    for title in ("a/b:c" + "x" * 40, "Same", "same", "'[]'"):
        book.add_sheet(title)
    book.save(tmp_path / "x.xlsx")
    titles = openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames
    assert len({title.lower() for title in titles}) == 4
    assert max(map(len, titles)) <= 31


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        (999_999_999_999_999, 999_999_999_999_999),
        (-999_999_999_999_999, -999_999_999_999_999),
        (1_000_000_000_000_000, "1000000000000000"),
        (6222021234567890, "6222021234567890"),  # a card's number: Excel would show …7890 as …7900
        (-1234567890123456, "-1234567890123456"),
        (12345678901234567, "12345678901234567"),
        (Decimal("1234567890123.45"), 1234567890123.45),
        (Decimal("12345678901234.56"), "12345678901234.56"),
        (Decimal("0.1234567890123456"), "0.1234567890123456"),
        (Decimal("1E+15"), "1E+15"),
        (Decimal("1E+3"), 1000),
        (Decimal("-0.00"), 0),
        (Decimal("NaN"), "NaN"),
        (float("inf"), "inf"),
        (0.1, 0.1),
    ],
)
def test_a_number_that_a_spreadsheet_would_round_is_written_as_text(number: object, cell: object) -> None:
    assert written(["n"], [number])["A2"].value == cell


def test_rows_past_the_sample_that_sets_the_widths_are_written_too() -> None:
    sheet = written(["n", "on"], *([n, date(2021, 3, 18)] if n % 2 else [n, None] for n in range(450)))
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == list(range(450))
    assert sheet["B451"].value == datetime(2021, 3, 18) and sheet["B451"].is_date


def test_a_table_without_rows_keeps_its_headings() -> None:
    assert [[cell.value for cell in row] for row in written(["a", "b"])] == [["a", "b"]]


def test_a_space_or_a_tab_at_the_end_of_a_text_stays() -> None:
    texts = [" a", "a ", "\tb", "b\n", "a & b <c>", "a\rb"]
    assert [cell.value for cell in written(texts, texts)[2]] == texts


def test_an_export_is_a_private_download_that_reads_back() -> None:
    response = export_response("exhibitors", ["名称"], iter([["蓝港"]]))
    response.direct_passthrough = False
    assert response.headers["Content-Disposition"] == "attachment; filename=exhibitors.xlsx"
    assert "no-store" in response.headers["Cache-Control"]
    assert read_rows(response.get_data()) == [["名称"], ["蓝港"]]
    response.close()
