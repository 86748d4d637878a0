"""The open index, kept up to date: what both front ends call."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from corpus.errors import SnapshotError
from corpus.library import Library
from index.opened import OpenSnapshot
from index.snapshot import SnapshotStore, is_current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.config import Settings
    from index.build import Built, Progress
    from index.types import Answer, Query


class Service:
    """One open snapshot, swapped for a newer one between questions. Safe from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.library = Library(settings.documents)
        self.store = SnapshotStore(settings.data)
        self._lock = threading.Lock()
        self._open: OpenSnapshot | None = None
        self._readers: dict[OpenSnapshot, int] = {}

    def build(self, progress: Progress) -> Built:
        """Bring the index up to date; see `index.build.build`."""
        from index.build import build  # noqa: PLC0415 - a question needs nothing of it

        return build(self.library, self.store, self.settings.encoder.model, progress)

    def ensure(self, progress: Progress) -> Built | None:
        """Build the index if there is none of what the library holds now, or if it is damaged.

        Raises:
            MetquoteError: it cannot be built; a damaged index is not served instead.
        """
        return None if self.is_ready() else self.build(progress)

    def is_ready(self) -> bool:
        """Whether there is an index of what the library holds now, and it can be opened.

        Raises:
            StorageError: the library cannot be read.
        """
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

        Raises:
            SnapshotMissing: no index was built yet.
            SnapshotDamaged: the index cannot be used.
        """
        with self._lock:
            opened = self._swapped()
            self._readers[opened] = self._readers.get(opened, 0) + 1
        try:
            yield opened
        finally:
            with self._lock:
                self._readers[opened] -= 1
                self._close_unread()

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
            self._open = None
            self._close_unread()

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
        self._open = opened
        self._close_unread()
        return opened

    def _close_unread(self) -> None:
        for opened, count in list(self._readers.items()):
            if count == 0 and opened is not self._open:
                del self._readers[opened]
                opened.close()
