"""``metquote corpus retract`` and ``erase``."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.curation.backup import ASIDE, STAGING, STATE
from bot.curation.bringing import SKETCHES
from bot.curation.curator import curator
from bot.curation.drafts import KIND, holds
from bot.curation.indexing import forget_texts, update_index
from bot.curation.intake import asked, must_ask
from bot.terminal.console import console, print_plainly
from corpus import leftovers
from corpus.errors import DocumentError
from corpus.sketches import Sketches

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from bot.config import Settings


def retract_document(
    settings: Settings, document_id: str, reason: str, *, by: str | None, index: bool
) -> None:
    """Withdraw a document, and say so.

    Raises:
        InputError: there is no such document, it was retracted already, or there is no reason.
        StorageError: the corpus cannot be written.
    """
    curator(settings, by).retract(document_id, reason)
    print_plainly(console(), f"retracted {document_id}")
    if index:
        update_index(settings)


def erase_document(
    settings: Settings, document_id: str, reason: str, *, by: str | None, yes: bool
) -> None:
    """Remove a document's text from everything that is ours, and name what else may hold it.

    Raises:
        InputError: there is no such document, there is no reason, or nobody can be asked.
        StorageError: the corpus or the data folder cannot be written.
    """
    out = console()
    must_ask(yes=yes, what="erasing cannot be undone, and is asked about")
    writer = curator(settings, by)
    with suppress(DocumentError):  # an altered file is erased like any other
        writer.library.get(document_id)
    print_plainly(
        out,
        f"Every version of {document_id} is removed from the documents, the index and its caches, "
        "for good. The journal keeps its id, where it came from, its hash, and the reason.",
    )
    if not yes and asked("erase it? [y]es / [n]o", "yn") == "no":
        print_plainly(out, "left as it is")
        return
    erased = writer.erase(document_id, reason)
    Sketches(settings.data / SKETCHES).forget(erased.texts)
    print_plainly(out, f"erased {document_id}")
    for name in erased.copies:
        print_plainly(out, f"still there: {name}, recorded as a copy of it")
    for path in _put_aside(writer.library.folder.parent):
        print_plainly(out, f"still there: {path}, left by a restore; remove it")
    print_plainly(
        out, "Backups, version control and whoever quoted it may hold the text still: see to them."
    )
    gone = leftovers.gone(writer.library.journal.records())
    forget_texts(settings, gone, erased.documents)
    told = _previews(settings, gone)
    if told:
        print_plainly(out, told)


def _previews(settings: Settings, gone: Collection[str]) -> str:
    """Delete what the bot keeps of drafts of texts that are gone; what is left to be told of it."""
    from bot.state import State  # noqa: PLC0415 - a cold start counts

    where: Path | str = settings.state.url or settings.data / STATE
    if isinstance(where, str):
        return (
            "A bot that is running, or is started next, deletes the previews in its database that "
            "hold the text."
        )
    if where.exists():
        state = State(where)
        try:
            state.views.forget(KIND, lambda values: holds(values, gone))
        finally:
            state.close()
    return ""


def _put_aside(folder: Path) -> list[Path]:
    return sorted((*folder.glob(f"{ASIDE}*"), *folder.glob(f"{STAGING}*")))
