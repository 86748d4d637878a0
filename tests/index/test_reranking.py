"""The order in which a cross-encoder leaves a ranking, and that it says nothing of confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.answer import Answerer, AnswerSettings
from index.query import read
from index.rereading import ReadAgain, Reranking, read_again
from index.search import Allowed
from index.types import Query
from tests.small_index import SmallIndex, document, index_of, steady_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.fusion import Scored

TEXTS = {
    "hackney": "Armed patrols walked in Hackney on Monday. Residents had asked for patrols.",
    "lambeth": "Armed patrols walked in Lambeth on Monday. Nobody had asked for patrols.",
    "camden": "Armed patrols walked in Camden on Monday. Somebody had asked for patrols.",
    "sutton": "Armed patrols walked in Sutton on Monday. Everybody had asked for patrols.",
    "barnet": "Armed patrols walked in Barnet on Monday. Few had asked for patrols.",
}
QUESTION = "Where did armed patrols walk?"


class Words:
    """A cross-encoder that gives ``worth`` where a window has ``word``, and 0 elsewhere."""

    def __init__(self, word: str, worth: float = 8.0) -> None:
        self.word, self.worth = word, worth
        self.asked: list[tuple[str, list[str]]] = []

    def logits(self, question: str, windows: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append((question, list(windows)))
        return np.array([self.worth * (self.word in one) for one in windows], np.float32)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    folder = tmp_path_factory.mktemp("reranking")
    return index_of(folder, [document(name, text) for name, text in TEXTS.items()])


def over(small: SmallIndex, words: Words) -> Reranking:
    return Reranking(words, small.catalogue)  # type: ignore[arg-type]


def answering(small: SmallIndex, words: Words | None) -> Answerer:
    return Answerer(
        small.searcher, small.catalogue, small.vocabulary, steady_weights(),
        AnswerSettings(answered_at=0.0, related_at=0.0),
        None if words is None else over(small, words),
    )  # fmt: skip


def before_and_after(
    small: SmallIndex, words: Words, windows: int = 4
) -> tuple[list[Scored], list[Scored]]:
    part = read(QUESTION, small.vocabulary)
    ranked = small.searcher.rank(part, Allowed(None))
    return ranked, over(small, words).reread(part, ranked, windows)


def documents(ranked: Sequence[Scored]) -> list[str]:
    return list(dict.fromkeys(one.candidate.passage.document_id for one in ranked))


@pytest.mark.parametrize("place", [1, 2, 3])
def test_what_the_cross_encoder_likes_best_comes_first(small: SmallIndex, place: int) -> None:
    plain = documents(before_and_after(small, Words("nothing"))[0])
    chosen = plain[place]
    _, after = before_and_after(small, Words(chosen.title()))
    assert documents(after)[0] == chosen


def test_nothing_is_lost_and_what_was_not_read_follows_as_it_was(small: SmallIndex) -> None:
    before, after = before_and_after(small, Words("Lambeth"), 2)
    assert {one.candidate for one in after} == {one.candidate for one in before}
    scores = [one.score for one in after]
    assert scores == sorted(scores, reverse=True)
    assert documents(after)[2:] == documents(before)[2:]
    assert {one.candidate.passage.row: one.features for one in after} == {
        one.candidate.passage.row: one.features for one in before
    }


def test_where_it_makes_no_difference_the_order_stays(small: SmallIndex) -> None:
    before, after = before_and_after(small, Words("patrols", 9.0))
    assert documents(after) == documents(before)


def test_one_window_is_not_read_for_there_is_nothing_beside_it(small: SmallIndex) -> None:
    words = Words("Lambeth")
    before, after = before_and_after(small, words, 1)
    assert after == before
    assert words.asked == []


def test_an_answer_has_another_order_and_the_same_confidence(small: SmallIndex) -> None:
    plain = answering(small, None).answer(Query(QUESTION))
    chosen = small.shown(plain)[2]
    words = Words(chosen.split()[4])
    found = answering(small, words).answer(Query(QUESTION))
    assert small.shown(found)[0] == chosen != small.shown(plain)[0]
    assert sorted(small.shown(found)) == sorted(small.shown(plain))
    assert found.confidence == plain.confidence
    ((question, windows),) = words.asked
    assert question == QUESTION
    assert len(windows) == 4
    assert all(any(window in text for text in TEXTS.values()) for window in windows)


@pytest.mark.parametrize(
    "question", ["What was said about armed patrols?", "latest on armed patrols"]
)
def test_open_questions_and_those_by_date_are_not_read(small: SmallIndex, question: str) -> None:
    words = Words("Lambeth")
    found = answering(small, words).answer(Query(question))
    assert words.asked == []
    assert found == answering(small, None).answer(Query(question))


def test_what_is_shown_what_is_judged_and_by_which_weights_is_decided_once(
    small: SmallIndex,
) -> None:
    before, after = before_and_after(small, Words("Lambeth"))
    weights = steady_weights()
    again, alone = (
        read_again(read(QUESTION, small.vocabulary), before, one, weights)
        for one in (over(small, Words("Lambeth")), None)
    )
    assert again == ReadAgain(after, before, weights)
    assert alone == ReadAgain(before, before, weights)
    words = Words("Lambeth")
    part = read("What was said about armed patrols?", small.vocabulary)
    assert read_again(part, before, over(small, words), weights) == alone
    assert words.asked == []
