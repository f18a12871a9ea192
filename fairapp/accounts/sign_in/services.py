"""How people prove who they are: passwords, mailed links, second factors. Whoever proves it stands first."""

import secrets

from sqlalchemy import delete, update

from fairapp.accounts import queries, rules
from fairapp.accounts.models import EndedSession, LinkPurpose, RecoveryCode, User
from fairapp.accounts.sign_in import passwords
from fairapp.accounts.sign_in.passwords import check_password
from fairapp.accounts.sign_in.single_use_links import end_links, issue_link, spend_link
from fairapp.audit import services as audit
from fairapp.audit.catalogue import Event
from fairapp.core.data import clock, tokens
from fairapp.core.data.db import db
from fairapp.core.errors import DomainError
from fairapp.core.jobs.mail import queue_mail
from fairapp.core.text.i18n import _l

_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"  # 32 signs without I, L, O, U: 16 of them are 80 bits
_MISREAD = str.maketrans("OIL", "011")

_FAULTS = {
    rules.PasswordFault.TOO_SHORT: _l("Use at least 10 characters. Several words are easy to keep in mind."),
    rules.PasswordFault.TOO_LONG: _l("Use at most 200 characters."),
    rules.PasswordFault.IS_THE_ADDRESS: _l("Your mail address is no password. Choose something only you know."),
    rules.PasswordFault.UNTYPABLE: _l("This password has characters that cannot be typed again. Leave them out."),
}


# --- signing in -----------------------------------------------------------------------------


def record_sign_in(*, user: User, address: str, password: str = "") -> None:
    """Record that a person came in; with the `password` at hand, a hash made by older parameters is made anew."""
    user.last_seen_at = clock.now()
    if password and passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    audit.record_account(Event.SIGNED_IN, user_id=user.id, address=address)


def record_failed_sign_in(*, email: str, address: str) -> None:
    """Record that somebody did not come in: with the account if there is one, never with the address typed."""
    user = queries.user_by_email(email)
    audit.record_account(Event.SIGN_IN_FAILED, user_id=user.id if user else None, address=address)


def sign_out(*, user: User, session_id: str) -> None:
    """End this session, wherever its cookie was copied to; forget those that time has ended."""
    db.session.execute(delete(EndedSession).where(EndedSession.ended_at < clock.now() - rules.SESSION_LASTS))
    if session_id:
        db.session.merge(EndedSession(id=session_id))
    audit.record_account(Event.SIGNED_OUT, user_id=user.id)


# --- passwords ------------------------------------------------------------------------------


def set_password(*, user: User, password: str) -> None:
    """Set a new password and end every other session and mailed link. DomainError: password_…, by rules.password_fault."""
    if fault := rules.password_fault(password, user.email):
        raise DomainError(f"password_{fault}", _FAULTS[fault], field="password", status=422)
    user.password_hash = passwords.hash_password(password)
    _end_sessions(user)
    end_links(user, *LinkPurpose)
    audit.record_account(Event.PASSWORD_CHANGED, user_id=user.id)


def change_password(*, user: User, current: str, password: str) -> None:
    """Change one's own password, and mail its owner that it was done. DomainError: wrong_password, password_…."""
    check_password(user, current)
    set_password(user=user, password=password)
    _warn(user, "password_changed", _l("Your password was changed"))


