"""Snapshots on disk: written beside the old one, checked, swapped, pruned."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from corpus.errors import SnapshotDamaged, SnapshotError, SnapshotMissing, StorageError
from index.locks import unwritable
from index.manifest import SCHEMA, Manifest
from index.snapshot import SnapshotStore, described

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def filling(name: str, content: str = "content") -> Callable[[Path], Manifest]:
    """A ``fill`` that writes two files."""

    def fill(folder: Path) -> Manifest:
        (folder / "a.txt").write_text(content)
        (folder / "below").mkdir()
        (folder / "below" / "b.txt").write_text(name)
        return Manifest(name, "library", "model", 1, 2, described(folder))

    return fill


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "data")


def names(store: SnapshotStore) -> list[str]:
    return sorted(path.name for path in (store.data / "snapshots").iterdir())


def test_without_a_build_there_is_none(store: SnapshotStore) -> None:
    with pytest.raises(SnapshotMissing, match="there is no index yet; run 'metquote index build'"):
        store.current()


def test_what_was_created_is_in_use_and_whole(store: SnapshotStore) -> None:
    made = store.create(filling("one"))
    assert store.current() == "one"
    assert store.manifest("one") == made
    assert made.files == {
        "a.txt": (7, "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"),
        "below/b.txt": (3, "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"),
    }
    store.check(made)
    store.check(made, fully=True)
    assert names(store) == ["one"]


def test_a_fill_that_fails_leaves_the_old_one_in_use_and_nothing_behind(
    store: SnapshotStore,
) -> None:
    store.create(filling("one"))

    def fails(folder: Path) -> Manifest:
        (folder / "half").write_text("half")
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        store.create(fails)
    assert (store.current(), names(store)) == ("one", ["one"])


def test_no_room_is_said_and_leaves_the_old_one_in_use(store: SnapshotStore) -> None:
    store.create(filling("one"))

    def no_room(_: Path) -> Manifest:
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageError) as caught:
        store.create(no_room)
    assert str(caught.value) == (
        f"the data folder {store.data} cannot be written (No space left on device); "
        "make room or set paths.data in config.toml to another folder"
    )
    assert (store.current(), names(store)) == ("one", ["one"])


def test_an_error_without_a_reason_is_shown_as_it_is(tmp_path: Path) -> None:
    assert "(dense.faiss cannot be written)" in str(
        unwritable(tmp_path, OSError("dense.faiss cannot be written"))
    )


def test_the_same_snapshot_again_takes_the_place_of_the_damaged_one(store: SnapshotStore) -> None:
    store.create(filling("one", "damaged"))
    store.create(filling("one", "whole"))
    assert (store.folder("one") / "a.txt").read_text() == "whole"
    store.check(store.manifest("one"))


MANIFESTS = {
    "empty": "",
    "cut short": '{"schema": 2, "id"',
    "no object": "[]",
    "a number": "7",
    "deep": "[" * 100_000,
    "not text": "\udcff",
    "no files": json.dumps({"schema": SCHEMA, "id": "one", "files": None}),
    "bad files": json.dumps({"schema": SCHEMA, "id": "one", "files": {"a": 1}}),
    "without a sum": json.dumps(
        {"schema": SCHEMA, "id": "one", "library": "l", "model": "m", "documents": 1,
         "passages": 2, "files": {}}
    ),
}  # fmt: skip


@pytest.mark.parametrize("content", MANIFESTS.values(), ids=MANIFESTS)
def test_a_manifest_that_is_none_is_refused_in_a_sentence(
    store: SnapshotStore, content: str
) -> None:
    store.create(filling("one"))
    path = store.folder("one") / "manifest.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(SnapshotDamaged, match=r"run 'metquote index build'$") as caught:
        store.manifest("one")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("schema", [0, SCHEMA - 1, SCHEMA + 1, None, str(SCHEMA)])
def test_another_version_is_refused_by_its_number(store: SnapshotStore, schema: object) -> None:
    store.create(filling("one"))
    path = store.folder("one") / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"schema": schema}))
    with pytest.raises(SnapshotDamaged, match=rf"another version \(schema {schema}, not {SCHEMA}"):
        store.manifest("one")


def test_a_manifest_of_another_snapshot_is_refused(store: SnapshotStore) -> None:
    store.create(filling("one"))
    store.folder("one").rename(store.folder("two"))
    with pytest.raises(SnapshotDamaged, match="belongs to another index"):
        store.manifest("two")


def test_a_flipped_bit_anywhere_in_a_manifest_is_noticed(store: SnapshotStore) -> None:
    store.create(filling("one"))
    path = store.folder("one") / "manifest.json"
    whole = path.read_bytes()
    for at in range(len(whole) - 1):  # but the line end after it
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        with pytest.raises(SnapshotError):
            store.check(store.manifest("one"))


def test_a_snapshot_that_is_gone_is_missing(store: SnapshotStore) -> None:
    store.create(filling("one"))
    with pytest.raises(SnapshotMissing, match="the index two is gone; run 'metquote index build'"):
        store.manifest("two")


@pytest.mark.parametrize("content", [b"", b"\n", b"../../etc", b"a b", b"\xff\xfe", b"one\0"])
def test_a_pointer_to_nowhere_is_refused(store: SnapshotStore, content: bytes) -> None:
    store.create(filling("one"))
    (store.data / "current").write_bytes(content)
    with pytest.raises(SnapshotDamaged, match="run 'metquote index build'"):
        store.current()


def test_a_folder_in_place_of_the_pointer_is_refused(store: SnapshotStore) -> None:
    (store.data / "current").mkdir(parents=True)
    with pytest.raises(SnapshotDamaged, match="current cannot be read"):
        store.current()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda folder: (folder / "a.txt").unlink(), r"a.txt cannot be read \(No such file"),
        (lambda folder: (folder / "a.txt").write_text("short"), "a.txt has 5 bytes and not 7"),
        (lambda folder: (folder / "a.txt").write_text("kontent"), "a.txt has been altered"),
        (lambda folder: (folder / "c.txt").write_text("c"), "c.txt does not belong there"),
        (lambda folder: (folder / "below" / ".c").write_text("c"), "below/.c does not belong"),
        (lambda folder: (folder / "link").symlink_to("a.txt"), "link does not belong there"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(
    store: SnapshotStore, change: Callable[[Path], object], problem: str
) -> None:
    made = store.create(filling("one"))
    change(store.folder("one"))
    with pytest.raises(SnapshotDamaged, match=f"the index is damaged: {problem}"):
        store.check(made)


def test_large_files_are_checked_by_length_alone_unless_fully(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = store.create(filling("one"))
    monkeypatch.setattr("index.snapshot._LARGE_BYTES", 6)
    (store.folder("one") / "a.txt").write_text("kontent")
    store.check(made)
    with pytest.raises(SnapshotDamaged, match=r"a.txt has been altered"):
        store.check(made, fully=True)
