"""Which of many sentences to take: relevant, covering, not repeating; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# LexRank's own (Erkan and Radev 2004): a link is a cosine above the threshold, and a reader
# starts anew with the chance of the damping.
_LINK, _DAMPING, _STEPS = 0.3, 0.15, 100


class MarginalRelevance:
    """Rows one by one in order of maximal marginal relevance (Carbonell and Goldstein 1998)."""

    def __init__(
        self, relevance: NDArray[np.float32], vectors: NDArray[np.float32], balance: float
    ) -> None:
        """``relevance`` has shape (n,), 0–1; ``vectors`` (n, d), unit rows.

        ``balance`` (0–1) is the weight of relevance; the rest is that of the greatest cosine to
        what was taken before.
        """
        self._relevance, self._vectors, self._balance = relevance, vectors, balance
        self._left = np.ones(len(relevance), dtype=bool)
        self._nearest = np.zeros(len(relevance), dtype=np.float32)

    def best(self) -> int | None:
        """The row to take next, ties in order; ``None`` when none is left."""
        if not self._left.any():
            return None
        gain = self._balance * self._relevance - (1 - self._balance) * self._nearest
        return int(np.argmax(np.where(self._left, gain, -np.inf)))

    def is_left(self, row: int) -> bool:
        """Whether it was neither taken nor dropped."""
        return bool(self._left[row])

    def take(self, row: int) -> None:
        """It is shown: what is like it is worth less from now on."""
        self._left[row] = False
        self._nearest = np.maximum(self._nearest, self._vectors @ self._vectors[row])

    def drop(self, row: int) -> None:
        """It is not to be shown."""
        self._left[row] = False


def by_centrality(vectors: NDArray[np.float32]) -> list[int]:
    """All rows by LexRank (Erkan and Radev 2004), the most central first; ties in order.

    ``vectors`` has shape (n, d), unit rows.
    """
    count = len(vectors)
    if not count:
        return []
    links = (vectors @ vectors.T > _LINK).astype(np.float64)
    np.fill_diagonal(links, 1.0)
    walk = _DAMPING / count + (1 - _DAMPING) * links / links.sum(axis=1, keepdims=True)
    weight = np.full(count, 1 / count)
    for _ in range(_STEPS):
        weight = weight @ walk
    return sorted(range(count), key=lambda row: (-weight[row], row))
