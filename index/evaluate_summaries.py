"""How good summaries are, beside simpler ways to choose as many sentences.

Definitions: a sentence is held if an item has at least half of it. Coverage is the share of the
sentences that a good summary should have which are held; precision the share of the items that
hold a sentence which it should or may have. Redundancy is the mean, over the items, of the
greatest share of an item's content words that stand in another item: it looks at words alone,
where the choice looks at vectors. All are means over topics. Each method gets as many sentences
as the summary of the topic has.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from corpus.document import Span
from corpus.errors import InputError
from index.evaluate import Gold
from index.passages import passages
from index.selection import by_centrality
from index.standalone import sentence_span
from index.types import Outcome, Query
from index.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from corpus.document import Document
    from index.summary import Summarizer, Summary
    from index.summary_pool import Pool

HALVES = ("tuning", "held out")
METHODS = ("summary", "best passages", "lexrank", "lead")
SENTENCES = 6
_LEAD_CHARACTERS = 450


@dataclass(frozen=True, slots=True)
class Topic:
    """A labelled topic; ``should`` is empty if the corpus does not speak of it.

    ``half`` is one of `HALVES`. ``differs`` has pairs of numbers (from 0) of ``should``: two
    sentences that disagree.
    """

    id: str
    text: str
    half: str
    should: tuple[Gold, ...]
    may: tuple[Gold, ...]
    differs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class JudgedTopic:
    """A summarized topic with what each of `METHODS` chose, in its order."""

    topic: Topic
    summary: Summary
    chosen: dict[str, tuple[Gold, ...]]


def read_topics(lines: Iterable[str], name: str) -> tuple[Topic, ...]:
    """Read labelled topics, a JSON object a line; ``name`` is the file's, for errors.

    Raises:
        InputError: a line is not such an object.
    """
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(_topic(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise InputError(
                f"{name}, line {number}: not a labelled topic ({type(error).__name__}: {error})"
            ) from error
    if not found:
        raise InputError(f"{name} holds no topic")
    return tuple(found)


def run(
    topics: Sequence[Topic],
    summarizer: Summarizer,
    document: Callable[[str], Document],
) -> tuple[JudgedTopic, ...]:
    """Summarize every topic in `SENTENCES` sentences, and choose as many in the other ways."""
    judged = []
    for topic in topics:
        query = Query(topic.text, limit=SENTENCES)
        pool = summarizer.pools.pool(query)
        summary = summarizer.summary_of(query, pool)
        count = len(summary.items)
        chosen = {name: places[:count] for name, places in _simpler(pool, document).items()}
        shown = tuple(Gold(item.document_id, item.span) for item in summary.items)
        judged.append(JudgedTopic(topic, summary, {"summary": shown, **chosen}))
    return tuple(judged)


def coverage(topic: Topic, places: Sequence[Gold]) -> float:
    """The share of what should be there that is held."""
    return _mean([float(any(_holds(place, gold) for place in places)) for gold in topic.should])


def precision(topic: Topic, places: Sequence[Gold]) -> float:
    """The share of ``places`` that hold what should or may be there; nan for none."""
    wanted = (*topic.should, *topic.may)
    return _mean([float(any(_holds(place, gold) for gold in wanted)) for place in places])


def redundancy(places: Sequence[Gold], document: Callable[[str], Document]) -> float:
    """How much of each place's wording another has too (0–1); 0 for fewer than two."""
    stems = [
        frozenset(content_stems(document(place.document_id).text_at(place.span)))
        for place in places
    ]
    shares = [
        max((len(own & other) for j, other in enumerate(stems) if j != i), default=0) / len(own)
        for i, own in enumerate(stems)
        if own
    ]
    return _mean(shares) if shares else 0.0


def both_sides(judged: Sequence[JudgedTopic], method: str) -> float:
    """The share of labelled disagreements of which ``method`` has both sides; nan for none."""
    return _mean(
        [
            float(
                all(
                    any(_holds(place, one.topic.should[side]) for place in one.chosen[method])
                    for side in pair
                )
            )
            for one in judged
            for pair in one.topic.differs
        ]
    )


