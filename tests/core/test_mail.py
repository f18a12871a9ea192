import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from apiflask import APIFlask
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from fairapp.core.data.db import db, transaction
from fairapp.core.jobs import mail
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


def test_a_sent_mail_keeps_no_body(letter: str, mailbox: Mailbox) -> None:
    with transaction():
        queued = queue(letter)
    db.session.refresh(queued)
    assert (queued.text, queued.html, queued.recipient) == ("", "", "li@example.com")


# --- what goes wrong ------------------------------------------------------------------------


@pytest.fixture
def waiting(app: APIFlask, letter: str, mailbox: Mailbox) -> Iterator[Callable[..., mail.OutgoingMail]]:
    """Queues a mail while the server is away; it is back afterwards."""

    def wait(**more: str) -> mail.OutgoingMail:
        app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
        with transaction():
            queued = queue(letter, **more)
        app.config["SMTP_URL"] = mailbox.url
        return queued

    return wait


def test_a_mail_that_cannot_be_made_keeps_no_other_waiting(
    waiting: Callable[..., mail.OutgoingMail], mailbox: Mailbox
) -> None:
    def broken(_argument: str) -> mail.Attachment:
        raise ValueError("no such publication")

    mail.attachment_maker("broken", broken)
    odd = waiting(attachment="broken:1")
    waiting()
    assert mail.send_waiting() == 1
    assert len(mailbox.mails) == 1
    db.session.refresh(odd)
    assert (odd.sent_at, odd.attempts, odd.last_error) == (None, 2, "ValueError: no such publication")


def test_a_mail_at_hand_is_not_taken_twice_but_not_lost_either(
    waiting: Callable[..., mail.OutgoingMail], mailbox: Mailbox, clock
) -> None:
    queued = waiting()
    assert mail._claim(queued.id)  # and the worker dies
    assert mail.send_waiting() == 0
    clock.shift(timedelta(minutes=10))
    assert mail.send_waiting() == 1
    assert len(mailbox.mails) == 1


def test_the_worker_tries_again_each_hour_and_gives_up_after_days(
    app: APIFlask, waiting: Callable[..., mail.OutgoingMail], clock
) -> None:
    queued = waiting()
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    mail.send_left()
    db.session.refresh(queued)
    assert queued.attempts == 1
    for _hour in range(4):
        clock.shift(timedelta(hours=20))
        mail.send_left()
    db.session.refresh(queued)
    assert (queued.attempts, queued.failed_at is not None) == (5, True)
    assert mail.send_waiting() == 0


def test_mails_tried_least_go_first(waiting: Callable[..., mail.OutgoingMail]) -> None:
    tried, fresh = waiting(), waiting()
    with transaction() as session:
        session.query(mail.OutgoingMail).filter_by(id=fresh.id).update({"attempts": 0})
    assert list(db.session.scalars(mail._waiting())) == [fresh.id, tried.id]


@pytest.fixture
def self_signed(tmp_path: Path) -> Path:
    """Certificate and key of somebody who says that he is localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC)).not_valid_after(
        datetime(2099, 1, 1, tzinfo=UTC)
    )
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    certificate = builder.serial_number(1).add_extension(names, critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "server.pem").write_bytes(secret + certificate.public_bytes(pem))
    return tmp_path / "server.pem"


def impostor(listener: socket.socket, certificate: Path, *, greets: bool) -> None:
    """One conversation of a mail server up to TLS; nobody should talk on."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with listener, listener.accept()[0] as line:
        if greets:
            line.sendall(b"220 localhost\r\n")
            line.recv(1000)
            line.sendall(b"250-localhost\r\n250 STARTTLS\r\n")
            line.recv(1000)
            line.sendall(b"220 go on\r\n")
        with pytest.raises(ssl.SSLError):
            context.wrap_socket(line, server_side=True).close()


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_a_server_that_proves_nothing_gets_no_mail(app: APIFlask, letter: str, self_signed: Path, scheme: str) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    with ThreadPoolExecutor() as beside:
        talk = beside.submit(impostor, listener, self_signed, greets=scheme != "smtps")
        before, app.config["SMTP_URL"] = app.config["SMTP_URL"], f"{scheme}://localhost:{listener.getsockname()[1]}"
        try:
            with transaction():
                queued = queue(letter)
        finally:
            app.config["SMTP_URL"] = before
        talk.result(timeout=20)
    db.session.refresh(queued)
    assert "certificate verify failed" in queued.last_error


def test_a_secure_server_is_found_at_its_own_port() -> None:
    assert mail.PORTS == {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
