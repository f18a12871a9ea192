"""Under which words a person is found."""

import pytest

from fairapp.visitors.search.terms import MAX_TERM_LENGTH, search_prefixes, search_terms


@pytest.mark.parametrize(
    ("name", "terms"),
    [
        ("王小明", ["王小明", "wangxiaoming", "wxm"]),
        ("单雄信", ["单雄信", "shanxiongxin", "sxx"]),
        ("欧阳修", ["欧阳修", "ouyangxiu", "oyx"]),
        ("尉迟恭", ["尉迟恭", "yuchigong", "ycg"]),
        ("Anna Łuk", ["annaluk", "luk"]),
        ("Đặng Văn Minh", ["dangvanminh", "van", "minh"]),
        ("吕布", ["吕布", "lvbu", "lb"]),
        ("•••", []),
        ("", []),
    ],
)
def test_names(name: str, terms: list[str]) -> None:
    assert search_terms(name) == terms


@pytest.mark.parametrize(
    ("company", "word"),
    [
        ("福州蓝港贸易有限公司", "蓝港"),
        ("福建省福州市蓝港贸易有限公司", "蓝港"),
        ("蓝港贸易", "lgmy"),
        ("Blue Harbour Trading Co., Ltd.", "harbour"),
        ("Blue Harbour Trading", "blueharbourtrading"),
    ],
)
def test_companies_are_found_without_their_place(company: str, word: str) -> None:
    assert any(term.startswith(word) for term in search_terms("", company=company))


def test_terms_are_few_short_and_each_once() -> None:
    terms = search_terms("王" * 100, "Wang " * 20, "蓝港" * 100, "48271936")
    assert len(terms) == len(set(terms)) <= 12
    assert max(map(len, terms)) <= MAX_TERM_LENGTH


@pytest.mark.parametrize(
    ("typed", "prefixes"),
    [
        ("王小", ["王小"]),
        ("  WANG xiao ", ["wang", "xiao"]),
        ("4827 1936", ["48271936"]),
        ("4827-19", ["482719"]),
        ("Łó", ["lo"]),
        ("'; --", []),
        ("%", []),
        ("", []),
    ],
)
def test_what_a_search_looks_for(typed: str, prefixes: list[str]) -> None:
    assert search_prefixes(typed) == prefixes
