"""What a question wants to be told, and where a text has such a thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.wanted import Wanted, things, wanted
from index.words import words


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many officers were hurt?", Wanted.COUNT),
        ("number of people arrested", Wanted.COUNT),
        ("How old was the victim?", Wanted.AGE),
        ("What age is he?", Wanted.AGE),
        ("How long was he jailed for?", Wanted.DURATION),
        ("How many years did he get?", Wanted.DURATION),
        ("How much did the operation cost?", Wanted.MONEY),
        ("How big is the fine?", Wanted.MONEY),
        ("By what percentage did it fall?", Wanted.SHARE),
        ("What proportion of them?", Wanted.SHARE),
        ("How far did they run?", Wanted.SIZE),
        ("What time did it end?", Wanted.CLOCK),
        ("Which day was it?", Wanted.DAY),
        ("What's the date on the letter?", Wanted.DAY),
        ("What year was it?", Wanted.YEAR),
        ("When was it?", Wanted.TIME),
        ("How long ago was it?", Wanted.TIME),
        ("Where was it?", Wanted.PLACE),
        ("Which borough was it in?", Wanted.PLACE),
        ("Who said that?", Wanted.NAME),
        ("and to whom", Wanted.NAME),
        ("What is the name of the man?", Wanted.NAME),
        ("What's the takeaway called?", Wanted.NAME),
        ("Why did they leave?", Wanted.REASON),
        ("What sentence did the man who ran receive?", None),
        ("What did the Met say?", None),
        ("armed patrols", None),
        ("", None),
    ],
)
def test_a_question_says_what_it_wants(question: str, kind: Wanted | None) -> None:
    assert wanted(question)[0] is kind


def test_what_is_counted_follows_the_words_that_ask() -> None:
    question = "So how many officers were hurt?"
    assert wanted(question) == (Wanted.COUNT, question.index(" officers"))


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (Wanted.COUNT, "More than 20 of them, and three dogs.", ["20", "three"]),
        (Wanted.COUNT, "In 2020, on 3rd June.", []),
        (
            Wanted.AGE,
            "Derek, 53 from Stoke Newington, and a 15-year-old boy",
            [", 53", "15-year-old"],
        ),
        (Wanted.AGE, "20 officers", []),
        (
            Wanted.DURATION,
            "jailed for 21 years, over three decades ago",
            ["21 years", "three decades"],
        ),
        (Wanted.DURATION, "will go on into September", ["into September"]),
        (Wanted.MONEY, "It cost £1.3 million.", ["£1.3"]),
        (Wanted.MONEY, "It cost 13 officers.", []),
        (Wanted.SHARE, "a 38% reduction, and half of them", ["38%", "half"]),
        (Wanted.SIZE, "They ran 30 metres.", ["30 metre"]),
        (Wanted.CLOCK, "at 9.30pm or at midnight", ["9.30pm", "midnight"]),
        (Wanted.DAY, "on Tuesday, 09/08/2024", ["Tuesday", "09/08/2024"]),
        (Wanted.YEAR, "the summer of 2011, 3009 people", ["2011"]),
        (Wanted.TIME, "in the early hours of Thursday", ["early hours", "Thursday"]),
        (Wanted.NAME, "said Ken Marsh on Wednesday", ["Ken Marsh"]),
        (Wanted.NAME, "The police left. They're gone.", []),
        (Wanted.PLACE, "in Croydon on Thursday", ["in Croydon"]),
        (Wanted.REASON, "because it was late", ["because"]),
    ],
)
def test_things_of_a_kind_are_found_by_their_form(
    kind: Wanted, text: str, found: list[str]
) -> None:
    places = things(kind, text, frozenset())
    shown = [text[start:end] for start, end in places]
    if kind is Wanted.NAME:
        shown = [" ".join(shown)] if shown else []
    assert shown == found


def test_what_the_question_has_itself_is_no_answer() -> None:
    given = frozenset(word.stem for word in words("How many of the 1,300 people were in Croydon"))
    assert things(Wanted.COUNT, "1300 went and 20 left", given) == ((14, 16),)
    assert things(Wanted.PLACE, "in Croydon, in Sutton", given) == ((12, 21),)


@given(st.sampled_from(Wanted), st.text())
def test_things_are_in_order_disjoint_and_inside_any_text(kind: Wanted, text: str) -> None:
    end = 0
    for start, stop in things(kind, text, frozenset()):
        assert end <= start < stop <= len(text)
        end = stop
