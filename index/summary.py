"""A topic to a cited extract: real sentences, the important ones, each thing once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from corpus.document import Span
from index.disagreements import difference
from index.fusion import rarity
from index.query import Term
from index.selection import MarginalRelevance
from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from corpus.quotations.types import Quotation
    from index.disagreements import Contrast, Difference
    from index.search import Searcher
    from index.summary_pool import Pool, Pools, Sentence
    from index.types import Query

# The weight of relevance beside novelty, chosen on the tuning half of tests/data/summaries.jsonl.
BALANCE = 0.65
# From this probability on the corpus is taken to speak of the topic.
_SUBJECT_AT = 0.5
# Less relevant than so much of the best sentence, one is not worth its place.
_LEAST_RELEVANCE = 0.4
# Of so many of the same words two sentences say the same thing.
_SAME = 0.8
# As many are shown of those that say of one thing what others deny or count otherwise.
_MOST_SIDES = 3
# A stem marks a subject if it is at least so rare, beside one that stands in one passage alone.
_RARE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """One sentence of a summary: a slice of a document, never cut inside quotation marks.

    ``quotations`` are those that overlap ``span``; their spans may run beyond it.
    ``disagrees_with`` are the numbers (from 0) of the summary's items that differ from it.
    """

    document_id: str
    span: Span
    score: float
    quotations: tuple[Quotation, ...]
    disagrees_with: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Items ``first`` and ``second`` (numbers from 0, first < second) differ in two places.

    The spans are of the differing words ("more than 20", "nearly 30"), inside those of the items.
    """

    first: int
    second: int
    contrast: Contrast
    first_span: Span
    second_span: Span


@dataclass(frozen=True, slots=True)
class Summary:
    """What the corpus has on a topic, by date; undated documents last, each in its own order.

    Items that disagree stand next to one another, at the place of the earliest. ``outcome`` is
    `RELATED` where the corpus may not speak of the topic, `NOTHING` where it does not; then
    there are no items. ``confidence`` (0–1) is the estimated probability that it does.
    ``undated_left_out`` counts the documents that a date filter dropped for having no date.
    """

    query: Query
    outcome: Outcome
    confidence: float
    items: tuple[SummaryItem, ...]
    disagreements: tuple[Disagreement, ...] = ()
    undated_left_out: int = 0


class Summarizer:
    """Summarizes topics from an open index. Safe to use from several threads."""

    def __init__(self, pools: Pools, searcher: Searcher, passages: int, related_at: float) -> None:
        """``passages`` is how many the index has.

        ``related_at`` is the confidence (0–1) below which a question gets no answer.
        """
        self.pools, self._searcher, self._related_at = pools, searcher, related_at
        self._rare_from = _RARE_SHARE * rarity(1, passages)

    def summarize(self, query: Query) -> Summary:
        """The topic ``query.text`` in at most ``query.limit`` sentences.

        A few more are taken where else one side of a disagreement would be shown alone.

        Raises:
            InputError: the topic is empty or too long.
            SnapshotDamaged: the index cannot be read.
        """
        return self.summary_of(query, self.pools.pool(query))

    def summary_of(self, query: Query, pool: Pool) -> Summary:
        """The same, of a pool that was gathered for ``query``."""
        chosen = choose(pool, query.limit, self.is_rare) if self._speaks(pool) else []
        items, disagreements = arranged(chosen, self.is_rare)
        outcome = Outcome.ANSWERED if pool.subject >= _SUBJECT_AT else Outcome.RELATED
        return Summary(
            query,
            outcome if items else Outcome.NOTHING,
            pool.subject,
            items,
            disagreements,
            pool.undated_left_out,
        )

    def is_rare(self, stem: str) -> bool:
        """Whether a stem marks a subject in this corpus."""
        return self._searcher.weight(Term((stem,))) >= self._rare_from

    def _speaks(self, pool: Pool) -> bool:
        """Whether a question of these words would get an answer, or passages related to it."""
        return bool(pool.sentences) and pool.answered >= self._related_at


