"""Boxes that one message has room for: words go in whole boxes, and what is said of them stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.messages.answers import MAX_EMBEDS_TOTAL, Embed, size
from bot.messages.excerpts import MAX_EMBEDS, fitting
from bot.messages.markdown import block_quotes

NOTE = "**This source was retracted on 26 June 2020; its words were taken out.**"
WORDS = "**This source was corrected; the words now read:**\n> " + "word " * 500


def box(description: str) -> Embed:
    return Embed(description, "letter 0–9", 0)


def test_what_became_of_a_source_is_said_where_its_words_do_not_fit() -> None:
    first, second, third = fitting([box(WORDS), box(WORDS), box(WORDS)])
    assert (first, second) == (box(WORDS), box(WORDS))
    assert third.description.startswith("**This source was corrected; the words now read:**\n")
    assert block_quotes(third.description) == ()
    assert "do not fit into this message" in third.description


def test_a_box_without_words_stays_as_it_is() -> None:
    *_, last = fitting([box(WORDS), box(WORDS), box(WORDS), box(NOTE)])
    assert last == box(NOTE)


@given(st.lists(st.sampled_from([NOTE, WORDS, f"> {'word ' * 200}"]), max_size=MAX_EMBEDS + 2))
def test_what_is_left_fits_and_shows_whole_blocks(descriptions: list[str]) -> None:
    boxes = [box(one) for one in descriptions]
    fitted = fitting(boxes)
    assert len(fitted) <= MAX_EMBEDS
    assert size(list(fitted)) <= MAX_EMBEDS_TOTAL
    for one, meant in zip(fitted, boxes, strict=False):
        assert block_quotes(one.description) in ((), block_quotes(meant.description))
