"""What an evaluation says of all questions, of each kind and of each outcome."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from index import evaluate as measures
from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.evaluate import Judged


def summary(judged: Sequence[Judged]) -> dict[str, Any]:
    """Every measure by name, rounded; ``None`` where there is nothing to measure.

    "answered and right" is the share of what was called answered of which the first excerpt is
    a hit, "answerable and answered" the share of the answerable that was called so.
    """
    answerable = [one for one in judged if one.question.answerable]
    excerpts = sum(len(one.answer.excerpts) for one in judged)
    sure = [one.answer.confidence for one in answerable]
    unanswerable = sorted({one.question.kind for one in judged if not one.question.answerable})
    return {
        "questions": len(judged),
        **{f"hit@{k}": rounded(measures.hit_rate(answerable, k)) for k in (1, 3, 5)},
        "mrr": rounded(measures.reciprocal_rank(answerable)),
        "ndcg@10": rounded(measures.ndcg(answerable)),
        **{
            f"auroc {kind}": rounded(
                measures.auroc(
                    sure, [o.answer.confidence for o in judged if o.question.kind == kind]
                )
            )
            for kind in unanswerable
        },
        "answered": rounded(measures.outcome_share(judged, Outcome.ANSWERED)),
        "answered and right": rounded(measures.answered_precision(judged)),
        "answerable and answered": rounded(measures.outcome_share(answerable, Outcome.ANSWERED)),
        "calibration error": rounded(measures.calibration_error(judged)),
        "excerpts": excerpts,
        "exact": rounded(1 - sum(one.inexact for one in judged) / excerpts if excerpts else 1.0),
    }


def by_half(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """The `summary` of all, and of each half that the questions name."""
    halves = {
        half: [one for one in judged if one.question.half == half] for half in measures.HALVES
    }
    return {"all": summary(judged)} | {
        half: summary(group) for half, group in halves.items() if group
    }


def by_kind(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """For each kind: the answerable, and how many of its near misses were called answered."""
    kinds = dict.fromkeys(kind for one in judged for kind in one.question.kinds)
    known = [kind for kind in measures.KINDS if kind in kinds]
    rows = []
    for kind in [*known, *(kind for kind in kinds if kind not in measures.KINDS)]:
        group = [one for one in judged if kind in one.question.kinds]
        answerable = [one for one in group if one.question.answerable]
        near = [one for one in group if one.question.kind == "near-miss"]
        rows.append(
            {
                "kind": kind,
                "questions": len(answerable),
                "hit@1": rounded(measures.hit_rate(answerable, 1)),
                "hit@3": rounded(measures.hit_rate(answerable, 3)),
                "answered": rounded(measures.outcome_share(answerable, Outcome.ANSWERED)),
                "right": rounded(measures.answered_precision(answerable)),
                "near misses": len(near),
                "near misses answered": rounded(measures.outcome_share(near, Outcome.ANSWERED)),
            }
        )
    return rows


def outcomes(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """What was claimed of answerable questions, and of each kind of unanswerable ones."""
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        name = "answerable" if one.question.answerable else one.question.kind
        groups.setdefault(name, []).append(one)
    return [
        {"questions": name, "n": len(group)}
        | {outcome.value: rounded(measures.outcome_share(group, outcome)) for outcome in Outcome}
        for name, group in groups.items()
    ]


def reliability(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """For each tenth of the confidence: what was said, how often it was right, of how many."""
    return [
        {
            "confidence": f"{number / 10:.1f}-{(number + 1) / 10:.1f}",
            "said": rounded(said),
            "right": rounded(right),
            "n": count,
        }
        for number, (said, right, count) in enumerate(measures.reliability(judged))
    ]


def rounded(value: float) -> float | None:
    """``value`` to four places; ``None`` for nan."""
    return None if math.isnan(value) else round(value, 4)
