"""Fitting finds what it is shown, from questions made up for it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.document import Span
from index.catalogue import Candidate
from index.fusion import READER_FEATURES, SEEN_FEATURES, Scored, Unknown, confidence
from index.query import Part, Term
from index.types import Passage

sys.path.append(str(Path(__file__).parents[2] / "benchmarks" / "train"))

from rank_fit import Asked, fit, fit_read, reranked, shares, with_withheld, withheld

PART = Part("text", (Term(("arm",)),), None, None)


def found(row: int, start: int, **values: float) -> Scored:
    passage = Passage(row, "one", row, 0, Span(start, start + 50), is_sentence=True)
    candidate = Candidate(passage, frozenset(), frozenset(), None)
    return Scored(candidate, dict.fromkeys(SEEN_FEATURES, 0.0) | values, 0.0)


def asked(kind: str, number: int, **readings: float) -> Asked:
    """Three passages far from one another; the right one has the words of the question."""
    chance = np.random.default_rng(number)
    right = kind == "answerable"
    cosine = 0.2 if kind == "stranger" else 0.7
    ranked = tuple(
        found(
            row,
            row * 1000,
            cosine=cosine + chance.normal(0, 0.05),
            own=float(row == 1) if right else 0.0,
            around=float(kind != "stranger"),
        )
        for row in range(3)
    )
    read = {row: {"reader": float(row == 2), "reader_none": -1.0} for row in range(2)}
    return Asked(
        "one",
        kind,
        PART,
        ranked,
        Unknown(0.0, 0.0),
        np.array([right and row == 1 for row in range(3)]),
        np.array([right and row == 1 for row in range(3)]),
        read if readings else {},
    )


QUESTIONS = [
    asked(kind, number) for number in range(30) for kind in ("answerable", "near-miss", "stranger")
]


def test_what_tells_the_right_passage_from_others_gets_the_weight() -> None:
    weights = fit(QUESTIONS)
    assert set(weights.ranking) == set(SEEN_FEATURES)
    fitted = {n: abs(w) for n, w in weights.ranking.items() if n != "is_lines"}
    assert weights.ranking["own"] > 0
    assert weights.ranking["own"] == max(w for n, w in fitted.items() if not n.startswith("dated"))
    assert not set(READER_FEATURES) & set(weights.answers.weights)


def test_a_stranger_and_a_near_miss_are_less_sure_than_an_answered_question() -> None:
    weights = fit(QUESTIONS)
    sure = {
        one.asked.kind: confidence(one.values, weights)
        for one in reranked(QUESTIONS[:3], weights, None)
    }
    assert sure["answerable"] > max(sure["near-miss"], sure["stranger"])


def test_what_is_left_out_has_no_weight() -> None:
    weights = fit(QUESTIONS, less=("own", "margin"))
    assert "own" not in weights.ranking
    assert not {"own", "margin"} & set(weights.answers.weights)


def test_weights_of_what_was_read_are_fitted_to_the_reader() -> None:
    questions = [
        asked(kind, number, read=1.0)
        for number in range(30)
        for kind in ("answerable", "near-miss", "stranger")
    ]
    plain = fit(questions)
    weights = fit_read(questions, plain)
    assert set(READER_FEATURES) <= set(weights.ranking) & set(weights.answers.weights)
    (first, *_) = reranked(questions[:1], plain, weights)
    assert first.right[0]


def test_a_withheld_question_has_lost_its_answer_and_what_stands_near_it() -> None:
    near = found(3, 1200)
    one = asked("answerable", 1)
    marks = np.append(one.right, [False])
    whole = replace(one, ranked=(*one.ranked, near), right=marks, shown=marks)
    less = withheld(whole)
    assert less is not None
    assert [f.candidate.passage.row for f in less.ranked] == [0, 2]
    assert (less.kind, less.right.tolist()) == ("withheld", [False, False])
    assert withheld(asked("near-miss", 1)) is None
    assert [o.kind for o in with_withheld(QUESTIONS[:3])] == [
        "answerable", "near-miss", "stranger", "withheld",
    ]  # fmt: skip


def test_every_kind_has_its_share_and_every_corpus_of_it_alike_however_many_there_are() -> None:
    kinds = ["answerable"] * 6 + ["near-miss"] * 2 + ["stranger"] * 2
    questions = [asked(kind, number) for number, kind in enumerate(kinds)]
    questions[5] = replace(questions[5], corpus="another")
    weights = shares(questions)
    assert weights.sum() == pytest.approx(10)
    whole = 0.6 + 0.12 + 0.2
    assert weights[:6].sum() == pytest.approx(10 * 0.6 / whole)
    assert weights[:5].sum() == pytest.approx(weights[5])
    assert weights[6:8].sum() == pytest.approx(10 * 0.12 / whole)
