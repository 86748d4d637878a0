"""What is known of a passage for a question, as one number.

A weighted sum of the cosine and of how much of the question's wording the passage and its
surroundings carry, each word weighed by its rarity. Weights are fitted by
``benchmarks/train/rank.py`` and kept in ``weights.json`` with what they were fitted on.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from index.asks import Asks, evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.catalogue import Candidate
    from index.query import Part, Term

FEATURES = (
    "cosine", "own", "around", "pairs", "names_own", "names_around",
    *(asks.value for asks in Asks), "dated_inside", "dated_outside", "is_lines",
)  # fmt: skip
# What tells whether the corpus speaks of what is asked at all …
SUBJECT_FEATURES = ("cosine", "around", "names_around", "unknown", "log_terms")
# … and whether the first passage answers, if it does.
CONFIDENCE_FEATURES = (
    "cosine", "own", "around", "names_around", "unknown", "score", "margin", "suits", "unsuited",
    "log_terms",
)  # fmt: skip
# A synonym is nearly as good as the word itself.
_SYNONYM = 0.9


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model: a weight for each feature it looks at, and the intercept."""

    weights: dict[str, float]
    intercept: float

    def probability(self, values: dict[str, float]) -> float:
        """The probability (0–1) for ``values``, which may hold other features too."""
        total = self.intercept + sum(weight * values[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(min(total, 30.0), -30.0)))


@dataclass(frozen=True, slots=True)
class Weights:
    """Fitted numbers: a weight for each of `FEATURES`, and two models of confidence.

    ``subject`` tells whether the corpus speaks of what is asked, ``answers`` whether, if so, the
    first of the ranking answers.
    """

    ranking: dict[str, float]
    subject: Logistic
    answers: Logistic

    @classmethod
    def load(cls) -> Weights:
        """The packaged weights."""
        text = resources.files("index").joinpath("weights.json").read_text("utf-8")
        values: dict[str, Any] = json.loads(text)
        subject, answers = (Logistic(**values[name]) for name in ("subject", "answers"))
        return cls(values["ranking"], subject, answers)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its features and their weighted sum; higher is better."""

    candidate: Candidate
    features: dict[str, float]
    score: float


def rarity(frequency: int, passages: int) -> float:
    """The inverse document frequency of BM25 (Robertson and Spärck Jones, never negative)."""
    return math.log(1 + (passages - frequency + 0.5) / (frequency + 0.5))


def features(
    part: Part, candidate: Candidate, cosine: float, text: str, weigh: Callable[[Term], float]
) -> dict[str, float]:
    """Every one of `FEATURES` for a candidate whose words are ``text``."""
    terms = [(term, weigh(term)) for term in part.terms]
    names = [(term, weight) for term, weight in terms if term.is_name]
    around = candidate.stems | candidate.around
    values = dict.fromkeys(FEATURES, 0.0) | {
        "cosine": cosine,
        "own": _share(terms, candidate.stems),
        "around": _share(terms, around),
        "pairs": _pairs(part.terms, candidate.stems),
        "names_own": _share(names, candidate.stems) if names else 0.5,
        "names_around": _share(names, around) if names else 0.5,
        "is_lines": 0.0 if candidate.passage.is_sentence else 1.0,
    }
    if part.asks is not None:
        values[part.asks.value] = 1.0 if evidence(part.asks, text) else -1.0
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
    total = sum(weights.ranking[name] * value for name, value in values.items())
    return Scored(candidate, values, total)


def in_order(scored: Sequence[Scored]) -> list[Scored]:
    """Best first; ties in order of row."""
    return sorted(scored, key=lambda found: (-found.score, found.candidate.passage.row))


def confidence_features(part: Part, ranked: Sequence[Scored], unknown: float) -> dict[str, float]:
    """Every one of `CONFIDENCE_FEATURES` for a ranking that is not empty.

    ``unknown`` is the share (0–1) of the question's weight in words that stand nowhere.
    """
    best = ranked[0]
    suits = best.features[part.asks.value] if part.asks is not None else 0.0
    runner_up = ranked[1].score if len(ranked) > 1 else best.score - 1.0
    names = ("cosine", "own", "around", "names_around")
    return {name: best.features[name] for name in names} | {
        "unknown": unknown,
        "score": best.score,
        "margin": min(best.score - runner_up, 2.0),
        "suits": max(suits, 0.0),
        "unsuited": max(-suits, 0.0),
        "log_terms": math.log(1 + len(part.terms)),
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
