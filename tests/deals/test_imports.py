"""A list of deals comes in row by row, is held like any other, and a second time changes nothing."""

import io
import json

import pytest
from flask_babel import force_locale
from sqlalchemy import select

from fairapp.core.data.db import db, transaction
from fairapp.core.documents.spreadsheet import read_rows
from fairapp.core.errors import DomainError
from fairapp.core.web.access import system
from fairapp.deals.imports import report as import_report
from fairapp.deals.imports.columns import COLUMNS, currency_of, guessed_mapping, unit_of
from fairapp.deals.imports.rows import day_of
from fairapp.deals.imports.services import import_file
from fairapp.deals.ledger.verification import ledger_head, ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.queries.records import statements_of
from fairapp.fairs.models import Fair
from tests.factories.deals import make_category
from tests.factories.foundation import make_fair

LIST = """合同编号,卖方,买方,买方国别,金额（万美元）,签约类别,签约日期,商品,海关监管方式,展品类别
A-1,泉州晨光陶瓷,Orchid Imports,新加坡,1.2,合同,2021/3/18,陶瓷茶具,9710,家居
A-2,泉州晨光陶瓷,Lumen GmbH,德国,3,意向,2021-03-18,灯具,,
A-3,泉州晨光陶瓷,Nobody,火星,4,意向,2021-03-18,,,
A-4,泉州晨光陶瓷,Orchid Imports,SG,很多,意向,2021-03-18,,,
A-5,泉州晨光陶瓷,Orchid Imports,SG,5,意向,2020-01-01,,,
A-6,泉州晨光陶瓷,泉州晨光陶瓷,CN,5,意向,,,,
A-7,泉州晨光陶瓷,Big Buyer,US,500,协议,,,,玩具
A-2,泉州晨光陶瓷,Lumen GmbH,德国,9,意向,2021-03-18,灯具,,
,福州乐山电器,Orchid Imports,SG,300,意向,,,,
"""


@pytest.fixture
def fair(app) -> Fair:
    fair = make_fair()
    make_category(fair)
    return fair


def run(fair: Fair, content: str | bytes = LIST, *, dry_run: bool = False) -> import_report.DealImport:
    data = content.encode() if isinstance(content, str) else content
    with transaction():
        return import_file(actor=system(fair.id), fair=fair, content=data, filename="x", dry_run=dry_run)


def deals() -> list[Deal]:
    return list(db.session.scalars(select(Deal).order_by(Deal.number)))


def test_good_rows_come_in_and_bad_ones_harm_no_other(fair: Fair) -> None:
    report = run(fair)
    assert report.counts == {"rows": 9, "created": 3, "updated": 0, "unchanged": 0, "refused": 6}
    first, second, large = deals()
    assert (first.amount_minor, first.currency, first.tier, first.customs_mode, first.category_code) == (
        1_200_000,
        "USD",
        "contract",
        "9710",
        "HOME",
    )
    assert (second.country, second.goods_zh, second.declared_by) == ("DE", "灯具", "organiser")
    assert (large.held, report.held) == ("one_sided", 1)
    assert {entry.entry.method for deal in deals() for entry in statements_of(deal)} == {"list"}
    assert ledger_report(fair.id).ok


def test_each_refused_row_says_why(fair: Fair) -> None:
    with force_locale("en"):
        told = {row.number: row.problem_text for row in run(fair).results if row.outcome == "refused"}
    assert "“火星” cannot be read as Country or region of the buyer." in told[4]
    assert "“很多” cannot be read as Amount." in told[5]
    assert "day of the fair" in told[6]
    assert "two different companies" in told[7]
    assert "no Fair category “玩具”" in told[8]
    assert "The same as row 3" in told[9]


def test_a_second_time_adds_nothing(fair: Fair) -> None:
    run(fair)
    entries = ledger_head(fair.id)
    again = run(fair)
    assert again.counts == {"rows": 9, "created": 0, "updated": 0, "unchanged": 3, "refused": 6}
    assert ledger_head(fair.id) == entries


def test_a_dry_run_writes_nothing_and_says_the_same(fair: Fair) -> None:
    planned = run(fair, dry_run=True)
    assert deals() == []
    done = run(fair)
    assert (planned.counts, planned.held) == (done.counts, done.held)
    assert run(fair, dry_run=True).counts == run(fair).counts


