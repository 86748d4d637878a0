"""Ranked passages to an answer: what to show, what to claim, how sure to be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from index.copies import Shown, apart
from index.excerpts import Cutter
from index.fusion import Scored, Weights, confidence, confidence_features
from index.query import cleaned, parts, read
from index.recency import (
    asks_newest,
    day_after,
    least_relevant,
    newest,
    newest_first,
    recency,
    relevant,
    without_newest,
)
from index.rereading import read_again
from index.types import Answer, Excerpt, Outcome
from index.windows import WINDOWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.document import PartialDate
    from index.catalogue import Catalogue
    from index.query import Part, Vocabulary
    from index.rereading import Rereading
    from index.search import Allowed, Searcher
    from index.types import Passage, Query

# How much the whole question counts in ranking for one of its parts, which may lean on it
# ("and who condemned it?").
_WHOLE_IN_PART = 0.5
# How often the search goes on among what is newer than the newest that it found.
_NEWER = 3
# The rarity of a stem that one passage in eight holds: commoner words ("police") mark nothing.
_RARE = 2.0


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """``answered_at`` and ``related_at`` are confidences (0–1) from which on each is claimed.

    Below ``answered_at`` lies a quarter of the questions that have an answer (see
    ``benchmarks/train/thresholds.py``); ``related_at`` is low, since the closest passages, said to
    be that, harm less than a refusal.
    ``excerpt_characters`` is how long an excerpt may grow beyond its best sentence. An answer
    whose newest source is older than ``old_after_days`` says how old it is; 0 is never.
    ``second_reading`` has the first of a ranking read again by the reader, or the cross-encoder,
    where there is one.
    """

    answered_at: float = 0.35
    related_at: float = 0.02
    excerpt_characters: int = 450
    old_after_days: int = 365
    second_reading: bool = True


@dataclass(frozen=True, slots=True)
class _Ranking:
    """What was found for one part of the question, best first, and how sure that answers.

    A ranking that was not read again, or not by the packaged reader, is judged by weights that
    know of no reader.
    """

    part: Part
    ranked: tuple[Scored, ...]
    confidence: float


class Answerer:
    """Answers queries from an open index. Safe to use from several threads."""

    def __init__(
        self,
        searcher: Searcher,
        catalogue: Catalogue,
        vocabulary: Vocabulary,
        weights: Weights,
        settings: AnswerSettings,
        rereader: Rereading | None = None,
    ) -> None:
        """``weights`` are those of what ``rereader`` does not read."""
        self._searcher, self._catalogue, self._vocabulary = searcher, catalogue, vocabulary
        self._weights, self._settings = weights, settings
        self._rereader = rereader

    def answer(self, query: Query) -> Answer:
        """What the corpus says to ``query``.

        Raises:
            InputError: the question is empty or too long.
            SnapshotDamaged: the index cannot be read.
        """
        allowed = self._searcher.allowed(query)
        text = cleaned(query.text)
        by_date = asks_newest(text)
        # Of the newest that is relevant, not of the best answer, is the question then.
        rereader = None if by_date else self._rereader
        rankings = self._rankings(without_newest(text) if by_date else text, allowed, rereader)
        asked = rankings[1:] or rankings
        sure = sum(ranking.confidence for ranking in asked) / len(asked)
        outcome = self._outcome(sure) if any(r.ranked for r in rankings) else Outcome.NOTHING
        excerpts: tuple[Excerpt, ...] = ()
        if outcome is not Outcome.NOTHING:
            ordered = (
                [self._newest(ranking, query) for ranking in rankings]
                if by_date
                else self._preferring(query, rankings)
            )
            # All that is new enough may be headings, which are not shown by themselves.
            excerpts = self._excerpts(ordered, query.limit) or self._excerpts(rankings, query.limit)
            outcome = outcome if excerpts else Outcome.NOTHING
        dates = {one.document_id: self._published(one.document_id) for one in excerpts}
        if by_date:
            excerpts = tuple(sorted(excerpts, key=lambda one: recency(dates[one.document_id])))
        return Answer(
            query,
            outcome,
            sure,
            excerpts,
            allowed.undated_left_out,
            by_date=by_date,
            undated=sum(date is None for date in dates.values()) if by_date else 0,
            newest=newest(dates.values()),
        )

    def _rankings(self, text: str, allowed: Allowed, rereader: Rereading | None) -> list[_Ranking]:
        """The whole question first, then each of its parts, if it has several."""
        whole, *rest = (read(part, self._vocabulary) for part in parts(text))
        first = self._searcher.rank(whole, allowed)
        # Of a question of several parts each is read by itself.
        rankings = [self._ranking(whole, first, None if rest else rereader)]
        scores = {found.candidate.passage.row: found.score for found in rankings[0].ranked}
        least = min(scores.values(), default=0.0)
        for part in rest:
            ranked = [
                Scored(
                    found.candidate,
                    found.features,
                    found.score + _WHOLE_IN_PART * scores.get(found.candidate.passage.row, least),
                )
                for found in self._searcher.rank(part, allowed)
            ]
            ranked.sort(key=lambda found: (-found.score, found.candidate.passage.row))
            rankings.append(self._ranking(part, ranked, rereader, WINDOWS // len(rest)))
        return rankings

    def _newest(self, ranking: _Ranking, query: Query) -> _Ranking:
        """What is relevant enough, the newest first, and searched for beyond the best as well.

        Of a subject with a long history the newest need not be among the best.
        """
        found = relevant(ranking.ranked)
        least = least_relevant(ranking.ranked)
        for _ in range(_NEWER):
            since = day_after(found)
            if since is None or (query.until and since > query.until):
                break
            newer = self._searcher.allowed(replace(query, since=since))
            more = [one for one in self._searcher.rank(ranking.part, newer) if one.score >= least]
            if not more:
                break
            found += relevant(more)
        return replace(ranking, ranked=tuple(newest_first(found)))

    def _published(self, document_id: str) -> PartialDate | None:
        return self._catalogue.document(document_id).metadata.published

    def _ranking(
        self,
        part: Part,
        ranked: list[Scored],
        rereader: Rereading | None,
        windows: int = WINDOWS,
    ) -> _Ranking:
        if not ranked or not part.terms:
            return _Ranking(part, tuple(ranked), 0.0)
        again = read_again(part, ranked, rereader, self._weights, max(1, windows))
        # That another document has the same words makes them no less sure.
        judged = apart(again.judged, self._words)
        values = confidence_features(part, judged, self._searcher.unknown(part))
        return _Ranking(part, tuple(again.ranked), confidence(values, again.weights))

    def _words(self, passage: Passage) -> str:
        return self._catalogue.document(passage.document_id).text_at(passage.span)

    def _outcome(self, sure: float) -> Outcome:
        if sure >= self._settings.answered_at:
            return Outcome.ANSWERED
        return Outcome.RELATED if sure >= self._settings.related_at else Outcome.NOTHING

    def _preferring(self, query: Query, rankings: list[_Ranking]) -> list[_Ranking]:
        """The rankings with preferred publishers before others that are about as good."""
        if not query.preferred:
            return rankings

        def worth(found: Scored) -> float:
            return found.score + self._searcher.preference(found, query)

        return [
            replace(one, ranked=tuple(sorted(one.ranked, key=worth, reverse=True)))
            for one in rankings
        ]

    def _excerpts(self, rankings: list[_Ranking], limit: int) -> tuple[Excerpt, ...]:
        cutter = Cutter(self._catalogue, self._settings.excerpt_characters)
        shown = Shown(self._catalogue.document, cutter)
        stems = {ranking.part: self._telling(ranking.part) for ranking in rankings}
        for part, found in _in_turn(rankings):
            if shown.holds(found) or len(shown.taken) >= limit:
                continue
            excerpt = cutter.cut(part, found, shown.taken, stems[part])
            if excerpt is not None:
                shown.take(excerpt, found)
        return tuple(shown.taken)

    def _telling(self, part: Part) -> frozenset[str]:
        """The stems worth marking: those of rare terms, or all if none is rare."""
        rare = [term for term in part.terms if self._searcher.weight(term) >= _RARE]
        return frozenset(stem for term in rare or part.terms for stem in term.stems)


def _in_turn(rankings: list[_Ranking]) -> Iterator[tuple[Part, Scored]]:
    """The best of each part, then the second of each …, then what the whole question found."""
    whole, *rest = rankings
    for row in zip_longest(*(ranking.ranked for ranking in rest)):
        for ranking, found in zip(rest, row, strict=True):
            if found is not None:
                yield ranking.part, found
    for found in whole.ranked:
        yield whole.part, found
