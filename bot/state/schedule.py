"""When digests are due, at a server's own time zone; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class DigestTimes:
    """``hour`` 0–23 and ``weekday`` 0–6 (Monday is 0), by the clocks of ``zone``."""

    zone: str = "Europe/London"
    hour: int = 9
    weekday: int = 0

    def next(self, after: float, *, weekly: bool) -> float:
        """The first time later than ``after``; both are Unix seconds.

        An hour that the clocks skip comes when it would have without the change of clocks; of
        one that comes twice the first counts.
        """
        zone = ZoneInfo(self.zone)
        day = datetime.fromtimestamp(after, zone).date()
        if weekly:
            day += timedelta((self.weekday - day.weekday()) % _DAYS_A_WEEK)
        while True:
            due = datetime.combine(day, time(self.hour), zone).astimezone(UTC).timestamp()
            if due > after:
                return due
            day += timedelta(_DAYS_A_WEEK if weekly else 1)
