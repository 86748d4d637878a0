"""What is known of a passage for a question, as one number.

A weighted sum of the cosine, of how much of the question's wording the passage and its
surroundings carry, each word weighed by its rarity, of the plain evidence of `index.evidence`,
and of what a reader made of it, where there is one. Weights are fitted by
``benchmarks/train/rank.py`` and kept in ``weights.json`` with what they were fitted on.

A feature that is not there is 0.0, and so is the weight of one that nothing was fitted for.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING, Any

from index.asks import Asks
from index.asks import evidence as suits
from index.evidence import EVIDENCE, evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.catalogue import Candidate
    from index.query import Part, Term

# What a reader says of a passage: how well its best stretch answers, and how likely none does.
# Only the first of a ranking are read; `reread` puts their values in.
READER_FEATURES = ("reader", "reader_none")
SEEN_FEATURES = (
    "cosine", "own", "around", "pairs", "names_own", "names_around",
    *(asks.value for asks in Asks), "dated_inside", "dated_outside", "is_lines", *EVIDENCE,
)  # fmt: skip
FEATURES = (*SEEN_FEATURES, *READER_FEATURES)
# What tells whether the corpus speaks of what is asked at all …
SUBJECT_FEATURES = (
    "cosine", "around", "names_around", "unknown", "names_unknown", "log_terms",
)  # fmt: skip
# … and whether the first passage answers, if it does.
CONFIDENCE_FEATURES = (
    "cosine", "own", "around", "names_around", "unknown", "names_unknown", "score", "margin",
    "suits", "unsuited", "log_terms", *EVIDENCE, *READER_FEATURES, "reader_best", "reader_margin",
)  # fmt: skip
# A synonym is nearly as good as the word itself.
_SYNONYM = 0.9


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: a weight for each feature it looks at, and the intercept."""

    weights: dict[str, float]
    intercept: float

    def probability(self, values: dict[str, float]) -> float:
        """The probability (0–1) for ``values``: others are not looked at, missing ones are 0."""
        total = self.intercept + _weighted(self.weights, values)
        return 1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0)))


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted numbers: weights of `FEATURES` by name, and two models of confidence.

    ``subject`` tells whether the corpus speaks of what is asked, ``answers`` whether, if so, the
    first of the ranking answers. A name that is left out has the weight 0.
    """

    ranking: dict[str, float]
    subject: Logistic
    answers: Logistic

    @classmethod
    def load(cls, *, with_reader: bool = False) -> Weights:
        """The packaged weights: those fitted without a reader, or those fitted with one.

        Raises:
            ValueError: there are none with a reader, or a name in them is none of the features'.
        """
        text = resources.files("index").joinpath("weights.json").read_text("utf-8")
        sets: dict[str, Any] = json.loads(text)
        name = "with_reader" if with_reader else "plain"
        if name not in sets:
            raise ValueError(f"weights.json holds no weights {name.replace('_', ' ')}")
        values = sets[name]
        subject, answers = (Logistic(**values[name]) for name in ("subject", "answers"))
        known = {*FEATURES, *CONFIDENCE_FEATURES, *SUBJECT_FEATURES}
        if strange := {*values["ranking"], *subject.weights, *answers.weights} - known:
            raise ValueError(f"weights.json names unknown features: {', '.join(sorted(strange))}")
        return cls(values["ranking"], subject, answers)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its features and their weighted sum; higher is better."""

    candidate: Candidate
    features: dict[str, float]
    score: float


@dataclass(frozen=True, slots=True)
class Unknown:
    """The share (0–1) of a question's weight in words that stand nowhere, and of its names'."""

    words: float
    names: float


