"""A real server for the browser: gunicorn with a database and an instance folder of its own."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairapp.config import ROOT
from tests.mail import free_port

# `flask demo` prints a line for each role: organiser  organiser@demo.example  its password
LOG_IN = re.compile(r"^\s*(\w+):?\s+(\S+@\S+)\s+(\S.*?)\s*$", re.MULTILINE)


class LiveServer:
    """`url` without the last slash; `run("figures", "cbec2021")` runs a flask command on the same data."""

    def __init__(self, folder: Path, database_url: str, *, demo: bool) -> None:
        self.folder = folder
        self.log_ins: dict[str, tuple[str, str]] = {}
        self.at(free_port())
        self.environment = {
            **os.environ,
            "INSTANCE_PATH": str(folder / "instance"),
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "FAIRAPP_DEMO": "1" if demo else "0",
            "FLASK_APP": "wsgi",
            "PYTHONWARNINGS": "default",
        }

    def at(self, port: int) -> None:
        """Where it listens."""
        self.port, self.url = port, f"http://127.0.0.1:{port}"

    def run(self, *arguments: str, timeout: float = 120) -> str:
        """What a flask command prints; CalledProcessError when it fails."""
        command = [sys.executable, "-m", "flask", *arguments]
        answer = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=timeout, check=False
        )
        assert answer.returncode == 0, f"flask {' '.join(arguments)}: {answer.stdout}{answer.stderr}"
        return answer.stdout

    def mails(self) -> list[Path]:
        """Mails written to files, oldest first."""
        return sorted((self.folder / "instance" / "mail").glob("*.eml"))

    @contextmanager
    def serving(self) -> Iterator["LiveServer"]:
        log = (self.folder / "server.log").open("ab")
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        try:
            self.wait(self.process)
            yield self
        finally:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=40)
            log.close()

    def wait(self, process: "subprocess.Popen[bytes]") -> None:
        """Until a server at this port answers."""
        for _ in range(300):
            assert process.poll() is None, (self.folder / "server.log").read_text()
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=30) as answer:
                    answer.read()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "server.log").read_text())


@contextmanager
def demo_server(
    folder: Path, database_url: str = "", scale: str = "small", second_day: str = ""
) -> Iterator[LiveServer]:
    """A server that shows the demo fair; with a `second_day` it is one of the past."""
    server = LiveServer(folder, database_url, demo=True)
    server.run("db", "upgrade")
    day = ["--second-day", second_day] if second_day else []
    printed = server.run("demo", "--scale", scale, "--seed", "1", *day, timeout=600)
    server.log_ins = {role: (email, password) for role, email, password in LOG_IN.findall(printed)}
    with server.serving():
        yield server


@contextmanager
def empty_server(folder: Path, database_url: str = "") -> Iterator[LiveServer]:
    """A server with tables and nothing in them."""
    server = LiveServer(folder, database_url, demo=False)
    server.run("db", "upgrade")
    with server.serving():
        yield server
