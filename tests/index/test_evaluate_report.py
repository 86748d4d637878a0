"""What an evaluation says of kinds, halves and outcomes, on cases worked out by hand."""

from __future__ import annotations

from corpus.document import Span
from index.evaluate import Gold, Judged, Question
from index.evaluate_report import by_half, by_kind, outcomes, reliability, rounded, summary
from index.types import Answer, Excerpt, Outcome, Query

GOLD = (Gold("one", Span(10, 20)),)


def judged(
    rank: int | None = None,
    *,
    kind: str = "plain",
    kinds: tuple[str, ...] = (),
    half: str = "",
    sure: float = 0.5,
    outcome: Outcome = Outcome.ANSWERED,
    answerable: bool = True,
) -> Judged:
    excerpts = (Excerpt("one", Span(0, 5), 1.0, (), ()),)
    question = Question("q", "text", kind, (GOLD,) if answerable else (), kinds or (kind,), half)
    answer = Answer(Query("text"), outcome, sure, excerpts)
    return Judged(question, answer, (rank,) if answerable else (), 0)


def near_miss(*, sure: float, outcome: Outcome, kinds: tuple[str, ...] = ("date",)) -> Judged:
    return judged(kind="near-miss", kinds=kinds, sure=sure, outcome=outcome, answerable=False)


SEVERAL = [
    judged(1, kinds=("date", "slang"), half="develop", sure=0.9),
    judged(2, kinds=("date",), half="held out", sure=0.4, outcome=Outcome.RELATED),
    near_miss(sure=0.6, outcome=Outcome.ANSWERED),
    near_miss(sure=0.1, outcome=Outcome.NOTHING),
]


def test_the_summary_counts_what_was_claimed_and_what_was_right() -> None:
    found = summary(SEVERAL)
    assert (found["questions"], found["hit@1"], found["hit@3"]) == (4, 0.5, 1.0)
    assert found["auroc near-miss"] == 0.75
    assert (found["answered"], found["answerable and answered"]) == (0.5, 0.5)
    assert found["answered and right"] == 0.5
    assert (found["excerpts"], found["exact"]) == (4, 1.0)


def test_each_half_is_measured_by_itself_and_halves_nobody_named_are_none() -> None:
    found = by_half(SEVERAL)
    assert list(found) == ["all", "develop", "held out"]
    assert [found[half]["hit@1"] for half in found] == [0.5, 1.0, 0.0]
    assert list(by_half([judged(1)])) == ["all"]


def test_a_question_of_two_kinds_counts_in_both() -> None:
    slang, date = by_kind(SEVERAL)
    assert date == {
        "kind": "date",
        "questions": 2,
        "hit@1": 0.5,
        "hit@3": 1.0,
        "answered": 0.5,
        "right": 1.0,
        "near misses": 2,
        "near misses answered": 0.5,
    }
    assert (slang["kind"], slang["questions"], slang["near misses answered"]) == ("slang", 1, None)


def test_a_kind_that_nobody_knows_comes_last() -> None:
    found = by_kind([judged(1, kinds=("odd",)), judged(1, kinds=("date",))])
    assert [row["kind"] for row in found] == ["date", "odd"]


def test_outcomes_are_told_for_every_sort_of_question() -> None:
    answerable, near = outcomes(SEVERAL)
    assert answerable == {
        "questions": "answerable",
        "n": 2,
        "answered": 0.5,
        "related": 0.5,
        "nothing": 0.0,
    }
    assert (near["questions"], near["answered"], near["nothing"]) == ("near-miss", 0.5, 0.5)


def test_reliability_names_every_tenth() -> None:
    found = reliability([judged(1, sure=0.95), judged(None, sure=0.91)])
    assert [row["confidence"] for row in found] == [
        "0.0-0.1", "0.1-0.2", "0.2-0.3", "0.3-0.4", "0.4-0.5",
        "0.5-0.6", "0.6-0.7", "0.7-0.8", "0.8-0.9", "0.9-1.0",
    ]  # fmt: skip
    assert found[9] == {"confidence": "0.9-1.0", "said": 0.93, "right": 0.5, "n": 2}
    assert found[0] == {"confidence": "0.0-0.1", "said": None, "right": None, "n": 0}


def test_a_figure_that_is_none_is_no_number() -> None:
    assert rounded(float("nan")) is None
    assert rounded(1 / 3) == 0.3333