def marked(judged: Sequence[JudgedTopic]) -> tuple[int, int]:
    """How many disagreements summaries marked, and how many of those were labelled anywhere.

    Two sentences differ whatever the topic under which they are shown.
    """
    labelled = [
        tuple(one.topic.should[side] for side in pair)
        for one in judged
        for pair in one.topic.differs
    ]
    every = right = 0
    for one in judged:
        for found in one.summary.disagreements:
            sides = [one.chosen["summary"][at] for at in (found.first, found.second)]
            every += 1
            right += any(
                all(any(_holds(side, gold) for side in sides) for gold in pair) for pair in labelled
            )
    return every, right


def measures(
    judged: Sequence[JudgedTopic], method: str, document: Callable[[str], Document]
) -> dict[str, float]:
    """Every measure of one of `METHODS` over the topics of which the corpus speaks."""
    spoken = [(one.topic, one.chosen[method]) for one in judged if one.topic.should]
    filled = [(topic, places) for topic, places in spoken if places]
    return {
        "coverage": _mean([coverage(topic, places) for topic, places in spoken]),
        "precision": _mean([precision(topic, places) for topic, places in filled]),
        "redundancy": _mean([redundancy(places, document) for _, places in filled]),
        "both sides": both_sides(judged, method),
    }


def abstention(judged: Sequence[JudgedTopic]) -> tuple[float, float]:
    """The share of topics that are not in the corpus called `NOTHING`, and of those that are."""
    return (
        _mean([float(o.summary.outcome is Outcome.NOTHING) for o in judged if not o.topic.should]),
        _mean([float(o.summary.outcome is Outcome.NOTHING) for o in judged if o.topic.should]),
    )


def _simpler(pool: Pool, document: Callable[[str], Document]) -> dict[str, tuple[Gold, ...]]:
    """What the other methods of `METHODS` choose, best first."""
    by_score = sorted(pool.sentences, key=lambda s: (-s.score, s.row))
    best = list(dict.fromkeys(sentence.document_id for sentence in by_score))
    central = [pool.sentences[row] for row in by_centrality(pool.vectors)]
    return {
        "best passages": tuple(Gold(s.document_id, s.span) for s in by_score),
        "lexrank": tuple(Gold(s.document_id, s.span) for s in central),
        "lead": tuple(_lead([document(name) for name in best])),
    }


def _lead(documents: Sequence[Document]) -> Iterator[Gold]:
    """The first sentence of each document, then the second of each, and so on."""
    sentences = [
        [
            Gold(one.id, span)
            for passage in passages(one)
            if (span := sentence_span(one, passage, (), _LEAD_CHARACTERS)) is not None
        ]
        for one in documents
    ]
    for row in zip_longest(*sentences):
        yield from (place for place in row if place is not None)


def _holds(place: Gold, gold: Gold) -> bool:
    if place.document_id != gold.document_id:
        return False
    common = min(place.span.end, gold.span.end) - max(place.span.start, gold.span.start)
    return common >= len(gold.span) / 2


def _topic(values: dict[str, Any]) -> Topic:
    half = values["half"]
    if half not in HALVES:
        raise ValueError(f"half must be one of {', '.join(HALVES)}")
    should = tuple(_gold(gold) for gold in values["should"])
    differs = tuple((int(i), int(j)) for i, j in values.get("differs", ()))
    if any(not 0 <= i < j < len(should) for i, j in differs):
        raise ValueError("differs must be pairs of numbers of should")
    may = tuple(_gold(gold) for gold in values.get("may", ()))
    return Topic(str(values["id"]), str(values["topic"]), half, should, may, differs)


def _gold(values: dict[str, Any]) -> Gold:
    return Gold(values["document"], Span(values["start"], values["end"]))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else math.nan
