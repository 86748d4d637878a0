"""An encoder for tests that keeps meaning: texts that share words are near each other.

Each stem is hashed to a few signs of a small vector, once and for all; a text is the sum of its
stems, made unit. So cosines can be worked out by hand: texts of n stems each that share k of
them are about k/n apart, and exactly so where no two stems collide.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from index.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

DIMENSION = 256
# Components of a stem: with few of so many, two stems seldom share one.
_SIGNS = 4


def stem_vector(stem: str, dimension: int = DIMENSION) -> NDArray[np.float32]:
    """The vector of one stem: `_SIGNS` components of ±1, the same in every run."""
    digest = sha256(stem.encode("utf-8", "surrogatepass")).digest()
    vector = np.zeros(dimension, dtype=np.float32)
    for at in range(0, 4 * _SIGNS, 4):
        place = int.from_bytes(digest[at : at + 3], "big") % dimension
        vector[place] += 1.0 if digest[at + 3] % 2 else -1.0
    return vector


class StubEncoder:
    """An `index.types.Encoder`; ``known`` is the vocabulary of its model."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = frozenset(known)
        self.encoded: list[str] = []

    @property
    def dimension(self) -> int:
        return DIMENSION

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = self.encode_query(text)
        return vectors

    def encode_query(self, text: str) -> NDArray[np.float32]:
        total = np.zeros(DIMENSION, dtype=np.float32)
        for stem in content_stems(text):
            total += stem_vector(stem)
        length = float(np.linalg.norm(total))
        if length == 0.0:
            total[0] = length = 1.0
        return total / np.float32(length)

    def knows(self, word: str) -> bool:
        return word in self._known
