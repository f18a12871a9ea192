"""Mail: a row first, in the same transaction as its cause; a job sends it by SMTP or writes it to a file."""

import smtplib
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

import structlog
from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from fairapp.core import clock
from fairapp.core.chance import new_id
from fairapp.core.db import db, transaction
from fairapp.core.jobs import enqueue, job

log = structlog.get_logger()
Attachment = tuple[str, str, bytes]  # file name, content type, content
_attachments: dict[str, Callable[[str], Attachment]] = {}


class OutgoingMail(db.Model):  # type: ignore[name-defined]
    """One mail; `attachment` is 'kind:argument', made when the mail is sent."""

    __tablename__ = "outgoing_mails"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    fair_id: Mapped[int | None]
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    attachment: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(String(300), default="")


def attachment_maker(kind: str, maker: Callable[[str], Attachment]) -> None:
    """Say how the attachment 'kind:argument' is made at the moment of sending."""
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
    """Send one mail, once; a failure is kept and `flask mail send` tries again."""
    mail = db.session.get(OutgoingMail, UUID(mail_id), populate_existing=True)
    if mail is None or mail.sent_at is not None:
        return
    error = ""
    try:
        _deliver(_message(mail))
    except (OSError, smtplib.SMTPException) as failure:
        error = str(failure)[:300]
        log.warning("mail not sent", mail=mail_id, error=error)
    with transaction() as session:
        mail = session.get_one(OutgoingMail, UUID(mail_id))
        mail.attempts += 1
        mail.last_error = error
        mail.sent_at = None if error else clock.now()


def send_waiting(most: int = 500) -> int:
    """Try again what has not been sent, oldest first; gives how many went."""
    waiting = select(OutgoingMail.id).where(OutgoingMail.sent_at.is_(None)).order_by(OutgoingMail.id).limit(most)
    found = list(db.session.scalars(waiting))
    for mail_id in found:
        send_mail(str(mail_id))
    sent = OutgoingMail.id.in_(found), OutgoingMail.sent_at.is_not(None)
    return len(list(db.session.scalars(select(OutgoingMail.id).where(*sent))))


def _message(mail: OutgoingMail) -> EmailMessage:
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
    parts = urlsplit(url)
    connect = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with connect(parts.hostname or "localhost", parts.port or 25, timeout=20) as server:
        if parts.scheme == "smtp+starttls":
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
