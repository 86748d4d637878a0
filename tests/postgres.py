"""A PostgreSQL server of the tests' own, on a socket in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

_INSTALL = ("apt-get", "install", "-y", "--no-install-recommends", "postgresql")
_INSTALL_SECONDS = 120
_PATIENCE_S = 60.0
_USER = "metquote"
_TRUSTING = ("-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
_UNSAFE_AND_FAST = (
    "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
    "-c", "shared_buffers=16MB", "-c", "max_connections=60", "-c", "listen_addresses=",
)  # fmt: skip


class NoPostgres(Exception):
    """There is no PostgreSQL here; the message says why."""


@dataclass(slots=True)
class Server:
    """A running server; ``socket`` is the folder of its socket."""

    socket: Path
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        """The address of one of its databases, as `bot.state.State` takes it."""
        return f"postgresql+psycopg://{_USER}@/{database}?host={self.socket}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection in which each statement is a transaction."""
        return psycopg.connect(host=str(self.socket), user=_USER, dbname=database, autocommit=True)

    def make(self, template: str = "template0") -> str:
        """A new database, a copy of ``template``; its name."""
        name = f"test_{next(self.numbers)}"
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return name

    def drop(self, database: str) -> None:
        """Delete a database, whoever is connected."""
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)'.encode())


def programs() -> Path:
    """The folder of ``initdb`` and ``postgres``, installed if they were not.

    Raises:
        NoPostgres: they are not there and cannot be installed.
    """
    if found := _found():
        return found
    if os.getuid() != 0 or shutil.which(_INSTALL[0]) is None:
        raise NoPostgres("PostgreSQL is not installed (Debian's package is postgresql)")
    try:
        subprocess.run(_INSTALL, check=True, capture_output=True, timeout=_INSTALL_SECONDS)
    except (subprocess.SubprocessError, OSError) as error:
        raise NoPostgres(f"PostgreSQL is not installed and cannot be: {error}") from error
    if found := _found():
        return found
    raise NoPostgres("PostgreSQL was installed, and its programs are not where Debian has them")


@contextmanager
def serving(binaries: Path) -> Iterator[Server]:
    """A server, until the caller is done or dies.

    Raises:
        NoPostgres: it refuses root, and there is no way to start it as somebody else.
    """
    # Not pytest's folder: that is closed to others, and too long for the path of a socket.
    folder = Path(tempfile.mkdtemp(prefix="mq-pg-"))
    try:
        prefix = _as_somebody(folder)
        data = folder / "data"
        subprocess.run(
            (*prefix, binaries / "initdb", "-D", data, "-U", _USER, *_TRUSTING),
            check=True,
            capture_output=True,
            cwd=folder,
        )
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                (*prefix, binaries / "postgres", "-D", data, "-k", folder, *_UNSAFE_AND_FAST),
                stdout=log,
                stderr=log,
                cwd=folder,
            )
        try:
            server = Server(folder)
            _wait(server, process, folder / "log")
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _found() -> Path | None:
    on_path = shutil.which("initdb")
    folders = [*Path("/usr/lib/postgresql").glob("*/bin")]
    folders.sort(key=lambda one: float(one.parent.name), reverse=True)
    for folder in ([Path(on_path).resolve().parent] if on_path else []) + folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def _as_somebody(folder: Path) -> tuple[str, ...]:
    """What to put before a command so that it ends with us, and root's is not root's."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if os.getuid() == 0:
            raise NoPostgres("PostgreSQL does not run as root, and there is no setpriv here")
        return ()
    prefix = (setpriv, "--pdeathsig", "QUIT")
    if os.getuid() != 0:
        return prefix
    user = next((one for one in pwd.getpwall() if one.pw_name in ("postgres", "nobody")), None)
    if user is None:
        raise NoPostgres("PostgreSQL does not run as root, and there is no other user here")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return (*prefix, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups")


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            server.connect().close()
        except psycopg.OperationalError:
            assert process.poll() is None, log.read_text("utf-8", "replace")
            assert time.monotonic() < until, log.read_text("utf-8", "replace")
            time.sleep(0.02)
        else:
            return
