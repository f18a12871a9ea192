"""A real SMTP server in the test process."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """The mails that arrived, oldest first."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.url = ""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 OK"

    def clear(self) -> None:
        self.mails.clear()

    def to(self, recipient: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if recipient in str(mail["To"])]

    def only(self, recipient: str) -> EmailMessage:
        """The one mail to `recipient`."""
        found = self.to(recipient)
        assert len(found) == 1, f"{len(found)} mails to {recipient}, {len(self.mails)} in all"
        return found[0]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None, "the mail has no plain text"
    return str(part.get_content())


def links_in(mail: EmailMessage) -> list[str]:
    """The addresses in the plain text, as paths of this program."""
    return re.findall(r"https?://[^/\s]+(/\S*)", text_of(mail))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running_mail_server() -> Iterator[Mailbox]:
    mailbox = Mailbox()
    port = free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    mailbox.url = f"smtp://127.0.0.1:{port}"
    yield mailbox
    controller.stop()
