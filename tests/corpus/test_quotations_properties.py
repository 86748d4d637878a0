"""What holds of extraction whatever the text is."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.quotations.extract import extract

if TYPE_CHECKING:
    from corpus.document import Span
    from corpus.quotations.types import Quotation

# Marks, words that matter and breakers of text, so that chance finds what matters.
PIECES = st.sampled_from(
    (
        *('"', "“", "”", "'", "‘", "’", "«", "»", "„", "\n", "\n\n", "\r\n", "\r", " ", "  "),
        *(".", ",", ":", "?", "—", "- ", "\x00", "\u202e", "\ud800", "\u2028", "é", "A.", "Mr"),
        *("Commander Ada Brook", "Ms Brook", "Sir Tom", "Tom Vale", "the mayor of Leeds", "who"),
        *("He", "she", "said", "told", "according to", "a spokesman for", "we will not", "it’s"),
        *("officers'", "’em", "6'2\""),
    )
)
SOUP = st.lists(PIECES | st.text(max_size=6), max_size=60).map("".join)
SPEECH = st.sampled_from(
    ("we will not stop", "nobody was hurt", "it is under way", "this was wrong", "thank you all")
)
NAMES = st.sampled_from(("Ada Brook", "Tom Vale", "Commander Jo Lund", "Sir Ian Marr"))


@st.composite
def articles(draw: st.DrawFn) -> str:
    """A plausible article in straight double marks."""
    forms = (
        '{name} said: "{one}."',
        '"{one}," said {name}.',
        '"{one}," {name} said. "{two}."',
        '{name} said that the plan was "{one}" and "{two}".',
        'The so-called "{one}" went on.',
        'It was "{one}.',
        '"{one}.\n\n"{two}."',
    )
    paragraphs = []
    for form in draw(st.lists(st.sampled_from(forms), max_size=6)):
        words = {"name": draw(NAMES), "one": draw(SPEECH), "two": draw(SPEECH)}
        paragraphs.append(form.format(**words))
    return "\n\n".join(paragraphs)


def all_spans(found: tuple[Quotation, ...]) -> list[Span]:
    return sorted(span for quotation in found for span in quotation.spans)


@given(SOUP)
def test_any_text_gives_spans_in_range_ordered_and_disjoint(text: str) -> None:
    found = extract(text)
    spans = all_spans(found)
    assert all(span.end <= len(text) for span in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))
    starts = [quotation.spans[0].start for quotation in found]
    assert starts == sorted(starts)
    for quotation in found:
        assert list(quotation.spans) == sorted(quotation.spans)
        assert 0 <= quotation.confidence <= 1
        for span in (quotation.speaker_span, quotation.cue_span):
            assert span is None or span.end <= len(text)


@given(SOUP)
def test_no_span_has_blanks_or_double_marks_at_its_ends(text: str) -> None:
    for span in all_spans(extract(text)):
        words = text[span.start : span.end]
        assert words == words.strip()
        assert any(char.isalnum() or char == "_" for char in words)


def moved(found: tuple[Quotation, ...], by: dict[int, int]) -> list[object]:
    """Everything that was found, with offsets mapped."""

    def span(old: Span | None) -> object:
        return None if old is None else (by[old.start], by[old.end])

    return [
        (
            tuple(span(old) for old in q.spans),
            q.kind,
            q.speaker,
            span(q.speaker_span),
            span(q.cue_span),
            q.confidence,
        )
        for q in found
    ]


def same_offsets(text: str) -> dict[int, int]:
    return {at: at for at in range(len(text) + 1)}


@given(articles())
def test_carriage_returns_move_offsets_and_nothing_else(text: str) -> None:
    returned = text.replace("\n", "\r\n")
    by = {at: at + text[:at].count("\n") for at in range(len(text) + 1)}
    assert moved(extract(text), by) == moved(extract(returned), same_offsets(returned))


@given(articles(), st.integers(1, 4))
def test_paragraphs_before_move_offsets_and_nothing_else(text: str, count: int) -> None:
    before = "the weather stayed as it had been all week, dry and bright.\n\n" * count
    by = {at: at + len(before) for at in range(len(text) + 1)}
    longer = before + text
    assert moved(extract(text), by) == moved(extract(longer), same_offsets(longer))


def curled(text: str) -> str:
    """The same text in curly marks: opening after a blank or at the start, closing elsewhere."""
    found = []
    for at, char in enumerate(text):
        opens = at == 0 or text[at - 1].isspace()
        found.append(("“" if opens else "”") if char == '"' else char)
    return "".join(found)


@given(articles())
def test_straight_and_curly_marks_are_alike(text: str) -> None:
    by = same_offsets(text)
    assert moved(extract(text), by) == moved(extract(curled(text)), by)


@given(articles(), st.data())
def test_one_mark_less_never_swallows_another_paragraph(text: str, data: st.DataObject) -> None:
    marks = [at for at, char in enumerate(text) if char == '"']
    if marks:
        lost = data.draw(st.sampled_from(marks))
        text = text[:lost] + text[lost + 1 :]
    for span in all_spans(extract(text)):
        assert "\n\n" not in text[span.start : span.end]


@pytest.mark.parametrize(
    "text",
    [
        '"' * 100_000,
        '" ' * 50_000,
        "'a " * 50_000,
        ' "a' * 20_000,
        '"a\nb ' * 15_000,
        '"a b' + "\nc d" * 200_000,
        "A-" * 200_000 + '"x"',
        "A " * 200_000 + '"x"',
        "A. B. " * 100_000 + '"x"',
        'Ada Vale said "yes" ' * 5_000,
        ' "yes" and then' * 10_000,
        "".join(f'Ab{chr(97 + at % 26)}{at % 97} Vale said "no".\n\n' for at in range(10_000)),
        "." * 300_000 + '"x"',
        "\n" * 300_000 + '"x"',
        ", " * 300_000 + '"x"',
    ],
    ids=range(15),
)
def test_no_shape_of_text_takes_more_than_its_length(text: str) -> None:
    started = time.process_time()
    extract(text)
    # Linear work takes a second or two; work that grew with the square would take minutes.
    assert time.process_time() - started < 30
