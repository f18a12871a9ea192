"""A load generator that costs little: prepared requests over plain sockets, so many at a time.

As a program it reads {"port", "connections", "requests": [text]} and prints {"seconds", "latencies", "answers"}.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n"
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n{content}"


def get(path: str, token: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n"


def drive(port: int, requests: Sequence[str], connections: int = 16) -> Load:
    """Send all requests from a process of its own."""
    plan = json.dumps({"port": port, "connections": connections, "requests": list(requests)})
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=plan, capture_output=True, text=True, cwd=ROOT, check=True
    )
    result = json.loads(done.stdout)
    return Load(result["seconds"], result["latencies"], [tuple(answer) for answer in result["answers"]])


async def _ask(loop: asyncio.AbstractEventLoop, port: int, request: bytes) -> bytes:
    import socket

    connection = socket.socket()
    connection.setblocking(False)
    try:
        await loop.sock_connect(connection, ("127.0.0.1", port))
        await loop.sock_sendall(connection, request)
        parts = []
        while part := await loop.sock_recv(connection, 65536):
            parts.append(part)
        return b"".join(parts)
    finally:
        connection.close()


async def _lane(
    loop: asyncio.AbstractEventLoop,
    port: int,
    waiting: Iterator[str],
    latencies: list[float],
    answers: list[tuple[int, str]],
) -> None:
    for request in waiting:
        started = time.perf_counter()
        try:
            answer = await _ask(loop, port, request.encode())
            status = int(answer[9:12] or b"0")
        except OSError as error:
            answer, status = str(error).encode(), 0
        latencies.append(time.perf_counter() - started)
        answers.append((status, answer.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")))


async def _drive(port: int, connections: int, requests: list[str]) -> dict[str, object]:
    latencies: list[float] = []
    answers: list[tuple[int, str]] = []
    loop, waiting = asyncio.get_running_loop(), iter(requests)
    started = time.perf_counter()
    await asyncio.gather(*(_lane(loop, port, waiting, latencies, answers) for _ in range(connections)))
    return {"seconds": time.perf_counter() - started, "latencies": latencies, "answers": answers}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_drive(**json.load(sys.stdin)))))
