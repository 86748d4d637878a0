"""Which slices of a document can be shown alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.document import Document, Metadata
from corpus.quotations.extract import extract
from index.passages import passages
from index.standalone import leaning, sentence_span

if TYPE_CHECKING:
    from corpus.document import Span


def document(text: str, title: str | None = None) -> Document:
    return Document.of("one", Metadata("news", title), text)


def spans(one: Document, most: int = 450) -> list[Span]:
    found = extract(one.text)
    return [
        span
        for passage in passages(one)
        if (span := sentence_span(one, passage, [q for q in found if any(
            part.overlaps(passage.span) for part in q.spans)], most))
    ]  # fmt: skip


def shown(text: str, most: int = 450) -> list[str]:
    one = document(text)
    return [one.text_at(span) for span in spans(one, most)]


def test_headings_lines_and_pieces_are_no_sentences() -> None:
    text = "A heading of the day\n\nThe day began well. Too short.\n\nNew Scotland Yard\nLondon"
    assert shown(text) == ["The day began well."]


def test_a_sentence_that_is_the_title_is_left_out() -> None:
    assert (
        spans(document("The day began well.\n\nIt also ended well.", "The day began well."))
        == (spans(document("The day began well.\n\nIt also ended well."))[1:])
    )


OPEN = 'Commander Bas Javid said: "The party was not legal. It went on all night."'


def test_a_quotation_is_taken_to_its_closing_mark_where_it_fits() -> None:
    assert shown(OPEN)[0] == OPEN


def test_and_else_only_words_between_the_marks_are_taken() -> None:
    assert shown(OPEN, most=60) == ["The party was not legal.", "It went on all night."]


def test_a_quotation_of_several_paragraphs_is_never_cut_in_its_marks() -> None:
    text = (
        "Commander Bas Javid said: “The party was not legal.\n\n“Our officers went to the party."
        "\n\n“We will be there again.”"
    )
    assert shown(text) == [
        "The party was not legal.",
        "Our officers went to the party.",
        "“We will be there again.”",
    ]


def test_a_mark_that_nobody_opened_is_not_shown() -> None:
    assert shown("A letter to them all” was sent. The day began well.") == ["The day began well."]


@pytest.mark.parametrize(
    ("text", "speaker", "expected"),
    [
        ("He said that it was over.", False, 1.0),
        ("He said that it was over.", True, 0.5),
        ("“This is in direct response to concerns.", False, 1.0),
        ("However, the mayor is clear.", False, 0.5),
        ("As a result, there are more officers.", False, 0.5),
        ("It is expected that the disorder will go on.", False, 0.0),
        ("Theirs is the street.", False, 0.0),
        ("Ken Marsh said that it was over.", False, 0.0),
    ],
)
def test_what_leans_on_the_sentence_before(text: str, speaker: bool, expected: float) -> None:
    assert leaning(text, has_speaker=speaker) == expected
