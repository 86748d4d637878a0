"""Questions for the newest: which they are, and the order of what they find."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import PartialDate
from index.answer import AnswerSettings
from index.recency import asks_newest, newest, recency, without_newest
from index.types import Outcome, Query
from tests.small_index import document, index_of

if TYPE_CHECKING:
    from pathlib import Path

    from index.types import Answer
    from tests.small_index import SmallIndex

ANYTHING = AnswerSettings(answered_at=0.0, related_at=0.0)
_DATES = st.builds(
    lambda day, precision: PartialDate(
        day.year,
        day.month if precision > 0 else None,
        day.day if precision > 1 else None,
    ),
    st.dates(),
    st.integers(0, 2),
)


@pytest.mark.parametrize(
    "question",
    [
        "What's the latest on knife crime?",
        "the most recent statement about Notting Hill Carnival",
        "newest figures for arrests",
        "Who is the current commissioner?",
        "who currently leads the Met",
        "What does the Met say now about armed patrols?",
        "are there armed patrols today?",
        "any RECENT arrests in Brixton",
        "are officers nowadays armed?",
        "how many officers are there at the moment?",
    ],
)
def test_these_ask_for_the_newest(question: str) -> None:
    assert asks_newest(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who was hurt in Brixton?",
        "What did they know about the rave in 2020?",
        "they must reply by Friday at the latest",
        "what changed now that raves are illegal",
        "it happens every now and then",
        "what had been said until now",
        "I have fed this starter for two weeks now",
        "did USA Today report on it?",
        "who knows currents and snowfalls",
    ],
)
def test_these_do_not(question: str) -> None:
    assert not asks_newest(question)
    assert without_newest(question) == question


def test_the_words_that_ask_for_it_are_not_searched_for() -> None:
    assert without_newest("What is the latest on knife crime now?") == "What is on knife crime ?"
    assert without_newest("latest?") == "latest?"


def test_dates_are_compared_as_far_as_they_are_known() -> None:
    parsed = map(PartialDate.parse, ("2020", "2019-12-31", "2020-06", "2020-06-26", "2021"))
    ordered = sorted([*parsed, None], key=recency)
    assert [one and str(one) for one in ordered] == [
        "2021", "2020-06-26", "2020-06", "2020", "2019-12-31", None,
    ]  # fmt: skip


@given(st.lists(st.none() | _DATES))
def test_the_newest_is_the_first_in_order(dates: list[PartialDate | None]) -> None:
    found = newest(dates)
    assert found == (min(dates, key=recency) if dates else None)
    assert (found is None) == all(one is None for one in dates)


def asked(index: SmallIndex, question: str, **options: date | int) -> Answer:
    return index.answer(Query(question, **options))  # type: ignore[arg-type]


@pytest.fixture
def carnivals(tmp_path: Path) -> SmallIndex:
    return index_of(
        tmp_path,
        [
            document("y2019", "There were 386 arrests at the carnival.", published="2019-08-26"),
            document("y2024", "Police made 349 arrests at the carnival.", published="2024-08-27"),
            document("undated", "Some arrests at the carnival were made early."),
            document("y2022", "Officers made 209 arrests at the carnival.", published="2022"),
            document("rugby", "Fans of rugby leave their bags at home.", published="2025-02-01"),
        ],
        settings=ANYTHING,
    )


def test_the_newest_of_what_is_relevant_comes_first(carnivals: SmallIndex) -> None:
    answer = asked(carnivals, "What are the latest arrests at the carnival?")
    found = [excerpt.document_id for excerpt in answer.excerpts]
    assert found == ["y2024", "y2022", "y2019", "undated"]
    assert answer.by_date
    assert (answer.undated, str(answer.newest)) == (1, "2024-08-27")


def test_any_other_question_is_ordered_by_relevance(carnivals: SmallIndex) -> None:
    answer = asked(carnivals, "arrests at the carnival")
    assert not answer.by_date
    assert answer.undated == 0
    scores = [excerpt.score for excerpt in answer.excerpts]
    assert scores == sorted(scores, reverse=True)


def test_a_date_filter_holds_as_well(carnivals: SmallIndex) -> None:
    answer = asked(carnivals, "latest arrests at the carnival", until=date(2023, 1, 1))
    assert [excerpt.document_id for excerpt in answer.excerpts] == ["y2022", "y2019"]
    assert (answer.undated, answer.undated_left_out) == (0, 1)


def test_nothing_relevant_is_nothing(tmp_path: Path) -> None:
    index = index_of(tmp_path, [])
    answer = asked(index, "latest arrests")
    assert answer.outcome is Outcome.NOTHING
    assert (answer.excerpts, answer.newest, answer.undated) == ((), None, 0)


def test_the_newest_is_found_behind_many_better_ones(tmp_path: Path) -> None:
    """More old documents match well than are ranked at all; the new one matches less well."""
    old = [
        document(f"old-{n}", f"Arrests at the carnival: {n} arrests.", published="2001-02-03")
        for n in range(100)
    ]
    new = document("new", "There were arrests in the night of the carnival.", published="2024")
    index = index_of(tmp_path, [*old, new], settings=ANYTHING)
    plain = asked(index, "arrests carnival", limit=10)
    assert "new" not in {excerpt.document_id for excerpt in plain.excerpts}
    assert asked(index, "latest arrests carnival").excerpts[0].document_id == "new"


def test_the_latest_day_there_is_ends_the_search(tmp_path: Path) -> None:
    last = document("last", "Arrests at the carnival.", published="9999-12-31")
    index = index_of(tmp_path, [last], settings=ANYTHING)
    assert asked(index, "latest arrests").excerpts[0].document_id == "last"
