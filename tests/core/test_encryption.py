"""What the program alone can read again."""

import hmac
from collections.abc import Callable, Iterator

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from fairapp.accounts.models import User
from fairapp.core.data.db import db, transaction
from fairapp.core.data.encryption import decrypt, derive_key, encrypt, reencrypt
from tests.factories.foundation import make_person

SECRET = "JBSWY3DPEHPK3PXP"


def stored() -> str:
    return db.session.execute(text("SELECT totp_secret FROM users WHERE totp_secret <> ''")).scalar_one()


@pytest.fixture
def another_key(app: APIFlask) -> Iterator[Callable[[bool], None]]:
    """`another_key(True)`: the program has another secret from now on, and keeps the former one at hand."""
    former = app.config["SECRET_KEY"]

    def change(keep_former: bool) -> None:
        app.config["SECRET_KEY"] = "another secret of the program"
        app.config["SECRET_KEY_FALLBACKS"] = ["an older one", former] if keep_former else []

    yield change
    app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"] = former, []


def test_what_is_encrypted_opens_for_its_purpose_and_owner_alone(app) -> None:
    encrypted = encrypt(b"secret", "one", owner=b"x")
    assert b"secret" not in encrypted
    assert decrypt(encrypted, "one", owner=b"x") == b"secret"
    assert [decrypt(encrypted, "other", owner=b"x"), decrypt(encrypted, "one", owner=b"y")] == [None, None]
    assert [decrypt(encrypted[:-1], "one", owner=b"x"), decrypt(b"", "one")] == [None, None]


def test_keys_are_derived_as_rfc_5869_says() -> None:
    def expand(secret: str, purpose: str) -> bytes:
        extracted = hmac.digest(bytes(32), secret.encode(), "sha256")
        return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")

    assert derive_key("a secret", "mail") == expand("a secret", "mail")
    assert derive_key("a secret", "mail", 4) == expand("a secret", "mail")[:4]


def test_a_former_secret_of_the_program_opens_what_it_encrypted(app, another_key) -> None:
    encrypted = encrypt(b"secret", "one", owner=b"x")
    another_key(False)
    assert decrypt(encrypted, "one", owner=b"x") is None
    assert reencrypt(encrypted, "one", owner=b"x") is None
    another_key(True)
    assert decrypt(encrypted, "one", owner=b"x") == b"secret"


def test_what_was_encrypted_anew_needs_the_former_secret_no_more(app, another_key) -> None:
    encrypted = encrypt(b"secret", "one", owner=b"x")
    another_key(True)
    anew = reencrypt(encrypted, "one", owner=b"x")
    assert anew is not None and anew[:4] != encrypted[:4]
    assert encrypt(b"other", "two")[:4] == anew[:4]  # the number tells the key apart, whatever it encrypts
    another_key(False)
    assert decrypt(anew, "one", owner=b"x") == b"secret"


def test_the_database_holds_no_second_factor_in_the_clear(app) -> None:
    user = make_person(totp_secret=SECRET)
    assert SECRET not in stored()
    with transaction() as session:
        session.expire_all()
        assert session.get_one(User, user.id).totp_secret == SECRET


def test_a_second_factor_that_cannot_be_read_is_not_none(app, another_key) -> None:
    user = make_person(totp_secret=SECRET)
    another_key(False)
    db.session.expire_all()
    assert db.session.get_one(User, user.id).totp_secret not in ("", SECRET)
