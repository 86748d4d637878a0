"""Our own questions to teach with: they are what they say, and none is one to measure with."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpus.sentences import units
from index.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.append(str(Path(__file__).parents[2] / "benchmarks" / "train"))

from own import Question, beside, developed, made_up, starter

EVALUATED = Path(__file__).parents[1] / "data" / "questions.jsonl"
QUESTIONS = Path(__file__).parents[2] / "benchmarks" / "train" / "questions"


@pytest.mark.parametrize("read", [made_up, beside, starter, developed])
def test_both_kinds_are_there_and_every_document_is_asked(
    read: Callable[[], tuple[dict[str, str], list[Question]]],
) -> None:
    texts, questions = read()
    answered = [spans for _, _, spans in questions if spans]
    assert len(questions) / 4 < len(answered) < len(questions) * 3 / 4
    assert {document for _, document, _ in questions} == set(texts)


@pytest.mark.parametrize(
    ("name", "read"), [("made", made_up), ("beside", beside), ("starter", starter)]
)
def test_an_answer_is_words_of_the_sentence_that_it_was_found_in(
    name: str, read: Callable[[], tuple[dict[str, str], list[Question]]]
) -> None:
    texts, questions = read()
    rows = lines(QUESTIONS / f"{name}.jsonl")
    for row, (text, document, spans) in zip(rows, questions, strict=True):
        assert text == row["question"]
        for span in spans:
            sentence = texts[document].index(row["sentence"])
            assert texts[document][span.start : span.end] == row["answer"]
            assert sentence <= span.start
            assert span.end <= sentence + len(row["sentence"])


def test_no_paragraph_that_measures_is_taught() -> None:
    texts, _ = starter()
    paragraphs = {name: units(text) for name, text in texts.items()}

    def paragraph(document: str, start: int) -> tuple[str, int]:
        found = next(unit for unit in paragraphs[document] if unit.span.end > start)
        return document, found.paragraph

    measures = {
        paragraph(gold["document"], gold["start"])
        for row in lines(EVALUATED)
        if row["half"] == "held out"
        for gold in row["gold"]
    }
    taught = {
        paragraph(row["document"], texts[row["document"]].index(row["sentence"]))
        for row in lines(QUESTIONS / "starter.jsonl")
    }
    assert taught
    assert not measures & taught


def test_no_question_that_measures_is_taught() -> None:
    measured = {said(row["question"]) for row in lines(EVALUATED)}
    taught = {said(text) for text, _, _ in (*made_up()[1], *beside()[1], *starter()[1])}
    assert not measured & taught


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def said(text: str) -> tuple[str, ...]:
    """Its words, however it is written."""
    return tuple(sorted(word.stem for word in words(text)))
