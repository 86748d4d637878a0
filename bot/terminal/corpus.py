"""The terminal commands about documents: what there is, what comes in, what is put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot import config
from bot.terminal.options import Json, Since, Until, day, service_of
from bot.terminal.stating import Stated, stating
from corpus.document import StatusKind
from corpus.errors import InputError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from corpus.document import Document
    from corpus.library import Reading

Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing; take what is suggested.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; by default your user name.")]
NoIndex = Annotated[
    bool, typer.Option("--no-index", help="Leave the index as it is; the next command updates it.")
]
_STATUSES = (*(kind.value for kind in StatusKind), "all")


def register(app: typer.Typer) -> None:
    """Add the commands to ``app``."""
    for name, (command, example) in _COMMANDS.items():
        app.command(name, epilog=f"Example: metquote corpus {name} {example}".rstrip())(command)


def list_documents(
    context: typer.Context,
    *,
    since: Since = None,
    until: Until = None,
    publisher: Annotated[str | None, typer.Option(help="Only documents of this publisher.")] = None,
    status: Annotated[str, typer.Option(help=", ".join(_STATUSES))] = "current",
    as_json: Json = False,
) -> None:
    """List the documents: id, date, kind, publisher, title."""
    from bot.terminal.corpus_screen import print_documents  # noqa: PLC0415 - a cold start counts
    from bot.terminal.index_screen import print_refused  # noqa: PLC0415 - a cold start counts

    if status not in _STATUSES:
        raise InputError(f"--status must be one of {', '.join(_STATUSES)}, not {status!r}")
    first, last = day(since, "since"), day(until, "until", last=True)
    if first and last and first > last:
        raise InputError("--since is later than --until; swap them")
    reading = service_of(context).library.read()
    print_refused(reading.refused)
    chosen = (
        one for one in _of_status(reading, status)
        if _within(one, first, last) and _of_publisher(one, publisher)
    )  # fmt: skip
    print_documents(tuple(chosen), as_json=as_json)


def show(context: typer.Context, document_id: str, *, as_json: Json = False) -> None:
    """Print one document: what it states of itself, its versions, its text and quotations.

    ID@1 is the first version of one that was corrected.
    """
    from bot.terminal.corpus_screen import print_document  # noqa: PLC0415 - a cold start counts

    library = service_of(context).library
    document = library.get(document_id)
    record = library.journal.records().get(document_id.partition("@")[0])
    print_document(document, record, as_json=as_json)


def check(context: typer.Context) -> None:
    """Prove the journal and every document against it; ends with 2 if something does not fit."""
    from bot.curation.curator import curator  # noqa: PLC0415 - a cold start counts
    from bot.terminal.console import console, print_plainly  # noqa: PLC0415 - a cold start counts
    from bot.terminal.corpus_screen import print_check  # noqa: PLC0415 - a cold start counts
    from corpus.check import check as checked  # noqa: PLC0415 - a cold start counts
    from corpus.swap import is_unfinished  # noqa: PLC0415 - a cold start counts

    settings = config.load(context.obj)
    library = service_of(context).library

    def recovered() -> None:
        for done in curator(settings).recover():
            print_plainly(console(), done)

    if is_unfinished(library.folder):
        recovered()
    report = checked(library)
    if report.problems and library.folder != settings.packaged_documents:
        try:
            recovered()
            report = checked(library)
        except StorageError:
            # It cannot be written, or its journal is damaged: the report tells what is the case.
            pass
    print_check(report)
    if report.problems:
        raise typer.Exit(2)


@stating
def add(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(help='Files, folders, addresses, feeds, or "-".')],
    *,
    yes: Yes = False,
    stated: Stated,
    document_id: Annotated[str | None, typer.Option("--id", help="The id it is to have.")] = None,
    wanted: Annotated[
        str | None, typer.Option("--as", help="version, copy or separate; the first two need --of.")
    ] = None,
    of: Annotated[str | None, typer.Option("--of", help="The document that it is one of.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Even a text that was withdrawn or erased before.")
    ] = False,
    by: By = None,
    no_index: NoIndex = False,
) -> None:
    """Bring texts in: Markdown, plain text, HTML, PDF, DOCX, e-mail; what was understood is shown.

    What a text does not state stays unknown; an option states it.
    """
    from bot.curation.bringing import Wishes, add_sources  # noqa: PLC0415 - a cold start counts
    from bot.curation.intake import Overrides  # noqa: PLC0415 - a cold start counts

    wishes = Wishes(
        Overrides(**stated),
        yes=yes, document_id=document_id, wanted=wanted, of=of, again=again, by=by,
    )  # fmt: skip
    if not add_sources(config.load(context.obj), sources, wishes, index=not no_index):
        raise typer.Exit(2)


@stating
def correct(
    context: typer.Context,
    document_id: str,
    file: Annotated[str, typer.Argument(help='A file, an address, or "-".')],
    *,
    reason: Annotated[str | None, typer.Option(help="Why; people are told.")] = None,
    yes: Yes = False,
    stated: Stated,
    by: By = None,
    no_index: NoIndex = False,
) -> None:
    """Put a new version in a document's place; the old one stays on record."""
    from bot.curation.bringing import Wishes, correct_document  # noqa: PLC0415 - a cold start counts
    from bot.curation.intake import Overrides  # noqa: PLC0415 - a cold start counts

    wishes = Wishes(
        Overrides(**stated),
        yes=yes, document_id=document_id, by=by,
    )  # fmt: skip
    settings = config.load(context.obj)
    correct_document(settings, file, wishes, reason=reason, index=not no_index)


