"""Questions that were not answered, without anybody's name."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from bot.state.unanswered import Feedback, Unanswered, as_csv, normalised
from index.types import Outcome
from tests.bot.state.conftest import DAY

if TYPE_CHECKING:
    from bot.state import State
    from tests.bot.state.conftest import Clock

FIRST, NEXT = date(2023, 11, 14), date(2023, 11, 15)


def test_questions_are_counted_by_server_and_outcome(state: State, clock: Clock) -> None:
    for question in ("Who  was hurt?", "who was hurt", "WHO WAS HURT?!"):
        state.questions.count(question, Outcome.NOTHING, 5)
        clock.now += DAY / 2
    state.questions.count("who was hurt", Outcome.RELATED, 5)
    state.questions.count("where?", Outcome.NOTHING, 50)
    state.questions.count("when?", Outcome.NOTHING, None)
    assert state.questions.listed(5) == (
        Unanswered("who was hurt", Outcome.NOTHING, 3, FIRST, NEXT),
        Unanswered("who was hurt", Outcome.RELATED, 1, date(2023, 11, 16), date(2023, 11, 16)),
    )
    assert [one.question for one in state.questions.listed(None)] == ["when"]
    assert state.questions.listed(5, since=NEXT)[0].count == 2


def test_questions_of_any_length_and_any_characters_are_counted(state: State) -> None:
    for _ in range(2):
        state.questions.count("\0\ud800" + "👮" * 6_000, Outcome.NOTHING, 5)
    assert [one.count for one in state.questions.listed(5)] == [2]


def test_a_question_of_mentions_alone_is_none(state: State) -> None:
    state.questions.count(" <@123> <@!123> <@&5> ?", Outcome.NOTHING, 5)
    assert state.questions.listed(5) == ()


def test_no_mention_of_anybody_is_kept(state: State) -> None:
    state.questions.count("did <@123456> ask @Ann about <#9>", Outcome.NOTHING, 5)
    state.questions.unhelpful("who?", Outcome.ANSWERED, "ask <@!123456>", 5)
    assert state.questions.listed(5)[0].question == "did ask ann about"
    assert state.questions.reasons(5) == (Feedback("who", Outcome.ANSWERED, "ask", FIRST),)
    assert state.questions.reasons(None) == ()


@given(st.text())
def test_normalising_twice_is_normalising_once(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


def test_no_cell_of_the_csv_is_a_formula() -> None:
    listed = [
        Unanswered('=HYPERLINK("a", "b")', Outcome.NOTHING, 2, FIRST, NEXT),
        Unanswered("a, “b”\n👮", Outcome.RELATED, 1, FIRST, FIRST),
    ]
    text = as_csv(listed)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:], newline="")))
    assert rows == [
        ["question", "outcome", "count", "first", "last"],
        ['\'=HYPERLINK("a", "b")', "nothing", "2", "2023-11-14", "2023-11-15"],
        ["a, “b”\n👮", "related", "1", "2023-11-14", "2023-11-14"],
    ]
