"""How the server runs: `gunicorn -c gunicorn.conf.py wsgi:app`.

One process for jobs runs beside the web workers and stops with them; FAIRAPP_JOBS=0 leaves it to
a service of its own (`flask --app wsgi jobs work`).
"""

import gc
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

chdir = str(Path(__file__).resolve().parent)
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# A lane keeps its connection open, a slow page stops no lane, and scans that wait together are stored together.
worker_class = "fairapp.server.Worker"
threads = int(os.environ.get("WEB_THREADS", "32"))
timeout = 120
graceful_timeout = 20
keepalive = 75
# Each worker listens by itself and the system spreads the lanes over them; not where there is one socket for all.
reuse_port = not bind.startswith(("unix:", "fd:")) and "LISTEN_FDS" not in os.environ
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
control_socket_disable = True

_jobs: list[subprocess.Popen[bytes]] = []


def on_starting(server):
    """With sockets that may be shared nobody else would notice that another server has this address."""
    if not server.cfg.reuse_port:
        return
    for host, port in server.cfg.address:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise SystemExit(f"cannot listen on {host}:{port}: {error.strerror}") from error


def when_ready(server):
    """Start the job worker once the address is ours."""
    if os.environ.get("FAIRAPP_JOBS", "1") == "0":
        return
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
    _jobs.append(subprocess.Popen(command, cwd=chdir, start_new_session=True))


def post_fork(server, worker):
    """The job worker is the master's child, not the web worker's."""
    for process in _jobs:
        process.returncode = 0
    _jobs.clear()


def post_worker_init(worker):
    """What was loaded stays: looking through all of it for garbage again and again would make lanes wait."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def on_exit(server):
    """Let the job at hand finish, then stop."""
    for process in _jobs:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=graceful_timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
