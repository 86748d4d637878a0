"""``metquote eval --summaries``: how good summaries are, beside simpler choices."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from rich.table import Table

from bot.pages import SCHEMA, json_line
from bot.terminal.console import console
from corpus.errors import InputError
from index import evaluate_summaries as measures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bot.service import Service
    from corpus.document import Document
    from index.evaluate_summaries import JudgedTopic

_COLUMNS = ("coverage", "precision", "redundancy", "both sides")


def evaluate_summaries(service: Service, path: Path, *, as_json: bool) -> None:
    """Measure the summaries of the topics of ``path``.

    Raises:
        InputError: the file cannot be read, or is no file of labelled topics.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            topics = measures.read_topics(lines, path.name)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text") from error
    stored = {document.id: document for document in service.library.read().documents}
    with service.snapshot() as snapshot:
        judged = measures.run(topics, snapshot.summarizer, snapshot.document)
        values = _values(judged, snapshot.document, stored)
    if as_json:
        sys.stdout.write(json_line(values))
    else:
        _print(values)


def _values(
    judged: Sequence[JudgedTopic],
    document: Callable[[str], Document],
    stored: dict[str, Document],
) -> dict[str, Any]:
    """For each half and method its measures, and what is of summaries alone."""
    shown = [place for one in judged for place in one.chosen["summary"]]
    exact = sum(
        place.document_id in stored
        and document(place.document_id).text_at(place.span)
        == stored[place.document_id].text_at(place.span)
        for place in shown
    )
    marked, right = measures.marked(judged)
    not_there, there = measures.abstention(judged)
    return {
        "schema": SCHEMA,
        "topics": len(judged),
        "methods": [
            {"half": half, "method": method}
            | {
                name: _round(value)
                for name, value in measures.measures(
                    [one for one in judged if one.topic.half == half], method, document
                ).items()
            }
            for half in measures.HALVES
            for method in measures.METHODS
        ],
        "sentences": len(shown),
        "exact": _round(exact / len(shown) if shown else 1.0),
        "disagreements marked": marked,
        "of them labelled": right,
        "nothing, of topics not in the corpus": _round(not_there),
        "nothing, of topics in the corpus": _round(there),
    }


def _print(values: dict[str, Any]) -> None:
    out = console()
    methods = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("half", "method"):
        methods.add_column(name)
    for name in _COLUMNS:
        methods.add_column(name, justify="right")
    for row in values["methods"]:
        methods.add_row(row["half"], row["method"], *(_figure(row[name]) for name in _COLUMNS))
    out.print(methods)
    rest = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    rest.add_column("measure")
    rest.add_column("value")
    for name, value in values.items():
        if name not in ("schema", "methods"):
            rest.add_row(name, _figure(value))
    out.print(rest)


def _figure(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _round(value: float) -> float | None:
    return None if value != value else round(value, 4)  # noqa: PLR0124 - nan is not itself
