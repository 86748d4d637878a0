"""Questions of our own, as corpora like those of the labelled data.

``questions/made.jsonl`` is on announcements of forces that there are not (``questions/texts/``),
``questions/beside.jsonl`` too, but clear only to one who has the text before him: to teach reading
with, not finding. ``questions/starter.jsonl`` is on the starter documents,
``questions/new_wiki.jsonl`` has near misses of passages of the labelled data, by their ids. None is
a question that ``metquote eval`` asks.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.document import Span
from corpus.library import Library
from index.evaluate import HALVES

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = Path(__file__).parent / "questions"
_EVALUATED = Path(__file__).parents[2] / "tests" / "data" / "questions.jsonl"
_STARTER = Path(__file__).parents[2] / "corpus" / "documents"
Question = tuple[str, str, tuple[Span, ...]]
"""Its text, the document that it is of, and what answers it there; none for a near miss."""


def made_up() -> tuple[dict[str, str], list[Question]]:
    """The announcements by name, and the questions on them."""
    return _asked_of_made_up("made")


def beside() -> tuple[dict[str, str], list[Question]]:
    """The announcements by name, and questions on them that do not tell which is meant."""
    return _asked_of_made_up("beside")


def starter() -> tuple[dict[str, str], list[Question]]:
    """The starter documents by id, and the questions on them."""
    texts = _starter_texts()
    return texts, list(_questions("starter", texts))


def developed() -> tuple[dict[str, str], list[Question]]:
    """The starter documents, and what ``metquote eval`` asks of them to develop on."""
    texts = _starter_texts()
    questions = []
    for row in _lines(_EVALUATED):
        golds = {one["document"] for one in row["gold"]}
        if row["half"] == HALVES[0] and row["kind"] != "out-of-domain" and len(golds) <= 1:
            spans = tuple(Span(one["start"], one["end"]) for one in row["gold"])
            questions.append((row["question"], *(golds or {min(texts)}), spans))
    return texts, questions


def near_misses(corpus: str) -> list[tuple[str, str]]:
    """Questions that passages of a labelled corpus seem to answer, each with a passage's id."""
    path = _FOLDER / f"{corpus}.jsonl"
    return [(row["question"], row["passage"]) for row in _lines(path)] if path.exists() else []


def _asked_of_made_up(name: str) -> tuple[dict[str, str], list[Question]]:
    texts = {
        path.stem: path.read_text("utf-8").strip()
        for path in sorted((_FOLDER / "texts").glob("*.txt"))
    }
    questions = list(_questions(name, texts))
    asked = {document for _, document, _ in questions}
    return {document: text for document, text in texts.items() if document in asked}, questions


def _starter_texts() -> dict[str, str]:
    return {document.id: document.text for document in Library(_STARTER).read().documents}


def own_files() -> list[Path]:
    """What is read here, in order."""
    return [_EVALUATED, *sorted(_FOLDER.glob("*.jsonl")), *sorted(_FOLDER.glob("texts/*.txt"))]


def _questions(name: str, texts: dict[str, str]) -> Iterator[Question]:
    for row in _lines(_FOLDER / f"{name}.jsonl"):
        spans: tuple[Span, ...] = ()
        if row["answer"]:
            text = texts[row["document"]]
            start = text.index(row["answer"], text.index(row["sentence"]))
            spans = (Span(start, start + len(row["answer"])),)
        yield row["question"], row["document"], spans


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
