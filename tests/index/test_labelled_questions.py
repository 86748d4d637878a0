"""The labelled questions are about the documents as they are, to the character."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Library
from corpus.sentences import units
from index.evaluate import HALVES, KINDS, read_questions

_ROOT = Path(__file__).parents[2]
_QUESTIONS = _ROOT / "tests" / "data" / "questions.jsonl"
_FEWEST = 10


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    return [json.loads(line) for line in _QUESTIONS.read_text("utf-8").splitlines()]


def test_every_gold_is_the_slice_that_it_says(lines: list[dict[str, Any]]) -> None:
    found = Library(_ROOT / "corpus" / "documents").read().documents
    texts = {document.id: document.text for document in found}
    for line in lines:
        for gold in [*line["gold"], *(gold for part in line.get("parts", ()) for gold in part)]:
            slice_ = texts[gold["document"]][gold["start"] : gold["end"]]
            assert slice_ == gold["text"] == slice_.strip()


def test_parts_are_made_of_the_golds(lines: list[dict[str, Any]]) -> None:
    for line in lines:
        parts = line.get("parts")
        if parts is not None:
            assert len(parts) > 1
            assert [g for g in line["gold"] if not any(g in part for part in parts)] == []


def test_ids_and_questions_are_told_once(lines: list[dict[str, Any]]) -> None:
    assert len({line["id"] for line in lines}) == len(lines)
    assert len({line["question"].casefold() for line in lines}) == len(lines)


def test_there_are_enough_of_every_kind_in_the_whole(lines: list[dict[str, Any]]) -> None:
    questions = read_questions([json.dumps(line) for line in lines], "questions.jsonl")
    kinds = Counter(kind for one in questions if one.answerable for kind in one.kinds)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= _FEWEST
    unanswerable = Counter(one.kind for one in questions if not one.answerable)
    assert unanswerable["near-miss"] >= 60
    assert unanswerable["out-of-domain"] >= 40


def test_no_paragraph_is_asked_about_in_both_halves(lines: list[dict[str, Any]]) -> None:
    found = Library(_ROOT / "corpus" / "documents").read().documents
    paragraphs = {document.id: units(document.text) for document in found}
    half_of: dict[tuple[str, int], set[str]] = {}
    for line in lines:
        assert line["half"] in HALVES
        if line["answerable"]:
            gold = line["gold"][0]
            paragraph = next(
                one.paragraph
                for one in paragraphs[gold["document"]]
                if one.span.end > gold["start"]
            )
            half_of.setdefault((gold["document"], paragraph), set()).add(line["half"])
    assert all(len(halves) == 1 for halves in half_of.values())


def test_each_half_has_about_half_of_every_sort(lines: list[dict[str, Any]]) -> None:
    for kind in ("answerable", "near-miss", "out-of-domain"):
        halves = Counter(
            line["half"]
            for line in lines
            if (kind == "answerable") == line["answerable"] and kind in ("answerable", line["kind"])
        )
        assert abs(halves[HALVES[0]] - halves[HALVES[1]]) <= 2
