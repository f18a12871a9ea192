"""What a list would change: small lists that are as untidy as real ones."""

from typing import Any
from uuid import uuid4

import pytest

from fairapp.exhibitors.companies.names import import_key
from fairapp.exhibitors.imports.columns import guess_list_mapping
from fairapp.exhibitors.imports.hall_names import HallName
from fairapp.exhibitors.imports.plan import ExistingBooth, ExistingCompany, FairSnapshot, Plan, plan_import
from tests.factories.exhibitors import credit_code

HEADINGS = ["name_zh", "name_en", "halls", "booths", "role"]


def plan(*rows: list[str], known: FairSnapshot | None = None, headings: list[str] | None = None) -> Plan:
    table = [headings or HEADINGS, *rows]
    return plan_import(table, guess_list_mapping(table), known or FairSnapshot())


def outcomes(made: Plan) -> list[tuple[str, list[str], list[str]]]:
    return [(row.outcome.value, row.booths, [problem.code for problem in row.problems]) for row in made.rows]


def company(name: str, status: str = "approved", **values: Any) -> ExistingCompany:
    known = {"name_zh": name, "name_en": "", "credit_code": "", "kind": "supplier", "country": "CN", **values}
    key = import_key(known["name_zh"], known["name_en"], known["credit_code"])
    return ExistingCompany(uuid4(), key, status, known)


def test_good_rows_are_created_with_new_halls_and_booths() -> None:
    made = plan(["蓝港", "Blue", "东馆H1; 东馆H2", "H1-A1; H2-B2", "展商"], ["赤江", "", "", "", "展商"])
    assert outcomes(made) == [("created", ["H1-A1", "H2-B2"], []), ("created", [], [])]
    assert made.booths == {"H1-A1": "H1", "H2-B2": "H2"}
    assert [hall.code for hall in made.halls] == ["H1", "H2"]
    assert made.rows[0].values["kind"] == "supplier"
    assert made.rows[0].values["country"] == "CN"


def test_a_row_without_a_name_is_refused_and_its_booth_named() -> None:
    made = plan(["", "", "东馆H1", "H1-A1", "展商"], ["-", "", "", "", "展商"], ["蓝港", "", "东馆H1", "H1-A1", ""])
    assert outcomes(made) == [
        ("refused", [], ["no_name_booth"]),
        ("refused", [], ["no_name"]),
        ("created", ["H1-A1"], []),
    ]
    assert made.rows[0].problems[0].words == {"booth": "H1-A1"}


def test_a_booth_wanted_by_two_stays_with_the_first() -> None:
    made = plan(["蓝港", "", "东馆H1", "H1-FT C015", ""], ["赤江", "", "东馆H1", "H1  FT-C015`", ""])
    assert outcomes(made) == [("created", ["H1-FT-C015"], []), ("created", [], ["booth_wanted_by_two"])]
    words = made.rows[1].problems[0].words
    assert (words["booth"], words["row"], words["name"]) == ("H1-FT-C015", 2, "蓝港")


def test_a_hall_in_place_of_a_booth_is_no_booth() -> None:
    made = plan(["蓝港", "", "东馆H1", "H1", ""], ["赤江", "", "", "东馆H1", ""])
    assert outcomes(made) == [("created", [], ["hall_for_booth"]), ("created", [], ["hall_for_booth"])]
    assert (made.booths, made.halls) == ({}, [])


def test_a_booth_twice_in_a_row_counts_once() -> None:
    made = plan(["蓝港", "", "东馆H1; 东馆H1", "H1-125; H1-125", ""])
    assert outcomes(made) == [("created", ["H1-125"], ["booth_twice"])]
    assert made.rows[0].problems[0].is_note


@pytest.mark.parametrize(
    ("halls", "booths", "expected", "codes"),
    [
        ("东馆H1", "H1-A1、H1-A2", ["H1-A1", "H1-A2"], []),
        ("东馆H1", "A1；A2", ["A1", "A2"], []),
        ("", "A1", [], ["no_hall"]),
        ("", "H1-A1", [], ["no_hall"]),
        ("东馆H1", "待定", [], []),
        ("东馆H1", "???", [], ["bad_booth"]),
        ("东馆H1; 东馆H2", "A1; A2; A3", [], ["no_hall"] * 3),
    ],
)
def test_how_halls_and_booths_pair(halls: str, booths: str, expected: list[str], codes: list[str]) -> None:
    assert outcomes(plan(["蓝港", "", halls, booths, ""])) == [("created", expected, codes)]


