"""Which followed topics a document speaks of."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.following import (
    MOST_PASSAGES,
    Topics,
    checked_topic,
    current,
    is_news,
    matches,
    passages_of,
)
from bot.state.digests import Follow, Mode
from corpus.errors import InputError
from corpus.journal import Action, Entry
from index import thesaurus
from index.fusion import features
from index.query import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpus.document import Document
    from index.opened import OpenSnapshot

BRIXTON = "extra-officers-after-brixton-street-party"
TOPICS = (
    "street party in Brixton",
    "injured officers",
    "vehicle recovery operators",
    "gangs",
    "swan upping on the Thames",
    "asteroid mining",
    "vans towed away",
    "a word that nobody said: zyzzyva",
)
_ids = count(1)


class _Everything:
    """A vocabulary that takes every word for one, as topics are read."""

    def has(self, form: str) -> bool:
        return bool(form)

    def nearest(self, form: str) -> None:
        del form

    def like(self, phrase: tuple[str, ...]) -> thesaurus.Entry | None:
        return thesaurus.like(phrase)


def follow(topic: str, kind: str | None = None) -> Follow:
    return Follow(5, 6, topic, Mode.AT_ONCE, kind, id=next(_ids))


def entry(
    document: str,
    action: Action = Action.ADDED,
    *,
    text: str | None = None,
    copy_of: str | None = None,
) -> Entry:
    at = datetime(2021, 5, 1, tzinfo=UTC)
    return Entry(at, "test", action, document, text_sha256=text, copy_of=copy_of)


def found(snapshot: OpenSnapshot, document: Document, *topics: str) -> dict[str, list[str]]:
    """The words that are shown of a document for each topic."""
    follows = [follow(topic) for topic in topics]
    learned = Topics()
    learned.learn(topics, snapshot.encoder)
    matched = matches(follows, learned, passages_of(snapshot, document))
    names = {one.id: one.topic for one in follows}
    return {
        names[one]: [document.text_at(span) for span in spans] for one, spans in matched.items()
    }


def test_a_document_matches_what_it_speaks_of(starter: OpenSnapshot) -> None:
    shown = found(starter, starter.document(BRIXTON), *TOPICS)
    assert set(shown) >= {"street party in Brixton", "injured officers"}
    assert "asteroid mining" not in shown
    assert "swan upping on the Thames" not in shown
    assert any("Brixton" in words for words in shown["street party in Brixton"])
    assert all(1 <= len(words) <= MOST_PASSAGES for words in shown.values())


def test_it_matches_by_the_measure_of_a_timeline(starter: OpenSnapshot) -> None:
    """What is worked out for all topics at once is what ranking works out for each."""
    for name in starter.catalogue.document_ids():
        document = starter.document(name)
        shown = found(starter, document, *TOPICS)
        passages = passages_of(starter, document)
        for topic in TOPICS:
            part = read(topic, _Everything())
            cosines = passages.vectors @ starter.encoder.encode_query(part.text)
            near = set()
            for one, cosine in zip(passages.candidates, cosines, strict=True):
                text = document.text_at(one.passage.span)
                values = features(part, one, float(cosine), text, starter.searcher.weight)
                if values["around"] >= 0.5 or values["cosine"] >= 0.55:
                    near.add(text)
            assert (topic in shown) == bool(near), (topic, name)
            assert set(shown.get(topic, ())) <= near


def test_a_title_is_no_passage(starter: OpenSnapshot) -> None:
    for name in starter.catalogue.document_ids():
        document = starter.document(name)
        title = document.metadata.title
        texts = [
            document.text_at(one.passage.span) for one in passages_of(starter, document).candidates
        ]
        assert texts
        assert title not in texts


def test_only_the_kind_that_is_followed_matches(starter: OpenSnapshot) -> None:
    document = starter.document(BRIXTON)
    kind = document.metadata.kind
    other = next(one for one in ("news", "letter") if one != kind)
    follows = [follow(TOPICS[0], kind), follow(TOPICS[0], other), follow(TOPICS[0])]
    topics = Topics()
    topics.learn({TOPICS[0]}, starter.encoder)
    matched = matches(follows, topics, passages_of(starter, document))
    assert list(matched) == [follows[0].id, follows[2].id]
    assert len(set(matched.values())) == 1


class Counting:
    """An encoder that keeps what it was asked."""

    dimension = 2

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.tile(np.array([1.0, 0.0], np.float32), (len(texts), 1))


def test_a_topic_is_encoded_once() -> None:
    encoder, topics = Counting(), Topics()
    topics.learn(["gangs", "knives"], encoder)
    topics.learn(["gangs", "knives", "gangs", "drugs"], encoder)
    topics.learn(["drugs"], encoder)
    topics.learn(["drugs", "knives"], encoder)
    assert encoder.asked == ["gangs", "knives", "drugs", "knives"]


def test_a_topic_may_name_what_the_corpus_does_not_know_yet() -> None:
    assert checked_topic("  Operation\nZyzzyva ") == "Operation Zyzzyva"
    with pytest.raises(InputError, match="no word that could be looked for"):
        checked_topic("what is the")
    with pytest.raises(InputError, match="empty"):
        checked_topic("\u200b")


def test_only_the_last_text_of_a_document_is_news() -> None:
    journal = (
        entry("a", text="1"),
        entry("b", text="2"),
        entry("a", Action.CORRECTED, text="3"),
        entry("c", text="4", copy_of="b"),
        entry("d", text="5"),
        entry("d", Action.RETRACTED),
    )
    news = [is_news(one, line, journal) for line, one in enumerate(journal)]
    assert news == [False, True, True, False, False, False]


def test_a_document_is_there_once_the_index_holds_the_text(starter: OpenSnapshot) -> None:
    document = starter.document(BRIXTON)
    assert current(starter, entry(BRIXTON, text=document.sha256)) == document
    assert current(starter, entry(BRIXTON, text="0" * 64)) is None
    assert current(starter, entry("nowhere", text=document.sha256)) is None
