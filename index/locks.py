"""Who holds a snapshot, and who builds one: locks that die with their process."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from corpus.errors import SnapshotMissing, StorageError

if TYPE_CHECKING:
    from pathlib import Path


class Hold:
    """A shared lock on a snapshot's manifest: while it is held, `prune` leaves the snapshot."""

    def __init__(self, folder: Path) -> None:
        try:
            self._descriptor = os.open(folder / "manifest.json", os.O_RDONLY)
        except OSError as error:
            raise SnapshotMissing(
                f"the index {folder.name} is gone; run 'metquote index build'"
            ) from error
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def release(self) -> None:
        """Let the snapshot go. Calling it again does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class BuildLock:
    """One builder at a time; the system frees the lock of a dead one."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def __enter__(self) -> None:
        try:
            self._data.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._data / "build.lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise unwritable(self._data, error) from error
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)


def unwritable(data: Path, error: OSError) -> StorageError:
    """What to tell a person when the data folder cannot be written."""
    return StorageError(
        f"the data folder {data} cannot be written ({error.strerror or error}); "
        "make room or set paths.data in config.toml to another folder"
    )
