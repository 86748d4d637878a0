"""Documents as passages: by offsets, none blank, none too long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Span
from corpus.sentences import UnitKind, units
from index.passages import MAX_CHARACTERS, around, passages
from index.types import Passage
from tests.corpus.test_sentence_properties import TEXTS
from tests.small_index import document

LONG_TEXTS = st.lists(
    st.tuples(st.sampled_from(["x", "word ", " ", "a\n", ". ", "Ab. "]), st.integers(1, 400)),
    max_size=4,
).map(lambda pieces: "".join(piece * times for piece, times in pieces))


def spans(text: str) -> list[tuple[int, int]]:
    return [(p.span.start, p.span.end) for p in passages(document("one", text))]


def test_each_sentence_heading_and_block_of_lines_is_one_passage() -> None:
    text = "A title\n\nWell done: Police ran very fast indeed. They hid."
    assert passages(document("one", text), first_row=7) == (
        Passage(7, "one", 0, 0, Span(0, 7), is_sentence=False),
        Passage(8, "one", 1, 1, Span(9, 19), is_sentence=False),
        Passage(9, "one", 2, 1, Span(20, 48), is_sentence=True),
        Passage(10, "one", 3, 1, Span(49, 58), is_sentence=True),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y" * 1000, [(0, 1000)]),
        ("y" * 1001, [(0, 1000), (1000, 1001)]),
        ("x" * 2500 + " y.", [(0, 1000), (1000, 2000), (2000, 2503)]),
        ("w " * 600 + "end.", [(0, 999), (1000, 1204)]),
        ("a\n" * 600 + ".", [(0, 999), (1000, 1201)]),
        ("a" + " " * 3000 + "b", [(0, 1), (3001, 3002)]),
    ],
    ids=["fits", "one too many", "endless word", "words", "lines", "a gap"],
)
def test_a_unit_too_long_is_cut_at_white_space_or_inside_an_endless_word(
    text: str, expected: list[tuple[int, int]]
) -> None:
    assert spans(text) == expected


@given(TEXTS | LONG_TEXTS)
@settings(max_examples=50)
def test_passages_are_the_units_but_for_white_space_where_they_were_cut(text: str) -> None:
    found = passages(document("one", text))
    assert [p.ordinal for p in found] == list(range(len(found)))
    left = list(reversed(found))
    for unit in units(text):
        kept = ""
        while left and unit.span.contains(left[-1].span):
            passage = left.pop()
            kept += text[passage.span.start : passage.span.end]
            assert passage.paragraph == unit.paragraph
            assert passage.is_sentence == (unit.kind is UnitKind.SENTENCE)
        whole = text[unit.span.start : unit.span.end]
        assert re.sub(r"\s", "", kept) == re.sub(r"\s", "", whole)
    assert left == []


@given(TEXTS | LONG_TEXTS)
@settings(max_examples=50)
def test_no_passage_is_blank_too_long_or_over_another(text: str) -> None:
    end = 0
    for passage in passages(document("one", text)):
        assert end <= passage.span.start
        assert len(passage.span) <= MAX_CHARACTERS
        words = text[passage.span.start : passage.span.end]
        assert words == words.strip() != ""
        end = passage.span.end


def test_around_a_passage_are_its_neighbours() -> None:
    found = passages(document("one", "One. Two. Three. Four."))
    assert [around(found, at) for at in range(4)] == [
        Span(0, 9),
        Span(0, 16),
        Span(5, 22),
        Span(10, 22),
    ]


def test_around_the_only_passage_is_itself() -> None:
    found = passages(document("one", "One."))
    assert around(found, 0) == Span(0, 4)
