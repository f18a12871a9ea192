"""A list of deals comes in row by row, is held like any other, and a second time changes nothing."""

import io
import json
import random
from decimal import Decimal

import openpyxl
import pytest
from flask_babel import force_locale
from sqlalchemy import select

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.documents.spreadsheet import delimiter_of, read_rows
from fairapp.core.errors import DomainError
from fairapp.core.text.money import to_minor
from fairapp.core.web.access import system
from fairapp.deals.imports import report as import_report
from fairapp.deals.imports.columns import COLUMNS, amount_terms, guessed_mapping, number_styles
from fairapp.deals.imports.rows import day_of, read_row
from fairapp.deals.imports.rules import RowAmount, sum_by_currency, telling_amounts
from fairapp.deals.imports.services import import_file
from fairapp.deals.labels.amount_in_words import sum_in_words
from fairapp.deals.ledger.verification import ledger_head, ledger_report
from fairapp.deals.models import Deal
from fairapp.deals.queries.records import statements_of
from fairapp.fairs.models import Fair
from tests.factories.deals import make_category
from tests.factories.foundation import make_fair
from tests.number_spellings import written

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


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture
def fair(app) -> Fair:
    fair = make_fair()
    make_category(fair)
    return fair


def run(fair: Fair, content: str | bytes = LIST, *, dry_run: bool = False, **said: object) -> import_report.DealImport:
    data = content.encode() if isinstance(content, str) else content
    with transaction():
        return import_file(actor=system(fair.id), fair=fair, content=data, filename="x", dry_run=dry_run, **said)


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
    assert "Amount: “很多” is no number." in told[5]
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
        ("签约金额(万元)", 10_000, "CNY"),
        ("金额（千万元）", 10**7, "CNY"),
        ("Amount, USD bn", 10**9, "USD"),
        ("成交额(元)", 1, "CNY"),
        ("Amount (CNH)", 1, ""),
        ("金额（美元/元）", 1, ""),
    ],
)
def test_a_heading_says_unit_and_currency(heading: str, unit: int, currency: str) -> None:
    assert amount_terms(heading) == (unit, currency)


def test_a_cell_with_a_unit_of_its_own_is_not_raised_twice(fair: Fair) -> None:
    assert run(fair, "卖方,买方,国别,金额（万美元）\nA,B,SG,3万\n").counts["refused"] == 1
    assert run(fair, "卖方,买方,国别,金额（美元）\nA,B,SG,3万\n").counts["created"] == 1
    assert deals()[0].amount_minor == 3_000_000


@pytest.mark.parametrize(
    ("line", "heading", "terms"),
    [
        ("单位：万美元", "金额", (10_000, "USD")),
        ("签约项目一览表（单位：亿元）", "签约金额", (10**8, "CNY")),
        ("金额单位：万元", "金额", (10_000, "CNY")),
        ("Unit: USD million", "Amount", (10**6, "USD")),
        ("All amounts in thousands of euros", "Amount", (1_000, "EUR")),
        ("（万元）", "金额", (10_000, "CNY")),
        ("币种：人民币", "金额", (1, "CNY")),
        ("主办单位：万国博览有限公司", "金额（美元）", (1, "USD")),
        ("填报单位：美元咨询", "金额", (1, "")),
        ("单位：万元", "金额（美元）", (0, "")),
        ("单位：万美元", "金额（亿美元）", (0, "USD")),
    ],
)
def test_a_line_above_the_headings_says_unit_and_currency(line: str, heading: str, terms: tuple[int, str]) -> None:
    assert amount_terms(heading, [[line, "", ""]]) == terms
    mapping = guessed_mapping([["某会签约表", "", ""], [line, "", ""], ["卖方", "买方", heading]])
    assert (mapping.unit, mapping.currency, mapping.heading_row) == (*terms, 2)


def test_an_unknown_currency_is_chosen_and_never_assumed(fair: Fair) -> None:
    content = "卖方,买方,国别,金额\nA,B,SG,300\nA,C,SG,200元\n"
    report = run(fair, content, dry_run=True)
    assert (report.counts["created"], len(report.without_currency)) == (1, 1)
    with force_locale("en"):
        assert report.results[0].problem_text == "Nothing says in which currency this amount is. Choose it."
    assert run(fair, content, currency="VND").counts["created"] == 2
    assert [(deal.amount_minor, deal.currency) for deal in deals()] == [(300, "VND"), (20_000, "CNY")]


@pytest.mark.parametrize(("code", "hint"), [("CNH", "Use CNY."), ("TRL", "TRL is no currency"), ("XTS", "XTS is no")])
def test_a_code_that_no_money_has_is_refused(fair: Fair, code: str, hint: str) -> None:
    with force_locale("en"):
        report = run(fair, f"卖方,买方,国别,金额,币种\nA,B,SG,300,{code}\n")
        assert (report.counts["refused"], hint in report.results[0].problem_text) == (1, True)


def test_units_that_contradict_each_other_are_asked_about(fair: Fair) -> None:
    content = "单位：万美元\n卖方,买方,国别,金额（亿美元）\nA,B,SG,3\n"
    with pytest.raises(DomainError) as refusal:
        run(fair, content)
    assert (refusal.value.code, refusal.value.field) == ("needs_unit", "unit")
    run(fair, content, unit=10_000)
    assert deals()[0].amount_minor == 3_000_000


