"""gunicorn's worker with threads, and a short way in for lanes and screens that keep their connection open.

A lane's request that is plainly one to store a scan, whole in one piece and on a connection used before, is
not given to a thread of its own: one thread takes all such requests that wait, has them decided and stored
together (gates.fast) and answers them. A screen that asks for the live part of the control desk is answered
at once where that part was drawn just now. Every other request, and every doubt, goes gunicorn's own way.
"""

import re
from collections.abc import Sequence
from email.utils import formatdate
from functools import lru_cache
from queue import Empty, SimpleQueue
from threading import Thread
from time import time
from typing import Any, NamedTuple

from gunicorn.workers.gthread import ThreadWorker

from fairapp.core.web.templating import KEPT_TO_ITSELF
from fairapp.gates.scanning.payload import MUCH
from fairapp.gates.scanning.wsgi_fast_path import AFTER, BEFORE, WATCHED, Asked, Environ, Fast

FAIR = "[a-z0-9-]{1,40}"
SCANS = re.compile(f"POST ({BEFORE}{FAIR}{AFTER}) HTTP/1\\.1".encode())
LOOK = re.compile(f"GET ({FAIR.join(WATCHED)}) HTTP/1\\.1".encode())
HEADER = re.compile(rb"([A-Za-z0-9-]+):[ ]?([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?")
ONCE = {"host", "authorization", "content-type", "content-length", "accept-language"}
# What changes how a request is read or answered is left to gunicorn.
DOUBTFUL = {"transfer-encoding", "content-encoding", "cookie", "expect", "upgrade", "te", "trailer", "http2-settings"}
MOST = 64  # requests answered together
ALWAYS = "".join(f"{name}: {value}\r\n" for name, value in KEPT_TO_ITSELF.items())


class Head(NamedTuple):
    path: str
    authorization: str
    languages: str
    length: int


def _fields(lines: Sequence[bytes]) -> dict[str, str] | None:
    """The header of a request by small name; None when anything about it is doubtful."""
    fields: dict[str, str] = {}
    for one in lines:
        found = HEADER.fullmatch(one)
        name = found[1].decode().lower() if found else ""
        if found is None or name in DOUBTFUL or (name in ONCE and name in fields):
            return None
        fields[name] = (found[2] or b"").decode()
    return fields if fields.get("connection", "keep-alive") == "keep-alive" and "host" in fields else None


@lru_cache(maxsize=2048)  # a lane says the same each time
def read_head(head: bytes) -> Head | None:
    """What the head of a request asks for, when it is plainly a scan to be stored; else None."""
    line, *rest = head.split(b"\r\n")
    asked = SCANS.fullmatch(line)
    fields = _fields(rest) if asked else None
    if asked is None or fields is None or fields.get("content-type") != "application/json":
        return None
    length = fields.get("content-length", "")
    if "authorization" not in fields or not re.fullmatch("[1-9][0-9]{0,4}", length):
        return None
    return Head(asked[1].decode(), fields["authorization"], fields.get("accept-language", ""), int(length))


@lru_cache(maxsize=2048)  # a screen says the same until something changes
def read_look(data: bytes) -> Environ | None:
    """A whole request for the live part of the control desk, as WSGI would tell it; else None."""
    line, *rest = data.removesuffix(b"\r\n\r\n").split(b"\r\n")
    asked = LOOK.fullmatch(line)
    fields = _fields(rest) if asked and data.endswith(b"\r\n\r\n") else None
    if asked is None or fields is None or fields.get("content-length", "0") != "0":
        return None
    told = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in fields.items()}
    return {"REQUEST_METHOD": "GET", "PATH_INFO": asked[1].decode(), **told}


def read_request(data: bytes) -> Asked | None:
    """A whole request to store scans, or None."""
    end = data.find(b"\r\n\r\n")
    head = read_head(data[:end]) if 0 < end < MUCH else None
    if head is None or head.length > MUCH or len(data) != end + 4 + head.length:
        return None
    return Asked(head.path, head.authorization, head.languages, data[end + 4 :])


