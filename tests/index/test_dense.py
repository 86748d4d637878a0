"""Vectors, searched exactly while they are few, and by way of a shortlist when they are many."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import SnapshotDamaged
from index.dense import Before, DenseIndex, Sizes

if TYPE_CHECKING:
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


SMALL = Sizes(flat_below=1_000, probes=20, shortlist=100, few=50)


def clustered(count: int) -> NDArray[np.float32]:
    """Unit vectors around forty others, as texts lie around their subjects."""
    rand = np.random.default_rng(5)
    centres = rand.standard_normal((40, 64))
    rows = centres[rand.integers(0, 40, count)] + 0.7 * rand.standard_normal((count, 64))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


MANY = clustered(3_000)
ASKED = clustered(3_040)[3_000:]


@pytest.fixture(scope="module")
def large() -> DenseIndex:
    return DenseIndex.of(MANY, SMALL)


def nearest(vector: NDArray[np.float32], among: NDArray[np.int64]) -> list[int]:
    best = np.argsort(-(MANY[among] @ vector), kind="stable")[:10]
    return [int(row) for row in among[best]]


def recall(index: DenseIndex, among: NDArray[np.int64] | None) -> float:
    """The share of the ten nearest allowed rows that are found first."""
    rows = np.arange(len(MANY)) if among is None else among
    shares = []
    for vector in ASKED:
        found = list(index.search(vector, 10, among=among))
        assert len(found) == min(10, len(rows))
        assert set(found) <= set(rows.tolist())
        shares.append(len(set(found) & set(nearest(vector, rows))) / len(found))
    return float(np.mean(shares))


def test_only_as_many_rows_as_that_are_searched_by_way_of_a_shortlist(large: DenseIndex) -> None:
    assert not large.is_exact
    assert DenseIndex.of(MANY[:999], SMALL).is_exact
    assert not DenseIndex.of(MANY[:1_000], SMALL).is_exact


def test_a_shortlist_holds_nearly_all_of_the_nearest(large: DenseIndex) -> None:
    assert recall(large, None) >= 0.98


def test_the_scores_of_a_shortlist_are_the_cosines_of_the_whole_vectors(large: DenseIndex) -> None:
    for vector in ASKED:
        found = large.search(vector, 10)
        np.testing.assert_allclose(list(found.values()), MANY[list(found)] @ vector, atol=1e-6)
        assert list(found.values()) == sorted(found.values(), reverse=True)


@pytest.mark.parametrize("count", [1, 10, 50])
def test_of_a_few_allowed_rows_the_nearest_are_found_exactly(large: DenseIndex, count: int) -> None:
    among = np.sort(np.random.default_rng(count).choice(len(MANY), count, replace=False))
    assert recall(large, among) == 1.0


@pytest.mark.parametrize("count", [51, 300, 2_900])
def test_of_many_allowed_rows_nearly_all_of_the_nearest_are_found(
    large: DenseIndex, count: int
) -> None:
    among = np.sort(np.random.default_rng(count).choice(len(MANY), count, replace=False))
    assert recall(large, among) >= 0.98


def test_allowed_rows_far_from_the_question_are_found_all_the_same(large: DenseIndex) -> None:
    """They lie in none of the lists that it would be looked for in without the filter."""
    shares = []
    for vector in ASKED:
        among = np.sort(np.argsort(MANY @ vector)[:600])
        found = list(large.search(vector, 10, among=among))
        assert set(found) <= set(among.tolist())
        shares.append(len(set(found) & set(nearest(vector, among))) / 10)
    assert np.mean(shares) >= 0.95


def test_a_large_index_is_opened_as_it_was_saved(large: DenseIndex, tmp_path: Path) -> None:
    large.save(tmp_path / "dense.faiss")
    opened = DenseIndex.open(tmp_path / "dense.faiss", SMALL)
    assert not opened.is_exact
    np.testing.assert_array_equal(opened.rows(range(len(MANY))), MANY)
    among = np.arange(0, len(MANY), 2)
    for vector in ASKED:
        assert opened.search(vector, 10) == large.search(vector, 10)
        assert opened.search(vector, 10, among=among) == large.search(vector, 10, among=among)


def test_what_is_opened_is_mapped_and_not_copied(tmp_path: Path) -> None:
    DenseIndex.of(MANY).save(tmp_path / "dense.faiss")
    opened = DenseIndex.open(tmp_path / "dense.faiss")
    assert str(tmp_path / "dense.faiss") in Path("/proc/self/maps").read_text("utf-8")
    del opened


def test_a_damaged_shortlist_is_named(large: DenseIndex, tmp_path: Path) -> None:
    large.save(tmp_path / "dense.faiss")
    (tmp_path / "near.faiss").write_bytes(b"garbage")
    with pytest.raises(SnapshotDamaged, match=r"near.faiss cannot be read; run 'metquote index"):
        DenseIndex.open(tmp_path / "dense.faiss")


def test_a_shortlist_of_other_rows_is_refused(large: DenseIndex, tmp_path: Path) -> None:
    large.save(tmp_path / "dense.faiss")
    DenseIndex.of(MANY[:-1]).save(tmp_path / "dense.faiss")
    with pytest.raises(SnapshotDamaged, match=r"near.faiss does not belong to dense.faiss; run"):
        DenseIndex.open(tmp_path / "dense.faiss")


def test_an_index_of_another_kind_is_refused(large: DenseIndex, tmp_path: Path) -> None:
    large.save(tmp_path / "dense.faiss")
    (tmp_path / "near.faiss").replace(tmp_path / "dense.faiss")
    with pytest.raises(SnapshotDamaged, match=r"dense.faiss is of another kind; run 'metquote"):
        DenseIndex.open(tmp_path / "dense.faiss")


def test_a_grown_index_finds_what_one_made_anew_does(large: DenseIndex, tmp_path: Path) -> None:
    """Rows that went, moved and came: what was there is taken over from what was opened."""
    large.save(tmp_path / "dense.faiss")
    opened = DenseIndex.open(tmp_path / "dense.faiss", SMALL)
    rand = np.random.default_rng(6)
    stays = rand.random(len(MANY)) < 0.9
    at = np.sort(rand.choice(len(MANY), stays.sum(), replace=False))
    moved = np.full(len(MANY), -1)
    moved[stays] = at
    vectors = clustered(7_000)[3_040 : 3_040 + len(MANY)]
    vectors[at] = MANY[stays]
    grown = DenseIndex.of(vectors, SMALL, Before(opened, moved))
    exact = DenseIndex.of(vectors)
    shares = []
    for vector in (*ASKED, *vectors[::100]):
        found, expected = grown.search(vector, 10), exact.search(vector, 10)
        shares.append(len(found.keys() & expected.keys()) / 10)
    assert np.mean(shares) >= 0.98
    assert all(next(iter(grown.search(vectors[row], 1))) == row for row in range(0, 3_000, 50))
    assert grown._near is not None
    everything = grown._shortlist(grown._near, ASKED[0], 3_000, None)
    assert len(grown) == grown._near.ntotal == 3_000
    assert len(set(everything.tolist())) == len(everything)


@pytest.mark.parametrize(("count", "lists"), [(1_500, 39), (1_600, 55), (5_900, 55), (6_100, 78)])
def test_lists_are_trained_anew_when_the_corpus_has_outgrown_them(
    large: DenseIndex, count: int, lists: int
) -> None:
    vectors = clustered(count)
    moved = np.full(len(MANY), -1)
    grown = DenseIndex.of(vectors, SMALL, Before(large, moved))
    assert grown._near is not None
    assert grown._near.nlist == lists


def test_nothing_is_taken_over_from_an_index_without_lists() -> None:
    small = DenseIndex.of(MANY[:500], SMALL)
    grown = DenseIndex.of(MANY, SMALL, Before(small, np.arange(500)))
    assert not grown.is_exact
    assert recall(grown, None) >= 0.98
