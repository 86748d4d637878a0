"""Files that are there whole or not at all, and the lock of who writes them."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import StorageError

if TYPE_CHECKING:
    from types import TracebackType

_LOOK_AGAIN_SECONDS = 0.05


def write_whole(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``: a temporary file beside it, fsync, rename, fsync of the folder.

    A crash at any instant leaves the old file or the new one. The temporary file's name begins
    with a dot, and whoever lists a folder of ours passes over such names.

    Raises:
        OSError: it cannot be written.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:60]}-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), 0o644)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)  # noqa: PTH105 - Path.replace is the same call
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it that are not there, and make their names last.

    Raises:
        OSError: one cannot be made.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in reversed(missing):
        sync_folder(one.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` last.

    Raises:
        OSError: it cannot be synced.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class FileLock:
    """One holder at a time. The system frees the lock of a dead process: none is ever stale."""

    def __init__(self, path: Path, *, purpose: str, patience: float | None = None) -> None:
        """``patience`` is how many seconds to wait for the holder; ``None`` is for ever."""
        self._path, self._purpose, self._patience = path, purpose, patience
        self._descriptor = -1

    def __enter__(self) -> None:
        """Take the lock.

        Raises:
            StorageError: the folder cannot be written, or the holder took too long.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(
                self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644
            )
        except OSError as error:
            raise StorageError(
                f"{self._path.parent} cannot be written ({error.strerror}), and {self._purpose} "
                "writes there; make room or set another folder in config.toml"
            ) from error
        try:
            self._take()
        except BaseException:
            os.close(self._descriptor)
            raise
        # For people who look who holds it; the lock itself is the system's.
        os.truncate(self._descriptor, 0)
        os.pwrite(self._descriptor, str(os.getpid()).encode(), 0)

    def _take(self) -> None:
        if self._patience is None:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            return
        until = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() >= until:
                    holder = os.pread(self._descriptor, 20, 0).decode("ascii", "replace") or "?"
                    raise StorageError(
                        f"{self._purpose} is going on elsewhere (process {holder}); "
                        "try again when it is done"
                    ) from error
                time.sleep(_LOOK_AGAIN_SECONDS)
            else:
                return

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)
