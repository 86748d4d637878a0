"""``metquote corpus add`` and ``correct``: from what the user named to documents."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.curation.curator import curator
from bot.curation.indexing import is_behind, update_index
from bot.curation.intake import Intake, Overrides, asked, inheriting, must_ask
from bot.terminal.console import console, print_plainly
from bot.terminal.preview import print_preview, print_sides
from corpus.document import PartialDate
from corpus.duplicates import Suggestion
from corpus.errors import InputError, MetquoteError, StorageError
from corpus.incoming import Reader
from corpus.sketches import Sketches
from corpus.sources import STANDARD_INPUT, Source, content_of, named, read_bounded, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.config import Settings
    from corpus.draft import Draft
    from corpus.fetch import Fetched

SKETCHES = "sketches.sqlite"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user said of all that is brought in."""

    overrides: Overrides
    yes: bool = False
    document_id: str | None = None
    wanted: str | None = None
    of: str | None = None
    again: bool = False
    by: str | None = None


class ListsPages(Exception):
    """The address is one of a feed or a sitemap, and no page."""


def add_sources(settings: Settings, names: Sequence[str], wishes: Wishes, *, index: bool) -> bool:
    """Bring in what ``names`` stand for; whether all of it could be used.

    Raises:
        InputError: nothing can begin as the user wished it.
        StorageError: the corpus cannot be written.
    """
    wanted = _wanted(wishes)
    sources, passed_over = _sources(names, wishes)
    intake = Intake(
        curator(settings, wishes.by), Sketches(settings.data / SKETCHES), console(),
        yes=wishes.yes, document_id=wishes.document_id, wanted=wanted, of=wishes.of,
        again=wishes.again,
    )  # fmt: skip
    for reason in passed_over:
        _tell(f"passed over {reason}")
    refused = 0
    try:
        with Reader() as reader:
            for source in sources:
                refused += _added(settings, reader, source, wishes.overrides, intake)
    finally:
        # Stopped half way, what was added stays added.
        if len(sources) > 1:
            print_plainly(intake.out, f"{intake.changes} added, {refused} left out")
    if index and (intake.changes or (not refused and is_behind(settings))):
        update_index(settings)
    return not refused


def correct_document(
    settings: Settings, name: str, wishes: Wishes, *, reason: str | None, index: bool
) -> None:
    """Put the text that ``name`` stands for in the place of a document.

    Raises:
        InputError: there is no such document or file, nothing differs, or nobody can be asked.
        DocumentError: the file is no document.
        FetchError: the page cannot be had.
        StorageError: the corpus cannot be written.
    """
    document_id = wishes.document_id or ""
    sources, _ = _sources([name], wishes)
    if len(sources) > 1:
        raise InputError(f"{name} is a folder; give the one file that is the new version")
    writer = curator(settings, wishes.by)
    old = writer.correctable(document_id)
    with Reader() as reader:
        draft = read_draft(settings, reader, sources[0])
    draft = wishes.overrides.applied(inheriting(draft, old.metadata))
    out = console()
    print_preview(out, draft)
    print_sides(out, draft, old)
    if (
        not wishes.yes
        and asked(f"put it in the place of {document_id}? [y]es / [n]o", "yn") == "no"
    ):
        print_plainly(out, "left as it is")
        return
    earlier = writer.correct(document_id, draft, reason, seen=old)
    print_plainly(out, f"corrected {document_id}; the version before stays on record as {earlier}")
    if index:
        update_index(settings)


def read_draft(settings: Settings, reader: Reader, source: Source) -> Draft:
    """What ``source`` is understood as.

    Raises:
        InputError: it cannot be read, or may not be fetched.
        DocumentError: it is no document.
        FetchError: it cannot be had.
        ListsPages: it is a feed.
    """
    if source.url is not None:
        # aiohttp, which nothing else here needs
        from bot.curation.fetching import fetched, lists_pages  # noqa: PLC0415

        page = fetched(settings, source.url)
        if lists_pages(page.content):
            raise ListsPages
        return page_draft(reader, page)
    if source.path is None:
        content = read_bounded(sys.stdin.buffer, source.name)
        return reader.read(source.name, content)
    content = content_of(source.path)
    return reader.read(source.name, content, source=shown(source.path.absolute()).split("/")[-1])


def page_draft(reader: Reader, page: Fetched) -> Draft:
    """What a page is understood as; where it came from and when are known without its saying so.

    Raises:
        DocumentError: it is no document.
    """
    draft = reader.read(
        page.url, page.content, media_type=page.media_type, charset=page.charset, source=page.url
    )
    today = datetime.now(UTC).date()
    when = PartialDate(today.year, today.month, today.day)
    stated = draft.metadata
    metadata = replace(stated, url=stated.url or page.url, retrieved=stated.retrieved or when)
    return replace(draft, metadata=metadata)


def _added(
    settings: Settings, reader: Reader, source: Source, overrides: Overrides, intake: Intake
) -> int:
    """Bring one source in; how much of it could not be used."""
    try:
        draft = read_draft(settings, reader, source)
        intake.take(overrides.applied(draft))
    except ListsPages:
        from bot.curation.syncing import add_items  # noqa: PLC0415 - aiohttp and feedparser

        return add_items(settings, source.url or "", overrides, reader, intake)
    except StorageError:
        raise  # the next one would fare no better
    except MetquoteError as error:
        _tell(f"left out {error}")
        return 1
    return 0


def _sources(names: Sequence[str], wishes: Wishes) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """What is to be read, if somebody can be asked about it or need not be."""
    if STANDARD_INPUT in names and not wishes.yes:
        raise InputError("what comes from standard input cannot be asked about; give --yes")
    must_ask(yes=wishes.yes)
    found = named(names)
    if len(found.sources) > 1 and (wishes.document_id or wishes.of):
        raise InputError("--id and --of are of one document; add these sources one by one")
    return found.sources, found.passed_over


def _wanted(wishes: Wishes) -> Suggestion | None:
    """What the user said that the text is."""
    if wishes.wanted is None:
        if wishes.of:
            raise InputError("--of needs --as version or --as copy")
        return None
    try:
        wanted = Suggestion(wishes.wanted)
    except ValueError as error:
        raise InputError(
            f"--as must be one of {', '.join(Suggestion)}, not {wishes.wanted!r}"
        ) from error
    if (wanted is Suggestion.SEPARATE) == bool(wishes.of):
        raise InputError("--as version and --as copy need --of ID, and --as separate has none")
    if wanted is Suggestion.VERSION and wishes.document_id:
        raise InputError("a version has the id of its document; leave --id out")
    return wanted


def _tell(sentence: str) -> None:
    print(f"metquote: {sentence}", file=sys.stderr)  # noqa: T201 - the terminal
