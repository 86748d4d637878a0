"""The open index, kept up to date: what both front ends call."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from corpus import swap
from corpus.errors import SnapshotError, StorageError
from corpus.library import Library
from index.opened import OpenSnapshot
from index.snapshot import SnapshotStore, is_current

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bot.config import Settings
    from corpus.document import Document
    from index.build import Built
    from index.types import Answer, Progress, Query


_Stamp = tuple[int, int, int] | None


class Service:
    """One open snapshot, swapped for a newer one between questions. Safe from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._library = Library(settings.documents)
        self.store = SnapshotStore(settings.data)
        self._lock = threading.Lock()
        self._open: OpenSnapshot | None = None
        self._seen: tuple[OpenSnapshot, _Stamp, OpenSnapshot] | None = None
        self._readers: dict[OpenSnapshot, int] = {}

    @property
    def library(self) -> Library:
        """The documents; those that came with the program until the first change of them."""
        folder = self.settings.documents
        if self._library.folder != folder:
            self._library = Library(folder)
        return self._library

    def build(self, progress: Progress) -> Built:
        """Bring the index up to date; see `index.build.build`."""
        from index.build import build  # noqa: PLC0415 - a question needs nothing of it

        self._finish_restore()
        chosen = self.settings.encoder
        return build(self.library, self.store, chosen.model, progress, reranker=chosen.reranker)

    def ensure(self, progress: Progress) -> Built | None:
        """Build the index if there is none of what the library holds now, or if it is damaged.

        Raises:
            MetquoteError: it cannot be built; a damaged index is not served instead.
        """
        return None if self.is_ready() else self.build(progress)

    def purge(self, erased: Iterable[str], documents: Iterable[Document] = ()) -> None:
        """Leave no trace of erased texts beside the documents; the index was built without them.

        ``erased`` are the hex SHA-256 of the texts, ``documents`` those of them that are at hand.
        A text that another document has stays, and an index that holds one of the others all the
        same goes too.

        Raises:
            StorageError: something cannot be removed; nobody is shown the words, but they are
                still on the disk.
        """
        from index.purge import purge  # noqa: PLC0415 - a question needs nothing of it

        standing = self.library.read().texts
        left = tuple(document for document in documents if document.sha256 not in standing)
        purge(self.store, frozenset(erased) - standing, left)

    def is_ready(self) -> bool:
        """Whether there is an index of what the library holds now, and it can be opened.

        Raises:
            StorageError: the library cannot be read.
        """
        self._finish_restore()
        try:
            manifest = self.store.manifest(self.store.current())
            if is_current(manifest, self.library):
                with self.snapshot():
                    return True
        except SnapshotError:
            # Missing or damaged: either way there is one to build, and that says what goes wrong.
            pass
        return False

    @contextmanager
    def snapshot(self) -> Iterator[OpenSnapshot]:
        """The snapshot in use; it stays open until the block ends, whatever is built meanwhile.

        What the journal says at this moment is minded: a document that was corrected, retracted
        or erased after the snapshot was built is found no more.

        Raises:
            SnapshotMissing: no index was built yet.
            SnapshotDamaged: the index cannot be used.
            JournalDamaged: nobody can tell what was withdrawn, so nothing is shown.
            StorageError: the journal cannot be read.
        """
        with self._lock:
            opened = self._swapped()
            seen = self._seen_now(opened)
            self._readers[opened] = self._readers.get(opened, 0) + 1
        try:
            yield seen
        finally:
            with self._lock:
                self._readers[opened] -= 1
                self._close_unread()

    def at_hand(self) -> OpenSnapshot | None:
        """What `snapshot` would give, if nobody would have to wait for it; else ``None``.

        It may be closed at any moment: it is for telling whether it is still the same.
        """
        if not self._lock.acquire(blocking=False):
            return None
        try:
            if self._seen is None or self._open is None:
                return None
            opened, stamp, seen = self._seen
            is_open = opened is self._open and opened.manifest.id == self.store.current()
            return seen if is_open and stamp == _stamp(self.library.journal.path) else None
        except (SnapshotError, StorageError):
            # Whoever waits for it is told what is wrong.
            return None
        finally:
            self._lock.release()

    def answer(self, query: Query) -> Answer:
        """What the corpus says to ``query``.

        Raises:
            InputError: the question is empty or too long.
            SnapshotError: the index cannot be used.
        """
        with self.snapshot() as opened:
            return opened.answer(query)

    def close(self) -> None:
        """Close the snapshot once nobody reads it."""
        with self._lock:
            if self._open is not None:
                self._readers.setdefault(self._open, 0)
            self._open = self._seen = None
            self._close_unread()

    def _finish_restore(self) -> None:
        """Wait for a restore that is going on, and finish one that was interrupted.

        Half way documents and journal do not belong together.
        """
        if swap.is_unfinished(self.library.folder):
            from bot.curation.curator import curator  # noqa: PLC0415 - there is hardly ever one

            curator(self.settings).recover()

    def _swapped(self) -> OpenSnapshot:
        """The snapshot that ``current`` names, opened if it is not yet."""
        try:
            current = self.store.current()
            if self._open is not None and self._open.manifest.id == current:
                return self._open
            opened = OpenSnapshot(self.store, current, self.settings.answer)
        except SnapshotError:
            # A good one that is open answers on; a damaged one is never served.
            if self._open is not None:
                return self._open
            raise
        if self._open is not None:
            self._readers.setdefault(self._open, 0)
            opened.take_over(self._open)
        self._open = opened
        self._close_unread()
        return opened

    def _seen_now(self, opened: OpenSnapshot) -> OpenSnapshot:
        """``opened`` as the journal of this moment leaves it; read again only if it changed."""
        stamp = _stamp(self.library.journal.path)
        if self._seen is None or self._seen[:2] != (opened, stamp):
            self._seen = opened, stamp, opened.after(self.library.journal.records())
        return self._seen[2]

    def _close_unread(self) -> None:
        for opened, count in list(self._readers.items()):
            if count == 0 and opened is not self._open:
                del self._readers[opened]
                opened.close()


def _stamp(path: Path) -> _Stamp:
    """What changes whenever the file does; ``None`` if there is none.

    Raises:
        StorageError: it cannot be looked at.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path} cannot be read ({error.strerror})") from error
    return found.st_mtime_ns, found.st_size, found.st_ino
