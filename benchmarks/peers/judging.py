"""What a system answered, judged by the code that judges metquote."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapidfuzz.fuzz import partial_ratio_alignment

from corpus.document import Span
from index import evaluate
from index.types import Answer, Excerpt, Outcome, Query

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.document import Document
    from index.evaluate import Question


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an excerpt stands; ``exact`` says that its text is that slice to the character."""

    span: Span
    exact: bool


def place(text: str, stored: str, start: int | None = None) -> Placed:
    """Where ``text`` stands in the ``stored`` text of its document.

    ``start`` is where the system says that it stands; else the first place that has it counts,
    or the first that differs in white space alone, or the likest.
    """
    if start is not None:
        end = start + len(text)
        return Placed(Span(start, end), stored[start:end] == text)
    found = stored.find(text)
    if found >= 0:
        return Placed(Span(found, found + len(text)), exact=True)
    loose = re.search(r"\s+".join(map(re.escape, text.split())), stored)
    if loose is not None:
        return Placed(Span(*loose.span()), exact=False)
    likest = partial_ratio_alignment(text, stored)
    if likest is None or likest.dest_start >= likest.dest_end:
        return Placed(Span(0, 1), exact=False)
    return Placed(Span(likest.dest_start, likest.dest_end), exact=False)


def quality(
    questions: Sequence[Question],
    said: Mapping[str, dict[str, Any]],
    documents: Mapping[str, Document],
) -> dict[str, float]:
    """The measures of ``metquote eval`` for what was ``said``, a line of JSON by question's id.

    ``characters`` is the median length of the excerpt at rank 1. Excerpts are judged
    `evaluate.DEPTH` deep.
    """
    answers: dict[str, Answer] = {}
    exact: list[bool] = []
    for question in questions:
        excerpts = []
        for one in said[question.id]["excerpts"][: evaluate.DEPTH]:
            found = place(one["text"], documents[one["document"]].text, one.get("start"))
            exact.append(found.exact)
            excerpts.append(Excerpt(one["document"], found.span, one["score"], (), ()))
        outcome = Outcome.RELATED if excerpts else Outcome.NOTHING
        # What it claims is not compared, only what it found and how sure it was.
        sure = said[question.id]["confidence"]
        answers[question.text] = Answer(Query(question.text), outcome, sure, tuple(excerpts))

    def ask(query: Query) -> Answer:
        return answers[query.text]

    judged = evaluate.run(questions, ask, lambda _: True, lambda: None)
    answerable = [one for one in judged if one.question.answerable]
    right = [one.answer.confidence for one in answerable]
    shown = [len(one.span) for answer in answers.values() for one in answer.excerpts[:1]]
    return {
        "hit@1": evaluate.hit_rate(answerable, 1),
        "hit@3": evaluate.hit_rate(answerable, 3),
        "ndcg@10": evaluate.ndcg(answerable),
        **{
            f"auroc {kind}": evaluate.auroc(
                right, [one.answer.confidence for one in judged if one.question.kind == kind]
            )
            for kind in sorted({q.kind for q in questions if not q.answerable})
        },
        "exact": sum(exact) / len(exact) if exact else 1.0,
        "characters": statistics.median(shown) if shown else 0.0,
    }