def test_a_booth_of_a_known_hall_needs_no_hall_column() -> None:
    known = FairSnapshot(halls=[HallName("H1", "东馆H1", "Hall H1")])
    assert plan(["蓝港", "", "", "H1-A1", ""], known=known).booths == {"H1-A1": "H1"}


def test_hosts_that_do_not_exhibit_are_told_apart() -> None:
    made = plan(["蓝港", "", "", "", "论坛主办方"], ["赤江", "", "", "", "展商,论坛主办方"])
    assert [row.values["is_host_only"] for row in made.rows] == [True, False]


def test_the_same_company_twice_is_one_with_both_booths() -> None:
    made = plan(["蓝港", "", "东馆H1", "A1", ""], ["蓝港 ", "", "东馆H1", "A2", ""])
    assert outcomes(made) == [("created", ["A1", "A2"], []), ("unchanged", [], ["same_as"])]


def test_a_second_time_nothing_changes() -> None:
    one = company("蓝港", is_host_only=False)
    booth = ExistingBooth("H1", one.id, "蓝港")
    known = FairSnapshot(halls=[HallName("H1", "东馆H1", "Hall H1")], booths={"A1": booth}, companies=[one])
    assert outcomes(plan(["蓝港", "", "东馆H1", "A1", "展商"], known=known)) == [("unchanged", [], [])]


def test_what_differs_is_updated_and_empty_cells_take_nothing_away() -> None:
    one = company("蓝港", website="https://a.cn", contact_name="林")
    headings = ["name_zh", "website", "联系人"]
    made = plan(["蓝港", "", "陈"], known=FairSnapshot(companies=[one]), headings=headings)
    assert (made.rows[0].outcome.value, made.rows[0].values) == ("updated", {"contact_name": "陈"})


@pytest.mark.parametrize("cell", ["", "-", "Atlantis", "x" * 101])
def test_a_country_nobody_can_read_takes_the_right_one_from_nobody(cell: str) -> None:
    one = company("Blue", country="JP")
    made = plan(["Blue", cell], known=FairSnapshot(companies=[one]), headings=["name_zh", "国家"])
    assert (made.rows[0].outcome.value, made.rows[0].values) == ("unchanged", {})


@pytest.mark.parametrize(("cell", "code"), [("Atlantis", "bad_value"), ("x" * 101, "too_long")])
def test_a_new_company_of_a_country_nobody_can_read_is_not_taken(cell: str, code: str) -> None:
    made = plan(["Blue", cell, "东馆H1", "A1"], ["Blue", "JP", "", ""], headings=["name_zh", "国家", "展馆", "展位"])
    assert outcomes(made) == [("refused", [], [code, "no_country"]), ("refused", [], ["same_as_refused"])]
    assert made.booths == {}


def test_a_new_company_is_from_where_its_row_says_and_else_from_where_the_list_is() -> None:
    made = plan(["Blue", "Turkey"], ["Red", ""], headings=["name_zh", "国家"])
    assert [row.values["country"] for row in made.rows] == ["TR", "CN"]


def test_a_credit_code_finds_a_company_whatever_it_is_called() -> None:
    one = company("蓝港", credit_code=credit_code(3))
    made = plan(["蓝港国际", credit_code(3)], known=FairSnapshot(companies=[one]), headings=["name_zh", "信用代码"])
    assert made.rows[0].company_id == one.id
    assert made.rows[0].values == {"name_zh": "蓝港国际"}


def test_a_company_that_takes_part_comes_before_its_older_application_with_the_same_code() -> None:
    companies = [company("蓝港", credit_code=credit_code(3)), company("旧蓝港", "refused", credit_code=credit_code(3))]
    made = plan(["蓝港", credit_code(3)], known=FairSnapshot(companies=companies), headings=["name_zh", "信用代码"])
    assert outcomes(made) == [("unchanged", [], [])]


