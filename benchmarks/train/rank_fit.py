"""Fitting the weights of ranking and of confidence; see ``rank.py``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression

from index.fusion import (
    CONFIDENCE_FEATURES,
    FEATURES,
    READER_FEATURES,
    SEEN_FEATURES,
    SUBJECT_FEATURES,
    Logistic,
    Weights,
    confidence_features,
    in_order,
    reread,
    scored,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from corpus.document import Span
    from index.fusion import Scored, Unknown
    from index.query import Part

# Candidates of a question that are kept: the rest are too easy to teach anything.
KEPT = 25
_NEGATIVES = 15
# What people ask, guessed: a confidence of 0.8 can be right four times in five only for some mix.
# A withheld question is an answerable one of which the answer was taken away.
MIXTURE = {"answerable": 0.6, "near-miss": 0.12, "withheld": 0.08, "stranger": 0.2}
# What stands nearer to an answer than a window of the reader is long may give it away.
_AWAY = 400
_SURE = Logistic({}, 30.0)
# Set by hand, since no question of the data names a date of publication or asks a heading: a
# date that fits outweighs a few words, and a heading must be much better than a sentence.
_BY_HAND = {"dated_inside": 1.0, "dated_outside": -1.5, "is_lines": -0.8}
_OF_READER = frozenset({*READER_FEATURES, "reader_best", "reader_margin"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what was read from it, what was found, which of it is right.

    ``right`` and ``shown`` have shape (candidates,), bool: whether a candidate has the answer, and
    whether the excerpt that would be shown around it does. ``readings`` are what the reader says
    of those that it read, by row; none without one.
    """

    corpus: str
    kind: str
    part: Part
    ranked: tuple[Scored, ...]
    unknown: Unknown
    right: NDArray[np.bool_]
    shown: NDArray[np.bool_]
    readings: Mapping[int, Mapping[str, float]]


def withheld(one: Asked) -> Asked | None:
    """The question without its answer and what stands near it; ``None`` if nothing is left."""
    golds = [
        found.candidate.passage
        for found, is_right in zip(one.ranked, one.right, strict=True)
        if is_right
    ]
    kept = tuple(
        found
        for found in one.ranked
        if not any(_is_near(found, gold.document_id, gold.span) for gold in golds)
    )
    if not golds or not kept:
        return None
    none = np.zeros(len(kept), dtype=bool)
    return replace(one, kind="withheld", ranked=kept, right=none, shown=none)


def _is_near(found: Scored, document: str, span: Span) -> bool:
    passage = found.candidate.passage
    return (
        passage.document_id == document
        and passage.span.start < span.end + _AWAY
        and passage.span.end > span.start - _AWAY
    )


def with_withheld(asked: Sequence[Asked]) -> list[Asked]:
    """The questions, and of every answerable one the same without its answer."""
    less = (withheld(one) for one in asked if one.kind == "answerable")
    return [*asked, *(one for one in less if one is not None)]


def fit_ranking(
    asked: Sequence[Asked], *, reading: bool, less: Collection[str]
) -> dict[str, float]:
    """One weight a feature, from differences between right and wrong passages of a question.

    Every corpus counts alike. With ``reading`` they are for what was read alone; features in
    ``less`` are left out.
    """
    names = FEATURES if reading else SEEN_FEATURES
    fitted = [name for name in names if name not in _BY_HAND and name not in less]
    differences, corpora = [], []
    for one in asked:
        looked_at = [not reading or _row(found) in one.readings for found in one.ranked]
        rows, right = _rows(one, fitted)[looked_at], one.right[looked_at]
        if right.any() and not right.all():
            differences.append(rows[right][:1] - rows[~right][:_NEGATIVES])
            corpora += [one.corpus] * len(differences[-1])
    matrix = np.concatenate(differences)
    scale = matrix.std(axis=0) + 1e-6
    signs = np.repeat([1, 0], len(matrix))
    model = LogisticRegression(fit_intercept=False, max_iter=2000)
    counts = Counter(corpora)
    alike = np.tile([len(matrix) / len(counts) / counts[corpus] for corpus in corpora], 2)
    model.fit(np.concatenate([matrix, -matrix]) / scale, signs, sample_weight=alike)
    weights = dict(zip(fitted, (model.coef_[0] / scale).tolist(), strict=True)) | _BY_HAND
    return {name: round(float(weights[name]), 4) for name in names if name in weights}


