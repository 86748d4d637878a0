"""What has become of words in a later version."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Document, Metadata, Span
from index.revision import restated, whole_sentences

OLD = (
    "Twenty officers were hurt. The party was illegal.\n\n"
    "“We cannot accept it,” Mr Javid said. He thanked them."
)


def document(text: str) -> Document:
    return Document.of("a", Metadata("news"), text)


def now(words: str, later: str, earlier: str = OLD) -> tuple[str | None, bool]:
    start = earlier.index(words)
    found = restated(document(earlier), Span(start, start + len(words)), document(later))
    assert found.document.text == later
    text = None if found.span is None else found.document.text_at(found.span)
    return text, found.is_same


def test_sentences_that_are_there_to_the_letter_are_the_same() -> None:
    assert now("officers", "A new beginning. " + OLD) == ("Twenty officers were hurt.", True)


def test_of_repeated_sentences_the_nearest_is_meant() -> None:
    text = "No comment. Ask us. Thanks. No comment."
    start = text.rindex("No comment.")
    found = restated(document(text), Span(start, start + 2), document(text))
    assert (found.span, found.is_same) == (Span(start, start + len("No comment.")), True)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ("Thirty officers were hurt.", "Thirty officers were hurt."),
        ("No more than twenty officers were hurt.", "No more than twenty officers were hurt."),
        ("Twenty officers were hurt, one of them badly.",
         "Twenty officers were hurt, one of them badly."),
    ],
)  # fmt: skip
def test_changed_words_are_shown_as_whole_sentences(later: str, expected: str) -> None:
    text = OLD.replace("Twenty officers were hurt.", later)
    assert now("officers were hurt", text) == (expected, False)


def test_words_that_stand_while_their_sentence_changed_are_not_the_same() -> None:
    text = OLD.replace("The party was", "Nobody says that the party was")
    assert now("party was illegal", text) == ("Nobody says that the party was illegal.", False)


def test_words_that_were_taken_out_are_nowhere() -> None:
    assert now("The party was illegal.", OLD.replace(" The party was illegal.", "")) == (
        None,
        False,
    )


def test_marks_alone_are_no_words() -> None:
    assert now("“", "Something else.") == (None, False)


def test_white_space_is_widened_to_nothing() -> None:
    assert whole_sentences(document("One. \n\n Two."), Span(5, 6)) == Span(5, 6)


def test_a_span_beyond_the_text_is_refused() -> None:
    with pytest.raises(ValueError, match="ends beyond the text"):
        restated(document("One."), Span(0, 9), document("One."))


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60), st.data())
def test_what_is_found_is_a_slice_of_the_later_text(
    earlier: str, later: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(earlier) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(earlier))))
    found = restated(document(earlier), span, document(later))
    assert found.span is None or found.span.end <= len(later)
    if found.is_same:
        assert found.span is not None
        assert earlier[span.start : span.end] in found.document.text_at(found.span)
