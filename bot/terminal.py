"""What the terminal shows: pretty where a person looks, plain where a program reads."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from bot.pages import explanation, heading, shown
from index.types import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from bot.pages import Shown
    from corpus.document import Document
    from index.types import Answer

_COLOURS = {Outcome.ANSWERED: "green", Outcome.RELATED: "yellow", Outcome.NOTHING: "red"}
_WIDEST = 100


def console() -> Console:
    """Standard output; at most 100 columns, and as wide as needed when piped."""
    if sys.stdout.isatty():
        found = Console(highlight=False)
        return Console(highlight=False, width=min(found.width, _WIDEST))
    return Console(highlight=False, width=10_000, no_color=True, soft_wrap=True)


def print_answer(out: Console, answer: Answer, document: Callable[[str], Document]) -> None:
    """An answer for a person: what it is, then each excerpt with who, where and when."""
    line = Text(heading(answer), style=f"bold {_COLOURS[answer.outcome]}")
    line.append(f" · confidence {answer.confidence:.2f} · ", style="dim")
    line.append(explanation(answer), style="dim")
    out.print(line)
    for number, excerpt in enumerate(answer.excerpts, 1):
        out.print()
        _print_excerpt(out, number, shown(excerpt, document(excerpt.document_id)))


def _print_excerpt(out: Console, number: int, one: Shown) -> None:
    words = Text(one.text)
    for start, end in one.highlights:
        words.stylize("bold", start, end)
    if not out.is_terminal:
        out.print(f"[{number}]", markup=False)
        out.print(words)
    else:
        out.print(Padding(words, (0, 0, 0, 4)))
    for speaker in one.speakers:
        out.print(_indented(out, Text(f"— {speaker}", style="cyan")))
    source = Text(one.label, style="italic")
    source.append(f" · {one.source}")
    out.print(_indented(out, source))
    place = f"{one.document_id} {one.span.start}–{one.span.end}"
    out.print(_indented(out, Text(place, style="dim")))
    if one.link:
        out.print(_indented(out, Text(one.link, style="dim")))


def _indented(out: Console, text: Text) -> Text | Padding:
    return Padding(text, (0, 0, 0, 4)) if out.is_terminal else text


class BuildProgress:
    """How far a build is, on standard error: a bar for a person, a line a stage otherwise."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar: Progress | None = None
        self._task: object = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._finish()

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage of ``total`` steps begins; ``None`` if nobody can tell how many."""
        self._finish()
        if not self._console.is_terminal:
            if total is not None or "export" in name:
                print(f"metquote: {name}", file=sys.stderr)  # noqa: T201 - the terminal
            return
        self._bar = Progress(
            TextColumn("{task.description:<40}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self._console,
            transient=True,
        )
        self._bar.start()
        self._task = self._bar.add_task(name, total=total)

    def advance(self, steps: int = 1) -> None:
        """So many steps of the stage are done."""
        if self._bar is not None:
            self._bar.advance(self._task, steps)  # type: ignore[arg-type]

    def _finish(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
