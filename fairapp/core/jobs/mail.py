"""Mail: a row first, in the same transaction as its cause; a job sends it by SMTP or writes it to a file."""

import enum
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog
from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import Index, Select, String, and_, func, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core.data import clock
from fairapp.core.data.db import Base, db, transaction
from fairapp.core.data.encryption import EncryptedText
from fairapp.core.data.ids import new_id
from fairapp.core.jobs.queue import enqueue, job, recover_on_start

log = structlog.get_logger()
Attachment = tuple[str, str, bytes]  # file name, content type, content
_attachments: dict[str, Callable[[str], Attachment]] = {}
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
SEND_LEASE = timedelta(minutes=10)  # so long nobody else claims a mail that is just being sent
RETRY_EVERY = timedelta(hours=1)  # by the worker; `flask mail send` tries at once
GIVEN_UP_AFTER = timedelta(days=3)
MIN_TRIES = 5
WAITING = text("sent_at IS NULL AND failed_at IS NULL")
MAX_PER_RUN = 500  # then the worker does something else first


class SmtpUnavailable(OSError):
    """The mail server does not answer, is not the one it should be, or does not take us: nothing can be sent now."""


class SendResult(enum.Enum):
    """What became of one attempt to send a mail."""

    SENT = enum.auto()
    FAILED = enum.auto()
    UNAVAILABLE = enum.auto()
    NOT_CLAIMED = enum.auto()  # sent before, given up, or in somebody else's hands


