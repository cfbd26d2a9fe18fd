"""A PostgreSQL of the tests' own: Debian's programs, a free loopback port, a user without privileges."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

PASSWORD = "canary-of-the-database"
NOBODY = "postgres"


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, the newest there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class Server:
    """One server, which can be stopped and started again."""

    def __init__(self, folder: Path, bin_: Path) -> None:
        self.folder, self.bin = folder, bin_
        self.port = _free_port()

    def make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(PASSWORD)
        if os.geteuid() == 0:
            shutil.chown(self.folder, NOBODY)
            secret.chmod(0o644)
        words = ("-U", "fleet", "-A", "scram-sha-256", "--pwfile", str(secret), "-E", "UTF8", "--no-sync")
        self._run("initdb", "-D", self._data, *words)

    def start(self) -> None:
        fast = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        options = f"-p {self.port} -h 127.0.0.1 -k '' {fast}"
        self._run("pg_ctl", "-D", self._data, "-l", str(self.folder / "log"), "-o", options, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def url(self, database: str) -> str:
        return f"postgresql://fleet:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def new(self, name: str) -> str:
        """The address of a new schema, which is as good as a database, and is made and removed in no time."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE SCHEMA "{name}"')
        return f"{self.url('postgres')}?options=-csearch_path%3D{name}"

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        as_nobody = ["setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"] if os.geteuid() == 0 else []
        command = [*as_nobody, str(self.bin / program), *arguments]
        done = subprocess.run(
            command,
            check=False,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert done.returncode == 0, done.stderr.decode()[-500:]


@contextmanager
def serving(folder: Path, bin_: Path) -> Iterator[Server]:
    """A server that is up."""
    server = Server(folder, bin_)
    server.make()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
