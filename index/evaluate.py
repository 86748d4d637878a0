"""How good the answers are: retrieval, abstention, calibration, exactness.

Definitions: a hit is an excerpt that holds at least half of a gold span. MRR is of the first
hit. nDCG@10 (Järvelin and Kekäläinen 2002) counts each part of a question once, at its first
hit; a question of one part has one. AUROC is the chance that an answerable question gets more
confidence than an unanswerable one, ties counting half. ECE (Naeini and others 2015) is over
ten bins of equal width of the confidence that the first excerpt answers.

Questions may be parted in two by ``half``: thresholds are set on "develop", and no number of the
program on "held out", which says how good it is.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.document import Span
from corpus.errors import InputError
from index.types import Outcome, Query

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from index.types import Answer, Excerpt

DEPTH = 10
# How a question may be put; one may be of several kinds.
KINDS = (
    "paraphrase", "misspelt", "slang", "keyword", "number", "date", "speaker", "place",
    "several-parts", "rambling",
)  # fmt: skip
HALVES = ("develop", "held out")
_BINS = 10


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that answers: a span of a document."""

    document_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question; ``parts`` has each part's alternatives, and none if unanswerable.

    ``kind`` is what it was written as; ``kinds`` are all that it is, of `KINDS` mostly. ``half``
    is one of `HALVES`, or empty.
    """

    id: str
    text: str
    kind: str
    parts: tuple[tuple[Gold, ...], ...]
    kinds: tuple[str, ...] = ()
    half: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the corpus answers it."""
        return bool(self.parts)


@dataclass(frozen=True, slots=True)
class Judged:
    """An answered question: ``ranks`` has each part's first hit (from 1), ``None`` for a miss."""

    question: Question
    answer: Answer
    ranks: tuple[int | None, ...]
    inexact: int

    @property
    def first(self) -> int | None:
        """The rank of the first hit of any part."""
        return min((rank for rank in self.ranks if rank is not None), default=None)

    def hit(self, depth: int) -> bool:
        """Whether any of the first ``depth`` excerpts is a hit."""
        return self.first is not None and self.first <= depth


def read_questions(lines: Iterable[str], name: str) -> tuple[Question, ...]:
    """Read labelled questions, a JSON object a line; ``name`` is the file's, for errors.

    Raises:
        InputError: a line is not such an object.
    """
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(_question(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputError(
                f"{name}, line {number}: not a labelled question ({type(error).__name__}: {error})"
            ) from error
    if not found:
        raise InputError(f"{name} holds no question")
    return tuple(found)


def run(
    questions: Sequence[Question],
    ask: Callable[[Query], Answer],
    exact: Callable[[Excerpt], bool],
    advance: Callable[[], None],
) -> tuple[Judged, ...]:
    """Ask every question, `DEPTH` excerpts deep.

    ``exact`` tells whether an excerpt is the slice of the stored document that it claims to be.
    """
    judged = []
    for question in questions:
        answer = ask(Query(question.text, limit=DEPTH))
        ranks = tuple(
            next((rank for rank, e in enumerate(answer.excerpts, 1) if _holds(e, gold)), None)
            for gold in question.parts
        )
        inexact = sum(not exact(excerpt) for excerpt in answer.excerpts)
        judged.append(Judged(question, answer, ranks, inexact))
        advance()
    return tuple(judged)


def hit_rate(judged: Sequence[Judged], depth: int) -> float:
    """The share of questions with a hit among the first ``depth`` excerpts; nan for none."""
    return _mean([float(one.hit(depth)) for one in judged])


def reciprocal_rank(judged: Sequence[Judged]) -> float:
    """The mean of 1/rank of the first hit, 0 for a miss; nan for no questions."""
    return _mean([1 / one.first if one.first else 0.0 for one in judged])


def ndcg(judged: Sequence[Judged]) -> float:
    """The mean nDCG@10; nan for no questions."""
    return _mean([_ndcg(one.ranks) for one in judged])


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative, ties half; nan if either is empty."""
    if not positive or not negative:
        return math.nan
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def reliability(judged: Sequence[Judged]) -> tuple[tuple[float, float, int], ...]:
    """For each of ten bins: mean confidence, share right at rank 1, count; nan where it is 0."""
    bins: list[list[Judged]] = [[] for _ in range(_BINS)]
    for one in judged:
        bins[min(int(one.answer.confidence * _BINS), _BINS - 1)].append(one)
    return tuple(
        (_mean([one.answer.confidence for one in bin_]), hit_rate(bin_, 1), len(bin_))
        for bin_ in bins
    )


def calibration(judged: Sequence[Judged]) -> tuple[tuple[float, float, int], ...]:
    """The bins of `reliability` that are not empty."""
    return tuple(bin_ for bin_ in reliability(judged) if bin_[2])


def calibration_error(judged: Sequence[Judged]) -> float:
    """The expected calibration error, 0–1; nan for no questions."""
    if not judged:
        return math.nan
    return sum(count * abs(sure - right) for sure, right, count in calibration(judged)) / len(
        judged
    )


def answered_precision(judged: Sequence[Judged]) -> float:
    """Of those called answered, the share whose first excerpt is a hit; nan for none."""
    return hit_rate([one for one in judged if one.answer.outcome is Outcome.ANSWERED], 1)


def outcome_share(judged: Sequence[Judged], outcome: Outcome) -> float:
    """The share of questions with this outcome; nan for no questions."""
    return _mean([float(one.answer.outcome is outcome) for one in judged])


def _question(values: dict[str, Any]) -> Question:
    alternatives = values.get("parts") or ([values["gold"]] if values["gold"] else [])
    parts = tuple(
        tuple(Gold(str(g["document"]), Span(g["start"], g["end"])) for g in part)
        for part in alternatives
    )
    if bool(parts) != values["answerable"]:
        raise ValueError("'answerable' and 'gold' disagree")
    kind = str(values["kind"])
    return Question(
        str(values["id"]),
        str(values["question"]),
        kind,
        parts,
        tuple(str(one) for one in values.get("kinds", [kind])),
        str(values.get("half", "")),
    )


def _holds(excerpt: Excerpt, alternatives: Iterable[Gold]) -> bool:
    return any(
        gold.document_id == excerpt.document_id
        and _shared(excerpt.span, gold.span) * 2 >= len(gold.span)
        for gold in alternatives
    )


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _ndcg(ranks: Sequence[int | None]) -> float:
    """The nDCG of one answerable question."""
    gained = sum(1 / math.log2(1 + rank) for rank in ranks if rank is not None and rank <= DEPTH)
    return min(1.0, gained / sum(1 / math.log2(1 + rank) for rank in range(1, len(ranks) + 1)))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan
