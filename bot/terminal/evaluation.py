"""``metquote eval``: ask labelled questions and print how good the answers are."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import Progress

from bot.pages import SCHEMA, json_line
from bot.terminal.evaluation_screen import show
from corpus.errors import InputError
from corpus.files import write_whole
from index import evaluate as measures
from index.evaluate_ablation import figures, ingredients, without
from index.evaluate_misses import misses
from index.evaluate_report import by_half, by_kind, outcomes, reliability, rounded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bot.service import Service
    from index.evaluate import Judged, Question
    from index.opened import OpenSnapshot
    from index.types import Excerpt

_WORST = 8
_RESULTS = Path("benchmarks", "results")


def evaluate_file(
    service: Service, path: Path, *, as_json: bool, ablate: bool = False, save: bool = False
) -> None:
    """Measure the answers to the questions of ``path``.

    With ``ablate`` they are asked again without each ingredient of an answer in turn; with
    ``save`` the figures are also written to a file named by the commit.

    Raises:
        InputError: the file cannot be read, or is no file of labelled questions; or the figures
            are to be saved and this is no checkout.
    """
    questions = _read(path)
    file = _file_of_commit() if save else None
    with service.snapshot() as snapshot:
        ways = ingredients(snapshot) if ablate else ()
        with _bar(len(questions) * (1 + len(ways))) as tick:
            judged = measures.run(questions, snapshot.answer, _exact(service, snapshot), tick)
            rows = [figures("nothing", judged)]
            for way in ways:
                ask = without(snapshot, service.settings.answer, way)
                asked = measures.run(questions, ask, lambda _: True, tick)
                rows.append(figures(way.name, asked))
        values = _values(judged, snapshot)
    if ablate:
        values["ablation"] = [
            {
                name: rounded(value) if isinstance(value, float) else value
                for name, value in asdict(row).items()
            }
            for row in rows
        ]
    if file is not None:
        write_whole(file, (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode())
    if as_json:
        sys.stdout.write(json_line(values))
        return
    show(values)
    if file is not None:
        print(f"written to {file}")  # noqa: T201 - the terminal


def _read(path: Path) -> tuple[Question, ...]:
    try:
        with path.open(encoding="utf-8") as lines:
            return measures.read_questions(lines, path.name)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text") from error


def _exact(service: Service, snapshot: OpenSnapshot) -> Callable[[Excerpt], bool]:
    """Tells whether an excerpt is the slice of the stored document that it claims to be."""
    stored = {document.id: document for document in service.library.read().documents}

    def exact(excerpt: Excerpt) -> bool:
        shown = snapshot.document(excerpt.document_id).text_at(excerpt.span)
        return stored[excerpt.document_id].text_at(excerpt.span) == shown

    return exact


def _values(judged: Sequence[Judged], snapshot: OpenSnapshot) -> dict[str, Any]:
    halves = by_half(judged)
    return {
        "schema": SCHEMA,
        "snapshot": snapshot.manifest.id,
        **halves["all"],
        "halves": halves,
        "kinds": by_kind(judged),
        "outcomes": outcomes(judged),
        "reliability": reliability(judged),
        "misses": [
            {
                "id": miss.judged.question.id,
                "question": miss.judged.question.text,
                "confidence": rounded(miss.judged.answer.confidence),
                "outcome": miss.judged.answer.outcome.value,
                "expected": miss.expected,
                "came": miss.came,
                "decided": [[name, rounded(value)] for name, value in miss.decided],
            }
            for miss in misses(judged, snapshot, _WORST)
        ],
    }


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], None]]:
    """A bar of ``total`` questions for whoever looks; what it gives tells that one was asked."""
    with Progress(
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()
    ) as progress:
        task = progress.add_task("asking", total=total)
        yield lambda: progress.advance(task)


def _file_of_commit() -> Path:
    """Where the figures of this commit belong; one with changes beside it says so in its name.

    Raises:
        InputError: this folder is in no checkout.
    """
    try:
        root, commit, changed = (
            subprocess.run(  # noqa: S603 - the arguments below
                ("git", *arguments),  # noqa: S607 - as found on the path
                capture_output=True,
                check=True,
                text=True,
            ).stdout.strip()
            for arguments in (
                ("rev-parse", "--show-toplevel"),
                ("rev-parse", "--short=12", "HEAD"),
                ("status", "--porcelain", "--untracked-files=no"),
            )
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise InputError(
            "results are named by commit and this folder is in no git checkout; "
            "leave out --save, or go to one"
        ) from error
    folder = Path(root) / _RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{commit}{'-changed' if changed else ''}.json"
