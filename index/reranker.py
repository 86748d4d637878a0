"""A question and windows of text to how well each answers, by a cross-encoder of one's own.

Nogueira and Cho 2019: question and window are read together, and one number is given. It takes
the place of ``index.reader`` where one is configured; torch is never imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.pairs import Pairs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

RERANKER_FILES = ("reranker.onnx", "tokenizer.json")


class Reranker:
    """An exported cross-encoder. Safe to use from several threads at once."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs

    @classmethod
    def open(cls, folder: Path, *, threads: int = 2) -> Reranker:
        """Load ``reranker.onnx`` and ``tokenizer.json`` from ``folder``.

        Raises:
            ModelError: a file is missing or cannot be used.
        """
        return cls(Pairs.open(folder, RERANKER_FILES, "cross-encoder", threads))

    def logits(self, question: str, windows: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n,): what the model gives for each window, in their order; higher is better."""
        if not windows:
            return np.zeros(0, np.float32)
        _, (logits,) = self._pairs.run(question, windows)
        return logits
