"""What the laws of exhibiting say, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from fairapp.core.imports.columns import guess_columns
from fairapp.exhibitors import rules
from fairapp.exhibitors.booths.rules import hold_ends_at, may_settle, zone_fits
from fairapp.exhibitors.companies import identifiers
from fairapp.exhibitors.companies.countries import country_code
from fairapp.exhibitors.companies.identifiers import hs_code, phone_number, web_address
from fairapp.exhibitors.companies.names import MIN_SIMILARITY, import_key, name_key, name_similarity, search_text
from fairapp.exhibitors.companies.profile import clean_details
from fairapp.exhibitors.imports.columns import COLUMNS, guess_list_mapping
from fairapp.exhibitors.imports.hall_names import HallName, hall_name
from fairapp.exhibitors.imports.rows import is_host_only
from fairapp.exhibitors.models import BoothState, ExhibitorStatus
from tests.factories.exhibitors import credit_code

MOVES = {
    "applied": {"approve", "refuse", "withdraw", "change"},
    "approved": {"withdraw", "change", "book"},
    "refused": {"approve"},
    "withdrawn": {"approve"},
}
VERBS = sorted({verb for verbs in MOVES.values() for verb in verbs})
BOOTH_MOVES = {"held": {"confirm", "decline", "expire", "release"}, "assigned": {"release"}, "released": set()}


@pytest.mark.parametrize("status", ExhibitorStatus)
@pytest.mark.parametrize("verb", VERBS)
def test_an_exhibitor_moves_as_the_table_says(status: str, verb: str) -> None:
    assert rules.may(status, verb) is (verb in MOVES[status])


@pytest.mark.parametrize("state", BoothState)
@pytest.mark.parametrize("verb", ["confirm", "decline", "expire", "release"])
def test_a_booth_moves_as_the_table_says(state: str, verb: str) -> None:
    assert may_settle(state, verb) is (verb in BOOTH_MOVES[state])


@pytest.mark.parametrize(
    ("mine", "booths", "fits"), [(1, 1, True), (1, 2, False), (None, 2, True), (1, None, True), (None, None, True)]
)
def test_an_exhibitor_takes_a_booth_of_its_own_zone(mine: int | None, booths: int | None, fits: bool) -> None:
    assert zone_fits(mine, booths) is fits


def test_a_hold_runs_out_after_whole_days() -> None:
    assert hold_ends_at(datetime(2021, 3, 1, tzinfo=UTC), 3) - datetime(2021, 3, 1, tzinfo=UTC) == timedelta(3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("福建蓝港贸易有限公司", "福建蓝港贸易股份有限公司"),
        ("Blue Harbour Trading Co., Ltd.", "BLUE HARBOUR TRADING LIMITED"),
        ("ＡＢＣ Ｔrading", "abc trading"),
    ],
)
def test_legal_forms_width_and_case_make_no_other_company(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


def test_likeness_is_a_hint_between_0_and_100() -> None:
    keys = [{"name_key_zh": name_key(name)} for name in ("福建蓝港贸易有限公司", "福建省蓝港贸易公司", "成都茶业")]
    assert name_similarity(keys[0], keys[1]) >= MIN_SIMILARITY
    assert name_similarity(keys[0], keys[2]) < 30
    assert name_similarity({}, keys[0]) == 0


def test_an_import_key_ignores_spelling_and_minds_names_and_code() -> None:
    key = import_key("蓝港（福建）贸易", "Blue Harbour, Ltd.", "")
    assert key == import_key("蓝港(福建)贸易 ", "BLUE HARBOUR LTD", "")
    assert key != import_key("蓝港（福建）贸易", "", "")
    assert key != import_key("蓝港（福建）贸易", "Blue Harbour, Ltd.", credit_code(1))


def test_names_are_found_by_pinyin_and_initials() -> None:
    text = search_text("蓝港贸易", "Blue Harbour", "91350100M")
    for word in ("蓝港", "langang", "lgmy", "blue harbour", "blueharbour", "91350100m"):
        assert word in text


GOOD = credit_code(7)


@pytest.mark.parametrize(
    ("read", "text", "kept"),
    [
        (identifiers.credit_code, GOOD.lower(), GOOD),
        (identifiers.credit_code, f" {GOOD[:8]} {GOOD[8:]}", GOOD),
        (identifiers.credit_code, GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"), None),
        (identifiers.credit_code, "=cmd()", None),
        (identifiers.credit_code, "N2350102MF0000000B", "N2350102MF0000000B"),
        (identifiers.credit_code, "N2350102MF0000000C", None),
        (identifiers.credit_code, "I1350102MF0000000B", None),
        (web_address, "www.example.com", "https://www.example.com"),
        (web_address, "http://example.com/a?b=c", "http://example.com/a?b=c"),
        (web_address, "javascript:alert(1)", None),
        (web_address, "javascript://a.com/%0aalert(1)", None),
        (web_address, "https://u:p@example.com", None),
        (web_address, "<script>", None),
        (hs_code, "8517.13", "851713"),
        (hs_code, "61", "61"),
        (hs_code, "1", None),
        (hs_code, "1234567", None),
        (hs_code, "00", None),
        (country_code, "中国香港", "HK"),
        (country_code, "malaysia", "MY"),
        (country_code, "cn", "CN"),
        (country_code, "Atlantis", None),
        (country_code, "Turkey", "TR"),
        (country_code, "TURKIYE", "TR"),
        (country_code, "The Netherlands", "NL"),
        (country_code, "Bosnia and Herzegovina", "BA"),
        (country_code, "Saint Lucia", "LC"),
        (country_code, "Cote d'Ivoire", "CI"),
        (country_code, "JPN", "JP"),
        (country_code, "P.R. China", "CN"),
        (country_code, "香港特别行政区", "HK"),
        (country_code, "Congo", None),
        (country_code, "XXX", None),
    ],
)
def test_what_is_kept_of_a_number(read, text: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(ValueError):
            read(text)
    else:
        assert read(text) == kept


@pytest.mark.parametrize(
    ("text", "country", "kept"),
    [
        ("138 0000 1111", "CN", "+8613800001111"),
        ("+65 6123 4567", "CN", "+6561234567"),
        ("６１２３ ４５６７", "SG", "+6561234567"),
        ("12", "CN", None),
        ("phone", "CN", None),
    ],
)
def test_what_is_kept_of_a_phone_number(text: str, country: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(ValueError):
            phone_number(text, country)
    else:
        assert phone_number(text, country) == kept


@pytest.mark.parametrize(
    ("given", "faults"),
    [
        ({"name_zh": "蓝港", "country": "CN"}, {}),
        ({"name_zh": "", "name_en": ""}, {"name_zh": "no_name"}),
        ({"name_zh": "a", "country": "XX"}, {"country": "bad_country"}),
        ({"name_zh": "a", "country": "CN", "credit_code": "1"}, {"credit_code": "bad_credit_code"}),
        ({"name_zh": "a", "country": "MY", "credit_code": GOOD}, {"credit_code": "credit_code_abroad"}),
        ({"contact_email": "a@b"}, {"contact_email": "bad_email"}),
        ({"contact_phone": "x"}, {"contact_phone": "bad_phone"}),
        ({"website": "x"}, {"website": "bad_website"}),
        ({"kind": "king"}, {"kind": "bad_choice"}),
        ({"participation": "co"}, {"main_exhibitor_id": "no_main"}),
    ],
)
def test_details_are_checked_as_a_whole(given: dict, faults: dict) -> None:
    assert clean_details(given)[1] == faults


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
