"""What holds of every answer, whatever is asked: the one promise of the project."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import InputError
from index.answer import AnswerSettings
from index.passages import passages
from index.types import Outcome, Query
from index.words import words
from tests.conftest import STARTER
from tests.small_index import SmallIndex, document, index_of

if TYPE_CHECKING:
    from corpus.document import Document
    from index.types import Answer

WORDS = sorted(
    {word.form for path in STARTER.glob("*.md") for word in words(path.read_text("utf-8"))}
)
FILLERS = ["who", "how many", "when was", "?", "and what did", "in 2020", "coppers", "Brixtn", "🚔"]
QUESTIONS = st.lists(st.sampled_from(WORDS) | st.sampled_from(FILLERS), min_size=1, max_size=14)

# Each example is a search or two; a hundred of every kind would take half a minute.
SOME = settings(max_examples=40)


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory, starter_documents: dict[str, Document]
) -> SmallIndex:
    """The starter documents, with a copy of one and one of odd characters."""
    letter, *_ = (d for d in starter_documents.values() if d.metadata.kind == "letter")
    documents = [
        *starter_documents.values(),
        document("copy", letter.text, title=letter.metadata.title),
        document("odd", "Police\u2028ran 🚔 fast.\r\n\r\nOfficers: “naïve” e\u0301lan.\n- x\n- y"),
    ]
    return index_of(
        tmp_path_factory.mktemp("any"), documents, settings=AnswerSettings(answered_at=0.0)
    )


def checked(index: SmallIndex, query: Query) -> Answer:
    answer = index.answer(query)
    assert 0.0 <= answer.confidence <= 1.0
    assert len(answer.excerpts) <= query.limit
    assert (answer.outcome is Outcome.NOTHING) == (not answer.excerpts)
    return answer


@SOME
@given(QUESTIONS.map(" ".join))
def test_excerpts_are_whole_passages_of_one_paragraph_word_for_word(
    index: SmallIndex, question: str
) -> None:
    for excerpt in checked(index, Query(question, limit=8)).excerpts:
        given_text = index.documents[excerpt.document_id].text
        stored = index.catalogue.document(excerpt.document_id)
        shown = stored.text_at(excerpt.span)
        assert shown == given_text[excerpt.span.start : excerpt.span.end]
        assert shown == shown.strip() != ""
        assert shown != stored.metadata.title
        inside = [p for p in passages(stored) if p.span.overlaps(excerpt.span)]
        assert excerpt.span == inside[0].span.joined(inside[-1].span)
        assert len({p.paragraph for p in inside}) == 1


@SOME
@given(QUESTIONS.map(" ".join))
def test_no_two_excerpts_overlap_and_none_is_within_another(
    index: SmallIndex, question: str
) -> None:
    excerpts = checked(index, Query(question, limit=8)).excerpts
    for at, one in enumerate(excerpts):
        for other in excerpts[:at]:
            assert one.document_id != other.document_id or not one.span.overlaps(other.span)
            assert index.text(one.document_id, one.span) not in index.text(
                other.document_id, other.span
            )


@SOME
@given(QUESTIONS.map(" ".join))
def test_highlights_are_words_inside_in_order_and_apart(index: SmallIndex, question: str) -> None:
    for excerpt in checked(index, Query(question)).excerpts:
        end = excerpt.span.start - 1
        for highlight in excerpt.highlights:
            assert excerpt.span.contains(highlight)
            assert end < highlight.start
            text = index.text(excerpt.document_id, highlight)
            assert text == text.strip()
            end = highlight.end


@SOME
@given(QUESTIONS.map(" ".join))
def test_quotations_are_those_of_the_document_that_overlap(
    index: SmallIndex, question: str
) -> None:
    for excerpt in checked(index, Query(question)).excerpts:
        everything = index.catalogue.quotations(excerpt.document_id)
        expected = [q for q in everything if any(s.overlaps(excerpt.span) for s in q.spans)]
        assert list(excerpt.quotations) == expected


@SOME
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=10).map(" ".join))
def test_of_a_single_question_the_best_come_first(index: SmallIndex, question: str) -> None:
    answer = checked(index, Query(question))
    scores = [excerpt.score for excerpt in answer.excerpts]
    assert answer.by_date or scores == sorted(scores, reverse=True)


@SOME
@given(QUESTIONS.map(" ".join))
def test_the_same_question_is_always_answered_the_same(index: SmallIndex, question: str) -> None:
    assert index.answer(Query(question)) == index.answer(Query(question))


@SOME
@given(st.text(min_size=1))
def test_anything_that_can_be_typed_is_answered_or_refused(
    index: SmallIndex, question: str
) -> None:
    with contextlib.suppress(InputError):
        checked(index, Query(question))
