"""What is known of a passage for a question, as numbers worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.document import PartialDate, Span
from index.asks import Asks
from index.catalogue import Candidate
from index.dates import DateRange
from index.evidence import EVIDENCE
from index.fusion import (
    CONFIDENCE_FEATURES,
    FEATURES,
    SEEN_FEATURES,
    SUBJECT_FEATURES,
    Logistic,
    Scored,
    Unknown,
    Weights,
    confidence,
    confidence_features,
    even,
    features,
    in_order,
    rarity,
    reranked,
    reread,
    scored,
)
from index.query import Part, Term
from index.types import Passage

ARMED, PATROL, BRIXTON = Term(("arm",)), Term(("patrol",)), Term(("brixton",), is_name=True)
NONE = Unknown(0.0, 0.0)
COPPER = Term(("copper", "polic", "offic"))
WEIGHTS = {ARMED: 1.0, PATROL: 3.0, BRIXTON: 4.0, COPPER: 2.0}


def part(*terms: Term, asks: Asks | None = None, dates: DateRange | None = None) -> Part:
    return Part("text", terms, asks, dates)


def candidate(
    stems: str, around: str = "", *, published: str | None = None, is_sentence: bool = True
) -> Candidate:
    when = PartialDate.parse(published) if published else None
    passage = Passage(0, "one", 0, 0, Span(0, 4), is_sentence)
    return Candidate(passage, frozenset(stems.split()), frozenset(around.split()), when)


def values(asked: Part, found: Candidate, text: str = "", cosine: float = 0.5) -> dict[str, float]:
    return features(asked, found, cosine, text, WEIGHTS.__getitem__)


def test_rarity_is_the_idf_of_bm25() -> None:
    assert rarity(0, 10) == pytest.approx(math.log(1 + 10.5 / 0.5))
    assert rarity(5, 10) == pytest.approx(math.log(2))
    assert rarity(10, 10) == pytest.approx(math.log(1 + 0.5 / 10.5))
    assert rarity(0, 0) == pytest.approx(math.log(2))


@given(st.integers(1, 1000), st.data())
def test_a_rarer_word_says_more_and_none_says_less_than_nothing(
    passages: int, data: st.DataObject
) -> None:
    frequency = data.draw(st.integers(1, passages))
    assert 0 < rarity(frequency, passages) < rarity(frequency - 1, passages)


def test_shares_are_of_the_terms_weight_not_of_their_number() -> None:
    found = values(part(ARMED, PATROL, BRIXTON), candidate("patrol", "brixton"))
    assert found["own"] == pytest.approx(3 / 8)
    assert found["around"] == pytest.approx(7 / 8)


def test_a_synonym_counts_nearly_as_much_as_the_word() -> None:
    assert values(part(COPPER), candidate("polic"))["own"] == pytest.approx(0.9)
    assert values(part(COPPER), candidate("copper polic"))["own"] == pytest.approx(1.0)
    assert values(part(COPPER), candidate("robber"))["own"] == 0.0


def test_names_have_a_share_of_their_own() -> None:
    found = values(part(ARMED, BRIXTON), candidate("arm", "brixton"))
    assert (found["names_own"], found["names_around"]) == (0.0, 1.0)


def test_without_names_their_share_is_neither_good_nor_bad() -> None:
    found = values(part(ARMED), candidate("arm"))
    assert (found["names_own"], found["names_around"]) == (0.5, 0.5)


def test_pairs_are_neighbouring_terms_that_are_both_there() -> None:
    asked = part(ARMED, PATROL, BRIXTON, COPPER)
    assert values(asked, candidate("arm patrol copper"))["pairs"] == pytest.approx(1 / 3)
    assert values(asked, candidate("arm brixton"))["pairs"] == 0.0
    assert values(part(ARMED), candidate("arm"))["pairs"] == 0.0


def test_a_question_without_words_has_no_shares() -> None:
    found = values(part(), candidate("arm"))
    assert (found["own"], found["around"], found["pairs"]) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(("text", "value"), [("More than 20 men.", 1.0), ("Some men.", -1.0)])
def test_what_is_asked_for_is_there_or_not(text: str, value: float) -> None:
    found = values(part(ARMED, asks=Asks.HOW_MANY), candidate("arm"), text)
    assert {kind: found[kind] for kind in Asks if found[kind]} == {Asks.HOW_MANY: value}


JUNE = DateRange(date(2020, 6, 1), date(2020, 6, 30), "2020")
SINCE = DateRange(date(2020, 6, 1), None)


@pytest.mark.parametrize(
    ("dates", "found", "inside", "outside"),
    [
        (JUNE, candidate("arm", published="2020-06-26"), 1.0, 0.0),
        (JUNE, candidate("arm", published="2024"), 0.0, 1.0),
        (JUNE, candidate("arm 2020", published="2024"), 1.0, 0.0),
        (JUNE, candidate("arm", "2020"), 1.0, 0.0),
        (JUNE, candidate("arm"), 0.0, 0.0),
        (SINCE, candidate("arm 2020", published="2019"), 0.0, 1.0),
        (None, candidate("arm", published="2020-06-26"), 0.0, 0.0),
    ],
)
def test_a_date_counts_by_publication_or_where_the_year_is_said(
    dates: DateRange | None, found: Candidate, inside: float, outside: float
) -> None:
    """An undated document is neither inside nor outside."""
    result = values(part(ARMED, dates=dates), found)
    assert (result["dated_inside"], result["dated_outside"]) == (inside, outside)


def test_lines_are_told_from_sentences_and_the_cosine_is_passed_on() -> None:
    assert values(part(ARMED), candidate("arm", is_sentence=False))["is_lines"] == 1.0
    found = values(part(ARMED), candidate("arm"), cosine=0.25)
    assert (found["is_lines"], found["cosine"]) == (0.0, 0.25)
    assert tuple(found) == SEEN_FEATURES


NEUTRAL = Logistic({}, 30.0)


def fitted(
    ranking: dict[str, float] | None = None,
    *,
    subject: Logistic = NEUTRAL,
    answers: Logistic = NEUTRAL,
) -> Weights:
    """Weights of which a test needs a part; what it leaves out is sure of everything."""
    return Weights(ranking or {}, subject, answers)


def test_the_score_is_the_weighted_sum() -> None:
    weights = fitted(dict.fromkeys(FEATURES, 0.0) | {"cosine": 2.0, "own": 3.0, "why": 9.0})
    found = values(part(ARMED, PATROL), candidate("patrol"), cosine=0.5)
    assert scored(candidate("patrol"), found, weights).score == pytest.approx(2 * 0.5 + 3 * 0.75)


def ranked(*scores: float, **best: float) -> list[Scored]:
    known = dict.fromkeys(FEATURES, 0.0) | best
    return [Scored(candidate("arm"), known, score) for score in scores]


def test_what_confidence_looks_at() -> None:
    asked = part(ARMED, PATROL, asks=Asks.WHO)
    best = {"cosine": 0.6, "own": 0.5, "around": 0.7, "names_around": 0.4, "who": -1.0}
    found = confidence_features(asked, ranked(5.0, 4.25, **best), Unknown(0.3, 0.2))
    assert {name: found[name] for name in CONFIDENCE_FEATURES} == pytest.approx(
        {
            "cosine": 0.6, "own": 0.5, "around": 0.7, "names_around": 0.4, "unknown": 0.3,
            "names_unknown": 0.2,
            "score": 5.0, "margin": 0.75, "suits": 0.0, "unsuited": 1.0, "log_terms": math.log(3),
            **dict.fromkeys(EVIDENCE, 0.0), "reader": 0.0, "reader_none": 0.0,
            "reader_best": 0.0, "reader_margin": 0.0,
        }
    )  # fmt: skip


def test_ties_go_by_row() -> None:
    rows = [
        Scored(
            replace(
                candidate("arm"), passage=Passage(row, "one", 0, 0, Span(0, 4), is_sentence=True)
            ),
            {},
            1.0,
        )
        for row in (2, 0, 1)
    ]
    assert [found.candidate.passage.row for found in in_order(rows)] == [0, 1, 2]


def test_the_margin_is_bounded_and_one_where_there_is_no_second() -> None:
    assert confidence_features(part(ARMED), ranked(9.0, 1.0), NONE)["margin"] == 2.0
    assert confidence_features(part(ARMED), ranked(9.0), NONE)["margin"] == 1.0
    assert confidence_features(part(ARMED), ranked(9.0), NONE)["suits"] == 0.0


def test_confidence_is_the_product_of_two_logistic_models() -> None:
    weights = fitted(
        subject=Logistic({"around": 4.0}, -2.0),
        answers=Logistic({"cosine": 2.0, "unknown": -1.0}, 0.5),
    )
    half = {"cosine": 0.25, "unknown": 1.0, "around": 0.5, "own": 9.0}
    assert confidence(half, weights) == pytest.approx(0.25)
    sure = {"cosine": 1.0, "unknown": 0.0, "around": 1.0}
    expected = 1 / (1 + math.exp(-2.0)) / (1 + math.exp(-2.5))
    assert confidence(sure, weights) == pytest.approx(expected)


@given(st.floats(-1e6, 1e6))
def test_confidence_is_a_probability_however_far_out(value: float) -> None:
    found = confidence({"cosine": value}, fitted(answers=Logistic({"cosine": 1e3}, 0.0)))
    assert 0.0 < found < 1.0


def test_the_packaged_weights_are_of_features_that_are_seen() -> None:
    weights = Weights.load()
    assert set(weights.ranking) <= set(SEEN_FEATURES)
    assert set(weights.answers.weights) <= set(CONFIDENCE_FEATURES)
    assert set(weights.subject.weights) == set(SUBJECT_FEATURES)
    assert math.isfinite(weights.subject.intercept + weights.answers.intercept)


def test_a_feature_that_is_not_there_counts_nothing() -> None:
    weights = fitted({"cosine": 2.0, "reader": 5.0})
    assert scored(candidate("arm"), {"cosine": 0.5}, weights).score == 1.0
    assert Logistic({"reader": 3.0}, 0.0).probability({}) == 0.5
    assert scored(candidate("arm"), {"cosine": 0.5, "own": 9.0}, weights).score == 1.0


def at_row(row: int, score: float, **values: float) -> Scored:
    passage = Passage(row, "one", 0, 0, Span(0, 4), is_sentence=True)
    return Scored(replace(candidate("arm"), passage=passage), values, score)


def test_what_was_read_comes_first_in_the_order_of_what_the_reader_says() -> None:
    ranked = [
        at_row(0, 9.0, cosine=0.9),
        at_row(1, 8.0, cosine=0.8),
        at_row(2, 7.5),
        at_row(3, 7.0),
    ]
    readings = {0: {"reader": -2.0, "reader_none": 1.0}, 1: {"reader": 3.0, "reader_none": -1.0}}
    found = reread(ranked, readings, fitted({"cosine": 10.0, "reader": 1.0}))
    assert [one.candidate.passage.row for one in found] == [1, 0, 2, 3]
    assert [one.score for one in found] == pytest.approx([11.0, 7.0, 7.0, 6.5])
    assert found[0].features == {"cosine": 0.8, "reader": 3.0, "reader_none": -1.0}
    assert "reader" not in found[2].features


@pytest.mark.parametrize(
    ("logits", "shifts"),
    [
        ([1.0, 3.0], [-1.0, 1.0]),
        ([-40.0, 40.0], [-1.0, 1.0]),
        ([10.0, 10.2], [-0.1, 0.1]),
        ([5.0, 5.0, 5.0], [0.0, 0.0, 0.0]),
        ([8.0, 0.0, 0.0, 0.0], [3**0.5, -(3**-0.5), -(3**-0.5), -(3**-0.5)]),
    ],
)
def test_another_models_logits_are_drawn_together_and_never_apart(
    logits: list[float], shifts: list[float]
) -> None:
    assert even(np.array(logits, np.float32)) == pytest.approx(shifts, abs=1e-5)


def test_what_a_cross_encoder_read_comes_first_by_score_and_shift() -> None:
    ranked = [at_row(0, 9.0, cosine=0.9), at_row(1, 8.5), at_row(2, 8.4), at_row(3, 7.0)]
    found = reranked(ranked, {0: -1.0, 1: 1.0})
    assert [one.candidate.passage.row for one in found] == [1, 0, 2, 3]
    assert [one.score for one in found] == pytest.approx([9.5, 8.0, 8.0, 6.6])
    assert found[1].features == {"cosine": 0.9}
    assert reranked(ranked, {}) == ranked


def test_without_readings_a_ranking_stays_as_it_was() -> None:
    ranked = [at_row(0, 9.0), at_row(1, 8.0)]
    assert reread(ranked, {}, fitted({"cosine": 1.0})) == ranked
    everything = {row: {"reader": 1.0, "reader_none": 0.0} for row in (0, 1)}
    assert len(reread(ranked, everything, fitted({"cosine": 1.0}))) == 2


def test_confidence_looks_at_the_best_that_was_read_and_at_the_next() -> None:
    ranked = [
        at_row(
            0, 2.0, cosine=0.5, own=0.5, around=0.5, names_around=0.5, reader=1.5, reader_none=-1
        ),
        at_row(1, 1.0, reader=4.0, reader_none=0.0),
        at_row(2, 0.5),
    ]
    found = confidence_features(part(ARMED), ranked, NONE)
    names = ("reader", "reader_none", "reader_best", "reader_margin")
    assert [found[name] for name in names] == [1.5, -1.0, 4.0, -2.5]


@given(
    st.lists(st.floats(-50, 50), min_size=1, max_size=8),
    st.dictionaries(st.integers(0, 7), st.floats(-9, 9)),
)
def test_a_ranking_that_was_read_loses_nothing_and_stays_in_order(
    scores: list[float], readings: dict[int, float]
) -> None:
    ranked = [at_row(row, score) for row, score in enumerate(sorted(scores, reverse=True))]
    known = {row: {"reader": value, "reader_none": 0.0} for row, value in readings.items()}
    found = reread(ranked, known, fitted({"reader": 1.0}))
    assert sorted(one.candidate.passage.row for one in found) == list(range(len(scores)))
    assert all(one.score >= other.score for one, other in pairwise(found))