def _rows(one: Asked, names: Sequence[str]) -> NDArray[np.float64]:
    """Shape (candidates, names)."""
    values = (found.features | dict(one.readings.get(_row(found), {})) for found in one.ranked)
    return np.array([[row.get(name, 0.0) for name in names] for row in values])


def _row(found: Scored) -> int:
    return found.candidate.passage.row


def rerank(one: Asked, weights: Weights, read: Weights | None) -> tuple[list[Scored], list[int]]:
    """The candidates in the order of ``weights``, and which they were.

    ``read`` are the weights of what was read; ``None`` looks at no reading.
    """
    by_row = {_row(found): i for i, found in enumerate(one.ranked)}
    found = in_order([scored(f.candidate, f.features, weights) for f in one.ranked])
    if read is not None:
        found = reread(found, one.readings, read)
    return found, [by_row[_row(f)] for f in found]


@dataclass(frozen=True, slots=True)
class Reranked:
    """A question in the order of some weights: `CONFIDENCE_FEATURES` of it, what is right.

    ``answered`` is whether the excerpt around the first has the answer: what confidence is of.
    """

    asked: Asked
    values: dict[str, float]
    right: list[bool]
    answered: bool


def reranked(asked: Sequence[Asked], weights: Weights, read: Weights | None) -> list[Reranked]:
    """Every question in the order of the weights."""
    found = []
    for one in asked:
        ranked, order = rerank(one, weights, read)
        values = confidence_features(one.part, ranked, one.unknown)
        right = one.right[order].tolist()
        found.append(Reranked(one, values, right, bool(one.shown[order[0]])))
    return found


def fit(asked: Sequence[Asked], *, less: Collection[str] = ()) -> Weights:
    """The weights without a reader, features in ``less`` left out.

    Those of the order come first, since confidence looks at what it puts first.
    """
    order = Weights(fit_ranking(asked, reading=False, less=less), _SURE, _SURE)
    return _with_confidence(
        order, reranked(with_withheld(asked), order, None), _OF_READER | {*less}
    )


def fit_read(asked: Sequence[Asked], plain: Weights, *, less: Collection[str] = ()) -> Weights:
    """The weights of what was read of rankings by ``plain``."""
    order = Weights(fit_ranking(asked, reading=True, less=less), _SURE, _SURE)
    return _with_confidence(order, reranked(with_withheld(asked), plain, order), {*less})


def _with_confidence(order: Weights, found: Sequence[Reranked], less: Collection[str]) -> Weights:
    about = [one for one in found if one.asked.kind != "stranger"]
    return replace(
        order,
        subject=_logistic(SUBJECT_FEATURES, found, [o.asked.kind != "stranger" for o in found]),
        answers=_logistic(
            [name for name in CONFIDENCE_FEATURES if name not in less],
            about,
            [one.answered for one in about],
        ),
    )


def _logistic(names: Sequence[str], found: Sequence[Reranked], right: Sequence[bool]) -> Logistic:
    rows = np.array([[one.values[name] for name in names] for one in found])
    scale = rows.std(axis=0) + 1e-6
    model = LogisticRegression(max_iter=5000, C=0.3)
    model.fit(rows / scale, right, sample_weight=shares([one.asked for one in found]))
    weights = zip(names, (model.coef_[0] / scale).tolist(), strict=True)
    fitted = {name: round(value, 4) for name, value in weights}
    return Logistic(fitted, round(float(model.intercept_[0]), 4))


def shares(asked: Sequence[Asked]) -> NDArray[np.float64]:
    """A weight a question, by which each kind has the share of `MIXTURE`, of every corpus alike."""
    counts = Counter((one.kind, one.corpus) for one in asked)
    corpora = Counter(kind for kind, _ in counts)
    whole = sum(MIXTURE[kind] for kind in corpora)
    weights = {
        (kind, corpus): MIXTURE[kind] / whole / corpora[kind] / count * len(asked)
        for (kind, corpus), count in counts.items()
    }
    return np.array([weights[one.kind, one.corpus] for one in asked])
