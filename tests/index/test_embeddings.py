"""Vectors kept by model and text: nothing is encoded twice."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import StorageError
from index.embeddings import EmbeddingCache
from tests.stub_encoder import StubEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

TEXTS = ["armed patrols", "block party", "armed patrols", "carnival"]


def ignored(_: int) -> None:
    """Progress that nobody watches."""


def encode(
    folder: Path, texts: Sequence[str] = TEXTS, *, model: str = "m"
) -> tuple[NDArray[np.float32], list[str]]:
    """The vectors, and what had to be encoded for them."""
    encoder = StubEncoder()
    vectors = EmbeddingCache(folder, model).encode(encoder, texts, ignored)
    return vectors, encoder.encoded


def test_vectors_come_in_the_order_of_the_texts(tmp_path: Path) -> None:
    vectors, _ = encode(tmp_path)
    np.testing.assert_array_equal(vectors, StubEncoder().encode(TEXTS))
    assert vectors.dtype == np.float32


def test_a_text_is_encoded_once_even_if_it_stands_twice(tmp_path: Path) -> None:
    assert encode(tmp_path)[1] == ["armed patrols", "block party", "carnival"]


def test_nothing_is_encoded_in_a_second_build(tmp_path: Path) -> None:
    first, _ = encode(tmp_path)
    second, encoded = encode(tmp_path)
    assert encoded == []
    np.testing.assert_array_equal(first, second)


def test_only_what_is_new_is_encoded(tmp_path: Path) -> None:
    encode(tmp_path)
    vectors, encoded = encode(tmp_path, ["carnival", "new", "armed patrols"])
    assert encoded == ["new"]
    np.testing.assert_array_equal(vectors, StubEncoder().encode(["carnival", "new", TEXTS[0]]))


def test_another_model_has_vectors_of_its_own(tmp_path: Path) -> None:
    encode(tmp_path)
    assert len(encode(tmp_path, model="other")[1]) == 3


def test_no_texts_are_no_vectors(tmp_path: Path) -> None:
    vectors, encoded = encode(tmp_path, [])
    assert vectors.shape == (0, StubEncoder().dimension)
    assert vectors.dtype == np.float32
    assert encoded == []


def test_progress_counts_every_text_that_is_kept_or_encoded(tmp_path: Path) -> None:
    told: list[int] = []
    texts = [f"text {n}" for n in range(1_100)]
    cache = EmbeddingCache(tmp_path, "m")
    cache.encode(StubEncoder(), texts, told.append)
    assert told == [0, 512, 512, 76]
    told.clear()
    cache.encode(StubEncoder(), [*texts, texts[0]], told.append)
    assert told == [1_101]


@given(st.lists(st.text(st.characters()), max_size=8))
def test_any_texts_are_kept_apart(tmp_path: Path, texts: list[str]) -> None:
    """Even lone surrogates, which no file can hold."""
    np.testing.assert_array_equal(encode(tmp_path / "any", texts)[0], StubEncoder().encode(texts))


def cache_file(folder: Path) -> Path:
    return folder / "m.sqlite"


@pytest.mark.parametrize("content", [b"garbage" * 999, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_cache_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    encode(tmp_path)
    cache_file(tmp_path).write_bytes(content)
    vectors, encoded = encode(tmp_path)
    assert len(encoded) == 3
    np.testing.assert_array_equal(vectors, StubEncoder().encode(TEXTS))
    assert encode(tmp_path)[1] == []


def test_a_cache_cut_short_or_damaged_inside_is_begun_anew(tmp_path: Path) -> None:
    texts = [f"text {n}" for n in range(300)]
    expected, _ = encode(tmp_path, texts)
    whole = cache_file(tmp_path).read_bytes()
    pages = range(4096, len(whole), len(whole) // 12 // 4096 * 4096)
    for at in pages:
        cut = whole[:at]
        smashed = whole[:at] + b"\xff" * 4096 + whole[at + 4096 :]
        for content in (cut, smashed):
            cache_file(tmp_path).write_bytes(content)
            vectors, _ = encode(tmp_path, texts)
            np.testing.assert_array_equal(vectors, expected)
            assert encode(tmp_path, texts)[1] == []


def test_a_vector_of_another_length_or_not_of_unit_length_is_not_taken(tmp_path: Path) -> None:
    for wrong in (b"\0" * 12, b"\xff" * 4 * StubEncoder().dimension):
        encode(tmp_path, ["one"])
        with sqlite3.connect(cache_file(tmp_path)) as store:
            store.execute("UPDATE vectors SET vector = ?", (wrong,))
        store.close()
        vectors, encoded = encode(tmp_path, ["one"])
        assert encoded == ["one"]
        np.testing.assert_array_equal(vectors, StubEncoder().encode(["one"]))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StorageError, match=r"vectors cannot be kept in .*set paths.data") as caught:
        encode(tmp_path / "taken" / "embeddings")
    assert "\n" not in str(caught.value)


def test_a_folder_in_place_of_the_file_is_said(tmp_path: Path) -> None:
    cache_file(tmp_path).mkdir()
    with pytest.raises(StorageError, match=r"vectors cannot be kept in .*unable to open"):
        encode(tmp_path)


def test_what_was_encoded_before_a_failure_is_kept(tmp_path: Path) -> None:
    """A build that is killed loses one chunk at most."""

    class Failing(StubEncoder):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if self.encoded:
                raise KeyboardInterrupt
            return super().encode(texts)

    texts = [f"text {n}" for n in range(600)]
    with pytest.raises(KeyboardInterrupt):
        EmbeddingCache(tmp_path, "m").encode(Failing(), texts, ignored)
    assert encode(tmp_path, texts)[1] == texts[512:]
