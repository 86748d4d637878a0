"""Answers that were found already, for whoever asks the same while nothing has changed."""

from __future__ import annotations

import pickle
import threading
import zlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

_T = TypeVar("_T")
# The fastest; half the size of what is not compressed.
_LEVEL = 1


class AnswerCache(Generic[_T]):
    """The last ``most`` answers from one snapshot; another's are forgotten. Safe from threads.

    A snapshot is told apart by identity: as the journal leaves it, it is another object. Answers
    are kept as compressed bytes, a kilobyte or two each: as objects, of which one has hundreds,
    a thousand of them would take tens of megabytes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._snapshot: object = None
        self._known: OrderedDict[Hashable, bytes] = OrderedDict()

    def __len__(self) -> int:
        """How many answers are known."""
        return len(self._known)

    def holds(self, snapshot: object, key: Hashable) -> bool:
        """Whether an answer from ``snapshot`` is known for ``key``."""
        with self._lock:
            return snapshot is self._snapshot and key in self._known

    def get(self, snapshot: object, key: Hashable) -> _T | None:
        """What was found in ``snapshot`` for ``key``; ``None`` if it is not known any more."""
        with self._lock:
            if snapshot is not self._snapshot or key not in self._known:
                return None
            self._known.move_to_end(key)
            kept = self._known[key]
        found: _T = pickle.loads(zlib.decompress(kept))  # noqa: S301 - bytes of our own
        return found

    def put(self, snapshot: object, key: Hashable, value: _T) -> None:
        """Know an answer from ``snapshot``, and forget those from any other."""
        kept = zlib.compress(pickle.dumps(value), _LEVEL)
        with self._lock:
            if snapshot is not self._snapshot:
                self._known.clear()
                self._snapshot = snapshot
            self._known[key] = kept
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