@pytest.mark.parametrize("codes", [(credit_code(3), ""), ("", credit_code(3))])
@pytest.mark.parametrize("known", [[], [company("蓝港")]])
def test_a_company_once_with_and_once_without_its_code_is_one(codes: tuple[str, str], known: list[Any]) -> None:
    rows = [["蓝港", code] for code in (*codes, credit_code(4))]
    made = plan(*rows, known=FairSnapshot(companies=known), headings=["name_zh", "信用代码"])
    first = "updated" if known else "created"
    assert outcomes(made) == [(first, [], []), ("unchanged", [], ["same_as"]), ("created", [], [])]
    assert [row.values.get("credit_code") for row in made.rows] == [credit_code(3), None, credit_code(4)]


def test_two_companies_of_one_name_with_different_codes_stay_two() -> None:
    one = company("蓝港", credit_code=credit_code(3))
    made = plan(["蓝港", credit_code(4)], known=FairSnapshot(companies=[one]), headings=["name_zh", "信用代码"])
    assert (made.rows[0].outcome.value, made.rows[0].company_id) == ("created", None)


def test_likeness_alone_merges_nothing() -> None:
    made = plan(["蓝港贸易公司", "", "", "", ""], known=FairSnapshot(companies=[company("蓝港贸易有限公司")]))
    assert made.rows[0].outcome.value == "created"


@pytest.mark.parametrize(
    ("status", "code"), [("applied", "has_applied"), ("refused", "was_refused"), ("withdrawn", "has_withdrawn")]
)
def test_a_company_that_waits_or_left_is_not_taken_in_by_a_list(status: str, code: str) -> None:
    known = FairSnapshot(companies=[company("蓝港", status)])
    assert outcomes(plan(["蓝港", "", "东馆H1", "A1", ""], known=known)) == [("refused", [], [code])]


def test_a_booth_that_somebody_has_stays_theirs() -> None:
    known = FairSnapshot(booths={"A1": ExistingBooth("H1", uuid4(), "赤江"), "A2": ExistingBooth("H1", withdrawn=True)})
    made = plan(["蓝港", "", "东馆H1", "A1; A2", ""], known=known)
    assert outcomes(made) == [("created", [], ["booth_taken", "booth_withdrawn"])]


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("信用代码", "1234", "bad_value"),
        ("邮箱", "x@y", "bad_value"),
        ("电话", "abc", "bad_value"),
        ("网址", "javascript:alert(1)", "bad_value"),
        ("类型", "国王", "bad_kind"),
        ("展区", "月球", "unknown_zone"),
        ("交易团", "月球", "unknown_delegation"),
        ("产品类别", "月球", "unknown_product_category"),
        ("联系人", "a\x00b", "unusable_text"),
        ("城市", "x" * 61, "too_long"),
    ],
)
def test_a_wrong_value_is_named_and_left_out(column: str, text: str, code: str) -> None:
    made = plan(["蓝港", text], headings=["name_zh", column])
    assert outcomes(made) == [("created", [], [code])]
    assert text not in [value for value in made.rows[0].values.values() if isinstance(value, str)]


@pytest.mark.parametrize(
    ("name", "code"), [("a\x00b", "unusable_text"), ("\ud800", "unusable_text"), ("x" * 201, "too_long")]
)
def test_a_name_nobody_can_use_refuses_the_row(name: str, code: str) -> None:
    assert outcomes(plan([name, "Blue", "", "", ""])) == [("refused", [], [code])]


@pytest.mark.parametrize("name", ["=cmd()", "<script>alert(1)</script>", "+1", "@x"])
def test_a_strange_name_is_only_a_name(name: str) -> None:
    assert plan([name, "", "", "", ""]).rows[0].values["name_zh"] == name


def test_what_spreadsheets_bring_along_unseen_is_left_out() -> None:
    made = plan(["蓝港\n（福建）", "Blue \u202e\nHarbour\u200b", "", "", ""])
    assert (made.rows[0].values["name_zh"], made.rows[0].values["name_en"]) == ("蓝港（福建）", "Blue Harbour")


def test_empty_rows_are_no_rows_and_numbers_are_the_files_own() -> None:
    made = plan(["", "", "", "", ""], ["蓝港", "", "", "", ""])
    assert [row.number for row in made.rows] == [3]


def test_every_problem_has_its_words(app) -> None:
    from fairapp.exhibitors.imports.rows import PROBLEMS, Problem

    words = dict.fromkeys(["booth", "name", "row", "hall", "value", "field", "longest", "why"], "x")
    assert all("%" not in str(Problem(code, words)) for code in PROBLEMS)
