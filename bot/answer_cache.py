"""Answers that were found already, for whoever asks the same while nothing has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

_T = TypeVar("_T")


class AnswerCache(Generic[_T]):
    """The last ``most`` answers from one snapshot; another's are forgotten. Safe from threads.

    A snapshot is told apart by identity: as the journal leaves it, it is another object.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._snapshot: object = None
        self._known: OrderedDict[Hashable, _T] = OrderedDict()

    def __len__(self) -> int:
        """How many answers are known."""
        return len(self._known)

    def get(self, snapshot: object, key: Hashable) -> _T | None:
        """What was found in ``snapshot`` for ``key``; ``None`` if it is not known any more."""
        with self._lock:
            if snapshot is not self._snapshot or key not in self._known:
                return None
            self._known.move_to_end(key)
            return self._known[key]

    def put(self, snapshot: object, key: Hashable, value: _T) -> None:
        """Know an answer from ``snapshot``, and forget those from any other."""
        with self._lock:
            if snapshot is not self._snapshot:
                self._known.clear()
                self._snapshot = snapshot
            self._known[key] = value
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
