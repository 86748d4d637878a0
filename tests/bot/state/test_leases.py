"""What one process does for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from bot.state import State
    from tests.bot.state.conftest import Clock, Place


def test_a_lease_has_one_holder(state: State, other: State) -> None:
    assert state.holder != other.holder
    assert state.leases.take("purge", 60)
    assert not other.leases.take("purge", 60)
    assert other.leases.take("digests", 60)
    assert state.leases.take("purge", 60)


def test_a_lease_that_ran_out_is_taken_over(state: State, other: State, clock: Clock) -> None:
    assert state.leases.take("purge", 60)
    clock.now += 61
    assert other.leases.take("purge", 60)
    assert not state.leases.renew("purge", 60)
    assert not state.leases.take("purge", 60)


def test_a_renewed_lease_goes_on(state: State, other: State, clock: Clock) -> None:
    assert not state.leases.renew("purge", 60)
    assert state.leases.take("purge", 60)
    clock.now += 59
    assert state.leases.renew("purge", 60)
    clock.now += 59
    assert not other.leases.take("purge", 60)
    clock.now += 2
    assert not state.leases.renew("purge", 60)


def test_only_the_holder_releases_a_lease(state: State, other: State) -> None:
    assert state.leases.take("purge", 60)
    other.leases.release("purge")
    assert not other.leases.take("purge", 60)
    state.leases.release("purge")
    assert other.leases.take("purge", 60)


def test_postgresql_goes_by_its_own_clock(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose clock is an hour ahead takes nothing over."""
    first, second = place.open(real_clock=True), place.open(real_clock=True)
    assert first.leases.take("purge", 600)
    monkeypatch.setattr("time.time", lambda: 1e12)
    assert second.leases.take("purge", 600) == place.is_sqlite
