"""The scorer: a sum of small tables, one for each feature or pair of features that matters.

Fitted by ``benchmarks/train/quotes.py``: boosted trees of depth two, each of which looks at no
more than two features on any path, so that all of them add up to tables over pairs. Adding up
some hundred numbers a candidate is what lets plain Python keep the pace.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import exp
from typing import TYPE_CHECKING, Final

from corpus.quotations.features import NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

_WEIGHTS: Final = "weights.json"


Pair = tuple[int, int, tuple[tuple[float, ...], ...]]

# So low a score that its share is nothing, and small enough for ``exp``.
_OUT: Final = -1e3
# How many candidates the tail is added up for.
_MOST_LEFT: Final = 4


@dataclass(frozen=True, slots=True)
class Model:
    """``head`` and ``tail`` hold ``(i, j, table)``; each adds ``table[v[i]][v[j]]`` for ``v``.

    Candidates that the head alone puts more than ``margin`` under its best are out; the tail is
    added up for the rest. ``calibration`` is ``(slope, intercept)`` of the logistic curve from
    the winner's share to the probability that it is right.
    """

    head: tuple[Pair, ...]
    tail: tuple[Pair, ...]
    margin: float
    calibration: tuple[float, float]

    def shares(self, vectors: Sequence[Sequence[int]]) -> list[float]:
        """Each candidate's share of one, in the candidates' order: a softmax of their scores."""
        if len(vectors) == 1:
            return [1.0]
        head, tail = self.head, self.tail
        scores = [sum([table[v[one]][v[two]] for one, two, table in head]) for v in vectors]
        best = sorted(scores, reverse=True)
        least = max(best[0] - self.margin, best[min(_MOST_LEFT, len(best)) - 1])
        for at, score in enumerate(scores):
            if score >= least:
                v = vectors[at]
                scores[at] = score + sum([table[v[one]][v[two]] for one, two, table in tail])
            else:
                scores[at] = _OUT
        top = max(scores)
        weights = [exp(score - top) for score in scores]
        total = sum(weights)
        return [weight / total for weight in weights]

    def confidence(self, share: float) -> float:
        """The estimated probability (0-1) that a winner with this share is right."""
        slope, intercept = self.calibration
        return 1 / (1 + exp(-(slope * share + intercept)))


@lru_cache(maxsize=1)
def load_model() -> Model:
    """The model of the package, read once.

    Raises:
        ValueError: the weights were fitted on other features than this code computes.
    """
    found = json.loads(files("corpus.quotations").joinpath(_WEIGHTS).read_text("utf-8"))
    if tuple(found["features"]) != NAMES:
        raise ValueError("corpus/quotations/weights.json is of other features; train it anew")
    pairs = tuple(
        (int(one), int(two), tuple(tuple(map(float, row)) for row in table))
        for one, two, table in found["tables"]
    )
    slope, intercept = found["calibration"]
    head = int(found["head"])
    curve = float(slope), float(intercept)
    return Model(pairs[:head], pairs[head:], float(found["margin"]), curve)
