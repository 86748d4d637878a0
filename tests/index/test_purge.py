"""Erased texts leave snapshots and vectors, whatever state those are in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.errors import SnapshotError, StorageError
from index.embeddings import EmbeddingCache
from index.purge import holds, purge
from tests.history import History
from tests.stub_encoder import StubEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.document import Document
    from tests.conftest import TinyData

SECRET = "Marmaduke Featherstonehaugh lives at 7 Quagga Mews."


@pytest.fixture
def erased(tiny: TinyData) -> Document:
    """A document that was built in and then erased; the index was not built since."""
    history = History(tiny.documents)
    document = history.add("secret", SECRET)
    tiny.build()
    history.erase("secret", "the law")
    return document


def vectors(tiny: TinyData) -> int:
    (path,) = (tiny.data / "embeddings").iterdir()
    with closing(sqlite3.connect(path)) as store:
        return int(store.execute("SELECT count(*) FROM vectors").fetchone()[0])


def traces(tiny: TinyData) -> list[Path]:
    return [
        path
        for path in tiny.data.rglob("*")
        if path.is_file() and b"eatherstonehaugh" in path.read_bytes()
    ]


def test_a_build_finishes_an_erasure_that_was_interrupted(tiny: TinyData, erased: Document) -> None:
    assert holds(tiny.store, [erased.sha256])
    before = vectors(tiny)
    tiny.build()
    assert traces(tiny) == []
    assert vectors(tiny) == before - 1
    assert not holds(tiny.store, [erased.sha256])


def test_a_build_of_what_is_there_already_finishes_it_too(tiny: TinyData, erased: Document) -> None:
    from index import build  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(build, "holds", lambda *_: False)
        tiny.build()
    assert holds(tiny.store, [erased.sha256])
    tiny.build()
    assert traces(tiny) == []


def test_where_nothing_was_erased_old_snapshots_stay(tiny: TinyData) -> None:
    history = History(tiny.documents)
    history.add("one", "A zebra.")
    tiny.build()
    assert len(tiny.store.folders()) == 2
    assert not holds(tiny.store, [])


def test_an_index_in_use_that_holds_the_text_goes(tiny: TinyData, erased: Document) -> None:
    purge(tiny.store, [erased.sha256])
    assert traces(tiny) == []
    assert tiny.store.folders() == ()
    with pytest.raises(SnapshotError):
        tiny.store.current()
    tiny.build()
    tiny.open().close()


def test_what_cannot_be_read_and_what_a_killed_build_left_goes_unread(
    tiny: TinyData, erased: Document
) -> None:
    history = History(tiny.documents)
    history.add("one", "A zebra.")
    damaged = tiny.snapshot
    left = tiny.data / "snapshots" / ".building-x"
    left.mkdir()
    (left / "catalogue.sqlite").write_text(SECRET)
    (damaged / "catalogue.sqlite").unlink()
    (damaged / "catalogue.sqlite").write_text(f"garbage {SECRET}")
    tiny.build()
    purge(tiny.store, [erased.sha256])
    assert traces(tiny) == []
    assert tiny.store.folders() == (tiny.snapshot,)


def test_a_spoiled_pointer_keeps_nothing(tiny: TinyData, erased: Document) -> None:
    (tiny.data / "current").write_bytes(b"\xff")
    purge(tiny.store, [erased.sha256])
    assert tiny.store.folders() == ()
    assert not (tiny.data / "current").exists()


def test_vectors_are_forgotten_of_documents_that_no_snapshot_holds(
    tiny: TinyData, erased: Document
) -> None:
    for folder in tiny.store.folders():
        (folder / "catalogue.sqlite").unlink()
    before = vectors(tiny)
    purge(tiny.store, [], [erased])
    assert vectors(tiny) == before - 1


def test_a_snapshot_that_cannot_be_removed_is_said(
    tiny: TinyData, erased: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("shutil.rmtree", refused)
    with pytest.raises(StorageError, match=r"cannot be written \(Read-only file system\)"):
        purge(tiny.store, [erased.sha256])


class TestForgettingVectors:
    TEXTS = ("one", "two", "three")

    def kept(self, folder: Path) -> EmbeddingCache:
        cache = EmbeddingCache(folder, "m")
        cache.encode(StubEncoder(), self.TEXTS, lambda _: None)
        return cache

    def encoded(self, cache: EmbeddingCache) -> list[str]:
        encoder = StubEncoder()
        found = cache.encode(encoder, self.TEXTS, lambda _: None)
        np.testing.assert_array_equal(found, StubEncoder().encode(self.TEXTS))
        return encoder.encoded

    def test_only_theirs_go_and_no_byte_of_them_stays(self, tmp_path: Path) -> None:
        class Dense(StubEncoder):
            """No component is zero, so that every byte of a vector tells."""

            def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
                found = super().encode(texts) + np.arange(1, 257)
                return np.asarray(found, dtype=np.float32)

        cache, path = EmbeddingCache(tmp_path, "m"), tmp_path / "m.sqlite"
        cache.encode(Dense(), self.TEXTS, lambda _: None)
        vector = Dense().encode(["two"]).tobytes()
        parts = {vector[at : at + 16] for at in range(0, len(vector), 16)} - {
            other[at : at + 16]
            for other in (Dense().encode([text]).tobytes() for text in ("one", "three"))
            for at in range(0, len(other), 16)
        }
        key = sha256(b"two").digest()
        assert key in path.read_bytes()
        assert any(part in path.read_bytes() for part in parts)
        cache.forget(["two", "never there"])
        assert key not in path.read_bytes()
        assert not any(part in path.read_bytes() for part in parts)

    def test_the_others_stay(self, tmp_path: Path) -> None:
        cache = self.kept(tmp_path)
        cache.forget(["two"])
        assert self.encoded(cache) == ["two"]

    def test_a_cache_that_is_missing_has_none(self, tmp_path: Path) -> None:
        EmbeddingCache(tmp_path, "m").forget(["one"])
        assert list(tmp_path.iterdir()) == []

    def test_a_damaged_cache_goes_whole(self, tmp_path: Path) -> None:
        cache = self.kept(tmp_path)
        (tmp_path / "m.sqlite").write_bytes(b"garbage" * 999)
        cache.forget(["one"])
        assert self.encoded(cache) == list(self.TEXTS)

    def test_a_cache_that_cannot_be_opened_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "m.sqlite").mkdir()
        with pytest.raises(StorageError, match="unable to open"):
            EmbeddingCache(tmp_path, "m").forget(["one"])
