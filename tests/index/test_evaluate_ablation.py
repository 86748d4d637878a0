"""Answers without one of their ingredients, from the index of the starter documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.document import Span
from index.answer import AnswerSettings
from index.evaluate import Gold, Judged, Question
from index.evaluate_ablation import (
    AROUND,
    DATES,
    DENSE,
    INGREDIENTS,
    LEXICAL,
    READER,
    SPEAKER,
    SPELLING,
    THESAURUS,
    Ingredient,
    figures,
    ingredients,
    without,
)
from index.evaluate_misses import misses
from index.fusion import CONFIDENCE_FEATURES, FEATURES
from index.types import Answer, Excerpt, Outcome, Query

if TYPE_CHECKING:
    from index.opened import OpenSnapshot

SETTINGS = AnswerSettings()


def first(answer: Answer, snapshot: OpenSnapshot) -> str:
    excerpt = answer.excerpts[0]
    return snapshot.document(excerpt.document_id).text_at(excerpt.span)


def test_ingredients_are_named_once_and_of_features_that_there_are() -> None:
    assert len({one.name for one in INGREDIENTS}) == len(INGREDIENTS)
    known = {*FEATURES, *CONFIDENCE_FEATURES}
    assert {name for one in INGREDIENTS for name in one.features} <= known


def test_a_reader_is_an_ingredient_where_there_is_one(starter: OpenSnapshot) -> None:
    assert (READER in ingredients(starter)) == (starter.reader is not None)


@pytest.mark.parametrize("left_out", INGREDIENTS, ids=lambda one: one.name)
def test_whatever_is_left_out_answers_are_slices_of_documents(
    starter: OpenSnapshot, left_out: Ingredient
) -> None:
    found = without(starter, SETTINGS, left_out)(Query("How many officers were hurt in Brixton?"))
    for excerpt in found.excerpts:
        assert excerpt.span.end <= len(starter.document(excerpt.document_id).text)
    assert 0.0 <= found.confidence <= 1.0


def test_with_nothing_left_out_the_answer_is_the_programs_own(starter: OpenSnapshot) -> None:
    query = Query("Who was injured in Brixton?")
    assert without(starter, SETTINGS, Ingredient("nothing"))(query) == starter.answer(query)


@pytest.mark.parametrize(
    ("left_out", "question"),
    [
        (DENSE, "Do the police reckon they can sort out violent crime by themselves?"),
        (LEXICAL, "armed response vehicles"),
        (SPELLING, "walthemstow protst vidio"),
        (THESAURUS, "how many rozzers got hurt in brixton"),
        (AROUND, "Which road was it on, in Brixton, on Wednesday night?"),
        (DATES, "what did police say in June 2020?"),
        (SPEAKER, "what did Valentine thank communities for?"),
    ],
    ids=lambda value: value.name if isinstance(value, Ingredient) else "",
)
def test_what_needs_an_ingredient_is_answered_otherwise_without_it(
    starter: OpenSnapshot, left_out: Ingredient, question: str
) -> None:
    query = Query(question)
    assert without(starter, SETTINGS, left_out)(query) != starter.answer(query)


def test_without_spelling_a_misspelt_name_is_not_found(starter: OpenSnapshot) -> None:
    query = Query("kamarr wiliams")
    assert "Kamar Williams" in first(starter.answer(query), starter)
    assert without(starter, SETTINGS, SPELLING)(query).confidence < starter.answer(query).confidence


GOLD = (Gold("one", Span(10, 20)),)


def judged(rank: int | None, kind: str, sure: float, outcome: Outcome) -> Judged:
    parts = (GOLD,) if kind == "plain" else ()
    answer = Answer(Query("text"), outcome, sure, ())
    return Judged(Question("q", "text", kind, parts), answer, (rank,) if parts else (), 0)


def test_figures_are_those_that_ingredients_are_compared_by() -> None:
    found = figures(
        "nothing",
        [
            judged(1, "plain", 0.9, Outcome.ANSWERED),
            judged(3, "plain", 0.4, Outcome.RELATED),
            judged(None, "near-miss", 0.6, Outcome.ANSWERED),
            judged(None, "out-of-domain", 0.1, Outcome.NOTHING),
        ],
    )
    assert (found.first, found.third) == (0.5, 1.0)
    assert (found.near_miss, found.out_of_domain) == (0.5, 1.0)
    assert (found.right, found.answered) == (0.5, 0.5)


LETTER = "letter-to-recovery-operators-on-disorder"


def missed(
    snapshot: OpenSnapshot, question: str, *gold: str, excerpts: tuple[Excerpt, ...], sure: float
) -> Judged:
    text = snapshot.document(LETTER).text
    spans = [Span(text.index(words), text.index(words) + len(words)) for words in gold]
    parts = tuple((Gold(LETTER, span),) for span in spans)
    answer = Answer(Query(question), Outcome.ANSWERED, sure, excerpts)
    return Judged(Question("q", question, "plain", parts), answer, (None,) * len(parts), 0)


def test_the_surest_misses_come_first_with_what_was_expected_and_what_came(
    starter: OpenSnapshot,
) -> None:
    wrong = Excerpt(LETTER, Span(0, 10), 1.0, (), ())
    words = "Notting Hill carnival is not that far away either."
    one = missed(starter, "violent disorder in London", words, excerpts=(wrong,), sure=0.4)
    other = missed(starter, "asteroid mining", excerpts=(), sure=0.8)
    found = misses([one, other], starter, 5)
    assert [miss.judged for miss in found] == [other, one]
    assert (found[0].expected, found[0].came) == (None, None)
    assert (found[1].expected, found[1].came) == (words, starter.document(LETTER).text[:10])
    for miss in found:
        values = [value for _, value in miss.decided]
        assert values == sorted(values, reverse=True)
        assert all(value > 0 for value in values)
        assert {name for name, _ in miss.decided} <= {*FEATURES, *CONFIDENCE_FEATURES}
    assert misses([one, other], starter, 1) == found[:1]


def test_a_question_that_was_answered_rightly_is_no_miss(starter: OpenSnapshot) -> None:
    right = Judged(Question("q", "x", "plain", (GOLD,)), starter.answer(Query("x")), (1,), 0)
    assert misses([right], starter, 5) == ()
