"""How the server runs: `gunicorn -c gunicorn.conf.py wsgi:app`.

One process for jobs runs beside the web workers and stops with them; when it ends by itself it is started
again. FAIRAPP_JOBS=0 leaves it to a service of its own (`flask --app wsgi jobs work`).
"""

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

chdir = str(Path(__file__).resolve().parent)
bind = os.environ.get("BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
# A lane keeps its connection open, a slow page stops no lane, and scans that wait together are stored together.
worker_class = "gthread"
http_parser = "python"  # one reader of requests, whatever else is installed
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

JOBS = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
PAUSE = 5  # seconds before the job worker is started again


class JobWorker(threading.Thread):
    """Keeps one process for jobs running until it is told to stop."""

    def __init__(self, log):
        super().__init__(daemon=True)
        self.log = log
        self.stopping = threading.Event()
        self.process = self.begun()  # before any web worker is forked, which would inherit half of it

    def begun(self):
        return subprocess.Popen(JOBS, cwd=chdir, start_new_session=True)

    def run(self):
        while True:
            self.process.wait()
            if self.stopping.is_set():
                return
            self.log.error("the job worker ended; it is started again in %s seconds", PAUSE)
            if self.stopping.wait(PAUSE):
                return
            self.process = self.begun()

    def stop(self):
        """Let the job at hand finish."""
        self.stopping.set()
        self.process.send_signal(signal.SIGINT)
        self.join(graceful_timeout)
        if self.is_alive():
            self.process.kill()
            self.join()


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
    server.job_worker = JobWorker(server.log)
    server.job_worker.start()


def post_fork(server, worker):
    """The job worker is the master's child, not the web worker's."""
    if jobs := getattr(server, "job_worker", None):
        jobs.process.returncode = 0
        server.job_worker = None


def post_worker_init(worker):
    """Keep what is known of lanes fresh; what was loaded stays, and looking for garbage in it would make them wait."""
    from fairapp.gates import front
    from wsgi import app

    front.keep_warm(app)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def on_exit(server):
    """Stop the job worker too."""
    if jobs := getattr(server, "job_worker", None):
        jobs.stop()
