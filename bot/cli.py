"""The terminal commands. Works without discord.py, except ``serve``."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot import config
from bot.ages import age_note
from bot.terminal import backup, cite, corpus, quotes, summary, timeline, verify
from bot.terminal.batch import answer_lines, lines_of
from bot.terminal.options import Json, Since, Until, build_apart, day, ready, service_of, write_line
from corpus.errors import ConfigError, InputError, MetquoteError
from index.types import Query

app = typer.Typer(
    help="Ask what the Metropolitan Police said and get its exact words back.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
corpus_app = typer.Typer(help="The documents.", no_args_is_help=True)
index_app = typer.Typer(help="The index built from the documents.", no_args_is_help=True)
app.add_typer(corpus_app, name="corpus")
app.add_typer(index_app, name="index")

_MOST = 10
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def main() -> None:
    """Run a command; end with 0, with 2 where the user is wrong, else with 1. No traceback."""
    if sys.stdout is None:  # closed by the shell: >&-
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for good
    try:
        status = app(standalone_mode=False)
        # Now, and not while Python shuts down, where an error could no longer be told.
        sys.stdout.flush()
    except MetquoteError as error:
        _fail(str(error), error.exit_status)
    except (KeyboardInterrupt, typer.Abort):
        _fail("stopped", 130)
    except (BrokenPipeError, SystemExit) as error:
        # Typer, too, notices a reader that has left, and would end with 1.
        if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
            raise
        # The reader has seen enough.
        _drop_output()
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last edge: a person gets a sentence
        if hasattr(error, "format_message"):
            _fail(error.format_message(), 2)
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            # That of the data folder is told by whoever writes there: this is the output's.
            _fail(f"the output cannot be written ({error.strerror})", 1)
        if os.environ.get("METQUOTE_DEBUG"):
            traceback.print_exc()
        _fail(
            f"something broke that should not ({type(error).__name__}: {error}); "
            "set METQUOTE_DEBUG=1 to see where, and report it",
            1,
        )
    sys.exit(status if isinstance(status, int) else 0)


@app.callback()
def _settings(
    context: typer.Context,
    config_file: Annotated[
        Path | None, typer.Option("--config", help="Settings; by default config.toml here, if any.")
    ] = None,
) -> None:
    context.obj = config_file


@app.command(epilog='Example: metquote ask "Who was hurt in Brixton?" --since 2020-06')
def ask(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(help="In your own words.")] = None,
    *,
    since: Since = None,
    until: Until = None,
    speaker: Annotated[str | None, typer.Option(help="Only words of this person.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Only documents of this publisher.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=_MOST, help="Excerpts at most.")] = 5,
    as_json: Json = False,
    batch: Annotated[
        str | None,
        typer.Option(help='JSON Lines {"id", "question"}, or "-"; each gets a line of JSON.'),
    ] = None,
) -> None:
    """Ask a question; the answer is the sources' own words, or that they do not say."""
    if (question is None) == (batch is None):
        raise InputError(
            'give one question, or --batch FILE; such as: metquote ask "Who was hurt?"'
        )
    query = Query(
        question or "",
        day(since, "since"),
        day(until, "until", last=True),
        speaker,
        publisher,
        limit,
    )
    if query.since and query.until and query.since > query.until:
        raise InputError("--since is later than --until; swap them")
    service = ready(context)
    if batch is not None:
        with lines_of(batch) as lines:
            answer_lines(lines, query, service, write_line)
        return
    with service.snapshot() as snapshot:
        answer = snapshot.answer(query)
        if as_json:
            from bot.pages import answer_json  # noqa: PLC0415 - a cold start counts

            write_line(answer_json(answer, snapshot.document))
        else:
            from bot.terminal.console import console, print_answer  # noqa: PLC0415 - a cold start counts

            old_after = service.settings.answer.old_after_days
            note = age_note(answer, datetime.now(UTC).date(), old_after)
            print_answer(console(), answer, snapshot.document, note)


for commands in (quotes, verify, backup, cite, timeline, summary):
    commands.register(app)
corpus.register(corpus_app)


@index_app.command("build", epilog="Example: metquote index build")
def index_build(context: typer.Context) -> None:
    """Bring the index up to date with the documents."""
    from bot.terminal.console import BuildProgress  # noqa: PLC0415 - a cold start counts
    from bot.terminal.index_screen import print_built, print_refused  # noqa: PLC0415 - a cold start counts

    with BuildProgress() as progress:
        built = service_of(context).build(progress)
    print_refused(built.refused)
    print_built(built)


@index_app.command("status", epilog="Example: metquote index status")
def index_status(context: typer.Context, *, as_json: Json = False) -> None:
    """Say which index is in use, and whether it is of the documents as they are now."""
    from bot.terminal.index_screen import print_status  # noqa: PLC0415 - a cold start counts

    print_status(service_of(context), as_json=as_json)


@index_app.command("verify", epilog="Example: metquote index verify")
def index_verify(context: typer.Context) -> None:
    """Check every byte of the index in use against its manifest, and its rows."""
    from bot.terminal.index_screen import verify  # noqa: PLC0415 - a cold start counts

    verify(service_of(context))


@app.command("eval", epilog="Example: metquote eval tests/data/questions.jsonl")
def evaluate(
    context: typer.Context,
    file: Path,
    *,
    summaries: Annotated[
        bool, typer.Option("--summaries", help="The file has topics; compare their summaries.")
    ] = False,
    ablate: Annotated[
        bool, typer.Option("--ablate", help="Ask again without each ingredient in turn.")
    ] = False,
    save: Annotated[
        bool, typer.Option("--save", help="Write benchmarks/results/COMMIT.json too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Measure the answers to labelled questions (JSON Lines, see tests/data/README.md)."""
    if summaries:
        from bot.terminal.summary_evaluation import evaluate_summaries  # noqa: PLC0415 - a cold start counts

        evaluate_summaries(ready(context), file, as_json=as_json)
        return
    from bot.terminal.evaluation import evaluate_file  # noqa: PLC0415 - a cold start counts

    evaluate_file(ready(context), file, as_json=as_json, ablate=ablate, save=save)


@app.command(epilog="Example: METQUOTE_DISCORD_TOKEN=… metquote serve")
def serve(context: typer.Context) -> None:
    """Run the Discord bot until it is told to stop (SIGTERM or Ctrl-C)."""
    from bot.memory import keep_steady  # noqa: PLC0415 - a cold start counts

    keep_steady()
    service = service_of(context)
    token = config.token(service.settings)
    try:
        from bot.discord.client import run  # noqa: PLC0415 - the only command that needs discord.py
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "discord":
            raise
        raise ConfigError("discord.py is not installed; run: pip install discord.py") from error
    build_apart(context, service)
    run(service, token)


def _fail(message: str, status: int) -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _drop_output()
    if message:  # without one, the help was the answer
        print(f"metquote: {message}", file=sys.stderr)  # noqa: T201 - the terminal
    sys.exit(status)


def _drop_output() -> None:
    """What could not be written is not tried again while Python shuts down."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def program() -> None:
    """`main`, as a process of its own, left at once when it is done.

    Everything is written and closed by then, and taking the libraries down in good order would
    be a tenth of the time of a short question.
    """
    try:
        main()
    except SystemExit as done:
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        sys.stderr.flush()
        os._exit(done.code if isinstance(done.code, int) else 1)


if __name__ == "__main__":
    program()
