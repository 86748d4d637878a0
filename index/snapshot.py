"""An immutable index on disk: write, check, open, swap.

data/snapshots/<id>/    manifest.json  catalogue.sqlite  dense.faiss  lexical/  encoder/
                        reader/ or reranker/, if anything reads again what is found
                        withdrawn.sqlite, if there are documents that are no longer current
data/current            the id in use; replaced by one atomic rename
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import SnapshotDamaged, SnapshotMissing
from index.locks import unwritable
from index.manifest import REBUILD, read_manifest, write_manifest

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.library import Library
    from index.manifest import Manifest

# Above this a file's hash is left to `index verify`; its length is checked at every opening.
_LARGE_BYTES = 256_000_000
_KEPT = 2


class SnapshotStore:
    """The snapshots below one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._snapshots = data / "snapshots"
        self._current = data / "current"

    def folder(self, snapshot_id: str) -> Path:
        """Where the snapshot of this id lies, or would lie."""
        return self._snapshots / snapshot_id

    def folders(self) -> tuple[Path, ...]:
        """Every snapshot's folder, and what killed builds left, in order of name."""
        return tuple(sorted(self._snapshots.iterdir())) if self._snapshots.is_dir() else ()

    def current(self) -> str:
        """The id in use.

        Raises:
            SnapshotMissing: none was built yet.
            SnapshotDamaged: the pointer is unreadable.
        """
        try:
            snapshot_id = self._current.read_text("ascii").strip()
        except FileNotFoundError as error:
            raise SnapshotMissing(f"there is no index yet; {REBUILD}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise SnapshotDamaged(f"{self._current} cannot be read; {REBUILD}") from error
        if not snapshot_id.isalnum():
            raise SnapshotDamaged(f"{self._current} names no index; {REBUILD}")
        return snapshot_id

    def manifest(self, snapshot_id: str) -> Manifest:
        """Read a snapshot's manifest.

        Raises:
            SnapshotMissing: there is no such snapshot.
            SnapshotDamaged: the manifest is damaged or of another version.
        """
        return read_manifest(self.folder(snapshot_id))

    def check(self, manifest: Manifest, *, fully: bool = False) -> None:
        """Compare every file with the manifest; large ones by length alone unless ``fully``.

        Raises:
            SnapshotDamaged: a file is missing, cut short, altered, or should not be there.
        """
        folder = self.folder(manifest.id)
        with ThreadPoolExecutor(max_workers=2) as pool:
            problems = list(
                pool.map(
                    lambda item: _problem(folder, item[0], *item[1], fully=fully),
                    manifest.files.items(),
                )
            )
        problems += [f"{name} does not belong there" for name in _unlisted(folder, manifest)]
        for problem in problems:
            if problem is not None:
                raise SnapshotDamaged(f"the index is damaged: {problem}; {REBUILD}")

    def create(self, fill: Callable[[Path], Manifest]) -> Manifest:
        """Let ``fill`` write a new snapshot, then put it in its place and in use.

        Until the last rename the snapshot in use stays as it is, whatever happens.

        Raises:
            StorageError: the data folder cannot be written.
        """
        try:
            self._snapshots.mkdir(parents=True, exist_ok=True)
            working = mkdtemp_below(self._snapshots)
            try:
                manifest = fill(working)
                write_manifest(working, manifest)
                _sync_tree(working)
                target = self.folder(manifest.id)
                shutil.rmtree(target, ignore_errors=True)
                working.rename(target)
                _sync(self._snapshots)
            finally:
                shutil.rmtree(working, ignore_errors=True)
            self.use(manifest.id)
        except OSError as error:
            raise unwritable(self.data, error) from error
        return manifest

    def use(self, snapshot_id: str) -> None:
        """Make a snapshot the one in use, in one atomic step.

        Raises:
            OSError: the data folder cannot be written.
        """
        for left in self.data.glob(".current-*"):  # by a build that was killed
            left.unlink(missing_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".current-", dir=self.data)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(snapshot_id + "\n")
            # Whoever may read the folder may use the index, and not its builder alone.
            os.fchmod(stream.fileno(), 0o644)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, self._current)  # noqa: PTH105 - a name, not a path
        _sync(self.data)

    def prune(self) -> None:
        """Remove all but the newest snapshots, and what killed builds left, unless held."""
        folders = sorted(
            (path for path in self._snapshots.iterdir() if path.is_dir()),
            key=lambda path: path.stat().st_mtime_ns,
            reverse=True,
        )
        kept = {self.current()} | {p.name for p in folders if p.name[0] != "."} & {
            p.name for p in [q for q in folders if q.name[0] != "."][:_KEPT]
        }
        for folder in folders:
            if folder.name not in kept:
                _remove_unheld(folder)

    def remove_others(self, kept: str | None) -> None:
        """Remove all snapshots but ``kept``, held or not, and what killed builds left.

        Whoever has one open reads on until it is closed. Without ``kept`` none is in use
        afterwards. The caller holds the lock of builds.

        Raises:
            OSError: one cannot be removed.
        """
        if kept is None:
            self._current.unlink(missing_ok=True)
        for folder in self.folders():
            if folder.name != kept:
                shutil.rmtree(folder)
        if self._snapshots.is_dir():
            _sync(self._snapshots)


def is_current(manifest: Manifest, library: Library) -> bool:
    """Whether a snapshot was made of what ``library`` holds now.

    Raises:
        StorageError: the library cannot be read.
    """
    return manifest.library == library.fingerprint()


def mkdtemp_below(folder: Path) -> Path:
    """A new hidden folder in ``folder``, on the same file system."""
    made = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    made.chmod(0o755)
    return made


def described(folder: Path) -> dict[str, tuple[int, str]]:
    """The length and sha256 of every file below ``folder`` but the manifest, by relative path."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_size, _sha256(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "manifest.json"
    }


def _unlisted(folder: Path, manifest: Manifest) -> list[str]:
    """The files that the manifest does not know, but for the lock that Tantivy opens with."""
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    return sorted(found - set(manifest.files) - {"manifest.json", "lexical/.tantivy-meta.lock"})


def _problem(folder: Path, name: str, size: int, digest: str, *, fully: bool) -> str | None:
    path = folder / name
    try:
        found = path.stat().st_size
        if found != size:
            return f"{name} has {found:,} bytes and not {size:,}"
        if (fully or size <= _LARGE_BYTES) and _sha256(path) != digest:
            return f"{name} has been altered"
    except OSError as error:
        return f"{name} cannot be read ({error.strerror})"
    return None


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _sync_tree(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_unheld(folder: Path) -> None:
    try:
        descriptor = os.open(folder / "manifest.json", os.O_RDONLY)
    except FileNotFoundError:
        shutil.rmtree(folder, ignore_errors=True)
        return
    except OSError:
        return  # somebody else's; theirs to remove
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)
