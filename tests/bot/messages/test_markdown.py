"""Text that Discord shows as it is, and the way back."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.messages.markdown import block_quote, block_quotes, escape, plain, shortened, unescape
from tests.bot.discord_syntax import HOSTILE, as_seen, live_forms, without_quote_marks

# Letters are few, so that the characters that Discord knows meet each other often.
_MARKUP = st.text(st.sampled_from("*_~|`[]()<>@#:/\\-+.!&? \n\t\ra1https")) | st.lists(
    st.sampled_from([*HOSTILE.values(), "\n", " ", "\\", "x"]), max_size=3
).map("".join)
# Nothing in them is live; what they must not do is change.
_ALREADY_DEAD = {"bidi", "zero-width", "controls", "shrug"}
_TEXTS = _MARKUP | st.text()


@st.composite
def highlighted(draw: st.DrawFn) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A text and disjoint, ordered, half-open spans of it."""
    text = draw(_TEXTS.filter(bool))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, tuple(pairs)


@given(_TEXTS)
@example("a\\*b\\\\")
def test_escaping_is_undone_exactly(text: str) -> None:
    assert unescape(escape(text)) == text
    assert as_seen(escape(text)) == text


@given(_TEXTS)
def test_no_text_stays_alive(text: str) -> None:
    assert live_forms(escape(text)) == {}


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_forms_are_alive_before_and_dead_after(form: str) -> None:
    """The model must know a form, or it proves nothing."""
    text = HOSTILE[form]
    if form not in _ALREADY_DEAD:
        assert live_forms(text), "the model does not know this form"
    assert live_forms(escape(text)) == {}
    assert as_seen(escape(text)) == text


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_forms_are_dead_in_a_quoted_block(form: str) -> None:
    block = block_quote(HOSTILE[form])
    assert live_forms(without_quote_marks(block)) == {}
    assert block_quotes(block) == (HOSTILE[form],)


@given(highlighted())
def test_blocks_are_read_back_whatever_is_highlighted(
    given_: tuple[str, tuple[tuple[int, int], ...]],
) -> None:
    text, highlights = given_
    assert block_quotes(block_quote(text, highlights)) == (text,)


@given(highlighted())
def test_bold_marks_are_the_only_markup(
    given_: tuple[str, tuple[tuple[int, int], ...]],
) -> None:
    text, highlights = given_
    inside = without_quote_marks(block_quote(text, highlights))
    unmarked = re.sub(r"(\\.)|\*\*", lambda found: found.group(1) or "", inside)
    assert unmarked == escape(text)
    assert inside.count("**") % 2 == 0 or "\\*" in inside


def test_what_is_highlighted_is_bold() -> None:
    assert block_quote("An armed patrol.", ((3, 8),)) == "> An **armed** patrol."
    assert block_quote("a-b [c]", ((0, 1), (5, 6))) == "> **a**-b \\[**c**\\]"


@pytest.mark.parametrize("text", ["2*3", "a_b", "c\\d", "`e`"])
def test_nothing_is_bold_beside_what_would_be_read_with_it(text: str) -> None:
    assert "**" not in block_quote(text, ((0, 1),))


def test_a_highlight_over_lines_is_left_plain() -> None:
    assert block_quote("one\ntwo", ((0, 7),)) == "> one\n> two"


def test_blocks_of_a_message_are_told_apart() -> None:
    message = "\n".join(("Heading", block_quote("one\n\ntwo"), "— who", block_quote("three"), "x"))
    assert block_quotes(message) == ("one\n\ntwo", "three")
    assert block_quotes("no quotation\n>none\nhere") == ()


def test_common_prose_is_left_alone() -> None:
    prose = "“It was – frankly – 9.30am: £1,300 (or more)!” he said; 50% of it's done."
    assert escape(prose) == prose


@given(st.text(), st.integers(10, 60))
def test_labels_are_one_line_and_short(text: str, most: int) -> None:
    line = shortened(text, most)
    assert len(line) <= most
    assert len(line.splitlines()) <= 1


def test_a_label_is_cut_at_a_word_and_says_so() -> None:
    assert shortened("a  short\nlabel", 20) == "a short label"
    assert shortened("one two three four five", 15) == "one two […]"


def test_a_label_cannot_turn_the_direction_of_what_follows() -> None:
    assert shortened("\u202egnihton\u2066 \u200fso", 50) == "gnihton so"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ('He said: **"It is over."**', 'He said: "It is over."'),
        ("> *It* is ~~not~~ ||over||", "It is not over"),
        ("5 * 3 * 2 and snake_case_word", "5 * 3 * 2 and snake_case_word"),
        (r"\*as it is\*", "*as it is*"),
    ],
)
def test_a_message_is_read_without_its_marks(message: str, shown: str) -> None:
    assert plain(message) == shown
