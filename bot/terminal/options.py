"""What commands share: options, settings, an index that is up to date."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot import config
from bot.pages import json_line
from bot.service import Service
from corpus.document import PartialDate
from corpus.errors import InputError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

Json = Annotated[bool, typer.Option("--json", help="Print JSON (schema 1) instead.")]
Since = Annotated[
    str | None, typer.Option(help="Published then or later: 2020-06-26, 2020-06, 2020.")
]
Until = Annotated[str | None, typer.Option(help="Published then or earlier.")]


def service_of(context: typer.Context) -> Service:
    """The service of a command's settings.

    Raises:
        ConfigError: the settings are wrong.
    """
    return Service(config.load(context.obj))


def ready(context: typer.Context) -> Service:
    """The same with its index built, at first use and whenever the documents have changed.

    Raises:
        MetquoteError: it cannot be built.
    """
    from bot.terminal.console import BuildProgress  # noqa: PLC0415 - a cold start counts
    from bot.terminal.index_screen import print_refused  # noqa: PLC0415 - a cold start counts

    service = service_of(context)
    with BuildProgress() as progress:
        built = service.ensure(progress)
    if built is not None:
        print_refused(built.refused)
    return service


def build_apart(context: typer.Context, service: Service) -> None:
    """The same in a process of its own: exporting a model takes memory that serving does not.

    Raises:
        typer.Exit: it could not be built; the process has said why.
    """
    if service.is_ready():
        return
    command = build_command(context.obj)
    status = subprocess.run(command, stdout=sys.stderr, check=False).returncode  # noqa: S603 - ours
    if status:
        raise typer.Exit(status)


def build_command(file: Path | None) -> list[str]:
    """What builds the index in a process of its own; ``file`` is the configuration, if any."""
    settings = ["--config", str(file)] if file else []
    return [sys.executable, "-m", "bot.cli", *settings, "index", "build"]


def day(text: str | None, option: str, *, last: bool = False) -> date | None:
    """The first day that an option names, or the last.

    Raises:
        InputError: it names none.
    """
    if text is None:
        return None
    try:
        when = PartialDate.parse(text)
    except ValueError as error:
        raise InputError(f"--{option}: {error}") from error
    return when.last_day if last else when.first_day


def write_line(value: dict[str, Any]) -> None:
    """Print a line of JSON."""
    sys.stdout.write(json_line(value))