def rarity(frequency: int, passages: int) -> float:
    """The inverse document frequency of BM25 (Robertson and Spärck Jones, never negative)."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def features(
    part: Part,
    candidate: Candidate,
    cosine: float,
    text: str,
    weigh: Callable[[Term], float],
    near: str | None = None,
) -> dict[str, float]:
    """Every one of `SEEN_FEATURES` for a candidate whose words are ``text``.

    ``near`` are the words with those beside them; ``None`` if there are none.
    """
    terms = [(term, weigh(term)) for term in part.terms]
    names = [(term, weight) for term, weight in terms if term.is_name]
    around = candidate.stems | candidate.around
    values = dict.fromkeys(SEEN_FEATURES, 0.0) | {
        "cosine": cosine,
        "own": _share(terms, candidate.stems),
        "around": _share(terms, around),
        "pairs": _pairs(part.terms, candidate.stems),
        "names_own": _share(names, candidate.stems) if names else 0.5,
        "names_around": _share(names, around) if names else 0.5,
        "is_lines": 0.0 if candidate.passage.is_sentence else 1.0,
    }
    values |= evidence(
        part.text, part.terms, text, near or text, own=candidate.stems, around=around
    )
    if part.asks is not None:
        values[part.asks.value] = 1.0 if suits(part.asks, text) else -1.0
    if part.dates is not None:
        literal = part.dates.literal
        if literal is not None and literal in around:
            values["dated_inside"] = 1.0
        elif candidate.published is not None:
            inside = part.dates.holds(candidate.published)
            values["dated_inside" if inside else "dated_outside"] = 1.0
    return values


def scored(candidate: Candidate, values: dict[str, float], weights: Weights) -> Scored:
    """The weighted sum of ``values``."""
    return Scored(candidate, values, _weighted(weights.ranking, values))


def _weighted(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    return sum(weight * values.get(name, 0.0) for name, weight in weights.items())


def in_order(scored: Sequence[Scored]) -> list[Scored]:
    """Best first; ties in order of row."""
    return sorted(scored, key=lambda found: (-found.score, found.candidate.passage.row))


def reread(
    ranked: Sequence[Scored], readings: Mapping[int, Mapping[str, float]], weights: Weights
) -> list[Scored]:
    """A ranking of which some were read: those first, in the order of ``weights``.

    ``readings`` has, by row, the values of `READER_FEATURES`. The others follow as they were,
    with scores below, as far from one another as before.
    """
    read = [
        scored(one.candidate, one.features | dict(readings[row]), weights)
        for one in ranked
        if (row := one.candidate.passage.row) in readings
    ]
    return _before(read, [one for one in ranked if one.candidate.passage.row not in readings])


def even(logits: NDArray[np.float32]) -> list[float]:
    """What a cross-encoder gives, to be added to scores: as far from their mean, on our scale."""
    # The scale of another's logits is unknown; the scores of what is read have a deviation of 1.3
    # (median of 80 development questions). So theirs is brought to one, which turns the order
    # where we are not sure, and seldom where we are. What lies closer is not drawn apart: the
    # first was right for 0.725 of those questions by scores alone, and with noise of 0.05 for
    # logits for 0.65 if it was drawn apart, and 0.725 if not.
    apart = (logits - logits.mean()) / max(float(logits.std()), 1.0)
    return [float(one) for one in apart]


def reranked(ranked: Sequence[Scored], shifts: Mapping[int, float]) -> list[Scored]:
    """``ranked`` with those first that a cross-encoder read, by their scores and ``shifts``.

    ``shifts`` has, by row, what is added to a score. The others follow as in `reread`.
    """
    read = [
        replace(one, score=one.score + shifts[row])
        for one in ranked
        if (row := one.candidate.passage.row) in shifts
    ]
    return _before(read, [one for one in ranked if one.candidate.passage.row not in shifts])


def _before(read: Sequence[Scored], others: list[Scored]) -> list[Scored]:
    """``read`` in order, and ``others`` as they are, with scores below."""
    read = in_order(read)
    if not read or not others:
        return read or others
    least = read[-1].score
    lower = min(0.0, least - others[0].score)
    return read + [replace(one, score=min(one.score + lower, least)) for one in others]


def confidence_features(part: Part, ranked: Sequence[Scored], unknown: Unknown) -> dict[str, float]:
    """Every one of `CONFIDENCE_FEATURES` for a ranking that is not empty."""
    best = ranked[0]
    fits = best.features[part.asks.value] if part.asks is not None else 0.0
    runner_up = ranked[1].score if len(ranked) > 1 else best.score - 1.0
    names = ("cosine", "own", "around", "names_around", *EVIDENCE, *READER_FEATURES)
    read = [one.features["reader"] for one in ranked if "reader" in one.features]
    others = [one.features["reader"] for one in ranked[1:] if "reader" in one.features]
    return {name: best.features.get(name, 0.0) for name in names} | {
        "unknown": unknown.words,
        "names_unknown": unknown.names,
        "score": best.score,
        "margin": min(best.score - runner_up, 2.0),
        "suits": max(fits, 0.0),
        "unsuited": max(-fits, 0.0),
        "log_terms": math.log(1 + len(part.terms)),
        "reader_best": max(read, default=0.0),
        "reader_margin": best.features.get("reader", 0.0) - max(others) if others else 0.0,
    }


def confidence(values: dict[str, float], weights: Weights) -> float:
    """The estimated probability (0–1) that the first of a ranking answers.

    The product of two: a question of another subject and one that is nearly answered differ
    from an answered one in unlike ways, which one linear model cannot both tell.
    """
    return weights.subject.probability(values) * weights.answers.probability(values)


def _share(terms: Sequence[tuple[Term, float]], stems: frozenset[str]) -> float:
    """The share (0–1) of the terms' weight that ``stems`` carry; 0 for no terms."""
    whole = sum(weight for _, weight in terms)
    if whole <= 0:
        return 0.0
    return sum(weight * carried(term, stems) for term, weight in terms) / whole


def carried(term: Term, stems: frozenset[str]) -> float:
    """How far (0–1) ``stems`` carry a term: in its own form, or in one of its likes."""
    if term.stems[0] in stems:
        return 1.0
    return _SYNONYM if any(stem in stems for stem in term.stems[1:]) else 0.0


def _pairs(terms: Sequence[Term], stems: frozenset[str]) -> float:
    """The share (0–1) of neighbouring terms that are both carried."""
    if len(terms) < 2:  # noqa: PLR2004 - a pair
        return 0.0
    borne = [carried(term, stems) > 0 for term in terms]
    return sum(map(lambda a, b: a and b, borne, borne[1:])) / (len(terms) - 1)
