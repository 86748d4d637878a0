"""Which snapshots are kept, and who may build: locks that die with their process."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

import pytest

from corpus.errors import SnapshotMissing, StorageError
from index.locks import BuildLock, Hold
from index.snapshot import SnapshotStore
from tests.index.test_snapshot import filling, names

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "data")


def aged(store: SnapshotStore, *ages: str) -> None:
    """Make the snapshots of these names, oldest first."""
    for at, name in enumerate(ages):
        store.create(filling(name))
        os.utime(store.folder(name), (at, at))


def test_prune_keeps_the_two_newest(store: SnapshotStore) -> None:
    aged(store, "a", "b", "c", "d")
    store.prune()
    assert names(store) == ["c", "d"]


def test_prune_keeps_the_one_in_use_however_old(store: SnapshotStore) -> None:
    aged(store, "a", "b", "c", "d")
    store.use("a")
    store.prune()
    assert names(store) == ["a", "c", "d"]


def test_prune_keeps_what_is_held_until_it_is_let_go(store: SnapshotStore) -> None:
    aged(store, "a", "b", "c", "d")
    hold = Hold(store.folder("a"))
    store.prune()
    assert names(store) == ["a", "c", "d"]
    hold.release()
    hold.release()
    store.prune()
    assert names(store) == ["c", "d"]


def test_prune_removes_what_killed_builds_left(store: SnapshotStore) -> None:
    aged(store, "a")
    left = store.data / "snapshots" / ".building-xyz"
    left.mkdir()
    (left / "dense.faiss").write_text("half")
    sealed = store.data / "snapshots" / ".building-abc"
    sealed.mkdir()
    (sealed / "manifest.json").write_text("{}")
    (store.data / "snapshots" / "a file").write_text("not ours")
    store.prune()
    assert names(store) == ["a", "a file"]


def test_a_new_pointer_removes_what_a_killed_build_left_of_one(store: SnapshotStore) -> None:
    aged(store, "a")
    (store.data / ".current-xyz").write_text("half")
    store.use("a")
    assert list(store.data.glob(".current-*")) == []


def test_prune_passes_over_what_it_cannot_open(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(store, "a", "b", "c")

    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refused)
    store.prune()
    assert names(store) == ["a", "b", "c"]


def test_a_snapshot_that_is_gone_cannot_be_held(store: SnapshotStore) -> None:
    with pytest.raises(SnapshotMissing, match="the index one is gone"):
        Hold(store.folder("one"))


def test_one_builds_at_a_time(store: SnapshotStore) -> None:
    order: list[str] = []
    inside, waiting = threading.Event(), threading.Event()

    def second() -> None:
        inside.wait(10)
        waiting.set()
        with BuildLock(store.data):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with BuildLock(store.data):
        inside.set()
        waiting.wait(10)
        thread.join(0.2)
        assert thread.is_alive()
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_the_lock_is_freed_by_an_error(store: SnapshotStore) -> None:
    with pytest.raises(ValueError, match="x"), BuildLock(store.data):
        raise ValueError("x")
    with BuildLock(store.data):
        pass


def test_a_data_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with (
        pytest.raises(StorageError, match="taken/data cannot be written"),
        BuildLock(tmp_path / "taken" / "data"),
    ):
        pass
