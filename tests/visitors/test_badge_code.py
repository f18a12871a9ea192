"""A code says what was signed, or it is no code."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from fairapp.visitors.badges import code as badge_code
from fairapp.visitors.badges.code import ALPHABET, BadgeCode, Verdict
from fairapp.visitors.models import EVERY_DAY

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEYS = {1: KEY.public_key().public_bytes_raw()}
CODE = BadgeCode(7, 1, bytes(range(16)), EVERY_DAY, 3, "PRO")
TEXT = badge_code.encode(CODE, KEY.sign)

codes = st.builds(
    BadgeCode,
    fair_id=st.just(7),
    key_number=st.just(1),
    code_id=st.binary(min_size=16, max_size=16),
    days=st.integers(1, EVERY_DAY),
    issue=st.integers(1, 65535),
    category_code=st.text(min_size=1, max_size=6).filter(lambda text: 1 <= len(text.encode(errors="replace")) <= 20),
).filter(lambda code: code.category_code.isprintable())


@given(codes)
def test_what_was_written_is_read(code: BadgeCode) -> None:
    text = badge_code.encode(code, KEY.sign)
    assert len(text) <= badge_code.MAX_CODE_LENGTH
    assert set(text) <= set(ALPHABET)
    assert badge_code.verify(text, 7, KEYS) == (Verdict.GENUINE, code)


@given(st.integers(0, len(TEXT) - 1), st.sampled_from(ALPHABET))
def test_a_changed_letter_is_never_genuine(place: int, letter: str) -> None:
    changed = TEXT[:place] + letter + TEXT[place + 1 :]
    assert (badge_code.verify(changed, 7, KEYS)[0] is Verdict.GENUINE) == (changed == TEXT)


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 20))
def test_a_lost_piece_is_never_genuine(place: int, length: int) -> None:
    assert badge_code.verify(TEXT[:place] + TEXT[place + length :], 7, KEYS)[0] is not Verdict.GENUINE


@given(st.binary(max_size=130))
def test_invented_bytes_are_never_genuine(data: bytes) -> None:
    text = badge_code.PREFIX + badge_code.base45(data) + badge_code.SUFFIX
    assert badge_code.verify(text, 7, KEYS)[0] is not Verdict.GENUINE


@given(st.text())
def test_no_text_makes_it_fall_over(text: str) -> None:
    assert badge_code.decode(text) is None
    assert badge_code.verify("FA1:" + text + ".", 7, KEYS)[0] is not Verdict.GENUINE


@pytest.mark.parametrize(
    ("text", "fair", "keys", "verdict"),
    [
        (TEXT, 7, KEYS, Verdict.GENUINE),
        (TEXT, 8, KEYS, Verdict.FOREIGN),
        (TEXT, 7, {}, Verdict.UNKNOWN_KEY),
        (TEXT, 7, {2: KEYS[1]}, Verdict.UNKNOWN_KEY),
        (TEXT, 7, {1: OTHER.public_key().public_bytes_raw()}, Verdict.FALSE_SIGNATURE),
        (TEXT, 7, {1: b"no key"}, Verdict.FALSE_SIGNATURE),
        (TEXT.lower(), 7, KEYS, Verdict.UNREADABLE),
        (TEXT + " ", 7, KEYS, Verdict.UNREADABLE),
        (TEXT[:-1], 7, KEYS, Verdict.UNREADABLE),
        ("", 7, KEYS, Verdict.UNREADABLE),
        ("https://example.com/", 7, KEYS, Verdict.UNREADABLE),
        ("FA1:" + "0" * 1_000_000 + ".", 7, KEYS, Verdict.UNREADABLE),
    ],
)
def test_each_fault_has_its_name(text: str, fair: int, keys: dict[int, bytes], verdict: Verdict) -> None:
    assert badge_code.verify(text, fair, keys)[0] is verdict


@pytest.mark.parametrize(
    "code",
    [
        BadgeCode(7, 1, bytes(16), 1, 1, ""),
        BadgeCode(7, 1, bytes(16), 1, 1, "x" * 21),
        BadgeCode(7, 1, bytes(15), 1, 1, "PRO"),
        BadgeCode(7, 256, bytes(16), 1, 1, "PRO"),
        BadgeCode(-1, 1, bytes(16), 1, 1, "PRO"),
        BadgeCode(7, 1, bytes(16), 1, 65536, "PRO"),
    ],
)
def test_what_does_not_fit_is_refused(code: BadgeCode) -> None:
    with pytest.raises(ValueError):
        badge_code.encode(code, KEY.sign)


@given(st.binary(max_size=200))
def test_base45_is_exact(data: bytes) -> None:
    assert badge_code.from_base45(badge_code.base45(data)) == data


@pytest.mark.parametrize(("data", "text"), [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581")])
def test_base45_is_the_one_of_rfc_9285(data: bytes, text: str) -> None:
    assert badge_code.base45(data) == text


@pytest.mark.parametrize("text", ["A", ":::", "GGW", "::", "abc", "AAAA"])
def test_base45_has_one_text_for_each_value(text: str) -> None:
    assert badge_code.from_base45(text) is None
