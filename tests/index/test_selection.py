"""Relevant, covering, not repeating."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.selection import MarginalRelevance, by_centrality

# The first two are the same, the third is another matter.
VECTORS = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], dtype=np.float32)
RELEVANCE = np.array([1.0, 0.9, 0.5], dtype=np.float32)


def order(balance: float) -> list[int]:
    rows = MarginalRelevance(RELEVANCE, VECTORS, balance)
    found = []
    while (best := rows.best()) is not None:
        rows.take(best)
        found.append(best)
    return found


def test_relevance_alone_repeats_and_novelty_does_not() -> None:
    assert order(1.0) == [0, 1, 2]
    assert order(0.5) == [0, 2, 1]


def test_what_is_dropped_does_not_come_and_costs_nothing() -> None:
    rows = MarginalRelevance(RELEVANCE, VECTORS, 0.5)
    rows.drop(0)
    assert (rows.best(), rows.is_left(0), rows.is_left(1)) == (1, False, True)


@given(st.lists(st.floats(0, 1, width=32), max_size=8), st.floats(0, 1))
def test_every_row_comes_once(relevance: list[float], balance: float) -> None:
    rows = MarginalRelevance(
        np.array(relevance, dtype=np.float32), np.eye(len(relevance), dtype=np.float32), balance
    )
    found = []
    while (best := rows.best()) is not None:
        rows.take(best)
        found.append(best)
    assert sorted(found) == list(range(len(relevance)))


def test_the_centre_is_what_most_are_like() -> None:
    near = np.array([[1, 0], [0.8, 0.6], [0.6, 0.8], [0.0, -1.0]], dtype=np.float32)
    ranked = by_centrality(near)
    assert ranked[-1] == 3
    assert by_centrality(np.zeros((0, 2), dtype=np.float32)) == []
