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
# ESC, BEL and their like as ␛, ␇ (Unicode "Control Pictures"); C1 controls have none.
_PICTURES = (
    {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"}
    | {0x7F: "␡"}
    | dict.fromkeys(range(0x80, 0xA0), "�")
)


class _Console(Console):
    """A console whose reader may leave early."""

    def on_broken_pipe(self) -> None:
        """Leave it to `bot.cli.main`, where Rich would end the program with 1."""
        raise BrokenPipeError


def console() -> Console:
    """Standard output; at most 100 columns, and as wide as needed when piped."""
    if sys.stdout.isatty():
        found = Console(highlight=False)
        return _Console(highlight=False, emoji=False, width=min(found.width, _WIDEST))
    return _Console(highlight=False, emoji=False, width=10_000, no_color=True, soft_wrap=True)


def visible(text: str) -> str:
    """``text`` for a screen: control characters, which could drive it, as pictures of themselves.

    Line ends and tabs stay; the carriage return of a Windows line end goes.
    """
    return text.replace("\r\n", "\n").translate(_PICTURES)


def print_plainly(out: Console, text: str) -> None:
    """A line as it is: to the byte where it is piped, made `visible` on a screen."""
    if out.is_terminal:
        out.print(Text(visible(text)))
    else:
        # Rich would drop control characters and expand tabs.
        sys.stdout.write(text + "\n")


def print_answer(
    out: Console, answer: Answer, document: Callable[[str], Document], note: str = ""
) -> None:
    """An answer for a person: what it is, then each excerpt with who, where and when.

    ``note`` is what else there is to say of it, such as its age.
    """
    line = Text(heading(answer), style=f"bold {_COLOURS[answer.outcome]}")
    line.append(f" · confidence {answer.confidence:.2f} · ", style="dim")
    line.append(" ".join(filter(None, (explanation(answer), note))), style="dim")
    out.print(line)
    for number, excerpt in enumerate(answer.excerpts, 1):
        out.print()
        _print_excerpt(out, number, shown(excerpt, document(excerpt.document_id)))


def _print_excerpt(out: Console, number: int, one: Shown) -> None:
    notes = [(f"— {speaker}", "cyan") for speaker in one.speakers]
    notes.append((f"{one.label} · {one.source}", "italic"))
    notes.append((f"{one.document_id} {one.span.start}–{one.span.end}", "dim"))
    if one.link:
        notes.append((one.link, "dim"))
    if not out.is_terminal:
        print_plainly(out, "\n".join((f"[{number}]", one.text, *(note for note, _ in notes))))
        return
    for words in (_highlighted(one), *(Text(visible(note), style) for note, style in notes)):
        out.print(Padding(words, (0, 0, 0, 4)))


def _highlighted(one: Shown) -> Text:
    """The words with their highlights in bold, control characters as pictures."""
    words, at = Text(), 0
    for start, end in one.highlights:
        words.append(visible(one.text[at:start])).append(visible(one.text[start:end]), "bold")
        at = end
    return words.append(visible(one.text[at:]))


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