@pytest.mark.parametrize(
    ("separator", "cells", "amounts"),
    [
        (";", ["1.200", "512,77", "1.500,00"], [120_000, 51_277, 150_000]),
        (";", ["1.200", "940"], [120_000, 94_000]),
        ("\t", ["1,200", "512.77", "1,500,000"], [120_000, 51_277, 150_000_000]),
        ("\t", ["23.050,5", "1.200"], [2_305_050, 120_000]),
    ],
)
def test_the_style_of_numbers_is_that_of_the_column(fair: Fair, separator: str, cells: list[str], amounts) -> None:
    lines = [separator.join(("Seller", "Buyer", "Country", "Amount (EUR)"))]
    lines += [separator.join(("A", f"B{number}", "SG", cell)) for number, cell in enumerate(cells)]
    report = run(fair, "\n".join(lines))
    assert (report.counts["created"], [deal.amount_minor for deal in deals()]) == (len(cells), amounts)


def test_what_a_column_leaves_open_is_asked_once_and_kept_with_the_import(fair: Fair) -> None:
    content = "Seller\tBuyer\tCountry\tAmount (USD)\tQty\nA\tB\tSG\t1.200\t7\nA\tC\tSG\t940\t1,5\n"
    report = run(fair, content, dry_run=True)
    assert (report.counts["created"], [row.number for row in report.open_amounts]) == (1, [2])
    with force_locale("en"):
        assert report.open_amounts[0].problem_text == ("Amount: “1.200” can mean 1.20 or 1200. Write 1.20 or 1200.")
    assert run(fair, content, style="comma").counts["created"] == 2
    assert [(deal.amount_minor, deal.quantity) for deal in deals()] == [(120_000, "7"), (94_000, "1.5")]
    event = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.DEALS_IMPORTED)).one()
    assert (event.detail["style"], event.detail["unit"]) == ("comma", 1)


def test_what_a_spreadsheet_shows_is_what_is_read(fair: Fair) -> None:
    content = workbook(
        ["卖方", "买方", "国别", "金额（万美元）", "数量", "商品", "编号"],
        ["A", "B", "SG", 0.7000000000000001, 1.234, 4711, 20.5],
        ["A", "C", "SG", 1.234, 1200],
        ["A", "D", "SG", "1,5", 0.1 + 0.2],
    )
    run(fair, content)
    assert [(deal.amount_minor, deal.quantity) for deal in deals()] == [
        (700_000, "1.2340"),
        (1_234_000, "1200"),
        (1_500_000, "0.3"),
    ]


def test_the_preview_tells_the_amounts_worth_a_look() -> None:
    amounts = [RowAmount(row, text, minor, "CNY") for row, text, minor in (
        (2, "940", 94_000), (3, "1646", 164_600), (4, "1.2亿", 12_000_000_000), (5, "950,5", 95_050), (6, "x", None)
    )]  # fmt: skip
    telling = telling_amounts(amounts)
    assert {name: amount.row for name, amount in telling.items()} == {"first": 2, "largest": 4, "strangest": 5}
    assert [(one.currency, one.minor, one.count) for one in sum_by_currency(amounts)] == [("CNY", 12_000_353_650, 4)]


def test_sums_are_said_in_words(app) -> None:
    with force_locale("zh_Hans"):
        assert sum_in_words(138_650_000_000, "CNY") == "十三亿八千六百五十万元"
        assert sum_in_words(300, "JPY") == "三百日元"
    with force_locale("en"):
        assert sum_in_words(900_000_000, "USD") == "nine million US dollars"


def test_columns_of_lists_as_offices_write_them_are_hardly_ever_asked_about(fair: Fair) -> None:
    """Shapes of real lists: 万元 without separators, groups of three, two decimals, European exports, spaces."""
    dice, asked, cells = random.Random(18), 0, 0
    for shape in range(60):
        group, point, places, unit = dice.choice(
            [("", ".", 0, "万元"), (",", ".", 2, "美元"), (",", ".", 0, "元"), (".", ",", 2, "欧元"), (" ", ",", 2, "欧元"),
             ("", ".", 2, "万美元"), (",", ".", 0, "万元"), ("", ",", 1, "亿元")]
        )  # fmt: skip
        separator = ";" if point == "," else ","
        lines = [separator.join(("卖方", "买方", "国别", f"金额（{unit}）"))]
        meant = []
        for row in range(20):
            number = Decimal(dice.randrange(1, 10 ** dice.randrange(2, 7))).scaleb(-places)
            meant.append(number)
            text = f'"{written(number, places, group, point)}"'
            lines.append(separator.join((f"S{shape}", f"B{row}", "SG", text)))
        rows = read_rows("\n".join(lines).encode())
        mapping = guessed_mapping(rows)
        styles = number_styles(rows[1:], mapping, delimiter_of(rows))
        for cells_of_row, number in zip(rows[1:], meant, strict=True):
            row_read = read_row(2, cells_of_row, mapping, styles)
            cells += 1
            asked += row_read.values["amount"] is None
            assert row_read.values["amount"] in {None, to_minor(number * mapping.unit, mapping.currency)}
    assert asked <= cells * 5 // 100


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