class OutgoingMail(Base):
    """One mail; `attachment` is 'kind:argument', made when the mail is sent.

    Its body may hold a link that opens an account: it lies sealed while it waits, and goes once it is sent.
    """

    __tablename__ = "outgoing_mails"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    fair_id: Mapped[int | None]
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(EncryptedText("mail"))
    html: Mapped[str] = mapped_column(EncryptedText("mail"))
    attachment: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None]  # `last_error` is empty while a try is under way
    failed_at: Mapped[datetime | None]  # given up
    last_error: Mapped[str] = mapped_column(String(300), default="")

    __table_args__ = (
        Index(
            "ix_outgoing_mails_waiting",
            "attempts",
            "created_at",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )


def attachment_maker(kind: str, maker: Callable[[str], Attachment]) -> None:
    """Register how the attachment 'kind:argument' is made at the moment of sending."""
    _attachments[kind] = maker


def queue_mail(
    template: str,
    *,
    recipient: str,
    subject: object,
    locale: str = "zh_Hans",
    fair_id: int | None = None,
    attachment: str = "",
    **context: object,
) -> OutgoingMail:
    """Store a mail made from `templates/emails/{template}.html` and `.txt`, and send it after the transaction."""
    with force_locale(locale):
        context |= {"subject": str(subject), "locale": locale}
        mail = OutgoingMail(
            fair_id=fair_id,
            recipient=recipient,
            subject=" ".join(str(subject).split()),
            text=render_template(f"emails/{template}.txt", **context),
            html=render_template(f"emails/{template}.html", **context),
            attachment=attachment,
        )
    db.session.add(mail)
    db.session.flush()
    enqueue(send_mail, mail_id=str(mail.id))
    return mail


@job
def send_mail(mail_id: str) -> None:
    """Send one mail, once; a failure is kept and tried again later."""
    _send(UUID(mail_id))


def send_waiting() -> int:
    """Try again now whatever has not been sent (`flask mail send`); return how many went."""
    return _send_all(_waiting())


@recover_on_start
@job
def send_left() -> None:
    """Send what a worker left that ended, and what a server refused an hour ago."""
    not_lately = or_(OutgoingMail.tried_at.is_(None), OutgoingMail.tried_at <= clock.now() - RETRY_EVERY)
    _send_all(_waiting().where(not_lately).limit(MAX_PER_RUN))


def oldest_untried() -> datetime | None:
    """Return since when a mail waits that nobody has tried to send, or None."""
    return db.session.scalar(select(func.min(OutgoingMail.created_at)).where(WAITING, OutgoingMail.attempts == 0))


def _waiting() -> Select[Any]:
    """Those tried least often first, so that addresses that never work keep no other mail waiting."""
    return select(OutgoingMail.id).where(WAITING).order_by(OutgoingMail.attempts, OutgoingMail.created_at)


def _send_all(mails: Select[Any]) -> int:
    """Send one after the other; a server that is unavailable is so for all of them."""
    sent = 0
    for mail_id in list(db.session.scalars(mails)):
        outcome = _send(mail_id)
        sent += outcome is SendResult.SENT
        if outcome is SendResult.UNAVAILABLE:
            break
    return sent


def _send(mail_id: UUID) -> SendResult:
    """Send one mail; what goes wrong with it is noted, and the next ones go."""
    if not _claim(mail_id):
        return SendResult.NOT_CLAIMED
    outcome, error = SendResult.SENT, ""
    try:
        _deliver(_message(db.session.get_one(OutgoingMail, mail_id, populate_existing=True)))
    except Exception as failure:
        outcome = SendResult.UNAVAILABLE if isinstance(failure, SmtpUnavailable) else SendResult.FAILED
        error = f"{type(failure).__name__}: {failure}"[:300]
        log.warning("mail not sent", mail=str(mail_id), error=error)
    with transaction() as session:
        mail = session.get_one(OutgoingMail, mail_id)
        if error:
            mail.last_error = error
            old = mail.created_at <= clock.now() - GIVEN_UP_AFTER
            mail.failed_at = clock.now() if old and mail.attempts >= MIN_TRIES else None
        else:
            mail.sent_at, mail.text, mail.html = clock.now(), "", ""
    return outcome


def _claim(mail_id: UUID) -> bool:
    """Return whether the mail is ours to send now: of two who want to send it at once the database lets one."""
    free = or_(
        OutgoingMail.attempts == 0,
        OutgoingMail.last_error != "",
        OutgoingMail.tried_at <= clock.now() - SEND_LEASE,
    )
    claim = update(OutgoingMail).where(and_(OutgoingMail.id == mail_id, WAITING, free))
    with transaction() as session:
        result = session.execute(claim.values(attempts=OutgoingMail.attempts + 1, tried_at=clock.now(), last_error=""))
        return bool(result.rowcount == 1)  # type: ignore[attr-defined]


def _message(mail: OutgoingMail) -> EmailMessage:
    if not mail.text:
        raise ValueError("the mail cannot be opened: it was sealed with another SECRET_KEY")
    message = EmailMessage(policy=SMTP)
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = formatdate(mail.created_at.timestamp())
    message["Message-ID"] = make_msgid(str(mail.id), "fairapp.invalid")
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.attachment:
        kind, _, argument = mail.attachment.partition(":")
        name, content_type, content = _attachments[kind](argument)
        main, _, sub = content_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message


def _deliver(message: EmailMessage) -> None:
    url = current_app.config["SMTP_URL"]
    if not url:
        folder = Path(current_app.config["INSTANCE_PATH"]) / "mail"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{clock.now():%Y%m%dT%H%M%S%f}.eml").write_bytes(bytes(message))
        return
    with _connected(url) as server:
        server.send_message(message)


def _connected(url: str) -> smtplib.SMTP:
    """Return the mail server, proven by its certificate before it hears a password or a link; plain smtp:// proves nothing."""
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port or PORTS.get(parts.scheme, 25)
    trusted = ssl.create_default_context()
    try:
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=20, context=trusted)
        else:
            server = smtplib.SMTP(host, port, timeout=20)
        if parts.scheme == "smtp+starttls":
            server.starttls(context=trusted)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (OSError, smtplib.SMTPException) as failure:
        raise SmtpUnavailable(str(failure)) from failure
    return server
