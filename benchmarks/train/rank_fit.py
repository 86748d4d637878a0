"""Fitting the weights of ranking and of confidence; see ``rank.py``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression

from index.fusion import (
    CONFIDENCE_FEATURES,
    FEATURES,
    SUBJECT_FEATURES,
    Logistic,
    Weights,
    confidence_features,
    in_order,
    scored,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.fusion import Scored
    from index.query import Part

# Wrong passages a question is learned from; the rest are too easy to teach anything.
_NEGATIVES = 15
# What people ask, guessed: a confidence of 0.8 can be right four times in five only for some mix.
_MIXTURE = {"answerable": 0.6, "near-miss": 0.2, "stranger": 0.2}
_SURE = Logistic({}, 30.0)
# Set by hand, since no question of the data names a date of publication or asks a heading: a
# date that fits outweighs a few words, and a heading must be much better than a sentence.
_BY_HAND = {"dated_inside": 1.0, "dated_outside": -1.5, "is_lines": -0.8}
_FITTED = tuple(name for name in FEATURES if name not in _BY_HAND)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what was read from it, what was found, which of it is right.

    ``matrix`` has shape (candidates, features), ``right`` shape (candidates,), bool.
    """

    corpus: str
    kind: str
    part: Part
    ranked: tuple[Scored, ...]
    unknown: float
    matrix: NDArray[np.float64]
    right: NDArray[np.bool_]


def fit_ranking(asked: Sequence[Asked]) -> dict[str, float]:
    """One weight a feature, from differences between right and wrong passages of a question."""
    columns = [FEATURES.index(name) for name in _FITTED]
    differences = []
    for one in asked:
        if one.right.any():
            wrong = one.matrix[~one.right][:_NEGATIVES][:, columns]
            differences.append(one.matrix[one.right][:1][:, columns] - wrong)
    rows = np.concatenate(differences)
    scale = rows.std(axis=0) + 1e-6
    signs = np.repeat([1, 0], len(rows))
    model = LogisticRegression(fit_intercept=False, max_iter=2000)
    model.fit(np.concatenate([rows, -rows]) / scale, signs)
    fitted = dict(zip(_FITTED, (model.coef_[0] / scale).tolist(), strict=True))
    return {name: round(float((fitted | _BY_HAND)[name]), 4) for name in FEATURES}


def rerank(one: Asked, weights: Weights) -> tuple[list[Scored], list[bool]]:
    """The candidates in the order of ``weights``, and which of them are right."""
    by_row = {found.candidate.passage.row: i for i, found in enumerate(one.ranked)}
    found = in_order([scored(f.candidate, f.features, weights) for f in one.ranked])
    return found, [bool(one.right[by_row[f.candidate.passage.row]]) for f in found]


def fit_subject(asked: Sequence[Asked], weights: Weights) -> Logistic:
    """Whether a question is about the corpus at all, answered there or not."""
    about = np.array([one.kind != "stranger" for one in asked])
    return _logistic(SUBJECT_FEATURES, rows_of(asked, weights), about, shares(asked))


def fit_answers(asked: Sequence[Asked], weights: Weights) -> Logistic:
    """Whether the first passage answers, of questions about the corpus."""
    about = [one for one in asked if one.kind != "stranger"]
    right = np.array([rerank(one, weights)[1][0] for one in about])
    return _logistic(CONFIDENCE_FEATURES, rows_of(about, weights), right, shares(about))


def _logistic(
    names: Sequence[str],
    rows: NDArray[np.float64],
    right: NDArray[np.bool_],
    shares: NDArray[np.float64],
) -> Logistic:
    rows = rows[:, [CONFIDENCE_FEATURES.index(name) for name in names]]
    scale = rows.std(axis=0) + 1e-6
    model = LogisticRegression(max_iter=5000, C=0.3)
    model.fit(rows / scale, right, sample_weight=shares)
    weights = zip(names, (model.coef_[0] / scale).tolist(), strict=True)
    fitted = {name: round(value, 4) for name, value in weights}
    return Logistic(fitted, round(float(model.intercept_[0]), 4))


def shares(asked: Sequence[Asked]) -> NDArray[np.float64]:
    """A weight a question, by which each kind has the share of `_MIXTURE`."""
    kinds = [one.kind for one in asked]
    return np.array([_MIXTURE[kind] / kinds.count(kind) * len(kinds) for kind in kinds])


def rows_of(asked: Sequence[Asked], weights: Weights) -> NDArray[np.float64]:
    """Shape (questions, features): `CONFIDENCE_FEATURES` of each question's ranking."""
    values = [confidence_features(one.part, rerank(one, weights)[0], one.unknown) for one in asked]
    return np.array([[row[name] for name in CONFIDENCE_FEATURES] for row in values])


def fit(asked: Sequence[Asked]) -> Weights:
    """All weights: those of the order first, since confidence looks at what it puts first."""
    weights = Weights(fit_ranking(asked), _SURE, _SURE)
    return replace(
        weights, subject=fit_subject(asked, weights), answers=fit_answers(asked, weights)
    )
