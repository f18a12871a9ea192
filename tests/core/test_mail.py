from email.message import EmailMessage
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from fairapp.core import mail
from fairapp.core.db import db, transaction
from tests.mail import Mailbox, text_of


@pytest.fixture
def letter(app: APIFlask, tmp_path: Path) -> str:
    """A mail template that lives for one test."""
    (tmp_path / "emails").mkdir()
    (tmp_path / "emails" / "greeting.txt").write_text("Dear {{ name }}")
    (tmp_path / "emails" / "greeting.html").write_text("<p>Dear {{ name }}</p>")
    from jinja2 import ChoiceLoader, FileSystemLoader

    before = app.jinja_env.loader
    app.jinja_env.loader = ChoiceLoader([before, FileSystemLoader(tmp_path)])
    yield "greeting"
    app.jinja_env.loader = before


def queue(letter: str, **more: str) -> mail.OutgoingMail:
    return mail.queue_mail(
        letter, recipient="li@example.com", subject="你好\nBcc: all@example.com", name="<Li>", **more
    )


def test_a_mail_is_sent_once_its_cause_is_stored(letter: str, mailbox: Mailbox) -> None:
    with transaction():
        queued = queue(letter)
        assert mailbox.mails == []
    received = mailbox.only("li@example.com")
    assert received["Subject"] == "你好 Bcc: all@example.com"
    assert received["Bcc"] is None
    assert text_of(received).strip() == "Dear <Li>"
    assert "&lt;Li&gt;" in received.get_body(("html",)).get_content()
    db.session.refresh(queued)
    assert (queued.attempts, queued.last_error) == (1, "")
    assert queued.sent_at is not None


def test_what_is_rolled_back_is_never_sent(letter: str, mailbox: Mailbox) -> None:
    with pytest.raises(RuntimeError), transaction():
        queue(letter)
        raise RuntimeError("no")
    assert mailbox.mails == []
    assert db.session.scalars(select(mail.OutgoingMail)).all() == []


def test_sending_twice_delivers_once(letter: str, mailbox: Mailbox) -> None:
    with transaction():
        queued = queue(letter)
    mail.send_mail(str(queued.id))
    assert len(mailbox.mails) == 1


def test_a_server_that_is_away_loses_no_mail(app: APIFlask, letter: str, mailbox: Mailbox) -> None:
    here, app.config["SMTP_URL"] = app.config["SMTP_URL"], "smtp://127.0.0.1:9"
    with transaction():
        queued = queue(letter)
    db.session.refresh(queued)
    assert queued.sent_at is None
    assert queued.last_error
    app.config["SMTP_URL"] = here
    assert mail.send_waiting() == 1
    assert len(mailbox.mails) == 1


def test_an_attachment_is_made_when_the_mail_goes(letter: str, mailbox: Mailbox) -> None:
    mail.attachment_maker("note", lambda argument: (f"{argument}.txt", "text/plain", argument.encode()))
    with transaction():
        queue(letter, attachment="note:seven")
    received: EmailMessage = mailbox.only("li@example.com")
    assert [part.get_filename() for part in received.iter_attachments()] == ["seven.txt"]


def test_without_a_server_mails_are_files(app: APIFlask, letter: str) -> None:
    with transaction():
        queue(letter)
    files = list((Path(app.config["INSTANCE_PATH"]) / "mail").glob("*.eml"))
    assert any("li@example.com" in file.read_text() for file in files)
