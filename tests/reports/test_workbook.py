"""The workbook as its reader meets it: opened again, added up again, and by a spreadsheet program where there is one."""

import hashlib
import re
import shutil
import subprocess
import time
import zipfile
from decimal import Decimal
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from apiflask import APIFlask
from openpyxl.workbook import Workbook

from fairapp.config import ROOT
from fairapp.core.data.db import snapshot
from fairapp.fairs.models import Fair
from fairapp.reports.fair_workbook import SHEET_NUMBERS, read_sheets, write_fair_workbook
from fairapp.reports.figures import current_figures
from fairapp.reports.workbook.layout import Column, Sheet, Stamp, Table, Words
from fairapp.reports.workbook.writer import write_workbook
from tests.demo_fair import command
from tests.reports.formulas import FORMS, forms_in

NUMBERS = sorted(SHEET_NUMBERS)
SPREADSHEET = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture(scope="module")
def written(demo_app: APIFlask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook that the command writes."""
    path = tmp_path_factory.mktemp("workbook") / "fair.xlsx"
    done = command(demo_app, "workbook", "cbec2021", "-o", str(path))
    assert done.exit_code == 0, done.output
    return path


@pytest.fixture(scope="module")
def book(written: Path) -> Workbook:
    return openpyxl.load_workbook(written)


def tab(book: Workbook, number: int) -> Any:
    return next(sheet for sheet in book if sheet.title.startswith(f"{number} "))


def rows(book: Workbook, number: int) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in tab(book, number).iter_rows()]


def test_every_sheet_is_there_in_order(book: Workbook) -> None:
    assert [int(title.split()[0]) for title in book.sheetnames] == NUMBERS


def test_the_tables_that_other_fairs_publish_are_where_the_document_says(book: Workbook) -> None:
    lines = (ROOT / "docs" / "published-tables.md").read_text(encoding="utf-8").splitlines()
    count, missing = 0, []
    for _, _, where, named, _ in (line.split("|") for line in lines if line.startswith("|")):
        numbers = map(int, re.findall(r"\b\d+\b", where + "".join(re.findall(r"sheet \d+", named))))
        cells = [str(cell) for number in numbers for row in rows(book, number) for cell in row if cell]
        for en, zh in re.findall(r"([A-Z][A-Za-z, ()-]*?) ([\u4e00-\u9fff][\u4e00-\u9fff（）]*)", named):
            count += 1
            if not any(en in cell and zh in cell for cell in cells):
                missing.append((en, zh))
    assert count > 10 and missing == [("Since publication N", "与第")]  # nothing is published here


def test_every_sheet_says_what_it_counts_and_until_when(book: Workbook) -> None:
    for sheet in book:
        top = [sheet.cell(row, 1).value for row in range(1, 5)]
        assert all(top), sheet.title
        assert "Cut-off" in top[3] and "Publication" in top[3], sheet.title
        assert any("Signed by" in str(cell.value) for row in sheet.iter_rows() for cell in row), sheet.title
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.freeze_panes


def test_the_only_formulas_are_ours(book: Workbook) -> None:
    assert forms_in(book) == FORMS


def test_the_ledger_can_be_chained_again_from_the_file_alone(book: Workbook, fair: Fair) -> None:
    lines = rows(book, 15)[6:]
    head = current_figures(fair)["ledger"]
    previous, seen = "0" * 64, 0
    for line in lines:
        if line[0] is None or not str(line[1]).isdecimal():
            break
        *fields, prev_hash, row_hash = line[:-2]
        assert prev_hash == previous
        assert (
            hashlib.sha256(f"FL1\n{prev_hash}\n{'|'.join(field or '' for field in fields)}".encode()).hexdigest()
            == row_hash
        )
        previous, seen = row_hash, seen + 1
    assert (seen, previous) == (head["entries"], head["head"])


def test_the_totals_are_those_of_the_figures(book: Workbook, fair: Fair) -> None:
    totals = current_figures(fair)["deals"]
    lines = [line for line in rows(book, 10) if line[1] in {"Contract", "Agreement", "Intent", "On-site order"}]
    for at, name in ((2, "declared"), (5, "confirmed"), (8, "verified")):
        assert sum(line[at] for line in lines) == totals[name]["count"]
        assert sum(Decimal(str(line[at + 1])) for line in lines) == Decimal(totals[name]["usd_minor"]) / 100


def test_the_same_moment_gives_the_same_bytes(fair: Fair) -> None:
    with snapshot():
        sheets, stamp = read_sheets(fair)
    first, second = BytesIO(), BytesIO()
    write_workbook(iter(sheets), stamp, first)
    time.sleep(2.1)  # a zip's own clock ticks every two seconds
    write_workbook(iter(sheets), stamp, second)
    assert first.getvalue() == second.getvalue()


def test_progress_is_reported_sheet_by_sheet(fair: Fair) -> None:
    progress: list[int] = []
    write_fair_workbook(fair, BytesIO(), progress.append)
    assert progress == list(range(1, len(NUMBERS) + 1))


@pytest.mark.parametrize("name", ["=cmd()", "+1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "-2", "\t=1"])
def test_what_a_visitor_typed_is_never_a_formula(name: str) -> None:
    table = Table((Column(Words("名称", "Name")),), [(name,)])
    stamp = Stamp(Words("=展会", "=Fair"), "2021-03-20T10:00:00+00:00", "p", Words("", ""), 0, "0" * 64)
    out = BytesIO()
    write_workbook(iter([Sheet(3, Words("试", "Try"), Words("=1", "=2"), [table])]), stamp, out)
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert [
        cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None and cell.data_type == "f"
    ] == []
    assert b"<f>" not in zipfile.ZipFile(out).read("xl/worksheets/sheet1.xml")


if SPREADSHEET:

    def test_a_spreadsheet_program_finds_every_check_true(written: Path, tmp_path: Path, fair: Fair) -> None:
        profile = f"-env:UserInstallation=file://{tmp_path}/profile"
        target = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path), str(written)]
        subprocess.run([str(SPREADSHEET), profile, "--headless", *target], check=True, capture_output=True, timeout=180)
        recalculated = openpyxl.load_workbook(tmp_path / written.name, data_only=True)
        lines = rows(recalculated, 23)
        begin = next(at for at, line in enumerate(lines) if "Holds" in str(line[4])) + 1
        checks = list(takewhile(lambda line: line[0] is not None, lines[begin:]))
        assert len(checks) >= 20
        assert [line[1] for line in checks if line[4] not in (True, 1)] == []
        assert [line[2] for line in lines if line[1] == "All hold"] in ([True], [1])
        total = next(line for line in rows(recalculated, 10) if line[0] == "合计 Total")
        assert round(total[3] * 100) == current_figures(fair)["deals"]["declared"]["usd_minor"]
