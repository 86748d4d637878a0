"""Every measure, on cases small enough to be worked out by hand."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from corpus.document import Span
from corpus.errors import InputError
from index import evaluate
from index.evaluate import Gold, Judged, Question, read_questions, run
from index.types import Answer, Excerpt, Outcome, Query


def question(*parts: tuple[Gold, ...]) -> Question:
    return Question("q", "text", "plain", parts)


def excerpt(start: int, end: int, name: str = "one") -> Excerpt:
    return Excerpt(name, Span(start, end), 1.0, (), ())


def answer(*excerpts: Excerpt, sure: float = 0.5, outcome: Outcome = Outcome.ANSWERED) -> Answer:
    return Answer(Query("text"), outcome, sure, excerpts)


GOLD = (Gold("one", Span(10, 20)),)


def judged(*ranks: int | None, sure: float = 0.5, outcome: Outcome = Outcome.ANSWERED) -> Judged:
    return Judged(question(*[GOLD] * len(ranks)), answer(sure=sure, outcome=outcome), ranks, 0)


def ask(excerpts: list[Excerpt], *parts: tuple[Gold, ...]) -> Judged:
    asked: list[Query] = []

    def answered(query: Query) -> Answer:
        asked.append(query)
        return answer(*excerpts)

    (found,) = run([question(*parts)], answered, lambda _: True, lambda: None)
    assert asked == [Query("text", limit=10)]
    return found


@pytest.mark.parametrize(
    ("found", "rank"),
    [
        (excerpt(10, 20), 1),
        (excerpt(0, 100), 1),
        (excerpt(15, 30), 1),  # half of it
        (excerpt(16, 30), None),  # less
        (excerpt(0, 14), None),
        (excerpt(20, 30), None),
        (excerpt(10, 20, "other"), None),
    ],
)
def test_a_hit_holds_at_least_half_of_a_gold_span(found: Excerpt, rank: int | None) -> None:
    assert ask([found], GOLD).ranks == (rank,)


def test_the_rank_is_that_of_the_first_hit_of_any_alternative() -> None:
    either = (Gold("one", Span(10, 20)), Gold("two", Span(0, 4)))
    found = ask([excerpt(50, 60), excerpt(0, 4, "two"), excerpt(10, 20)], either)
    assert found.ranks == (2,)
    assert [found.hit(depth) for depth in (1, 2, 3)] == [False, True, True]


def test_each_part_has_its_own_rank() -> None:
    other = (Gold("one", Span(30, 40)),)
    missed = (Gold("one", Span(90, 99)),)
    found = ask([excerpt(50, 60), excerpt(30, 40), excerpt(10, 20)], GOLD, other, missed)
    assert found.ranks == (3, 2, None)
    assert found.first == 2


def test_an_unanswerable_question_has_no_ranks() -> None:
    found = ask([excerpt(0, 9)])
    assert (found.ranks, found.first, found.hit(10)) == ((), None, False)
    assert not found.question.answerable


def test_inexact_excerpts_are_counted_and_every_question_told() -> None:
    told: list[int] = []
    (found,) = run(
        [question(GOLD)],
        lambda _: answer(excerpt(0, 5), excerpt(6, 9)),
        lambda e: e.span.start > 0,
        lambda: told.append(1),
    )
    assert (found.inexact, told) == (1, [1])


def test_hit_rate_and_reciprocal_rank() -> None:
    several = [judged(1), judged(2), judged(4), judged(None)]
    assert evaluate.hit_rate(several, 1) == 0.25
    assert evaluate.hit_rate(several, 3) == 0.5
    assert evaluate.hit_rate(several, 5) == 0.75
    assert evaluate.reciprocal_rank(several) == pytest.approx((1 + 1 / 2 + 1 / 4 + 0) / 4)


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [
        ((1,), 1.0),
        ((2,), 1 / math.log2(3)),
        ((3,), 0.5),
        ((10,), 1 / math.log2(11)),
        ((11,), 0.0),
        ((None,), 0.0),
        ((1, 2), 1.0),
        ((2, 1), 1.0),
        ((1, None), 1 / (1 + 1 / math.log2(3))),
        ((1, 3), (1 + 0.5) / (1 + 1 / math.log2(3))),
        ((1, 1), 1.0),  # both parts in one excerpt
    ],
)
def test_ndcg_counts_each_part_at_its_first_hit(
    ranks: tuple[int | None, ...], expected: float
) -> None:
    assert evaluate.ndcg([judged(*ranks)]) == pytest.approx(expected)


def test_ndcg_is_the_mean() -> None:
    assert evaluate.ndcg([judged(1), judged(3), judged(None)]) == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("positive", "negative", "expected"),
    [
        ([0.9, 0.8], [0.1, 0.2], 1.0),
        ([0.1], [0.9], 0.0),
        ([0.5], [0.5], 0.5),
        ([0.9, 0.4], [0.4, 0.1], (1 + 1 + 0.5 + 1) / 4),
    ],
)
def test_auroc_is_the_chance_of_the_right_order_ties_half(
    positive: list[float], negative: list[float], expected: float
) -> None:
    assert evaluate.auroc(positive, negative) == pytest.approx(expected)


def test_calibration_is_by_bins_of_a_tenth() -> None:
    several = [
        judged(1, sure=0.92),
        judged(1, sure=0.98),
        judged(2, sure=1.0),
        judged(None, sure=0.05),
        judged(sure=0.0, outcome=Outcome.NOTHING),
    ]
    low, high = evaluate.calibration(several)
    assert low == pytest.approx((0.025, 0.0, 2))
    assert high == pytest.approx(((0.92 + 0.98 + 1.0) / 3, 2 / 3, 3))
    expected = (2 * 0.025 + 3 * (0.9666667 - 0.6666667)) / 5
    assert evaluate.calibration_error(several) == pytest.approx(expected)


def test_a_confidence_on_the_edge_belongs_to_the_bin_it_begins() -> None:
    assert len(evaluate.calibration([judged(1, sure=0.1), judged(1, sure=0.19)])) == 1
    assert len(evaluate.calibration([judged(1, sure=0.1), judged(1, sure=0.0999)])) == 2


def test_reliability_has_every_bin_and_empty_ones_say_nothing() -> None:
    bins = evaluate.reliability([judged(1, sure=0.85), judged(2, sure=0.81)])
    assert [count for _, _, count in bins] == [0] * 8 + [2, 0]
    assert bins[8] == pytest.approx((0.83, 0.5, 2))
    assert all(math.isnan(said) and math.isnan(right) for said, right, count in bins if not count)


def test_precision_is_of_what_was_called_answered() -> None:
    several = [
        judged(1),
        judged(2),
        judged(1, outcome=Outcome.RELATED),
        judged(outcome=Outcome.ANSWERED),
    ]
    assert evaluate.answered_precision(several) == pytest.approx(1 / 3)
    assert evaluate.outcome_share(several, Outcome.RELATED) == 0.25
    assert evaluate.outcome_share(several, Outcome.NOTHING) == 0.0


def test_of_nothing_there_is_no_measure() -> None:
    assert math.isnan(evaluate.hit_rate([], 1))
    assert math.isnan(evaluate.reciprocal_rank([]))
    assert math.isnan(evaluate.ndcg([]))
    assert math.isnan(evaluate.auroc([], [0.5]))
    assert math.isnan(evaluate.auroc([0.5], []))
    assert math.isnan(evaluate.calibration_error([]))
    assert math.isnan(evaluate.answered_precision([judged(1, outcome=Outcome.NOTHING)]))
    assert math.isnan(evaluate.outcome_share([], Outcome.NOTHING))
    assert evaluate.calibration([]) == ()


def line(**values: Any) -> str:
    gold = [{"document": "one", "start": 3, "end": 9, "text": "ignored"}]
    whole = {"id": 7, "question": "Who?", "kind": "plain", "answerable": True, "gold": gold}
    return json.dumps(
        {key: value for key, value in (whole | values).items() if value != "left out"}
    )


def test_questions_are_read() -> None:
    other = [{"document": "two", "start": 0, "end": 1}]
    both = [[{"document": "one", "start": 3, "end": 9}], other]
    found = read_questions(
        [
            line(),
            "",
            line(id="n", gold=[], answerable=False),
            line(parts=both, kinds=["plain", "date"], half="develop"),
            " \n",
        ],
        "q.jsonl",
    )
    gold = Gold("one", Span(3, 9))
    assert found[0] == Question("7", "Who?", "plain", ((gold,),), ("plain",))
    assert (found[1].answerable, found[1].parts) == (False, ())
    assert found[2].parts == ((gold,), (Gold("two", Span(0, 1)),))
    assert (found[2].kinds, found[2].half) == (("plain", "date"), "develop")


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        "[]",
        "7",
        "null",
        "[" * 100_000,
        line(question="left out"),
        line(gold="left out"),
        line(answerable=False),
        line(gold=[]),
        line(gold=[{"document": "one", "start": 9, "end": 3}]),
        line(gold=[{"document": "one", "start": "x", "end": 3}]),
        line(gold=7),
        line(gold=[7]),
    ],
)
def test_a_bad_line_is_named_by_its_number(bad: str) -> None:
    with pytest.raises(InputError, match=r"q\.jsonl, line 3: not a labelled question") as caught:
        read_questions([line(), "", bad], "q.jsonl")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("lines", [[], ["", " \n"]])
def test_a_file_without_questions_is_refused(lines: list[str]) -> None:
    with pytest.raises(InputError, match=r"q\.jsonl holds no question"):
        read_questions(lines, "q.jsonl")
