"""The verifier: passes on what the program wrote, fails on any changed cell, and needs nothing but Python."""

import ast
import io
import random
import subprocess
import sys
from pathlib import Path

import pytest
from apiflask import APIFlask

from bench.workbook_forging import KINDS, resealed
from bench.workbook_tampering import File, open_file
from fairapp.deals.ledger.receipts import ledger_root
from fairapp.deals.ledger.verification import ledger_head
from fairapp.fairs.queries import fair_by_code
from fairapp.reports import verify_workbook
from fairapp.reports.fair_workbook import write_fair_workbook
from fairapp.reports.verify_workbook import Finding, check_workbook

SOURCE = Path(verify_workbook.__file__)


@pytest.fixture(scope="module")
def content(demo_app: APIFlask) -> bytes:
    """The workbook of the tiny fair."""
    out = io.BytesIO()
    with demo_app.app_context():
        fair = fair_by_code("cbec2021")
        assert fair is not None
        write_fair_workbook(fair, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def file(content: bytes) -> File:
    return open_file(content, random.Random(7))


def findings(content: bytes) -> list[Finding]:
    return check_workbook(io.BytesIO(content)).findings


def test_the_program_s_own_workbook_passes_and_tells_its_hashes(demo_app: APIFlask, content: bytes) -> None:
    checked = check_workbook(io.BytesIO(content))
    assert [str(finding) for finding in checked.findings] == []
    with demo_app.app_context():
        fair = fair_by_code("cbec2021")
        assert fair is not None
        assert (checked.entries, checked.head) == ledger_head(fair.id)
        assert checked.root == ledger_root(fair.id, checked.entries)


def test_every_table_of_deals_is_known_to_the_verifier(content: bytes) -> None:
    book, met = verify_workbook.Book(io.BytesIO(content)), set()
    for tab, part in book.tabs:
        sheet = verify_workbook.Sheet(tab)
        if sheet.number in {5, 10, 11, 12, 13, 14, 17}:
            sheet.cells = {number: texts for number, texts, _styles in book.rows(sheet, part)}
            for table in verify_workbook.tables_of(sheet):
                met |= {
                    key
                    for key in verify_workbook.TABLES
                    if key[0] == sheet.number and verify_workbook.named(table, key[1])
                }
    assert met == set(verify_workbook.TABLES)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_tampered_with_is_found_and_named(file: File, kind: str) -> None:
    changed, where = KINDS[kind](file)
    named = findings(changed)
    assert any(finding.where.startswith(where) for finding in named), (where, [str(finding) for finding in named[:5]])


def test_it_runs_alone_and_compares_with_the_hashes_kept_outside(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "fair.xlsx"
    path.write_bytes(content)
    checked = check_workbook(str(path))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-I", "-S", str(SOURCE), str(path), *arguments]
        return subprocess.run(
            words, capture_output=True, text=True, encoding="utf-8", env={"PYTHONIOENCODING": "utf-8"}
        )

    good = run("--head", checked.head, "--content", checked.content, "--root", checked.root)
    assert (good.returncode, good.stderr) == (0, ""), good.stdout
    assert run("--head", "0" * 64).returncode == 1
    path.write_bytes(b"no zip")
    assert run().returncode == 2


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"), feature_version=(3, 9))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= set(sys.stdlib_module_names)


def test_a_file_that_was_only_sealed_anew_passes(file: File) -> None:
    part = file.part_of(13)
    assert [str(finding) for finding in findings(resealed(file, part, file.parts[part]))] == []