def retract(
    context: typer.Context,
    document_id: str,
    *,
    reason: Annotated[str, typer.Option(help="Why; whoever verifies its words is told.")],
    by: By = None,
    no_index: NoIndex = False,
) -> None:
    """Withdraw a document: it answers no more, and verification says that it was and why."""
    from bot.curation.withdrawing import retract_document  # noqa: PLC0415 - a cold start counts

    retract_document(config.load(context.obj), document_id, reason, by=by, index=not no_index)


def erase(
    context: typer.Context,
    document_id: str,
    *,
    reason: Annotated[str, typer.Option(help="Why; the journal keeps it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing.")] = False,
    by: By = None,
) -> None:
    """Remove a document's text for good, where the law asks for it: documents, index, caches."""
    from bot.curation.withdrawing import erase_document  # noqa: PLC0415 - a cold start counts

    erase_document(config.load(context.obj), document_id, reason, by=by, yes=yes)


def sync(
    context: typer.Context, *, yes: Yes = False, by: By = None, no_index: NoIndex = False
) -> None:
    """Fetch what is new in the feeds of config.toml; ends with 1 if none of them could be had."""
    from bot.curation.syncing import sync_feeds  # noqa: PLC0415 - a cold start counts

    if not sync_feeds(config.load(context.obj), yes=yes, by=by, index=not no_index):
        raise typer.Exit(1)


_COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "list": (list_documents, "--since 2020 --status all"),
    "show": (show, "letter-to-recovery-operators-on-disorder"),
    "add": (add, "https://example.org/statement --publisher 'Example'"),
    "correct": (correct, "brixton-statement right.md --reason 'the date was wrong'"),
    "retract": (retract, "brixton-statement --reason 'the force withdrew it'"),
    "erase": (erase, "brixton-statement --reason 'order of the court'"),
    "sync": (sync, "--yes"),
    "check": (check, ""),
}


def _of_status(reading: Reading, status: str) -> Iterable[Document]:
    if status == StatusKind.CURRENT.value:
        return reading.documents
    if status == "all":
        return sorted((*reading.documents, *reading.withdrawn), key=lambda one: one.id)
    return (one for one in reading.withdrawn if one.status.kind.value == status)


def _within(document: Document, first: date | None, last: date | None) -> bool:
    """Whether a document can be of these days, inclusive; one without a date can be of none."""
    published = document.metadata.published
    if published is None:
        return first is None and last is None
    return (first is None or published.last_day >= first) and (
        last is None or published.first_day <= last
    )


def _of_publisher(document: Document, publisher: str | None) -> bool:
    if publisher is None:
        return True
    return publisher.casefold() in (document.metadata.publisher or "").casefold()
