"""``metquote eval``: ask labelled questions and print how good the answers are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from bot.pages import SCHEMA, json_line
from bot.terminal.console import console, visible
from corpus.errors import InputError
from index import evaluate as measures
from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.service import Service
    from index.evaluate import Judged
    from index.types import Excerpt

_WORST = 5


def evaluate_file(service: Service, path: Path, *, as_json: bool) -> None:
    """Measure the answers to the questions of ``path``.

    Raises:
        InputError: the file cannot be read, or is no file of labelled questions.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            questions = measures.read_questions(lines, path.name)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text") from error
    stored = {document.id: document for document in service.library.read().documents}
    ticks = iter(
        track(
            range(len(questions)), "asking", console=Console(stderr=True), transient=True,
            disable=not sys.stderr.isatty(),
        )
    )  # fmt: skip
    with service.snapshot() as snapshot:

        def exact(excerpt: Excerpt) -> bool:
            shown = snapshot.document(excerpt.document_id).text_at(excerpt.span)
            return stored[excerpt.document_id].text_at(excerpt.span) == shown

        def tick() -> None:
            next(ticks, None)

        judged = measures.run(questions, snapshot.answer, exact, tick)
    if as_json:
        sys.stdout.write(json_line(_summary(judged)))
    else:
        _print(judged)


def _summary(judged: Sequence[Judged]) -> dict[str, Any]:
    answerable = [one for one in judged if one.question.answerable]
    excerpts = sum(len(one.answer.excerpts) for one in judged)
    sure = [one.answer.confidence for one in answerable]
    unanswerable = sorted({one.question.kind for one in judged if not one.question.answerable})
    return {
        "schema": SCHEMA,
        "questions": len(judged),
        **{f"hit@{k}": _round(measures.hit_rate(answerable, k)) for k in (1, 3, 5)},
        "mrr": _round(measures.reciprocal_rank(answerable)),
        "ndcg@10": _round(measures.ndcg(answerable)),
        **{
            f"auroc {kind}": _round(
                measures.auroc(
                    sure, [o.answer.confidence for o in judged if o.question.kind == kind]
                )
            )
            for kind in unanswerable
        },
        "answered and right": _round(measures.answered_precision(judged)),
        "answerable and answered": _round(measures.outcome_share(answerable, Outcome.ANSWERED)),
        "calibration error": _round(measures.calibration_error(judged)),
        "excerpts": excerpts,
        "exact": _round(1 - sum(one.inexact for one in judged) / excerpts if excerpts else 1.0),
    }


def _print(judged: Sequence[Judged]) -> None:
    out = console()
    summary = _table("measure", "value")
    for name, value in _summary(judged).items():
        if name != "schema":
            summary.add_row(Text(name), f"{value:.3f}" if isinstance(value, float) else str(value))
    out.print(summary)
    kinds = _table("kind", "n", "hit@1", "hit@3", "answered", "related", "nothing")
    for kind in dict.fromkeys(one.question.kind for one in judged):
        group = [one for one in judged if one.question.kind == kind]
        hits = [
            f"{measures.hit_rate(group, k):.2f}" if group[0].question.answerable else "-"
            for k in (1, 3)
        ]
        shares = [f"{measures.outcome_share(group, outcome):.2f}" for outcome in Outcome]
        kinds.add_row(Text(kind), str(len(group)), *hits, *shares)
    out.print(kinds)
    bins = _table("mean confidence", "right at rank 1", "n")
    for sure, right, count in measures.calibration(judged):
        bins.add_row(f"{sure:.2f}", f"{right:.2f}", str(count))
    out.print(bins)
    misses = _table("worst misses: confidence", "question")
    worst = sorted((o for o in judged if not o.hit(1)), key=lambda o: -o.answer.confidence)
    for one in worst[:_WORST]:
        question = Text(visible(f"{one.question.id} {one.question.text}"))
        misses.add_row(f"{one.answer.confidence:.2f}", question)
    out.print(misses)


def _table(*headings: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 or len(headings) == 2 else "right")  # noqa: PLR2004
    return table


def _round(value: float) -> float | None:
    return None if value != value else round(value, 4)  # noqa: PLR0124 - nan is not itself
