"""Time as the fake sees it, and the ids that Discord makes from time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DISCORD_EPOCH_MS = 1_420_070_400_000
"""The first second of 2015: what Discord counts its ids from."""


class Clock:
    """Seconds since 1970 that a test can move forward."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._ahead = 0.0

    @classmethod
    def frozen(cls) -> Clock:
        """A clock that only moves when it is told to, so that a slow machine is never late."""
        start = time.time()
        return cls(lambda: start)

    def now(self) -> float:
        """Seconds since 1970."""
        return self._source() + self._ahead

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`, at least 0: Discord's ids never go back in time."""
        if seconds < 0:
            raise ValueError("a clock does not run backwards")
        self._ahead += seconds


class Snowflakes:
    """Discord's ids: milliseconds since 2015 in the high bits, a counter in the low 22."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """An id greater than every id given before."""
        milliseconds = int(self._clock.now() * 1000) - DISCORD_EPOCH_MS
        self._last = max(self._last + 1, milliseconds << 22)
        return self._last

    def next_of(self, shard: int, shards: int) -> int:
        """The next id that belongs to a shard, some milliseconds ahead of the clock."""
        self._last = (self.next() >> 22) + 1 << 22
        while (self._last >> 22) % shards != shard:
            self._last += 1 << 22
        return self._last


def iso(seconds: float) -> str:
    """A moment as Discord writes it: ISO 8601, microseconds, UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
