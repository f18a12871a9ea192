"""What every command of a fair shares."""

from pathlib import Path

import pytest
from apiflask import APIFlask

from fairapp.core.data.db import db
from fairapp.exhibitors.models import Exhibitor
from tests.factories.foundation import make_fair

WRITING = [
    ["workbook", "fuzhou", "-o"],
    ["audit-pack", "fuzhou", "-o"],
    ["badges", "fuzhou", "-o"],
    ["publications", "workbook", "fuzhou", "1", "-o"],
    ["exhibitors", "import", "fuzhou", __file__, "--report"],
    ["deals", "import", "fuzhou", __file__, "--report"],
    ["backup"],
]


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_a_folder_that_is_not_there_is_wrong_usage(app: APIFlask, tmp_path: Path, words: list[str]) -> None:
    make_fair("fuzhou")
    asked = app.test_cli_runner().invoke(args=[*words, str(tmp_path / "nowhere" / "made.file")])
    assert asked.exit_code == 2
    assert "nothing can be written into the folder" in asked.output


def test_a_list_is_not_taken_in_when_its_report_cannot_be_written(app: APIFlask, tmp_path: Path) -> None:
    make_fair("fuzhou")
    listed = tmp_path / "list.csv"
    listed.write_text("Kind,Name in English\nsupplier,Lantern Works\n", encoding="utf-8")
    words = ["exhibitors", "import", "fuzhou", str(listed), "--report"]
    assert app.test_cli_runner().invoke(args=[*words, str(tmp_path / "nowhere" / "made.xlsx")]).exit_code == 2
    assert db.session.query(Exhibitor).count() == 0
    assert app.test_cli_runner().invoke(args=[*words, str(tmp_path / "made.xlsx")]).exit_code == 0
    assert db.session.query(Exhibitor).count() == 1
