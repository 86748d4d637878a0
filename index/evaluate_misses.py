"""The questions that were answered wrongly with most confidence, and what decided so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.fusion import Weights, confidence_features
from index.query import cleaned, read
from index.rereading import read_again
from index.search import Allowed
from index.spelling import CorpusVocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.evaluate import Judged
    from index.fusion import Scored
    from index.opened import OpenSnapshot

_DECIDING = 3


@dataclass(frozen=True, slots=True)
class Miss:
    """A question, the words that were expected and those that came first; ``None`` for none.

    ``decided`` are features and what each added: to the first passage beyond the best right one,
    or, where there is no right one, to the confidence. Those that added most come first.
    """

    judged: Judged
    expected: str | None
    came: str | None
    decided: tuple[tuple[str, float], ...]


def misses(judged: Sequence[Judged], snapshot: OpenSnapshot, most: int) -> tuple[Miss, ...]:
    """The ``most`` questions whose first excerpt is no hit, those of most confidence first."""
    worst = sorted(
        (one for one in judged if not one.hit(1)), key=lambda one: -one.answer.confidence
    )
    return tuple(_miss(one, snapshot) for one in worst[:most])


def _miss(judged: Judged, snapshot: OpenSnapshot) -> Miss:
    gold = [place for part in judged.question.parts for place in part]
    excerpts = judged.answer.excerpts
    return Miss(
        judged,
        snapshot.document(gold[0].document_id).text_at(gold[0].span) if gold else None,
        snapshot.document(excerpts[0].document_id).text_at(excerpts[0].span) if excerpts else None,
        _decided(judged, snapshot),
    )


def _decided(judged: Judged, snapshot: OpenSnapshot) -> tuple[tuple[str, float], ...]:
    part = read(
        cleaned(judged.question.text), CorpusVocabulary(snapshot.catalogue, snapshot.encoder)
    )
    found = snapshot.searcher.rank(part, Allowed(None))
    if not found:
        return ()
    again = read_again(part, found, snapshot.rereader(), Weights.load())
    right = next((one for one in again.ranked if _answers(judged, one)), None)
    if right is not None:
        return _most(again.weights.ranking, again.ranked[0].features, right.features)
    values = confidence_features(part, again.judged, snapshot.searcher.unknown(part))
    return _most(again.weights.answers.weights, values, {})


def _answers(judged: Judged, one: Scored) -> bool:
    passage = one.candidate.passage
    return any(
        gold.document_id == passage.document_id and gold.span.overlaps(passage.span)
        for part in judged.question.parts
        for gold in part
    )


def _most(
    weights: Mapping[str, float], values: Mapping[str, float], others: Mapping[str, float]
) -> tuple[tuple[str, float], ...]:
    """The features of which ``values`` got most beyond ``others``."""
    gained = {
        name: weight * (values.get(name, 0.0) - others.get(name, 0.0))
        for name, weight in weights.items()
    }
    ordered = sorted(gained.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(pair for pair in ordered[:_DECIDING] if pair[1] > 0)
