"""The terminal command ``verify``: is a posted quotation true to its source?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.terminal.batch import lines_of
from bot.terminal.options import Json, ready, write_line
from corpus.errors import InputError

_EXAMPLE = 'metquote verify "We cannot accept the levels of violence" --speaker "Bas Javid"'


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=f"Example: {_EXAMPLE}")(verify)


def verify(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="The quotation as it was posted.")] = None,
    *,
    speaker: Annotated[str | None, typer.Option(help="Who is said to have said it.")] = None,
    as_json: Json = False,
    batch: Annotated[
        str | None,
        typer.Option(
            help='JSON Lines {"id", "posted", "attributed_to"?}, or "-"; each gets a line of JSON.'
        ),
    ] = None,
) -> None:
    """Say whether a quotation is verbatim, altered, misattributed, stitched or absent."""
    if (text is None) == (batch is None):
        raise InputError(f"give one quotation, or --batch FILE; such as: {_EXAMPLE}")
    service = ready(context)
    if batch is not None:
        from bot.verdicts import verify_lines  # noqa: PLC0415 - a cold start counts

        def verified(posted: str, name: str | None) -> dict[str, Any]:
            from bot.verdicts import verdict_json  # noqa: PLC0415 - a cold start counts

            with service.snapshot() as snapshot:
                verdict = snapshot.verifier.verify(posted, name)
                return verdict_json(verdict, snapshot.document)

        with lines_of(batch) as lines:
            verify_lines(lines, speaker, verified, write_line)
        return
    with service.snapshot() as snapshot:
        verdict = snapshot.verifier.verify(text or "", speaker)
        if as_json:
            from bot.verdicts import verdict_json  # noqa: PLC0415 - a cold start counts

            write_line(verdict_json(verdict, snapshot.document))
        else:
            from bot.terminal.console import console  # noqa: PLC0415 - a cold start counts
            from bot.terminal.verdict_screen import print_verdict  # noqa: PLC0415 - a cold start counts

            print_verdict(console(), verdict, snapshot.document)