class Worker(ThreadWorker):  # type: ignore[misc]
    """`worker_class = "fairapp.server.Worker"`."""

    fast: Fast | None = None

    def run(self) -> None:
        """Serve until stopped; what was taken in is answered first."""
        self.inbox: SimpleQueue[tuple[Any, bytes, Asked] | None] = SimpleQueue()
        answering = Thread(target=self._answer_lanes, name="lanes", daemon=True)
        if not (self.cfg.is_ssl or self.log.access_log_enabled):
            self.fast = Fast.of(self.wsgi)
        answering.start()
        try:
            super().run()
        finally:
            self.inbox.put(None)
            answering.join(timeout=self.cfg.graceful_timeout)

    def on_client_socket_readable(self, conn: Any, client: Any) -> None:
        """More came over a connection that was kept open."""
        if self.fast is None or not self.alive or conn.is_http2:
            super().on_client_socket_readable(conn, client)
            return
        try:
            data = client.recv(16384)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        asked = read_request(data)
        look = read_look(data) if asked is None and len(data) < MUCH else None
        shown = self.fast.shown(look) if look else None
        if asked is not None:
            self._keep(conn)
            self.inbox.put((conn, data, asked))
        elif shown is not None:
            self._keep(conn)
            self._send(conn, head_of_part(shown.status, shown.headers, int(time())) + shown.body)
        elif data:
            self._go_the_long_way(conn, data)
        else:
            self._drop(conn)

    def _keep(self, conn: Any) -> None:
        """The connection was used: it is the last to be closed for silence."""
        self.keepalived_conns.remove(conn)
        conn.set_timeout()
        self.keepalived_conns.append(conn)

    def _go_the_long_way(self, conn: Any, data: bytes) -> None:
        if conn in self.keepalived_conns:
            conn.parser.unreader.unread(data)
            super().on_client_socket_readable(conn, conn.sock)

    def _drop(self, conn: Any) -> None:
        if conn in self.keepalived_conns:
            self.keepalived_conns.remove(conn)
            self.poller.unregister(conn.sock)
            self.nr_conns -= 1
            conn.close()

    def _answer_lanes(self) -> None:
        while waiting := self._waiting():
            asked = [one[2] for one in waiting]
            try:
                answers: Sequence[bytes | None] = self.fast.answers(asked) if self.fast else [None] * len(asked)
            except Exception:
                self.log.exception("scans that came together could not be stored; each goes its own way")
                answers = [None] * len(asked)
            for (conn, data, _), body in zip(waiting, answers, strict=True):
                if body is None:
                    self.method_queue.defer(self._go_the_long_way, conn, data)
                else:
                    self._send(conn, head_of_answer(len(body), int(time())) + body)

    def _waiting(self) -> list[tuple[Any, bytes, Asked]]:
        """The requests that wait, at least one; nothing once the worker stops."""
        found: list[tuple[Any, bytes, Asked]] = []
        try:
            while len(found) < MOST:
                one = self.inbox.get(block=not found)
                if one is None:
                    self.inbox.put(None)
                    break
                found.append(one)
        except Empty:
            pass
        return found

    def _send(self, conn: Any, answer: bytes) -> None:
        try:
            whole = conn.sock.send(answer) == len(answer)
        except OSError:
            whole = False
        if not whole:  # who does not listen asks again
            self.method_queue.defer(self._drop, conn)


@lru_cache(maxsize=512)
def head_of_answer(length: int, second: int) -> bytes:
    """The head of an answer in JSON."""
    about = f"{ALWAYS}Content-Type: application/json\r\nContent-Length: {length}\r\n"
    return _head("200 OK", second, about)


@lru_cache(maxsize=512)
def head_of_part(status: str, headers: tuple[tuple[str, str], ...], second: int) -> bytes:
    """The head of what a screen is shown."""
    return _head(status, second, "".join(f"{name}: {value}\r\n" for name, value in headers))


def _head(status: str, second: int, about: str) -> bytes:
    date = formatdate(second, usegmt=True)
    return f"HTTP/1.1 {status}\r\nServer: gunicorn\r\nDate: {date}\r\nConnection: keep-alive\r\n{about}\r\n".encode()
