"""Vectors, searched exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import SnapshotDamaged
from index.dense import DenseIndex

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ROWS = np.array([[1, 0, 0], [0, 1, 0], [0.6, 0.8, 0], [-1, 0, 0]], dtype=np.float32)
ALONG_X = np.array([1, 0, 0], dtype=np.float32)


def test_scores_are_cosines() -> None:
    found = DenseIndex.of(ROWS).search(ALONG_X, 4)
    assert found == pytest.approx({0: 1.0, 2: 0.6, 1: 0.0, 3: -1.0})
    assert list(found) == [0, 2, 1, 3]


def test_the_nearest_are_found_and_no_more() -> None:
    assert list(DenseIndex.of(ROWS).search(ALONG_X, 2)) == [0, 2]


def test_more_than_there_are_is_all_of_them() -> None:
    assert sorted(DenseIndex.of(ROWS).search(ALONG_X, 40)) == [0, 1, 2, 3]


def test_only_allowed_rows_are_found() -> None:
    among = np.array([1, 3], dtype=np.int64)
    assert DenseIndex.of(ROWS).search(ALONG_X, 4, among=among) == pytest.approx({1: 0.0, 3: -1.0})
    assert DenseIndex.of(ROWS).search(ALONG_X, 4, among=among[:0]) == {}


def test_the_cosines_of_given_rows_come_in_their_order() -> None:
    cosines = DenseIndex.of(ROWS).cosines(ALONG_X, [3, 0, 2])
    assert cosines.dtype == np.float32
    np.testing.assert_allclose(cosines, [-1.0, 1.0, 0.6], atol=1e-6)
    assert DenseIndex.of(ROWS).cosines(ALONG_X, []).shape == (0,)


@pytest.mark.parametrize(
    "rows", [ROWS * 2, ROWS * 0, np.full((1, 3), np.nan, dtype=np.float32)], ids=["2", "0", "nan"]
)
def test_rows_that_are_not_of_unit_length_are_refused(rows: NDArray[np.float32]) -> None:
    with pytest.raises(ValueError, match="every row must be of unit length"):
        DenseIndex.of(rows)


def test_an_index_of_nothing_finds_nothing() -> None:
    index = DenseIndex.of(np.zeros((0, 3), dtype=np.float32))
    assert (len(index), index.dimension) == (0, 3)
    assert index.search(ALONG_X, 5) == {}


def test_what_was_saved_is_opened(tmp_path: Path) -> None:
    DenseIndex.of(ROWS).save(tmp_path / "dense.faiss")
    opened = DenseIndex.open(tmp_path / "dense.faiss")
    assert (len(opened), opened.dimension) == (4, 3)
    assert opened.search(ALONG_X, 4) == DenseIndex.of(ROWS).search(ALONG_X, 4)


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"IxFI"], ids=str)
def test_what_is_no_index_is_said_to_be_damaged(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "dense.faiss"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SnapshotDamaged, match=r"dense.faiss cannot be read; run 'metquote index"):
        DenseIndex.open(path)


def test_a_file_that_cannot_be_written_is_an_oserror(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"dense.faiss cannot be written"):
        DenseIndex.of(ROWS).save(tmp_path / "none" / "dense.faiss")


@given(st.lists(st.lists(st.integers(-9, 9), min_size=3, max_size=3), min_size=1, max_size=20))
def test_search_and_cosines_agree_with_plain_arithmetic(values: list[list[int]]) -> None:
    raw = np.array(values, dtype=np.float32) + np.float32(0.5)
    rows = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    index = DenseIndex.of(rows)
    expected = rows @ ALONG_X
    np.testing.assert_allclose(index.cosines(ALONG_X, list(range(len(rows)))), expected, atol=1e-5)
    best = list(index.search(ALONG_X, 3).values())
    np.testing.assert_allclose(best, np.sort(expected)[::-1][:3], atol=1e-5)
