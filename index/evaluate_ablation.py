"""What each ingredient of an answer is worth: the same questions asked without it.

The weights are not fitted anew for what is left: that an ingredient does harm or good with the
weights as they are is what these figures say. ``benchmarks/train/rank.py --ablate`` fits anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from index import evaluate
from index.answer import Answerer
from index.asks import Asks
from index.evidence import GROUPS
from index.fusion import READER_FEATURES, Logistic, Weights
from index.rereading import rereading
from index.search import Searcher
from index.spelling import CorpusVocabulary
from index.types import Outcome
from index.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence, Sized

    from index.answer import AnswerSettings
    from index.catalogue import Candidate
    from index.evaluate import Judged
    from index.opened import OpenSnapshot
    from index.types import Answer, Query

_WORDED = (
    "own", "around", "pairs", "names_own", "names_around", "number_differs", "name_differs",
    "wanted_close",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ingredient:
    """What can be left out: features, and what else goes with them."""

    name: str
    features: tuple[str, ...] = ()


DENSE = Ingredient("dense", ("cosine",))
LEXICAL = Ingredient("lexical", _WORDED)
SPELLING = Ingredient("spelling")
THESAURUS = Ingredient("thesaurus")
AROUND = Ingredient("headings and neighbours")
DATES = Ingredient("dates", ("dated_inside", "dated_outside", "date_lacking", "date_differs"))
SPEAKER = Ingredient("speaker", ("speaker_lacking",))
KINDS = Ingredient("kind asked for", (*(one.value for one in Asks), "suits", "unsuited"))
READER = Ingredient("reader", (*READER_FEATURES, "reader_best", "reader_margin"))
INGREDIENTS = (
    DENSE, LEXICAL, SPELLING, THESAURUS, AROUND, DATES, SPEAKER, KINDS,
    *(Ingredient(name, features) for name, features in GROUPS.items()), READER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """What is left of the answers; each 0–1, nan where there is no such question."""

    name: str
    first: float
    third: float
    near_miss: float
    out_of_domain: float
    right: float
    answered: float


def figures(name: str, judged: Sequence[Judged]) -> Figures:
    """The figures by which ingredients are compared."""
    answerable = [one for one in judged if one.question.answerable]
    sure = [one.answer.confidence for one in answerable]
    others = {
        kind: [one.answer.confidence for one in judged if one.question.kind == kind]
        for kind in ("near-miss", "out-of-domain")
    }
    return Figures(
        name,
        evaluate.hit_rate(answerable, 1),
        evaluate.hit_rate(answerable, 3),
        evaluate.auroc(sure, others["near-miss"]),
        evaluate.auroc(sure, others["out-of-domain"]),
        evaluate.answered_precision(judged),
        evaluate.outcome_share(answerable, Outcome.ANSWERED),
    )


def ingredients(snapshot: OpenSnapshot) -> tuple[Ingredient, ...]:
    """Those that answers of ``snapshot`` are made of."""
    return tuple(one for one in INGREDIENTS if one is not READER or snapshot.reader is not None)


def without(
    snapshot: OpenSnapshot, settings: AnswerSettings, left_out: Ingredient
) -> Callable[[Query], Answer]:
    """What answers from ``snapshot`` as it does itself, but for ``left_out``."""
    weights = _less(Weights.load(), left_out.features)
    catalogue: Any = snapshot.catalogue
    encoder: Any = snapshot.encoder
    lexical: Any = snapshot.lexical
    dense: Any = snapshot.dense
    vocabulary: Any = CorpusVocabulary(snapshot.catalogue, snapshot.encoder)
    if left_out is DENSE:
        nowhere = np.zeros(snapshot.encoder.dimension, dtype=np.float32)
        encoder = _Altered(encoder, encode_query=lambda _: nowhere)
        dense = _Altered(dense, search=lambda *_, **__: {})
    elif left_out is LEXICAL:
        lexical = _Altered(lexical, search=lambda *_, **__: {})
    elif left_out is SPELLING:
        vocabulary = _Altered(vocabulary, nearest=lambda _: None)
    elif left_out is THESAURUS:
        vocabulary = _Altered(vocabulary, like=lambda _: None)
    elif left_out is AROUND:
        catalogue = _seen(snapshot, lambda one: replace(one, around=frozenset()))
    elif left_out is SPEAKER:
        catalogue = _seen(snapshot, lambda one: replace(one, stems=_of_words(snapshot, one)))
    searcher = Searcher(
        catalogue=catalogue, dense=dense, lexical=lexical, encoder=encoder, weights=weights
    )
    rereader = None
    if snapshot.reader is not None and left_out is not READER:
        kept = _less(Weights.load(with_reader=True), left_out.features)
        rereader = rereading(snapshot.reader, catalogue, kept)
    return Answerer(searcher, catalogue, vocabulary, weights, settings, rereader).answer


class _Altered:
    """``whole`` with some of its methods replaced."""

    def __init__(self, whole: Sized, **replaced: Callable[..., object]) -> None:
        self._whole, self._replaced = whole, replaced

    def __getattr__(self, name: str) -> object:
        return self._replaced.get(name) or getattr(self._whole, name)

    def __len__(self) -> int:
        return len(self._whole)


def _seen(snapshot: OpenSnapshot, change: Callable[[Candidate], Candidate]) -> _Altered:
    """The catalogue, every candidate changed."""

    def candidates(rows: Iterable[int]) -> tuple[Candidate, ...]:
        return tuple(change(one) for one in snapshot.catalogue.candidates(rows))

    return _Altered(snapshot.catalogue, candidates=candidates)


def _of_words(snapshot: OpenSnapshot, one: Candidate) -> frozenset[str]:
    """The stems of a passage's own words, without who speaks."""
    document = snapshot.catalogue.document(one.passage.document_id)
    return frozenset(content_stems(document.text_at(one.passage.span)))


def _less(weights: Weights, names: Iterable[str]) -> Weights:
    """``weights`` without those of ``names``."""
    gone = set(names)

    def kept(values: dict[str, float]) -> dict[str, float]:
        return {name: weight for name, weight in values.items() if name not in gone}

    subject, answers = (
        Logistic(kept(one.weights), one.intercept) for one in (weights.subject, weights.answers)
    )
    return Weights(kept(weights.ranking), subject, answers)