def test_a_changed_row_corrects_its_deal_by_a_new_entry(fair: Fair) -> None:
    run(fair)
    again = run(
        fair, LIST.replace("A-1,泉州晨光陶瓷,Orchid Imports,新加坡,1.2", "A-1,泉州晨光陶瓷,Orchid Imports,新加坡,1.5")
    )
    assert (again.counts["updated"], again.counts["unchanged"]) == (1, 2)
    assert (deals()[0].amount_minor, len(deals())) == (1_500_000, 3)
    other = run(fair, LIST.replace("A-1,泉州晨光陶瓷,Orchid Imports", "A-1,泉州晨光陶瓷,Somebody Else"))
    assert other.counts["refused"] == 7


@pytest.mark.parametrize(
    ("heading", "unit", "currency"),
    [
        ("金额（万美元）", 10_000, "USD"),
        ("成交金额（亿元人民币）", 10**8, "CNY"),
        ("Amount (USD million)", 1_000_000, "USD"),
        ("金额（百万欧元）", 1_000_000, "EUR"),
        ("Amount", 1, ""),
        ("Value, RMB", 1, "CNY"),
    ],
)
def test_a_heading_says_unit_and_currency(heading: str, unit: int, currency: str) -> None:
    assert (unit_of(heading), currency_of(heading)) == (unit, currency)


def test_a_cell_with_a_unit_of_its_own_is_not_raised_twice(fair: Fair) -> None:
    assert run(fair, "卖方,买方,国别,金额（万美元）\nA,B,SG,3万\n").counts["refused"] == 1
    assert run(fair, "卖方,买方,国别,金额（美元）\nA,B,SG,3万\n").counts["created"] == 1
    assert deals()[0].amount_minor == 3_000_000


def test_headings_in_english_are_found() -> None:
    mapping = guessed_mapping([["Seller", "Buyer", "Country", "Deal value", "Currency", "Date", "HS code", "Qty"]])
    assert set(mapping.columns) == {
        "seller", "buyer", "buyer_country", "amount", "currency", "signed_on", "hs_code", "quantity",
    }  # fmt: skip
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)


@pytest.mark.parametrize("text", ["2021-03-18", "2021/3/18", "2021年3月18日", "20210318", "2021-03-18T10:00:00"])
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    assert day_of(text).isoformat() == "2021-03-18"


def test_a_list_without_its_columns_is_refused(fair: Fair) -> None:
    with pytest.raises(DomainError) as refusal:
        run(fair, "展位,名称\nA1,B\n")
    assert refusal.value.code == "needs_columns"


def test_hostile_cells_are_refused_or_stay_text(fair: Fair) -> None:
    nasty = ["=1+1", "<script>alert(1)</script>", "a\u202eb", "x" * 5000, "NaN", "-1", "1e999", "٣", "\ufffe"]
    lines = [f"S,B,SG,{one}" for one in nasty] + [f"{one},B,SG,5" for one in nasty]
    report = run(fair, "卖方,买方,国别,金额（美元）\n" + "\n".join(lines))
    assert report.counts["created"] + report.counts["refused"] == len(nasty) * 2
    assert {deal.seller_name for deal in deals()} >= {"=1+1"}
    target = io.BytesIO()
    import_report.write_report(target, import_report.load_report(import_report.dump_report(report)))
    assert len(read_rows(target.getvalue())) == len(nasty) * 2 + 1


def test_the_command_ends_with_one_line_of_counts(own_database, tmp_path) -> None:
    with own_database.app_context():
        code = make_fair().code
    path, report = tmp_path / "deals.csv", tmp_path / "report.xlsx"
    path.write_text(LIST.replace(",家居", ","), encoding="utf-8")
    command = own_database.test_cli_runner()
    for created, unchanged in ((3, 0), (0, 3)):
        with own_database.app_context():
            done = command.invoke(args=["deals", "import", code, str(path), "--report", str(report)])
        assert done.exit_code == 0
        counts = json.loads(done.stdout.splitlines()[-1])
        assert counts == {"rows": 9, "created": created, "updated": 0, "unchanged": unchanged, "refused": 6}
    assert len(read_rows(report.read_bytes())) == 10
