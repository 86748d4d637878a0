"""What an evaluation prints: tables of at most 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from bot.terminal.console import console, print_plainly, visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

# Of a miss so much of the words: three lines of a screen with their label.
_LONGEST = 200
_TABLES = {
    "kinds": ("kind", "n", "hit@1", "hit@3", "answered", "right", "near misses", "answered"),
    "outcomes": ("questions", "n", "answered", "related", "nothing"),
    "reliability": ("confidence", "said", "right", "n"),
    "ablation": ("without", "hit@1", "hit@3", "near", "out", "right", "answered"),
}


def show(values: Mapping[str, Any]) -> None:
    """Print what `bot.terminal.evaluation` worked out."""
    out = console()
    halves = values["halves"]
    names = list(halves)
    rows = [(name, *(halves[half].get(name) for half in names)) for name in halves["all"]]
    out.print(_table(("measure", *names), rows))
    for name, headings in _TABLES.items():
        if name in values:
            out.print()
            out.print(_table(headings, [tuple(row.values()) for row in values[name]]))
    out.print()
    _print_misses(out, values["misses"])


def _print_misses(out: Console, misses: Sequence[Mapping[str, Any]]) -> None:
    out.print(Text("worst misses", style="bold"))
    for miss in misses:
        decided = ", ".join(f"{name} {value:+.2f}" for name, value in miss["decided"])
        lines = (
            f"{miss['confidence']:.2f} {miss['outcome']} {miss['id']} {_short(miss['question'])}",
            f"     expected: {_short(miss['expected']) or 'no answer'}",
            f"     came: {_short(miss['came']) or 'nothing'}",
            f"     decided: {decided or '-'}",
        )
        for line in lines:
            print_plainly(out, visible(" ".join(line.split("\n"))))


def _short(text: str | None) -> str:
    one_line = " ".join((text or "").split())
    return one_line if len(one_line) <= _LONGEST else one_line[:_LONGEST].rstrip() + " […]"


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="left" if number == 0 else "right")
    for row in rows:
        table.add_row(*(Text(visible(_figure(value))) for value in row))
    return table


def _figure(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
