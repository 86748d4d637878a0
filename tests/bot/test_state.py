"""What the bot remembers."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from bot.state import KeptAnswer, State
from corpus.errors import StorageError
from index.types import Query
from tests.bot.answers import answer, document, excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = 86_400.0
_SOURCE = document("One was hurt. “Two,” she said.")
_ANSWER = replace(
    answer(
        excerpt(_SOURCE, "One was hurt.", highlighted=("One", "hurt")),
        excerpt(_SOURCE, "“Two,” she said."),
        undated_left_out=2,
    ),
    query=Query("Who – “was” hurt? 👮", date(2020, 6, 1), None),
)
KEPT = KeptAnswer(42, _ANSWER, (_SOURCE.sha256, "0" * 64))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "state.sqlite"


@pytest.fixture
def state(path: Path) -> Iterator[State]:
    opened = State(path)
    yield opened
    opened.close()


def test_an_answer_survives_reopening(path: Path) -> None:
    first = State(path)
    answer_id = first.keep(KEPT, now=0.0, days=30)
    first.close()
    second = State(path)
    assert second.kept(answer_id) == KEPT
    second.close()


def test_ids_are_not_to_be_guessed(state: State) -> None:
    ids = {state.keep(KEPT, now=0.0, days=30) for _ in range(20)}
    assert len(ids) == 20
    assert all(len(one) >= 16 for one in ids)
    assert state.kept("nothing-of-this-id") is None


def test_old_answers_are_forgotten_when_new_ones_come(state: State) -> None:
    old = state.keep(KEPT, now=0.0, days=30)
    young = state.keep(KEPT, now=29 * DAY, days=30)
    assert state.kept(old) is not None
    state.keep(KEPT, now=31 * DAY, days=30)
    assert state.kept(old) is None
    assert state.kept(young) is not None


def test_facts_are_replaced_and_kept(path: Path, state: State) -> None:
    assert state.fact("tree") is None
    state.set_fact("tree", "a")
    state.set_fact("tree", "b")
    assert state.fact("tree") == "b"
    other = State(path)
    assert other.fact("tree") == "b"
    other.close()


def test_threads_may_share_it(state: State) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: state.keep(KEPT, now=0.0, days=1), range(64)))
        assert all(pool.map(lambda one: state.kept(one) == KEPT, ids))


def test_a_file_that_is_no_database_is_told(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 400)
    with pytest.raises(StorageError, match=r"state\.sqlite cannot be used .*set paths\.data"):
        State(path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be used"):
        State(tmp_path / "file" / "state.sqlite")


def test_a_file_damaged_meanwhile_is_told(path: Path, state: State) -> None:
    answer_id = state.keep(KEPT, now=0.0, days=30)
    state.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    again = State(path)
    with pytest.raises(StorageError):
        again.kept(answer_id)
    again.close()


def test_a_write_that_fails_is_told(path: Path, state: State) -> None:
    """Read-only to SQLite, as on a read-only disk, whoever runs the tests."""
    state.set_fact("a", "b")
    state._store.execute("PRAGMA query_only = ON")
    with pytest.raises(StorageError, match="make room"):
        state.keep(KEPT, now=0.0, days=30)
    with pytest.raises(StorageError, match="make room"):
        state.set_fact("a", "c")
    assert state.fact("a") == "b"
    assert path.exists()


def test_an_answer_that_cannot_be_read_is_told(path: Path, state: State) -> None:
    answer_id = state.keep(KEPT, now=0.0, days=30)
    store = sqlite3.connect(path)
    with store:
        store.execute("UPDATE answers SET answer = '{'")
    store.close()
    with pytest.raises(StorageError):
        state.kept(answer_id)
