"""What holds of the units of any text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import first_sentence, paragraphs, units

# Texts of the pieces that decide where sentences end are likelier to be hard than any letters.
PIECES = [
    "a", "The Met", "officers", "Mr.", "e.g.", "J.", "said", "20", "£5", ".", "?", "!", "…", "...",
    "“", "”", '"', "'", "’", ")", "(", ":", " ", "  ", "\n", "\n\n", "\r\n", "\r\n\r\n", "\t", "- ",
    "• ", "1. ", "(2) ", "\u2003", "\x0b", "\x1c", "\x85", "\u2028", "é", "É", "🚔", "\u0301", "\0",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text()
BETWEEN = re.compile(r"(?:\s*(?:[-*•–]|\(?\d{1,3}[.)])(?=\s))*\s*")


@given(TEXTS)
def test_units_are_in_order_disjoint_in_range_and_have_no_white_space_at_their_ends(
    text: str,
) -> None:
    end = 0
    for unit in units(text):
        assert end <= unit.span.start < unit.span.end <= len(text)
        words = text[unit.span.start : unit.span.end]
        assert words == words.strip()
        end = unit.span.end


@given(TEXTS)
def test_units_cover_all_but_white_space_and_bullets(text: str) -> None:
    end = 0
    for start, next_end in [(u.span.start, u.span.end) for u in units(text)] + [(len(text), 0)]:
        assert BETWEEN.fullmatch(text, end, start), text[end:start]
        end = next_end


@given(TEXTS)
def test_paragraphs_hold_whole_units_and_never_part_them(text: str) -> None:
    spans = list(paragraphs(text))
    for unit in units(text):
        assert sum(span.contains(unit.span) for span in spans) == 1


@given(TEXTS)
def test_paragraph_numbers_count_up_from_zero(text: str) -> None:
    numbers = [unit.paragraph for unit in units(text)]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(len(set(numbers))))


@given(TEXTS, TEXTS)
def test_a_paragraph_added_before_only_moves_the_units(before: str, text: str) -> None:
    before, text = f"{before.strip()}\n\n", text.strip()
    shifted = [
        (unit.span.start - len(before), unit.span.end - len(before), unit.kind)
        for unit in units(before + text)
        if unit.span.start >= len(before)
    ]
    assert shifted == [(unit.span.start, unit.span.end, unit.kind) for unit in units(text)]


@given(TEXTS)
def test_the_same_text_is_always_split_the_same(text: str) -> None:
    assert units(text) == units(text)


@given(TEXTS)
def test_the_first_sentence_is_a_unit_or_there_is_none(text: str) -> None:
    first = first_sentence(text)
    assert (first is None) == (not units(text))
    assert first is None or first in {unit.span for unit in units(text)}


LONG = {
    "one line": "word ",
    "full stops": ".",
    "full stops apart": ". ",
    "marks": "?!…",
    "closing quotes": '."',
    "quotes": '"',
    "short sentences": "Ab. ",
    "speech": '?" Ab ',
    "spaces": " ",
    "lines": "x\n",
    "line ends": "\n \r",
    "bullets": "\n- x",
    "numbers": "\n1. ",
    "colons": "Ab: ",
    "initials": "A.",
}


def seconds(text: str) -> float:
    """The least time of three, so that somebody else's work on the machine is not measured."""
    times = []
    for _ in range(3):
        start = time.process_time()
        units(text)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
@pytest.mark.timeout(60)
def test_time_grows_with_length_and_not_with_its_square(piece: str) -> None:
    """Eight times as long: eight times the time, where a square would be sixty-four."""
    short, long = (f"x{piece * (size // len(piece))}x" for size in (4_000, 32_000))
    assert seconds(long) < 30 * max(seconds(short), 0.001)


@pytest.mark.parametrize("piece", ["word ", ".", " "])
@pytest.mark.timeout(60)
def test_a_megabyte_is_split(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert units(text)[-1].span.end == len(text.rstrip()) if text.strip() else not units(text)
