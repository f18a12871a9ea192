"""What the program alone can read again."""

from sqlalchemy import text

from fairapp.accounts.models import User
from fairapp.core.data.db import db, transaction
from fairapp.core.data.encryption import decrypt, encrypt
from tests.factories.foundation import make_person

SECRET = "JBSWY3DPEHPK3PXP"


def stored() -> str:
    return db.session.execute(text("SELECT totp_secret FROM users WHERE totp_secret <> ''")).scalar_one()


def test_what_is_sealed_opens_for_its_purpose_alone(app) -> None:
    sealed = encrypt(b"secret", "one", about=b"x")
    assert decrypt(sealed, "one", about=b"x") == b"secret"
    assert [decrypt(sealed, "other", about=b"x"), decrypt(sealed, "one", about=b"y")] == [None, None]


def test_a_former_secret_of_the_program_still_opens(app) -> None:
    sealed = encrypt(b"secret", "one")
    former, app.config["SECRET_KEY"] = app.config["SECRET_KEY"], "another"
    try:
        assert decrypt(sealed, "one") is None
        app.config["SECRET_KEY_FALLBACKS"] = [former]
        assert decrypt(sealed, "one") == b"secret"
    finally:
        app.config["SECRET_KEY"], app.config["SECRET_KEY_FALLBACKS"] = former, []


def test_the_database_holds_no_second_factor_in_the_clear(app) -> None:
    user = make_person(totp_secret=SECRET)
    assert SECRET not in stored()
    with transaction() as session:
        session.expire_all()
        assert session.get_one(User, user.id).totp_secret == SECRET


def test_a_second_factor_that_cannot_be_read_is_not_none(app) -> None:
    user = make_person(totp_secret=SECRET)
    former, app.config["SECRET_KEY"] = app.config["SECRET_KEY"], "another"
    try:
        db.session.expire_all()
        assert db.session.get_one(User, user.id).totp_secret not in ("", SECRET)
    finally:
        app.config["SECRET_KEY"] = former
