"""The settings of .env.example, taken up as its second line says."""

import re
import subprocess
from pathlib import Path

import pytest

from fairapp.config import ROOT, Settings

SETTING = re.compile(r"^#([A-Z_]+)=", re.MULTILINE)


def taken_up(text: str, folder: Path) -> dict[str, str]:
    """The environment after every line was uncommented and the file was read by a plain shell."""
    (folder / ".env").write_text(SETTING.sub(r"\1=", text), encoding="utf-8")
    script = ["env", "-i", "PATH=/usr/bin:/bin", "sh", "-euc", "set -a; . ./.env; set +a; env"]
    told = subprocess.run(script, cwd=folder, capture_output=True, text=True, check=True)
    return dict(line.split("=", 1) for line in told.stdout.splitlines())


def test_every_setting_can_be_uncommented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = SETTING.findall(text)
    found = taken_up(text, tmp_path)
    assert len(names) > 10 and set(names) <= set(found)
    for name in names:
        monkeypatch.setenv(name, found[name])
    settings = Settings()
    assert settings.mail_from == "FairApp <fair@example.com>"
    assert (settings.trusted_proxies, settings.secure_cookies, settings.max_upload_mb) == (0, False, 20)
    assert settings.jobs_url.endswith("/fairapp") and settings.secret_key == ""


def test_every_setting_is_named() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    asked = r"""(?:environ\.get\(|environ\[|_number\(|_switch\()"([A-Z_]+)\""""
    sources = [(ROOT / name).read_text(encoding="utf-8") for name in ("fairapp/config.py", "gunicorn.conf.py")]
    assert set(re.findall(asked, "".join(sources))) <= set(SETTING.findall(text))