def choose(pool: Pool, most: int, rare: Callable[[str], bool]) -> list[Sentence]:
    """The sentences of a summary, the most important first; see `Summarizer.summarize`."""
    sentences = pool.sentences
    relevance = np.array([sentence.relevance for sentence in sentences], dtype=np.float32)
    order = MarginalRelevance(relevance, pool.vectors, BALANCE)
    taken: list[int] = []

    def differ(one: int, other: int) -> bool:
        first, second = sentences[one].statement, sentences[other].statement
        return difference(first, second, rare) is not None

    def repeats(row: int, others: Sequence[int]) -> bool:
        return any(
            _same(sentences[row], sentences[other]) and not differ(row, other) for other in others
        )

    while len(taken) < most and (best := order.best()) is not None:
        order.drop(best)
        if sentences[best].relevance < _LEAST_RELEVANCE or repeats(best, taken):
            continue
        sides = [row for row in range(len(sentences)) if differ(best, row)]
        room = _MOST_SIDES - 1 - sum(row in taken for row in sides)
        taken.append(best)
        for row in sides:
            if room > 0 and order.is_left(row) and not repeats(row, taken):
                taken.append(row)
                room -= 1
        for row in taken[taken.index(best) :]:
            order.take(row)
    return [sentences[row] for row in taken]


def arranged(
    chosen: Sequence[Sentence], rare: Callable[[str], bool]
) -> tuple[tuple[SummaryItem, ...], tuple[Disagreement, ...]]:
    """``chosen`` in the order of `Summary`, with what differs between them."""
    by_date = sorted(chosen, key=_when)
    found = {
        (i, j): differing
        for j, second in enumerate(by_date)
        for i, first in enumerate(by_date[:j])
        if (differing := difference(first.statement, second.statement, rare)) is not None
    }
    order: list[int] = []
    for at in range(len(by_date)):
        _place(at, found, order)
    number = {at: place for place, at in enumerate(order)}
    disagreements = sorted(
        (
            _disagreement((number[i], by_date[i].span), (number[j], by_date[j].span), differing)
            for (i, j), differing in found.items()
        ),
        key=lambda one: (one.first, one.second),
    )
    items = []
    for place, at in enumerate(order):
        pairs = [{one.first, one.second} for one in disagreements]
        others = sorted(other for pair in pairs if place in pair for other in pair - {place})
        one = by_date[at]
        items.append(
            SummaryItem(one.document_id, one.span, one.score, one.quotations, tuple(others))
        )
    return tuple(items), tuple(disagreements)


def _when(sentence: Sentence) -> tuple[bool, date, date, str, Span]:
    """By date, undated last; within a document in its own order."""
    published = sentence.published
    first, last = (published.first_day, published.last_day) if published else (date.max, date.max)
    return published is None, first, last, sentence.document_id, sentence.span


def _place(at: int, differing: Collection[tuple[int, int]], order: list[int]) -> None:
    """Add a sentence to ``order``, and at once those that differ from it or from those."""
    if at in order:
        return
    order.append(at)
    for pair in sorted(differing):
        if at in pair:
            _place(pair[0] if pair[1] == at else pair[1], differing, order)


def _disagreement(
    one: tuple[int, Span], other: tuple[int, Span], differing: Difference
) -> Disagreement:
    """Of two items (number and span), in the order in which they are shown."""
    sides = sorted(
        (number, Span(span.start + start, span.start + end))
        for (number, span), (start, end) in zip(
            (one, other), (differing.first, differing.second), strict=True
        )
    )
    (first, first_span), (second, second_span) = sides
    return Disagreement(first, second, differing.contrast, first_span, second_span)


def _same(one: Sentence, other: Sentence) -> bool:
    """Whether two sentences say the same thing in nearly the same words."""
    return len(one.stems & other.stems) >= _SAME * len(one.stems | other.stems)
