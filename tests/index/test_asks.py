"""What a question asks for, and where a passage holds such a thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.asks import Asks, asked, evidence, evidence_spans, is_open


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many officers were hurt?", Asks.HOW_MANY),
        ("how much did it cost", Asks.HOW_MANY),
        ("howmany officers", Asks.HOW_MANY),
        ("How many people who saw it spoke?", Asks.HOW_MANY),
        ("what percentage of arrests", Asks.HOW_MANY),
        ("WHEN was it?", Asks.WHEN),
        ("What year was it?", Asks.WHEN),
        ("Who said that?", Asks.WHO),
        ("Whose fault was it?", Asks.WHO),
        ("Which officer spoke?", Asks.WHO),
        ("Where did they go?", Asks.WHERE),
        ("In which borough?", Asks.WHERE),
        ("Why were they armed?", Asks.WHY),
        ("how come they left", Asks.WHY),
        ("the reasons for it", Asks.WHY),
        ("What did the Met say?", None),
        ("armed patrols", None),
        ("whenever", None),
        ("", None),
    ],
)
def test_the_form_of_a_question_says_what_it_asks_for(question: str, kind: Asks | None) -> None:
    assert asked(question) is kind


@pytest.mark.parametrize(
    ("kind", "holds", "lacks"),
    [
        (Asks.HOW_MANY, "More than 20 officers.", "Some officers."),
        (Asks.HOW_MANY, "Three men were there.", "Threes men"),
        (Asks.WHEN, "It was on Thursday.", "It was there."),
        (Asks.WHEN, "It was in 2009.", "It was number 3009."),
        (Asks.WHO, "It was the mayor, Sadiq Khan.", "The police left."),
        (Asks.WHO, "Ken Marsh spoke.", "The police spoke."),
        (Asks.WHERE, "They met in Brixton.", "They met there."),
        (Asks.WHERE, "They met near the Angell Town estate.", "They met near the estate."),
        (Asks.WHY, "They left because it was late.", "They left."),
    ],
)
def test_a_passage_suits_when_it_holds_something_of_the_kind(
    kind: Asks, holds: str, lacks: str
) -> None:
    assert evidence(kind, holds)
    assert not evidence(kind, lacks)


@pytest.mark.parametrize(
    ("kind", "passage", "marked"),
    [
        (Asks.HOW_MANY, "more than 20 officers were hurt", ["more than 20 officers"]),
        (Asks.HOW_MANY, "£1,300 and 38% of 13,193", ["£1,300 and", "38% of", "13,193"]),
        (Asks.HOW_MANY, "Six dangerous men, a 15-year-old", ["Six dangerous", "15-year"]),
        (Asks.HOW_MANY, "one hundred experienced officers", ["one hundred experienced"]),
        (Asks.WHEN, "on Wednesday night", ["Wednesday night"]),
        (Asks.WHEN, "on 26th June 2020 and in 2009", ["26th June 2020", "2009"]),
        (Asks.WHEN, "at noon", []),
        (Asks.WHO, "Ken Marsh spoke.", []),
        (Asks.WHY, "because it was late", []),
    ],
)
def test_what_may_itself_be_the_answer_is_marked(
    kind: Asks, passage: str, marked: list[str]
) -> None:
    assert [passage[start:end] for start, end in evidence_spans(kind, passage)] == marked


@given(st.sampled_from(Asks), st.text() | st.from_regex(r"([0-9£% ,.-]|one |June |Monday )*"))
def test_marks_are_in_order_disjoint_and_inside_any_passage(kind: Asks, passage: str) -> None:
    end = 0
    for start, stop in evidence_spans(kind, passage):
        assert end <= start < stop <= len(passage)
        end = stop


@pytest.mark.parametrize(
    ("question", "is_so"),
    [
        ("What did the Met say about armed patrols?", True),
        ("what has Cressida Dick said publicly about guns", True),
        ("What was said about knife crime?", True),
        ("What did the Met say would not become routine?", False),
        ("How many officers does the Met say were hurt?", False),
        ("What is the Met about to do?", False),
    ],
)
def test_a_question_for_whatever_was_said_is_open(question: str, is_so: bool) -> None:
    assert is_open(question) is is_so
