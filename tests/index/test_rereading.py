"""Windows around what was found, and the order in which a reader leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answer import Answerer, AnswerSettings
from index.query import read
from index.reader import Reading
from index.rereading import Rereader
from index.search import Allowed
from index.types import Query
from index.windows import windows_around
from tests.small_index import SmallIndex, document, index_of, steady_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.fusion import Scored

TEXTS = {
    "patrols": (
        "Armed patrols began in Hackney on Monday. Two officers walked each street. "
        "Residents had asked for patrols. The patrols end in May.\n\n"
        "The commissioner praised the patrols. " + "Officers said that patrols calm a street. " * 20
    ),
    "raves": "Officers stopped a rave in Lambeth. No patrols were there. Nobody was hurt.",
}


class PointingReader:
    """Says that the answer begins where ``word`` does, if a window has it, and is sure of it."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.asked: list[tuple[str, list[str]]] = []

    def read(self, question: str, windows: Sequence[str]) -> list[Reading]:
        self.asked.append((question, list(windows)))
        return [self._reading(window) for window in windows]

    def _reading(self, window: str) -> Reading:
        starts = [at for at in range(len(window)) if at == 0 or window[at - 1] == " "]
        offsets = np.array([(at, at + 1) for at in starts], np.int64)
        points = np.array([5.0 if window[at:].startswith(self.word) else -5.0 for at in starts])
        points = points.astype(np.float32)
        return Reading(float(points.max()), offsets, points, points)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    folder = tmp_path_factory.mktemp("rereading")
    return index_of(folder, [document(name, text) for name, text in TEXTS.items()])


def ranked(small: SmallIndex, question: str) -> list[Scored]:
    return small.searcher.rank(read(question, small.vocabulary), Allowed(None))


def rereader(small: SmallIndex, word: str) -> tuple[Rereader, PointingReader]:
    reader = PointingReader(word)
    weights = steady_weights()
    weights.ranking["reader"] = 10.0
    return Rereader(reader, small.catalogue, weights), reader  # type: ignore[arg-type]


def answering(small: SmallIndex, reading: Rereader) -> Answerer:
    settings = AnswerSettings(answered_at=0.0, related_at=0.0)
    return Answerer(
        small.searcher, small.catalogue, small.vocabulary, steady_weights(), settings, reading
    )


def words_of(small: SmallIndex, found: Scored) -> str:
    passage = found.candidate.passage
    return small.text(passage.document_id, passage.span)


@pytest.mark.parametrize("word", ["Hackney", "May.", "praised", "Lambeth."])
def test_the_sentence_that_the_reader_points_into_comes_first(small: SmallIndex, word: str) -> None:
    reading, _ = rereader(small, word)
    before = ranked(small, "Where are the patrols?")
    after = reading.reread(read("Where are the patrols?", small.vocabulary), before)
    assert word in words_of(small, after[0])
    assert after[0].features["reader"] == 10.0
    assert after[0].features["reader_none"] == -5.0
    assert all(word not in words_of(small, found) for found in after[1:])


def test_nothing_that_was_found_is_lost_and_scores_fall(small: SmallIndex) -> None:
    reading, _ = rereader(small, "May.")
    before = ranked(small, "Where are the patrols?")
    after = reading.reread(read("Where are the patrols?", small.vocabulary), before, 1)
    assert sorted(one.candidate.passage.row for one in after) == sorted(
        one.candidate.passage.row for one in before
    )
    scores = [one.score for one in after]
    assert scores == sorted(scores, reverse=True)
    unread = [one for one in after if "reader" not in one.features]
    assert unread
    assert after[-len(unread) :] == unread


@given(most=st.integers(1, 12), question=st.sampled_from(["patrols", "officers rave", "street"]))
def test_windows_are_whole_passages_of_one_paragraph_and_hold_each_once(
    small: SmallIndex, most: int, question: str
) -> None:
    passages = [one.candidate.passage for one in ranked(small, question)]
    windows = windows_around(small.catalogue, passages, most)
    assert 1 <= len(windows) <= most
    rows = [passage.row for window in windows for passage in window.passages]
    assert len(rows) == len(set(rows))
    assert passages[0].row in rows
    if len(windows) < most:
        assert set(rows) == {passage.row for passage in passages}
    for window in windows:
        text = small.text(window.document_id, window.span)
        assert "\n\n" not in text
        assert len(text) <= 250 or len(window.passages) == 1
        for passage in window.passages:
            assert window.span.contains(passage.span)


def test_the_reader_is_given_slices_of_the_document(small: SmallIndex) -> None:
    reading, reader = rereader(small, "May.")
    reading.reread(read("Who praised the patrols?", small.vocabulary), ranked(small, "patrols"), 3)
    ((question, windows),) = reader.asked
    assert question == "Who praised the patrols?"
    assert len(windows) == 3
    assert all(any(window in text for text in TEXTS.values()) for window in windows)


def test_an_answer_shows_first_what_the_reader_points_at(small: SmallIndex) -> None:
    reading, reader = rereader(small, "Lambeth.")
    answer = answering(small, reading).answer(Query("Where are the patrols?"))
    assert "Lambeth" in small.shown(answer)[0]
    assert len(reader.asked) == 1


def test_each_part_of_a_question_is_read_by_itself(small: SmallIndex) -> None:
    reading, reader = rereader(small, "May.")
    answering(small, reading).answer(
        Query("When do the patrols end? Where did officers stop people?")
    )
    assert [question for question, _ in reader.asked] == [
        "When do the patrols end",
        "Where did officers stop people",
    ]
    assert all(len(windows) <= 2 for _, windows in reader.asked)


def test_what_is_asked_for_as_the_newest_is_not_read(small: SmallIndex) -> None:
    reading, reader = rereader(small, "May.")
    answering(small, reading).answer(Query("latest on patrols"))
    assert reader.asked == []
