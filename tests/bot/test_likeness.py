"""Texts put together by their vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.likeness import grouped

if TYPE_CHECKING:
    from numpy.typing import NDArray


def unit(*rows: list[float]) -> NDArray[np.float32]:
    vectors = np.array(rows, dtype=np.float32)
    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, dtype=np.float32)


def test_alike_rows_go_to_the_first_that_is_near_enough() -> None:
    vectors = unit([1, 0], [0, 1], [0.9, 0.1], [0.1, 0.9], [-1, 0])
    assert grouped(vectors) == ((0, 2), (1, 3), (4,))


def test_the_nearest_of_several_wins() -> None:
    vectors = unit([1, 0], [0.6, 0.8], [0.75, 0.66])
    assert grouped(vectors, at=0.7) == ((0,), (1, 2))


def test_nothing_has_no_groups() -> None:
    assert grouped(np.zeros((0, 4), dtype=np.float32)) == ()


@given(
    st.lists(st.lists(st.integers(1, 9), min_size=3, max_size=3), min_size=1, max_size=30),
    st.floats(0.5, 1.0),
)
def test_every_row_is_in_one_group_near_its_first(rows: list[list[int]], at: float) -> None:
    vectors = unit(*[[float(one) for one in row] for row in rows])
    groups = grouped(vectors, at)
    assert sorted(row for group in groups for row in group) == list(range(len(rows)))
    for group in groups:
        assert list(group) == sorted(group)
        assert all(float(vectors[row] @ vectors[group[0]]) >= at - 1e-6 for row in group[1:])
