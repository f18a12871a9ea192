"""What the columns and cells of a list mean."""

import pytest

from fairapp.core.imports.columns import guess_columns
from fairapp.exhibitors.imports.columns import COLUMNS, guess_list_mapping
from fairapp.exhibitors.imports.hall_names import HallName, hall_name
from fairapp.exhibitors.imports.rows import is_host_only


@pytest.mark.parametrize(
    ("text", "hall"),
    [
        ("东方展览馆H4", HallName("H4", "东方展览馆H4", "Hall H4, Dongfang Exhibition Hall")),
        ("3号馆", HallName("3", "3号馆", "Hall 3")),
        ("A馆", HallName("A", "A馆", "Hall A")),
        ("Hall B2", HallName("B2", "B2号馆", "Hall B2")),
        ("东湖会展中心", HallName("DHHZZX", "东湖会展中心", "Donghu Convention and Exhibition Centre")),
        ("科学会堂-东厅", HallName("KXHT-DT", "科学会堂-东厅", "Science Hall – Dong Hall")),
        ("North Wing", HallName("NORTH-WING", "North Wing", "North Wing")),
    ],
)
def test_a_hall_gets_a_code_and_both_names(text: str, hall: HallName) -> None:
    assert hall_name(text) == hall
    assert hall_name(text, {hall.code}).code == f"{hall.code}-2"


@pytest.mark.parametrize(
    ("role", "hosts"),
    [
        ("论坛主办方", True),
        ("展商", False),
        ("展商,论坛主办方", False),
        ("Host", True),
        ("exhibitor, host", False),
        ("x", False),
    ],
)
def test_who_only_hosts_is_told_apart(role: str, hosts: bool) -> None:
    assert is_host_only(role) is hosts


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (
            ["name_zh", "name_en", "halls", "booths", "role"],
            {"name_zh": 0, "name_en": 1, "halls": 2, "booths": 3, "role": 4},
        ),
        (
            ["序号", "企业名称", "展位号", "联系人", "手机"],
            {"name_zh": 1, "booths": 2, "contact_name": 3, "contact_phone": 4},
        ),
        (["No.", "Company name", "Booth no.", "Country"], {"name_en": 1, "booths": 2, "country": 3}),
        (["公司名称（中文）", "公司名称（英文）"], {"name_zh": 0, "name_en": 1}),
        (["a", "b"], {}),
    ],
)
def test_columns_are_guessed_from_headings(headings: list[str], columns: dict[str, int]) -> None:
    assert guess_columns(COLUMNS, headings) == columns


def test_a_title_may_stand_above_the_headings() -> None:
    mapping = guess_list_mapping([["2021 名单", ""], ["", ""], ["企业名称", "展位"], ["蓝港", "A1"]])
    assert (mapping.heading_row, dict(mapping.columns)) == (2, {"name_zh": 0, "booths": 1})
    assert guess_list_mapping([]).columns == {}
