"""The desk with a full fair: telling it, its pages, its workbook, its badges."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from flask.testing import FlaskClient

from bench import Figures, runs
from fairapp.accounts.queries import user_by_email
from fairapp.app import create_app
from fairapp.config import ROOT, Settings

FAIR = "/fairs/cbec2021"
PAGES = {
    "organiser": (
        *(
            "/desk/",
            "/desk/live",
            "/desk/exhibitors",
            "/desk/exhibitors?q=zhou&status=approved",
            "/desk/exhibitors?page=40",
        ),
        *(
            "/desk/visitors",
            "/desk/visitors?q=wang",
            "/desk/visitors?page=900",
            "/desk/gates",
            "/desk/gates/scans",
            "/desk/meetings",
        ),
        *(
            "/desk/deals",
            "/desk/deals?status=verified&page=8",
            "/desk/deals?q=ltd",
            "/desk/deals/ledger",
            "/desk/deals/rates",
        ),
        *("/desk/gates/control", "/desk/gates/conflicts", "/desk/gates/devices", "/desk/deals/pipeline"),
        *("/desk/deals/by/country", "/desk/reports/counting/", "/desk/reports/publications"),
        *("/desk/audit", "/desk/people", "/desk/settings", "/desk/settings/booths", "/desk/reports/"),
        *(f"/desk/reports/{number}" for number in (*range(1, 14), *range(16, 23))),
    ),
    "verifier": ("/desk/", "/desk/deals/verification"),
    "viewer": ("/desk/reports/publications", "/desk/reports/publications/3", "/desk/reports/publications/3/11"),
    "exhibitor": ("/my/", "/my/deals", "/my/meetings", "/my/booth"),
    "": ("", "/exhibitors", "/exhibitors?q=tea", "/register", "/apply"),
}
TIMES = 7


def flask(folder: Path, *words: str) -> tuple[float, int]:
    """Run a command on the fair in `folder`; return (seconds, most memory in MB)."""
    environment = os.environ | {"INSTANCE_PATH": str(folder), "DATABASE_URL": "", "FAIRAPP_DEMO": "1"}
    started = time.perf_counter()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"flask {' '.join(words)} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - started, usage.ru_maxrss // 1024


def make_demo_fair(folder: Path, scale: str) -> float:
    """Make a demo fair in a new folder; return the seconds it took."""
    flask(folder, "db", "upgrade")
    return flask(folder, "demo", "--scale", scale, "--seed", "1")[0]


@cache
def full_fair() -> tuple[Path, float]:
    """Return the folder of a full demo fair, made once, and the seconds that took."""
    folder = Path(tempfile.mkdtemp(prefix="fairapp-bench-"))
    return folder, make_demo_fair(folder, "full")


def bench_demo_small() -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        return {"demo_s": make_demo_fair(Path(folder), "small"), "wanted_s": 15}


@runs(1)
def bench_demo_full() -> Figures:
    return {"demo_s": full_fair()[1], "wanted_s": 360}


def bench_workbook_full() -> Figures:
    folder, _ = full_fair()
    seconds, memory = flask(folder, "workbook", "cbec2021", "-o", str(folder / "fair.xlsx"))
    size = (folder / "fair.xlsx").stat().st_size
    return {"workbook_s": seconds, "wanted_s": 60, "memory_mb": memory, "wanted_mb": 400, "size_mb": size / 1e6}


def bench_badges() -> Figures:
    folder, _ = full_fair()
    seconds, memory = flask(folder, "badges", "cbec2021", "--limit", "1000", "-o", str(folder / "badges.pdf"))
    start_up, _ = flask(folder, "fairs")
    return {"command_s": seconds, "badges": 1_000, "pdf_s": seconds - start_up, "wanted_s": 3, "memory_mb": memory}


def bench_ledger_verify() -> Figures:
    folder, _ = full_fair()
    return {"verify_s": flask(folder, "ledger", "verify", "cbec2021")[0]}


def bench_pages_full() -> Figures:
    """The median time of every page, in the process; the slowest five by name."""
    with full_program() as client_of:
        medians = {
            f"{role or 'everyone'} {path or '/'}": median_ms(client_of(role), FAIR + path)
            for role, paths in PAGES.items()
            for path in paths
        }
    slowest = sorted(medians, key=lambda name: -medians[name])
    return {
        "pages": len(medians),
        "median_ms": statistics.median(medians.values()),
        "slowest_ms": medians[slowest[0]],
        "wanted_ms": 150,
        "slowest": {name: round(medians[name], 1) for name in slowest[:5]},
    }


def median_ms(client: FlaskClient, path: str) -> float:
    times = []
    for _ in range(TIMES):
        started = time.perf_counter()
        answer = client.get(path, headers={"Accept-Language": "zh-CN"})
        times.append((time.perf_counter() - started) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    return statistics.median(times)


@contextmanager
def full_program() -> Iterator["ClientOf"]:
    folder, _ = full_fair()
    yield ClientOf(Settings(instance_path=folder, database_url="", demo=True))


class ClientOf:
    """A signed-in client for each role of the demo."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)

    def __call__(self, role: str) -> FlaskClient:
        client = self.app.test_client()
        if role:
            with self.app.app_context():
                person = user_by_email(f"{role}@demo.example")
            if person is None:
                raise RuntimeError(f"the demo has no {role}")
            with client.session_transaction() as session:
                session["_user_id"] = person.get_id()
                session["_fresh"] = True
        return client
