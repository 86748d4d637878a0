"""The terminal commands ``backup`` and ``restore``."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

from bot import config

if TYPE_CHECKING:
    from corpus.archive import Proved

_FILE = typer.Argument(help="The archive, such as metquote-2026-11-30.tar.")


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    app.command(epilog="Example: metquote backup metquote-2026-11-30.tar")(backup)
    app.command(epilog="Example: metquote restore metquote-2026-11-30.tar")(restore)


def backup(context: typer.Context, file: Annotated[Path, _FILE]) -> None:
    """Write corpus, journal and the bot's state to one archive, which is then read and proved."""
    from bot.curation.backup import back_up, keeps_state  # noqa: PLC0415 - a cold start counts
    from bot.terminal.console import console, print_plainly  # noqa: PLC0415 - a cold start counts

    settings = config.load(context.obj)
    proved = back_up(settings, file)
    print_plainly(console(), f"{file} is whole: {_contents(proved)}")
    if not keeps_state(settings):
        print_plainly(
            console(),
            "The bot's state is in the database of state.url, and not in the archive; back it up "
            "with the database's own tools.",
        )


def restore(
    context: typer.Context,
    file: Annotated[Path, _FILE],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    no_index: Annotated[bool, typer.Option("--no-index", help="Leave the index as it is.")] = False,
) -> None:
    """Put an archive's corpus and state in the place of those there are, which are kept aside."""
    from datetime import UTC, datetime  # noqa: PLC0415 - a cold start counts

    from bot.curation import backup as archives  # noqa: PLC0415 - a cold start counts
    from bot.curation.curator import user  # noqa: PLC0415 - a cold start counts
    from bot.curation.indexing import update_index  # noqa: PLC0415 - a cold start counts
    from bot.curation.intake import asked, must_ask  # noqa: PLC0415 - a cold start counts
    from bot.terminal.console import console, print_plainly  # noqa: PLC0415 - a cold start counts

    settings, out = config.load(context.obj), console()
    must_ask(yes=yes, what="what the archive holds is shown and asked about")
    with archives.proved(settings, file) as (proved, folder):
        print_plainly(out, f"{file} of {proved.made:%Y-%m-%d %H:%M} UTC: {_contents(proved)}")
        if not yes and asked("put it in the place of what there is? [y]es / [n]o", "yn") == "no":
            print_plainly(out, "left as it is")
            return
        restored = archives.restore(settings, folder, by=user(), clock=lambda: datetime.now(UTC))
    print_plainly(out, "restored")
    for path in restored.aside:
        print_plainly(out, f"what was there before is kept as {path}")
    for name in restored.erased:
        print_plainly(out, f"erased again, as it was erased since: {name}")
    if restored.unreadable is not None:
        print_plainly(
            out,
            "The journal that was there cannot be read, so nobody can tell what was erased since "
            f"{proved.made:%Y-%m-%d %H:%M} UTC: erase that again ({restored.unreadable})",
        )
    if not no_index:
        update_index(config.load(context.obj))


def _contents(proved: Proved) -> str:
    report = proved.report
    state = "the bot's state" if proved.others else "no state of the bot"
    return (
        f"{report.current:,} documents, {report.withdrawn:,} withdrawn, {report.lines:,} lines of "
        f"the journal, {state}"
    )
