"""The server is told to stop, to load itself anew, or to take over a socket, while lanes scan."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from fairapp.config import ROOT
from tests.gates.wire import GateWire, post

STOPS_WITHIN_S = 5


class Crowd:
    """Lanes that scan one badge again and again; a scan that nobody acknowledged is sent again until they leave."""

    def __init__(self, wire: GateWire, lanes: int = 8) -> None:
        self.wire, self.code = wire, wire.codes.pop()
        self.acknowledged: set[str] = set()
        self.leaves = threading.Event()
        self.threads = [threading.Thread(target=self._scan_and_scan) for _ in range(lanes)]

    def _scan_and_scan(self) -> None:
        with closing(HTTPConnection("127.0.0.1", self.wire.server.port, timeout=20)) as connection:
            self._scan_over(connection)

    def _scan_over(self, connection: HTTPConnection) -> None:
        scan = self.wire.scan(code=self.code)
        while not self.leaves.is_set():
            try:
                answer = post(self.wire, connection, [scan])
            except (OSError, HTTPException):
                connection.close()
                time.sleep(0.02)
                continue
            assert answer.status == 200
            self.acknowledged.add(answer.json["scans"][0]["id"])
            scan = self.wire.scan(code=self.code)

    def wait_for(self, scans: int) -> None:
        """Until so many more are acknowledged."""
        enough, end = len(self.acknowledged) + scans, time.monotonic() + 60
        while len(self.acknowledged) < enough:
            assert time.monotonic() < end
            time.sleep(0.01)


@contextmanager
def crowd(wire: GateWire) -> Iterator[Crowd]:
    scanning = Crowd(wire)
    for thread in scanning.threads:
        thread.start()
    try:
        yield scanning
    finally:
        scanning.leaves.set()
        for thread in scanning.threads:
            thread.join()


def test_a_server_that_loads_itself_anew_keeps_all_it_acknowledged(gate: GateWire) -> None:
    with gate.server.serving():
        with crowd(gate) as scanning:
            scanning.wait_for(100)
            gate.server.process.send_signal(signal.SIGHUP)
            scanning.wait_for(300)
        assert scanning.acknowledged <= gate.stored()


def test_a_server_that_is_told_to_stop_keeps_all_it_acknowledged_and_stops_soon(gate: GateWire) -> None:
    with ExitStack() as idle:
        with gate.server.serving():
            code = gate.codes.pop()
            for _ in range(200):
                line = idle.enter_context(gate.line())
                line.say(gate.request(gate.scan(code=code)))
                assert line.answer().status == 200
            with crowd(gate) as scanning:
                scanning.wait_for(100)
                started = time.monotonic()
                gate.server.process.send_signal(signal.SIGTERM)
                gate.server.process.wait(timeout=40)
                took = time.monotonic() - started
    assert took < STOPS_WITHIN_S, took
    assert scanning.acknowledged <= gate.stored()


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="sockets are handed over on Unix alone")
def test_a_server_takes_over_a_socket_as_systemd_hands_it(gate: GateWire, tmp_path: Path) -> None:
    """With an access log, which is no reason to answer lanes in another way."""
    log, port = tmp_path / "access.log", gate.server.port
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        environment = gate.server.environment | {"LISTEN_FDS": "1", "ACCESS_LOG": str(log)}
        gate.server.at(listener.getsockname()[1])
        server = subprocess.Popen(
            ["/bin/sh", "-c", f'LISTEN_PID=$$ exec "{sys.executable}" -m gunicorn -c gunicorn.conf.py wsgi:app'],
            cwd=ROOT,
            env=environment,
            preexec_fn=lambda: os.dup2(listener.fileno(), 3),
            pass_fds=(3,),
        )
        try:
            gate.server.wait(server)
            for _ in range(2):
                assert gate.send(gate.request(gate.scan())).json["scans"][0]["decision"] == "admitted"
        finally:
            gate.server.at(port)
            server.terminate()
            assert server.wait(timeout=40) == 0
    assert log.read_text().count(f'"POST {gate.path} HTTP/1.1" 200') == 2
