"""The terminal command ``timeline``: what was said when about a topic."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it while the program runs
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.options import Json, Since, Until, day, ready, write_line
from corpus.errors import InputError
from index.types import Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.timeline import Timeline
    from corpus.document import Document

_EXAMPLE = 'metquote timeline "stop and search" --since 2020 --picture timeline.png'
_MOST = 40


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=f"Example: {_EXAMPLE}")(timeline)


def timeline(
    context: typer.Context,
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="What it is about.")],
    *,
    since: Since = None,
    until: Until = None,
    speaker: Annotated[str | None, typer.Option(help="Only words of this person.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Only documents of this publisher.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=_MOST, help="Documents at most.")] = _MOST,
    picture: Annotated[Path | None, typer.Option(help="Draw it as this PNG.")] = None,
    as_json: Json = False,
) -> None:
    """List what the documents say of a topic in order of date, each in its own words."""
    from bot.timeline import timeline as found_for  # noqa: PLC0415 - a cold start counts
    from bot.timeline import timeline_json  # noqa: PLC0415 - a cold start counts

    query = Query(
        topic,
        day(since, "since"),
        day(until, "until", last=True),
        speaker,
        publisher,
        limit,
    )
    if query.since and query.until and query.since > query.until:
        raise InputError("--since is later than --until; swap them")
    with ready(context).snapshot() as snapshot:
        found = found_for(snapshot, query)
        if picture is not None:
            _draw(picture, found, snapshot.document)
        if as_json:
            write_line(timeline_json(found, snapshot.document))
        else:
            _print(found, snapshot.document)


def _print(found: Timeline, document: Callable[[str], Document]) -> None:
    from bot.terminal.console import console, print_plainly  # noqa: PLC0415 - a cold start counts
    from bot.timeline import heading, lines  # noqa: PLC0415 - a cold start counts

    out = console()
    print_plainly(out, f"{found.topic}: {heading(found)}")
    for entry in found.entries:
        print_plainly(out, "\n" + "\n".join(lines(entry, document(entry.document_id))))


def _draw(path: Path, found: Timeline, document: Callable[[str], Document]) -> None:
    from bot.pictures.timeline import picture  # noqa: PLC0415 - matplotlib

    drawn = picture(found, document)
    try:
        path.write_bytes(drawn.png)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror})") from error
