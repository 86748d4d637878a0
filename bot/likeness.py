"""Texts that say much the same, put together by their vectors; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# By eye, not fitted: questions put in two ways are mostly above, those of near subjects below.
LIKE = 0.75


def grouped(vectors: NDArray[np.float32], at: float = LIKE) -> tuple[tuple[int, ...], ...]:
    """The rows of ``vectors`` (shape (n, d), unit length) in groups of those that are alike.

    Every row goes to the first of its group that comes near enough, cosine ``at`` or more, or
    begins a group of its own; the nearest of several wins. Groups are in the order of their first
    rows, and rows in their order.
    """
    leaders: list[int] = []
    groups: list[list[int]] = []
    for row, vector in enumerate(vectors):
        cosines = vectors[leaders] @ vector if leaders else np.zeros(0, dtype=np.float32)
        best = int(np.argmax(cosines)) if leaders else -1
        if best >= 0 and cosines[best] >= at:
            groups[best].append(row)
        else:
            leaders.append(row)
            groups.append([row])
    return tuple(tuple(group) for group in groups)
