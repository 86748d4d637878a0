"""The terminal command ``summary``: a topic in the sources' own sentences."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from bot.terminal.options import Since, Until, day, ready, write_line
from corpus.errors import InputError
from index.types import Query

_MOST = 20
_FORMATS = ("text", "md", "json")


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog='Example: metquote summary "armed foot patrols" --format md')(summary)


def summary(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(help="A subject, such as: stop and search.")],
    *,
    since: Since = None,
    until: Until = None,
    sentences: Annotated[int, typer.Option(min=1, max=_MOST, help="Sentences at most.")] = 6,
    publisher: Annotated[str | None, typer.Option(help="Only documents of this publisher.")] = None,
    kind: Annotated[str, typer.Option("--format", help=", ".join(_FORMATS))] = "text",
) -> None:
    """Summarize a topic in real sentences, each cited, by date; sources that differ side by side.

    One or two sentences more are shown where else one side of a disagreement would be missing.
    """
    if kind not in _FORMATS:
        raise InputError(f"--format must be one of {', '.join(_FORMATS)}, not {kind!r}")
    first, last = day(since, "since"), day(until, "until", last=True)
    if first and last and first > last:
        raise InputError("--since is later than --until; swap them")
    query = Query(topic, first, last, publisher=publisher, limit=sentences)
    with ready(context).snapshot() as snapshot:
        found = snapshot.summarizer.summarize(query)
        if kind == "text":
            from bot.terminal.console import console  # noqa: PLC0415 - a cold start counts
            from bot.terminal.summary_screen import print_summary  # noqa: PLC0415 - a cold start counts

            print_summary(console(), found, snapshot.document)
            return
        from bot.summaries import markdown, summary_json  # noqa: PLC0415 - a cold start counts

        if kind == "md":
            sys.stdout.write(markdown(found, snapshot.document))
        else:
            write_line(summary_json(found, snapshot.document))
