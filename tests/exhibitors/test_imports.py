"""A list goes in whole, and a second time nothing changes."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from apiflask import APIFlask
from flask_babel import force_locale
from sqlalchemy import func, select

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.documents.spreadsheet import read_rows
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.exhibitors import queries
from fairapp.exhibitors.booths.queries import booth_numbers_of
from fairapp.exhibitors.figures import count_exhibitors
from fairapp.exhibitors.imports import report as import_report
from fairapp.exhibitors.imports import services as importing
from fairapp.exhibitors.imports.columns import ListMapping
from fairapp.exhibitors.models import Exhibitor
from fairapp.exhibitors.team.queries import team_of
from fairapp.fairs.models import Booth, Fair, Hall
from tests.factories.exhibitors import credit_code, make_exhibitor, make_hold
from tests.factories.fairs import make_fair, make_ground

LIST = """名称,英文名称,展馆,展位号,角色,邮箱
蓝港贸易,Blue Harbour,东方展览馆H1; 东方展览馆H2,H1-A101; H2-B101,展商,
赤江科技,,东方展览馆H1,H1 FT  C015,"展商,论坛主办方",x@y
青原集团,Green Field,东方展览馆H1,H1-FT C015,展商,green@example.com
,,东方展览馆H2,H2-B102,展商,
,,,,展商,
白石研究院,White Stone,,,论坛主办方,
黄沙电子,Yellow Sand,东方展览馆H1,H1,展商,
"""


@pytest.fixture
def fair(app: APIFlask) -> Fair:
    return make_fair()


def run(fair: Fair, content: bytes | str = LIST, dry_run: bool = False) -> import_report.ImportReport:
    data = content.encode() if isinstance(content, str) else content
    with transaction():
        return importing.import_file(actor=system(fair.id), fair=fair, content=data, filename="x", dry_run=dry_run)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_list_comes_in_and_a_second_time_nothing_changes(fair: Fair, encoding: str) -> None:
    first = run(fair, LIST.encode(encoding))
    assert first.counts == {"rows": 7, "created": 5, "updated": 0, "unchanged": 0, "refused": 2}
    assert (first.hosts, first.without_booth, len(first.with_problems)) == (1, 2, 5)
    assert {hall.name_en for hall in db.session.scalars(select(Hall))} == {
        "Hall H1, Dongfang Exhibition Hall",
        "Hall H2, Dongfang Exhibition Hall",
    }
    assert sorted(db.session.scalars(select(Booth.number))) == ["H1-A101", "H1-FT-C015", "H2-B101"]
    assert count_exhibitors(fair.id) | {"booths_assigned": 3} == count_exhibitors(fair.id)
    second = run(fair, LIST.encode(encoding))
    assert second.counts == {"rows": 7, "created": 0, "updated": 0, "unchanged": 5, "refused": 2}
    assert (count(Exhibitor), count(Booth)) == (5, 3)


def test_imported_companies_are_approved_have_an_organisation_and_nobody_invited(fair: Fair, mailbox) -> None:
    run(fair)
    for one in db.session.scalars(select(Exhibitor)):
        assert (one.status, one.organisation_id is not None, one.reference != "") == ("approved", True, True)
        assert team_of(one) == []
    assert mailbox.mails == []


def test_a_dry_run_writes_nothing_and_says_the_same(fair: Fair) -> None:
    planned = run(fair, dry_run=True)
    assert (count(Exhibitor), count(Booth), count(Hall)) == (0, 0, 0)
    assert planned.counts == run(fair).counts


def test_the_trail_notes_the_import_with_its_numbers(fair: Fair) -> None:
    run(fair)
    noted = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.EXHIBITORS_IMPORTED)).one()
    assert noted.detail["created"] == 5


def test_a_changed_cell_updates_one_company(fair: Fair) -> None:
    run(fair)
    again = run(fair, LIST.replace("green@example.com", "field@example.com"))
    assert again.counts == {"rows": 7, "created": 0, "updated": 1, "unchanged": 4, "refused": 2}
    one = db.session.scalars(select(Exhibitor).where(Exhibitor.name_zh == "青原集团")).one()
    assert one.contact_email == "field@example.com"
    assert [line.detail for line in queries.history_of(one)] == [{"changed": ["contact_email"], "by": "import"}]


@pytest.mark.parametrize(
    ("country", "code", "headings", "cell"),
    [("CN", credit_code(3), "名称,国家", "香港"), ("HK", "", "名称,信用代码", credit_code(3))],
)
def test_a_credit_code_that_would_stand_abroad_is_named_and_left_out(
    fair: Fair, country: str, code: str, headings: str, cell: str
) -> None:
    one = make_exhibitor(fair, name_zh="蓝港", name_en="", country=country, credit_code=code)
    report = run(fair, f"{headings}\n蓝港,{cell}\n")
    assert (report.unchanged, len(report.with_problems)) == (1, 1)
    db.session.refresh(one)
    assert (one.country, one.credit_code) == (country, code)


def test_a_booth_held_for_its_company_is_confirmed_by_the_list(app: APIFlask, clock) -> None:
    ground = make_ground()
    one = make_exhibitor(ground.fair, name_zh="蓝港", name_en="", credit_code="", country="HK")
    make_hold(ground.fair, one, ground.booths[0])
    report = run(ground.fair, f"名称,展位号\n蓝港,{ground.booths[0].number}\n")
    assert (report.updated, report.with_problems) == (1, [])
    clock.shift(timedelta(days=9))
    assert booth_numbers_of(one) == [ground.booths[0].number]


def test_a_dry_run_knows_that_a_hold_ran_out(app: APIFlask, clock) -> None:
    ground = make_ground(ends_on=date(2021, 4, 1))
    make_hold(ground.fair, make_exhibitor(ground.fair), ground.booths[0])
    clock.shift(timedelta(days=9))
    text = f"名称,展位号\n蓝港,{ground.booths[0].number}\n"
    assert [run(ground.fair, text, dry_run=dry).with_problems for dry in (True, False)] == [[], []]


def test_a_list_without_names_is_refused(fair: Fair) -> None:
    with pytest.raises(DomainError, match="no_name_column"):
        run(fair, "展位\nA1\n")


def test_two_fairs_share_nothing(fair: Fair) -> None:
    other = make_fair()
    run(fair)
    assert run(other).counts["created"] == 5


def test_a_workbook_is_read_like_a_csv(fair: Fair) -> None:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in read_rows(LIST.encode()):
        book.worksheets[0].append(row)
    book.save(content)
    assert run(fair, content.getvalue()).counts["created"] == 5


def test_2400_rows_come_in_with_few_statements(fair: Fair) -> None:
    lines = [f"第{n}贸易有限公司,,东馆H1,H1-A{n:04},展商," for n in range(2400)]
    report = run(fair, LIST.splitlines()[0] + "\n" + "\n".join(lines))
    assert report.counts == {"rows": 2400, "created": 2400, "updated": 0, "unchanged": 0, "refused": 0}
    assert count_exhibitors(fair.id)["booths_assigned"] == 2400


def test_the_report_names_every_row_in_the_readers_language(fair: Fair) -> None:
    report = import_report.load_report(import_report.dump_report(run(fair)))
    assert report.counts == {"rows": 7, "created": 5, "updated": 0, "unchanged": 0, "refused": 2}
    target = io.BytesIO()
    with force_locale("en"):
        import_report.write_report(target, report)
        rows = read_rows(target.getvalue())
    assert rows[0] == ["Row", "Company name", "Result", "New booths", "Problems"]
    assert rows[3][2:4] == ["Created", ""]
    assert rows[3][4] == "Booth H1-FT-C015 is wanted by two: 赤江科技 in row 3 keeps it."
    assert rows[4][2] == "Not taken"
    assert "H2-B102" in rows[4][4]
    assert "hall in place of a booth" in rows[7][4]


def test_columns_can_be_corrected(fair: Fair) -> None:
    rows = [["a", "b"], ["A1", "蓝港"]]
    mapping = ListMapping({"name_zh": 1}, 0, "platform", "MY")
    with transaction():
        report = importing.import_exhibitors(actor=system(fair.id), fair=fair, rows=rows, mapping=mapping)
    one = db.session.scalars(select(Exhibitor)).one()
    assert (report.created, one.name_zh, one.kind, one.country) == (1, "蓝港", "platform", "MY")