def send_reset(*, email: str) -> None:
    """Mail a link to set a new password, if there is such an account; newcomers get a new invitation this way too."""
    user = queries.user_by_email(email)
    if user is None:
        return
    audit.record_account(Event.PASSWORD_RESET_ASKED, user_id=user.id)
    link = issue_link(user, LinkPurpose.PASSWORD_RESET)
    queue_mail(
        "accounts/password_reset",
        recipient=user.email,
        subject=_l("Set a new password"),
        locale=user.locale,
        person=user.name,
        link=link,
        minutes=int(rules.RESET_LASTS.total_seconds() // 60),
    )


def accept_invitation(*, token: str, name: str, password: str) -> User:
    """Set name and password by a mailed link, which is spent. DomainError: link_spent, password_…."""
    user = spend_link(LinkPurpose.INVITATION, token)
    set_password(user=user, password=password)
    user.name = name
    audit.record_account(Event.USER_JOINED, user_id=user.id)
    return user


def reset_password(*, token: str, password: str) -> User:
    """Set a new password by a mailed link, which is spent. DomainError: link_spent, password_…."""
    user = spend_link(LinkPurpose.PASSWORD_RESET, token)
    set_password(user=user, password=password)
    _warn(user, "password_changed", _l("Your password was changed"))
    return user


# --- second factor --------------------------------------------------------------------------


def add_second_factor(*, user: User, secret: str, code: str) -> list[str]:
    """Demand codes of this secret from now on; return the recovery codes. DomainError: wrong_code."""
    step = rules.matching_step(secret, code, clock.now(), 0)
    if step is None:
        raise _wrong_code()
    user.totp_secret, user.totp_last_step = secret, step
    _end_sessions(user)
    audit.record_account(Event.SECOND_FACTOR_ADDED, user_id=user.id)
    return _new_recovery_codes(user)


def pass_second_factor(*, user: User, code: str, address: str = "") -> bool:
    """Spend a code; return whether it was right, and record a wrong one."""
    if _spend_step(user, code.replace(" ", "")) or _spend_recovery_code(user, code):
        return True
    audit.record_account(Event.SIGN_IN_FAILED, user_id=user.id, address=address, second_factor=True)
    return False


def renew_recovery_codes(*, user: User, current: str) -> list[str]:
    """Make and return ten new codes; the old ones stop working. DomainError: wrong_password."""
    check_password(user, current)
    audit.record_account(Event.RECOVERY_CODES_RENEWED, user_id=user.id)
    return _new_recovery_codes(user)


def give_up_second_factor(*, user: User, current: str) -> None:
    """Remove one's own second factor. DomainError: wrong_password."""
    check_password(user, current)
    remove_second_factor(user=user)


def remove_second_factor(*, user: User, by: str = "") -> None:
    """Let the password alone count again: by the person, or by an operator (`by`) when the phone is lost."""
    user.totp_secret, user.totp_last_step = "", 0
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    _end_sessions(user)
    audit.record_account(Event.SECOND_FACTOR_REMOVED, user_id=user.id, by=by)
    _warn(user, "second_factor_removed", _l("Your second factor was removed"))


def _spend_step(user: User, code: str) -> bool:
    """Two requests with one code: the database lets one through."""
    if not user.totp_secret:
        return False
    step = rules.matching_step(user.totp_secret, code, clock.now(), user.totp_last_step)
    if step is None:
        return False
    once = update(User).where(User.id == user.id, User.totp_last_step < step).values(totp_last_step=step)
    return bool(db.session.execute(once).rowcount == 1)  # type: ignore[attr-defined]


def _spend_recovery_code(user: User, code: str) -> bool:
    mine = (RecoveryCode.user_id == user.id, RecoveryCode.digest == _code_digest(code), RecoveryCode.used_at.is_(None))
    once = update(RecoveryCode).where(*mine).values(used_at=clock.now())
    if db.session.execute(once).rowcount != 1:  # type: ignore[attr-defined]
        return False
    audit.record_account(Event.RECOVERY_CODE_USED, user_id=user.id)
    return True


def _new_recovery_codes(user: User) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(16)) for _ in range(rules.RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, digest=_code_digest(code)) for code in codes)
    db.session.flush()
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def _code_digest(code: str) -> str:
    read = code.upper().translate(_MISREAD)
    return tokens.digest("".join(sign for sign in read if sign in _ALPHABET))


def _wrong_code() -> DomainError:
    return DomainError(
        "wrong_code",
        _l("This code is not right. Wait for the next one in your app and type it."),
        field="code",
        status=422,
    )


def _warn(user: User, template: str, subject: object) -> None:
    queue_mail(f"accounts/{template}", recipient=user.email, subject=subject, locale=user.locale, person=user.name)


def _end_sessions(user: User) -> None:
    """Sign the person out everywhere; the browser at hand must be signed in anew."""
    user.session_key = secrets.token_hex(16)
