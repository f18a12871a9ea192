"""The process for jobs beside the web workers."""

import logging
import sys
import time
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from fairapp.config import ROOT


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_job_worker_that_ends_is_started_again_until_it_is_told_to_stop(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "work.py"
    script.write_text(
        "import sys, time\nwith open(sys.argv[1], 'a') as file:\n    print('begun', file=file)\ntime.sleep(600)\n"
    )
    begun = tmp_path / "begun"
    spec = spec_from_file_location("server_conf", ROOT / "gunicorn.conf.py")
    assert spec is not None and spec.loader is not None
    conf = module_from_spec(spec)
    spec.loader.exec_module(conf)
    monkeypatch.setattr(conf, "JOBS", [sys.executable, str(script), str(begun)])
    monkeypatch.setattr(conf, "PAUSE", 0.01)
    worker = conf.JobWorker(logging.getLogger("server"))
    worker.start()
    try:
        wait_for(lambda: begun.exists() and begun.read_text().count("begun") == 1)
        worker.process.kill()
        wait_for(lambda: begun.read_text().count("begun") == 2)
    finally:
        worker.stop()
    assert not worker.is_alive()
    assert worker.process.returncode is not None
    assert begun.read_text().count("begun") == 2
    assert "the job worker ended" in caplog.text
