"""Plain signs that a passage answers, worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Span
from index.evidence import EVIDENCE, GROUPS, beside, evidence
from index.query import Term
from index.words import STOPWORDS, words


def seen(question: str, passage: str, *, near: str = "", speaker: str = "") -> dict[str, float]:
    terms = [Term((word.stem,)) for word in words(question) if word.form not in STOPWORDS]
    own = frozenset(word.stem for word in words(f"{passage} {speaker}"))
    around = own | {word.stem for word in words(near)}
    return evidence(question, terms, passage, f"{passage} {near}", own=own, around=around)


def test_every_sign_belongs_to_one_group_and_is_told() -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(EVIDENCE)
    assert tuple(seen("armed patrols", "Nobody came.")) == EVIDENCE


def test_what_is_asked_for_stands_in_the_passage_or_beside_it_or_nowhere() -> None:
    question = "How many officers were hurt?"
    here = seen(question, "More than 20 officers were hurt.")
    assert (here["wanted"], here["wanted_here"], here["wanted_beside"]) == (1.0, 1.0, 0.0)
    near = seen(question, "Officers were hurt.", near="There were 20.")
    assert (near["wanted_here"], near["wanted_beside"]) == (0.0, 1.0)
    nowhere = seen(question, "Officers were hurt.", near="It was late.")
    assert (nowhere["wanted_here"], nowhere["wanted_beside"]) == (0.0, 0.0)


def test_a_number_of_the_question_itself_answers_nothing() -> None:
    found = seen("How many of the 1,300 officers were hurt?", "There were 1300 officers.")
    assert found["wanted_here"] == 0.0


def test_a_question_that_wants_nothing_of_a_kind_has_no_signs_of_it() -> None:
    found = seen("armed patrols", "Three armed patrols in 2009.")
    assert all(found[name] == 0.0 for name in GROUPS["what is asked for"])


def test_a_number_counts_what_follows_it() -> None:
    question = "How many dogs were hurt?"
    assert seen(question, "Some 20 police dogs were hurt.")["counted"] == 1.0
    missed = seen(question, "Dogs came, and 20 officers were hurt.")
    assert (missed["counted"], missed["not_counted"]) == (0.0, 1.0)


def test_the_thing_is_the_closer_the_fewer_words_part_it_from_the_questions() -> None:
    question = "When was the party cleared?"
    close = seen(question, "The party was cleared on Thursday.")["wanted_close"]
    far = seen(
        question, "The party was cleared, which took them all of a very long time, on Thursday."
    )["wanted_close"]
    assert close == pytest.approx(1 - 2 / 8)
    assert far == 0.0


def test_the_share_of_dates_that_nothing_near_has_is_told() -> None:
    passage = "Officers met in Brixton in June, 20 of them."
    assert seen("Did 20 meet in Brixton in June?", passage)["date_lacking"] == 0.0
    assert seen("Did 30 meet in Croydon in July 2020?", passage)["date_lacking"] == 1.0
    found = seen("Did they meet in Croydon in June 2020?", passage, near="It was Croydon.")
    assert found["date_lacking"] == 0.5


@pytest.mark.parametrize(
    ("question", "differs"),
    [
        ("How many in the year ending March 2020?", ["date_differs"]),
        ("How many in the year ending May 2019?", ["date_differs"]),
        ("How many in the year ending March 2019?", []),
        # A day is no month, and a year no number.
        ("How many on a Monday?", []),
        ("Were 28 of them hurt?", ["number_differs"]),
        ("Were 31 of them hurt?", []),
        ("How many were hurt in Leeds?", ["name_differs"]),
        ("How many were hurt in London?", []),
    ],
)
def test_another_of_a_kind_in_the_place_of_one_of_the_questions_is_a_sign(
    question: str, differs: list[str]
) -> None:
    found = seen(question, "In London 31 were hurt in the year ending March 2019.")
    assert [name for name in GROUPS["others in their place"] if found[name]] == differs


def test_words_of_somebody_else_are_not_those_asked_for() -> None:
    question = "What did Priti Patel say about the party?"
    spoken = "It was a terrible party."
    assert seen(question, spoken, speaker="Sadiq Khan")["speaker_lacking"] == 1.0
    assert seen(question, spoken, speaker="Priti Patel")["speaker_lacking"] == 0.0
    assert seen("Was Priti Patel at the party?", spoken)["speaker_lacking"] == 0.0


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("what did sadiq khan say about Operation Venice", 0.0),
        ("What does the mayor think of it?", 0.0),
        ("According to Khan, was it terrible?", 0.0),
        ("what did bas javid say about it", 1.0),
        ("According to Ken Marsh, was it terrible?", 1.0),
        ("Did they say it?", 0.0),
        ("What did the Met say about it?", 0.0),
        ("according to the police, was it terrible", 0.0),
        ("What did the police minister say about it?", 1.0),
    ],
)
def test_a_speaker_is_known_by_any_word_of_the_name_or_office(
    question: str, lacking: float
) -> None:
    found = seen(question, "It was a terrible party.", speaker="Sadiq Khan mayor")
    assert found["speaker_lacking"] == lacking


def test_beside_is_of_the_same_paragraph_and_not_too_far() -> None:
    text = "Title\n\nOne. Two. Three.\n\nFour."
    two = Span(text.index("Two."), text.index("Two.") + 4)
    assert text[slice(*_ends(beside(text, two)))] == "One. Two. Three."
    long = "a" * 1000
    assert _ends(beside(long, Span(500, 510))) == (200, 810)


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


@given(st.text(), st.text(), st.text())
def test_every_sign_is_between_nothing_and_one(question: str, passage: str, near: str) -> None:
    assert all(0.0 <= value <= 1.0 for value in seen(question, passage, near=near).values())


@given(st.text(min_size=1), st.data())
def test_beside_holds_the_span_whatever_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    found = beside(text, span)
    assert found.start <= span.start < span.end <= found.end <= len(text)
