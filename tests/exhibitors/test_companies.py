"""What is said about a company: its names, numbers and countries, checked, changed, compared."""

import pytest
from sqlalchemy import select

from fairapp.audit.catalogue import Event
from fairapp.audit.models import FairEvent
from fairapp.core.data.db import db, transaction
from fairapp.core.web.access import ANONYMOUS
from fairapp.exhibitors.companies import identifiers
from fairapp.exhibitors.companies.countries import country_code
from fairapp.exhibitors.companies.identifiers import hs_code, phone_number, web_address
from fairapp.exhibitors.companies.names import MIN_SIMILARITY, import_key, name_key, name_similarity, search_text
from fairapp.exhibitors.companies.profile import clean_details
from fairapp.exhibitors.companies.queries import likely_duplicates
from fairapp.exhibitors.companies.services import change_exhibitor
from tests.client import PageClient
from tests.exhibitors.reading import stored
from tests.factories.exhibitors import company, credit_code, make_application, make_exhibitor
from tests.factories.fairs import Ground, make_ground


def test_a_change_is_noted_by_field_and_searched_anew(ground: Ground) -> None:
    one = make_exhibitor(ground.fair)
    with transaction():
        change_exhibitor(actor=ANONYMOUS, exhibitor=one, name_zh="赤江贸易", contact_phone="138 0000 1111")
    assert (one.contact_phone, "chijiang" in one.search_text) == ("+8613800001111", True)
    noted = db.session.scalars(select(FairEvent).where(FairEvent.event == Event.EXHIBITOR_CHANGED)).one()
    assert noted.detail == {"changed": ["contact_phone", "name_zh"]}


def test_no_column_is_set_that_nobody_may_set(ground: Ground) -> None:
    one = make_application(ground.fair)
    with pytest.raises(TypeError), transaction():
        change_exhibitor(actor=ANONYMOUS, exhibitor=one, status="approved")


def test_duplicates_are_shown_and_never_merged(ground: Ground) -> None:
    old = make_exhibitor(ground.fair, name_zh="福建蓝港贸易有限公司", name_en="", credit_code=credit_code(9))
    same = make_application(ground.fair, name_zh="别的名字", name_en="", credit_code=credit_code(9))
    alike = make_application(ground.fair, name_zh="福建省蓝港贸易公司", name_en="")
    make_application(ground.fair, name_zh="成都天府茶业", name_en="")
    elsewhere = make_ground()
    make_exhibitor(elsewhere.fair, name_zh="福建蓝港贸易有限公司", name_en="", credit_code=credit_code(9))
    found = likely_duplicates(old)
    assert [(one.id, why) for one, why, _ in found] == [(same.id, "credit_code"), (alike.id, "name")]


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


def test_the_organiser_adds_and_changes_a_company(ground: Ground, desk: PageClient) -> None:
    given = company(name_en="Blue Harbour", contact_email="")
    assert desk.post_form("/fairs/fair-e/desk/exhibitors/new", given).errors() == {}
    one = stored("Blue Harbour")
    url = f"/fairs/fair-e/desk/exhibitors/{one.id}/change"
    desk.post_form(url, {"city": "福州市", "delegation": str(ground.delegation.id), "is_returning": "y"})
    assert (one.status, one.city, one.delegation_id, one.is_returning) == (
        "approved",
        "福州市",
        ground.delegation.id,
        True,
    )
    page = desk.post_form(url, {"participation": "co", "main_exhibitor": "NOBODY"})
    assert list(page.errors()) == ["main_exhibitor"]
    page = desk.post_form("/fairs/fair-e/desk/exhibitors/new", {**company(), "credit_code": one.credit_code})
    assert list(page.errors()) == ["credit_code"]


def test_duplicates_stand_side_by_side(ground: Ground, desk: PageClient) -> None:
    make_exhibitor(ground.fair, name_en="Blue Harbour", credit_code=credit_code(8))
    one = make_application(ground.fair, credit_code=credit_code(8))
    page = desk.get_page(f"/fairs/fair-e/desk/exhibitors/{one.id}")
    assert "Same credit code" in page
    assert "Blue Harbour" in page
