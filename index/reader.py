"""A question and windows of text to where an answer may stand; torch is never imported here.

An extractive reader (Devlin and others 2019), taught by ``benchmarks/train/reader.py``: how well
a stretch answers is the sum of how well it begins and ends there, less that of no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.pairs import Pairs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

READER_FILES = ("reader.onnx", "tokenizer.json")
# Answers are short: a name, a number, a reason.
_LONGEST_ANSWER = 24


@dataclass(frozen=True, slots=True)
class Reading:
    """What a window says to a question.

    ``answers`` is the log-odds that something in it answers. ``offsets`` has shape (tokens, 2),
    code points of the window; ``starts`` and ``ends`` have shape (tokens,), how well an answer
    begins and ends at each, less than at none.
    """

    answers: float
    offsets: NDArray[np.int64]
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]

    def best(self, start: int, end: int) -> float | None:
        """How well the best stretch that begins in [start, end) of the window answers.

        ``None`` if no token of the window begins there.
        """
        begins = np.flatnonzero((self.offsets[:, 0] >= start) & (self.offsets[:, 0] < end))
        if not len(begins):
            return None
        padded = np.concatenate([self.ends, np.full(_LONGEST_ANSWER, -np.inf, np.float32)])
        ahead = np.lib.stride_tricks.sliding_window_view(padded, _LONGEST_ANSWER)
        return float((self.starts[begins] + ahead[begins].max(axis=1)).max())


class Reader:
    """An exported reader. Safe to use from several threads at once."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs

    @classmethod
    def open(cls, folder: Path, *, threads: int = 2) -> Reader:
        """Load ``reader.onnx`` and ``tokenizer.json`` from ``folder``.

        Raises:
            ModelError: a file is missing or cannot be used.
        """
        return cls(Pairs.open(folder, READER_FILES, "reader", threads))

    def read(self, question: str, windows: Sequence[str]) -> list[Reading]:
        """What each window says to ``question``, in their order."""
        if not windows:
            return []
        encodings, (starts, ends, answers) = self._pairs.run(question, windows)
        found = []
        for at, one in enumerate(encodings):
            offsets = np.array(one.offsets, np.int64)
            inside = (np.array(one.type_ids) == 1) & (offsets[:, 1] > offsets[:, 0])
            found.append(
                Reading(
                    float(answers[at]),
                    offsets[inside],
                    starts[at, inside] - starts[at, 0],
                    ends[at, inside] - ends[at, 0],
                )
            )
        return found
