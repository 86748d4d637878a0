"""The terminal command ``cite``: what a permalink names."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it while the program runs
from typing import TYPE_CHECKING, Annotated

import typer

from bot.terminal.options import Json, service_of, write_line
from corpus.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from corpus.quotations.types import Speaker
    from index.permalink import Cited

_EXAMPLE = "metquote cite mq-d7a970fc05ab7a40-1245-1390-pq07p6 --style bibtex"


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=f"Example: {_EXAMPLE}")(cite)


def cite(
    context: typer.Context,
    link: Annotated[str, typer.Argument(metavar="ID", help="A permalink, mq-….")],
    *,
    style: Annotated[
        str | None, typer.Option(help="Only a citation: plain, markdown, bibtex, inline.")
    ] = None,
    card: Annotated[Path | None, typer.Option(help="Draw a quotation card as this PNG.")] = None,
    as_json: Json = False,
) -> None:
    """Open a permalink: the words, who said them, where, and what has become of them."""
    from bot.citations import citation, cited_json, speaker_at  # noqa: PLC0415 - a cold start counts
    from index.permalink import parse, resolve  # noqa: PLC0415 - a cold start counts

    if as_json and style is not None:
        raise InputError("give --style or --json, not both")
    cited = resolve(parse(link), service_of(context).library)
    speaker = speaker_at(cited.document, cited.span)
    if card is not None:
        _draw(card, cited, speaker)
    from bot.terminal.console import console, print_plainly  # noqa: PLC0415 - a cold start counts

    if as_json:
        write_line(cited_json(cited, speaker))
    elif style is not None:
        print_plainly(console(), citation(style, cited.document, cited.span, speaker))
    else:
        _print(console(), cited, speaker)


def _print(out: Console, cited: Cited, speaker: Speaker | None) -> None:
    from bot.citations import (  # noqa: PLC0415 - a cold start counts
        paragraph,
        publisher,
        restatement,
        standing,
        when,
    )
    from bot.pages import label, speaker_line, text_link  # noqa: PLC0415 - a cold start counts
    from bot.terminal.console import print_plainly  # noqa: PLC0415 - a cold start counts
    from index.permalink import permalink  # noqa: PLC0415 - a cold start counts

    document, span, now = cited.document, cited.span, cited.now
    change = restatement(now) if now else None
    around, url = paragraph(document, span), document.metadata.url
    told = [
        document.text_at(span),
        f"— {speaker_line(speaker)}" if speaker else "— speaker not named",
        f"{label(document)} · {publisher(document)} · {when(document)}",
        f"{document.id} {span.start}–{span.end}",
        text_link(url, document, span) if url else None,
        standing(document),
        change,
        now.document.text_at(now.span) if now and now.span and str(change).endswith(":") else None,
        f"sha256 {document.sha256}",
        permalink(document, span),
        f"\nin: {document.text_at(around)}",
    ]
    print_plainly(out, "\n".join(line for line in told if line is not None))


def _draw(path: Path, cited: Cited, speaker: Speaker | None) -> None:
    from bot.pictures.card import card  # noqa: PLC0415 - Pillow and matplotlib

    drawn = card(cited.document, cited.span, speaker)
    try:
        path.write_bytes(drawn.png)
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror})") from error
