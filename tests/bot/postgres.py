"""A throw-away PostgreSQL, which can be stopped and started."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.needs import program

PLACES = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
"""Where Debian keeps what is not meant for everybody's path."""


@dataclass
class Postgres:
    """A cluster of one database."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"postgresql://tester@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        _run("pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self) -> None:
        """Stops it: whoever is connected is cut off."""
        _run("pg_ctl", "-D", str(self.folder / "data"), "-m", "fast", "-w", "stop")


@contextmanager
def postgres(port: int) -> Iterator[Postgres]:
    """A running cluster."""
    folder = Path(tempfile.mkdtemp(prefix="yanglao-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, _user())
    cluster = Postgres(folder, port)
    _run("initdb", "-D", str(folder / "data"), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale", "C")
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> str:
    """Somebody to run it as: it refuses to be run by root."""
    return next(name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()})


def _run(name: str, *arguments: str) -> None:
    command = [program(name, *PLACES), *arguments]
    user = {"user": _user()} if os.geteuid() == 0 else {}
    subprocess.run(command, check=True, capture_output=True, cwd="/", **user)  # type: ignore[call-overload]
