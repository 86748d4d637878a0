"""When digests are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.state.schedule import DigestTimes


def next_of(times: DigestTimes, *after: int, weekly: bool = False) -> datetime:
    moment = datetime(*after, tzinfo=UTC)  # type: ignore[misc,arg-type]
    return datetime.fromtimestamp(times.next(moment.timestamp(), weekly=weekly), UTC)


@pytest.mark.parametrize(
    ("after", "weekly", "due"),
    [
        ((2026, 1, 5, 8, 59), False, (2026, 1, 5, 9)),
        ((2026, 1, 5, 9), False, (2026, 1, 6, 9)),
        ((2026, 3, 28, 9), False, (2026, 3, 29, 8)),  # summer time begins that night
        ((2026, 10, 24, 8), False, (2026, 10, 25, 9)),  # and ends
        ((2026, 1, 5, 8, 59), True, (2026, 1, 5, 9)),  # a Monday
        ((2026, 1, 5, 9), True, (2026, 1, 12, 9)),
        ((2026, 1, 7), True, (2026, 1, 12, 9)),
    ],
)
def test_digests_are_due_by_londons_clocks(
    after: tuple[int, ...], weekly: bool, due: tuple[int, ...]
) -> None:
    assert next_of(DigestTimes(), *after, weekly=weekly) == datetime(*due, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_an_hour_that_is_skipped_or_comes_twice_is_due_once() -> None:
    times = DigestTimes(hour=1)
    assert next_of(times, 2026, 3, 29, 0) == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert next_of(times, 2026, 3, 29, 1) == datetime(2026, 3, 30, 0, tzinfo=UTC)
    assert next_of(times, 2026, 10, 24, 23) == datetime(2026, 10, 25, 0, tzinfo=UTC)
    assert next_of(times, 2026, 10, 25, 0) == datetime(2026, 10, 26, 1, tzinfo=UTC)


@given(
    after=st.floats(0, 4e9),
    zone=st.sampled_from(["Europe/London", "America/St_Johns", "Pacific/Apia", "UTC"]),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
    weekly=st.booleans(),
)
def test_the_next_digest_is_later_and_not_too_late(
    after: float, zone: str, hour: int, weekday: int, weekly: bool
) -> None:
    due = DigestTimes(zone, hour, weekday).next(after, weekly=weekly)
    days = 8 if weekly else 2
    assert after < due <= after + timedelta(days).total_seconds() + 86_400
    local = datetime.fromtimestamp(due, ZoneInfo(zone))
    assert not weekly or abs((local.weekday() - weekday + 3) % 7 - 3) <= 1
