"""A load generator that costs little: prepared requests over plain sockets that stay open, so many at a time.

As a program it reads {"port", "connections", "requests": [text]} and prints {"seconds", "latencies", "answers"}.
"""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fairapp.config import ROOT


@dataclass
class Load:
    """How a load went; latencies in seconds, `answers` the status and body of each request."""

    seconds: float
    latencies: list[float]
    answers: list[tuple[int, str]]

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the requests was answered."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000

    @property
    def failures(self) -> int:
        return sum(status != 200 for status, _body in self.answers)


def post(path: str, body: object, token: str) -> str:
    """An HTTP request as text."""
    content = json.dumps(body)
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n{content}"


def get(path: str, token: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n"


def start(port: int, requests: Sequence[str], connections: int = 16, pause: float = 0) -> subprocess.Popen[str]:
    """Send all requests from a process of its own; `pause` seconds after each answer on a connection."""
    plan = {"port": port, "connections": connections, "requests": list(requests), "pause": pause}
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.load"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(plan))
    process.stdin.close()
    return process


def finish(process: subprocess.Popen[str]) -> Load:
    """What came of a load that was started."""
    assert process.stdout is not None
    result = json.loads(process.stdout.read())
    process.wait()
    return Load(result["seconds"], result["latencies"], [tuple(answer) for answer in result["answers"]])


def drive(port: int, requests: Sequence[str], connections: int = 16, pause: float = 0) -> Load:
    """Send all requests and wait for the answers."""
    return finish(start(port, requests, connections, pause))


@dataclass
class Line:
    """One connection and the request it waits for."""

    port: int
    socket: socket.socket | None = None
    got: bytearray = field(default_factory=bytearray)
    asked_at: float = 0.0

    def ask(self, request: bytes) -> None:
        """Send the next request, over the open connection where there is one."""
        self.got.clear()
        self.asked_at = time.perf_counter()
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)

    def hear(self) -> tuple[int, bytes] | None:
        """Read what has come: status and body once the answer is whole; status 0 when the connection broke."""
        assert self.socket is not None
        part = self.socket.recv(262144)
        self.got += part
        head = self.got.find(b"\r\n\r\n")
        if head >= 0:
            named = self.got.lower().find(b"content-length:", 0, head)
            body = head + 4
            if named >= 0 and len(self.got) >= body + int(self.got[named + 15 : self.got.find(b"\r", named)]):
                return int(self.got[9:12]), bytes(self.got[body:])
        return None if part else (0, b"the connection broke")

    def closes(self) -> bool:
        return b"connection: close" in self.got[: self.got.find(b"\r\n\r\n")].lower()

    def hang_up(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


class Drive:
    """All lines at work; the answers stand in the order they came."""

    def __init__(self, port: int, connections: int, requests: list[str], pause: float = 0) -> None:
        self.waiting: Iterator[bytes] = iter([request.encode() for request in requests])
        self.lines = [Line(port) for _ in range(connections)]
        self.pause = pause
        self.selector = selectors.DefaultSelector()
        self.latencies: list[float] = []
        self.answers: list[tuple[int, bytes]] = []
        self.resting: list[tuple[float, Line]] = []

    def run(self) -> dict[str, object]:
        started = time.perf_counter()
        for line in self.lines:
            self.next(line)
        while self.selector.get_map() or self.resting:
            for key, _events in self.selector.select(self._rest()):
                self.heard(key.data)
        seconds = time.perf_counter() - started
        answers = [(status, body.decode("utf-8", "replace")) for status, body in self.answers]
        return {"seconds": seconds, "latencies": self.latencies, "answers": answers}

    def _rest(self) -> float | None:
        now = time.perf_counter()
        while self.resting and self.resting[0][0] <= now:
            self.next(self.resting.pop(0)[1])
        if self.resting:
            return max(0.0, self.resting[0][0] - now)
        return None if self.selector.get_map() else 0.0  # the last line may have left just now

    def next(self, line: Line) -> None:
        known = line.socket
        request = next(self.waiting, None)
        if request is None:
            self.leave(line)
            return
        line.ask(request)
        if known is None:
            self.selector.register(line.socket, selectors.EVENT_READ, line)  # type: ignore[arg-type]

    def heard(self, line: Line) -> None:
        try:
            answer = line.hear()
        except OSError as error:
            answer = (0, str(error).encode())
        if answer is None:
            return
        self.latencies.append(time.perf_counter() - line.asked_at)
        self.answers.append(answer)
        if answer[0] == 0 or line.closes():
            self.leave(line)
        if self.pause:
            self.resting.append((time.perf_counter() + self.pause, line))
        else:
            self.next(line)

    def leave(self, line: Line) -> None:
        if line.socket is not None:
            self.selector.unregister(line.socket)
            line.hang_up()


if __name__ == "__main__":
    print(json.dumps(Drive(**json.load(sys.stdin)).run()))
