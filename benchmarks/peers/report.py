"""Measurements of every system to one table, at most 100 columns wide."""

from __future__ import annotations

import math
import statistics
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from systems import System

WIDTH = 100
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One measure: its value of a system's measurements, nan where there is none.

    ``best`` picks the best of several values; ``None`` where more is neither better nor worse.
    """

    name: str
    value: Callable[[Mapping[str, Any]], float]
    form: str
    best: Callable[[Sequence[float]], float] | None


def table(systems: Sequence[System], measured: Mapping[str, Mapping[str, Any]]) -> str:
    """The table, the peers by hit@1 on paragraphs of the same, and the notes below it."""
    shown = sorted(
        (one for one in systems if one.name in measured),
        key=lambda one: (not one.is_ours, -_quality("paragraphs", "hit@1")(measured[one.name])),
    )
    grid = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    grid.add_column("(* best of the row)")
    for one in shown:
        grid.add_column(one.name.replace("_", " "), justify="right", max_width=9)
    for heading, rows in ROWS:
        grid.add_row(heading)
        for row in rows:
            values = [row.value(measured[one.name]) for one in shown]
            grid.add_row("  " + row.name, *_cells(row, values))
    console = Console(width=WIDTH)
    with console.capture() as captured:
        console.print(grid)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    notes = [line for one in shown for line in _note(one, measured[one.name])]
    return "\n".join([*lines, "", *notes]) + "\n"


def _cells(row: Row, values: Sequence[float]) -> list[str]:
    texts = ["-" if math.isnan(value) else format(value, row.form) for value in values]
    known = [float(text) for text in texts if text != "-"]
    if row.best is None or not known:
        return [f"{text} " for text in texts]
    best = row.best(known)
    return [f"{text}{'*' if text != '-' and float(text) == best else ' '}" for text in texts]


def _note(system: System, measured: Mapping[str, Any]) -> list[str]:
    versions = ", ".join(f"{name} {number}" for name, number in measured["versions"].items())
    text = f"{system.name.replace('_', ' ')} ({versions}): {system.note}"
    return textwrap.wrap(text, WIDTH, subsequent_indent="  ")


def _quality(split: str, key: str) -> Callable[[Mapping[str, Any]], float]:
    def value(measured: Mapping[str, Any]) -> float:
        found = measured.get("quality", {})
        # What cuts its excerpts by itself has one figure for both.
        return float(found.get(split, found.get("own", {})).get(key, math.nan))

    return value


def _speed(
    key: str, of: Callable[[Sequence[float]], float] = statistics.median, unit: float = 1
) -> Callable[[Mapping[str, Any]], float]:
    def value(measured: Mapping[str, Any]) -> float:
        values = [float(one) for one in measured.get("speed", {}).get(key, [])]
        return of(values) * unit if values else math.nan

    return value


def _p99(values: Sequence[float]) -> float:
    return sorted(values)[min(int(len(values) * 0.99), len(values) - 1)]


def _ranking(split: str) -> tuple[Row, ...]:
    return (
        Row("hit@1", _quality(split, "hit@1"), ".3f", max),
        Row("hit@3", _quality(split, "hit@3"), ".3f", max),
        Row("nDCG@10", _quality(split, "ndcg@10"), ".3f", max),
        Row("AUROC, near misses", _quality(split, "auroc near-miss"), ".3f", max),
        Row("AUROC, out of domain", _quality(split, "auroc out-of-domain"), ".3f", max),
        Row("hit@1, held out", _quality(split, "held out hit@1"), ".3f", max),
        Row("hit@3, held out", _quality(split, "held out hit@3"), ".3f", max),
        Row(
            "AUROC, near misses, held out", _quality(split, "held out auroc near-miss"), ".3f", max
        ),
        Row("excerpts that are exact slices", _quality(split, "exact"), ".3f", max),
        Row("characters at rank 1, median", _quality(split, "characters"), ".0f", None),
    )


ROWS: tuple[tuple[str, tuple[Row, ...]], ...] = (
    ("peers on the same paragraphs", _ranking("paragraphs")),
    ("peers on what their splitters make", _ranking("own")),
    (
        "speed, memory, size",
        (
            Row("cold start to first answer, s", _speed("cold"), ".2f", min),
            Row("warm answer p50, ms", _speed("warm", unit=1e3), ".1f", min),
            Row("warm answer p99, ms", _speed("warm", _p99, 1e3), ".1f", min),
            Row("memory at its peak, MiB", _speed("peak", max), ".0f", min),
            Row("memory settled, MiB", _speed("settled"), ".0f", min),
            Row("index build from nothing, s", _speed("build"), ".1f", min),
            Row("index build again, s", _speed("rebuild"), ".1f", min),
            Row("index on disk, MiB", _speed("index", unit=1 / _MIB), ".1f", min),
            Row("installed, with weights, MiB", _speed("installed", unit=1 / _MIB), ".0f", min),
        ),
    ),
)
