"""Several processes on one database, one of them killed: nothing twice, nothing missed."""

from __future__ import annotations

import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.state.cursors import Reader
from bot.state.tables import METADATA
from tests.bot.forked import forking
from tests.bot.state import worker
from tests.bot.state.test_corrections import OLD, post
from tests.bot.state.test_follows import AT_ONCE, DAILY
from tests.bot.state.test_outbox import NOTICE, POST

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

    from bot.state import State
    from tests.bot.state.conftest import Place

_KILLED, _DONE = -signal.SIGKILL, 0
# Longer than any claim.
_LATER = 120.0


@pytest.fixture
def start() -> Callable[..., ForkServerProcess]:
    """Starts an action of `worker` on a place."""

    def begun(place: Place, action: str, *rest: object) -> ForkServerProcess:
        process = forking().Process(target=worker.work, args=(place.where, action, *rest))
        process.start()
        return process

    return begun


def ended(*processes: ForkServerProcess) -> list[int | None]:
    """How they ended."""
    for process in processes:
        process.join(120)
    return [process.exitcode for process in processes]


@pytest.mark.parametrize("statement", ["facts (", "CREATE TABLE outbox"])
def test_a_migration_that_was_killed_is_done_by_the_next(
    empty_place: Place, start: Callable[..., ForkServerProcess], statement: str
) -> None:
    assert ended(start(empty_place, "migrate", statement)) == [_KILLED]
    both = [start(empty_place, "migrate", "") for _ in range(2)]
    assert ended(*both) == [_DONE, _DONE]
    state = empty_place.open()
    with state._store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_every_message_is_posted_once(
    place: Place, state: State, start: Callable[..., ForkServerProcess], tmp_path: Path
) -> None:
    """The one that a killed process had just posted comes with the same nonce."""
    log, keys = tmp_path / "sent", [f"notice/{number}" for number in range(40)]
    for key in keys:
        state.outbox.put(replace(NOTICE, key=key))
    assert ended(start(place, "send", log, 7)) == [_KILLED]
    lost = log.read_text().splitlines()[-1]
    assert ended(start(place, "send", log), start(place, "send", log)) == [_DONE, _DONE]
    assert len(log.read_text().splitlines()) == len(keys)
    place.clock.now += _LATER
    worker.send(state, log)
    sent = log.read_text().splitlines()
    assert sorted({line.split()[0] for line in sent}) == sorted(keys)
    assert len(set(sent)) == len(keys)  # one nonce each
    assert sent[len(keys) :] == [lost]
    noted = log.with_suffix(".noted").read_text().splitlines()
    assert len(noted) == len(set(noted)) == len(keys)
    assert all(line.endswith("True") for line in noted)


def test_every_post_is_corrected(
    place: Place, state: State, start: Callable[..., ForkServerProcess], tmp_path: Path
) -> None:
    log, messages = tmp_path / "edited", list(range(100, 125))
    for message in messages:
        state.posts.record(post(message, ("letter", OLD)))
    worker.journal(state, 3)
    assert ended(start(place, "correct", log, 5)) == [_KILLED]
    assert ended(start(place, "correct", log), start(place, "correct", log)) == [_DONE, _DONE]
    assert len(log.read_text().splitlines()) == len(messages)
    place.clock.now += _LATER
    worker.correct(state, log)
    edited = log.read_text().splitlines()
    assert sorted(set(edited)) == [f"{message} 3" for message in messages]
    # An edit that was not noted is made again: it makes the message what it is.
    assert edited[len(messages) :] == [edited[4]]


def test_every_line_of_the_journal_is_handled_once(
    place: Place, state: State, start: Callable[..., ForkServerProcess]
) -> None:
    lines = 15
    at_once, daily = state.follows.add(AT_ONCE), state.follows.add(DAILY)
    state.posts.record(post(100, ("letter", OLD)))
    assert ended(start(place, "journal", lines, 4)) == [_KILLED]
    assert [state.cursors.at(reader) for reader in Reader] == [4, 4]
    both = start(place, "journal", lines), start(place, "journal", lines)
    assert ended(*both) == [_DONE, _DONE]
    assert [state.cursors.at(reader) for reader in Reader] == [lines, lines]
    correction = state.corrections.claim(60)
    assert correction is not None
    assert [change.line for change in correction.changes] == list(range(lines))
    texts = [str(line) for line in range(lines)]
    assert _delivered(state) == [(at_once.id, text) for text in texts]
    place.clock.now += 2 * 86_400
    assert state.digests.plan() == 1
    assert _delivered(state) == [(daily.id, text) for text in texts]


def test_a_lease_is_held_by_one_process_at_a_time(
    place: Place, start: Callable[..., ForkServerProcess], tmp_path: Path
) -> None:
    log = tmp_path / "held"
    both = start(place, "lease", log, 20), start(place, "lease", log, 20)
    assert ended(*both) == [_DONE, _DONE]
    held = log.read_text().splitlines()
    assert len(held) == 2 * 2 * 20
    pairs = zip(held[::2], held[1::2], strict=True)
    assert all(first.replace("in", "out") == second for first, second in pairs)
    assert ended(start(place, "lease", log, 2, 1)) == [_KILLED]
    other = place.open()
    assert not other.leases.take("job", 60)
    place.clock.now += _LATER
    assert other.leases.take("job", 60)


def _delivered(state: State) -> list[tuple[int, str]]:
    """The follow and the text of everything that is to be sent; all of it sent."""
    found = []
    while sending := state.outbox.claim(60):
        found += [(one.follow, one.text_sha256) for one in sending.deliveries]
        state.outbox.sent(sending, replace(POST, message=10_000 + sending.id))
    return found
