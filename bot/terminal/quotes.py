"""The terminal commands about quotations: ``quotes`` and ``extract``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal.batch import lines_of
from bot.terminal.options import Since, Until, day, ready, write_line
from corpus.errors import InputError
from index.quotes import QuoteQuery

_MOST = 1_000
_FORMATS = ("table", "csv", "json", "jsonl", "md")


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command(epilog='Example: metquote quotes --speaker "Mark Rowley" --format csv')(quotes)
    app.command(epilog="Example: metquote extract article.txt")(extract)


def quotes(
    context: typer.Context,
    *,
    speaker: Annotated[
        str | None, typer.Option(help="A name, a part of one, or an office.")
    ] = None,
    about: Annotated[str | None, typer.Option(help="A subject; the most relevant first.")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=_MOST, help="Quotations at most.")] = 50,
    kind: Annotated[str, typer.Option("--format", help=", ".join(_FORMATS))] = "table",
) -> None:
    """Look up exact quotations; the newest first, or by relevance with --about."""
    if kind not in _FORMATS:
        raise InputError(f"--format must be one of {', '.join(_FORMATS)}, not {kind!r}")
    query = QuoteQuery(speaker, about, day(since, "since"), day(until, "until", last=True), limit)
    if query.since and query.until and query.since > query.until:
        raise InputError("--since is later than --until; swap them")
    with ready(context).snapshot() as snapshot:
        found = snapshot.quotes.find(query)
        if kind == "table":
            from bot.terminal.console import console  # noqa: PLC0415 - a cold start counts
            from bot.terminal.quote_screen import print_quotes  # noqa: PLC0415 - a cold start counts

            print_quotes(console(), found, snapshot.document)
        else:
            from bot.exports import export  # noqa: PLC0415 - a cold start counts

            sys.stdout.write(export(found, snapshot.document, kind))


def extract(
    files: Annotated[list[str] | None, typer.Argument(help='Text files, or "-".')] = None,
    *,
    batch: Annotated[str | None, typer.Option(help='JSON Lines {"id", "text"}, or "-".')] = None,
) -> None:
    """Find the quotations of any text, with speakers and offsets, a line of JSON a text."""
    from bot.terminal.extraction import extract_lines, extracted  # noqa: PLC0415 - a cold start counts

    if bool(files) == (batch is not None):
        raise InputError("give files of text, or --batch FILE")
    if batch is not None:
        with lines_of(batch) as lines:
            extract_lines(lines, write_line)
    for name in files or ():
        write_line(extracted(_text(name), name))


def _text(name: str) -> str:
    """The text as it is, line endings kept: offsets count from its first character."""
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return content.decode("utf-8")
    except OSError as error:
        raise InputError(f"{name} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: byte {error.start} is not UTF-8; save it as UTF-8") from error
