"""What has become of words that were posted, by the corpus as it is now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.dates import BRITISH, spoken_day
from bot.messages.markdown import escape, shortened
from bot.messages.posted import PostedExcerpt
from corpus.errors import DocumentError, InputError
from corpus.library import VERSION
from index.revision import restated

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    from corpus.document import Document, Metadata, Span
    from corpus.journal import Entry, Record

REASON_CHARACTERS = 300
# What messages show of what a document states of itself.
_DETAILS = {
    "published": "date", "title": "title", "publisher": "publisher", "author": "author",
    "url": "address", "kind": "kind",
}  # fmt: skip


class Became(StrEnum):
    """What may have become of words that were posted."""

    CURRENT = "current"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    ERASED = "erased"
    REMOVED = "removed"
    """The file is gone or was altered by hand, and no journal says why."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an excerpt that a message shows.

    ``document`` and ``span`` are where its words, or those in their place, stand now; ``None`` if
    nowhere. ``is_same`` is true if they are the same to the letter. ``details`` are what else was
    corrected where the whole text is the same, such as "date". ``dates`` is the language of dates.
    """

    excerpt: PostedExcerpt
    became: Became
    changed: date | None = None
    reason: str | None = None
    document: Document | None = None
    span: Span | None = None
    is_same: bool = False
    details: tuple[str, ...] = ()
    dates: str = BRITISH

    @property
    def note(self) -> str:
        """What to say before the words, or in their place; empty where nothing became of them."""
        if self.became is Became.CURRENT:
            return ""
        return f"**This source was {self.became}{self._when}{self._what}**"

    @property
    def shows(self) -> PostedExcerpt | None:
        """The words as they are to be known from now on; ``None`` if they stand nowhere."""
        if self.document is None or self.span is None:
            return None
        stays = self.became is Became.CURRENT
        name = self.excerpt.document_id if stays else self.document.id
        return PostedExcerpt(name, self.document.sha256, self.span)

    @property
    def _when(self) -> str:
        on = "" if self.changed is None else f" on {spoken_day(self.changed, self.dates)}"
        why = f" ({shown_reason(self.reason)})" if self.reason else ""
        return on + why

    @property
    def _what(self) -> str:
        if self.became is not Became.CORRECTED:
            return "; its words were taken out."
        if self.span is None:
            return "; these words are no longer in it and were taken out."
        if self.details:
            what = " and ".join([", ".join(self.details[:-1]), self.details[-1]]).removeprefix(
                " and "
            )
            return f"; its {what} changed, and these words stand in it as they did:"
        if self.is_same:
            return "; these words stand in it as they did:"
        return "; the words now read:"


def fate(
    excerpt: PostedExcerpt,
    record: Record | None,
    get: Callable[[str], Document],
    *,
    changes: Collection[Entry] = (),
    dates: str = BRITISH,
) -> Fate:
    """What became of an excerpt, by the document's ``record``, ``None`` if there is none.

    ``get`` reads a document by its id, as `corpus.library.Library.get` does. ``changes`` are the
    lines of the journal that came since it was posted or looked at: a version of the same text
    is a change to it only then. ``dates`` is the language of dates.

    Raises:
        StorageError: the documents cannot be read.
    """
    return replace(_fate(excerpt, record, get, changes), dates=dates)


def shown_reason(reason: str) -> str:
    """A curator's reason, harmless and not too long."""
    return escape(shortened(reason, REASON_CHARACTERS))


def _fate(
    excerpt: PostedExcerpt,
    record: Record | None,
    get: Callable[[str], Document],
    changes: Collection[Entry],
) -> Fate:
    if record is None:
        return _unrecorded(excerpt, get)
    if record.erased is not None:
        return _gone(excerpt, Became.ERASED, record.erased)
    if VERSION in excerpt.document_id:
        return _unrecorded(excerpt, get)
    if record.withdrawn is not None:
        return _gone(excerpt, Became.RETRACTED, record.withdrawn)
    try:
        return _version(excerpt, record, get, changes)
    except (DocumentError, InputError):
        return Fate(excerpt, Became.REMOVED)


def _version(
    excerpt: PostedExcerpt,
    record: Record,
    get: Callable[[str], Document],
    changes: Collection[Entry],
) -> Fate:
    hashes = [entry.text_sha256 for entry in record.versions]
    if excerpt.text_sha256 not in hashes:
        # Erased, and another text was recorded under the same id since.
        return Fate(excerpt, Became.REMOVED)
    number = max(at for at, one in enumerate(hashes, 1) if one == excerpt.text_sha256)
    now = get(record.id)
    if number == len(hashes):
        stands = Fate(excerpt, Became.CURRENT, document=now, span=excerpt.span, is_same=True)
        details = _details(record, get, changes, now)
        if not details:
            return stands
        newest = record.newest
        return replace(
            stands, became=Became.CORRECTED, changed=newest.at.date(), reason=newest.reason,
            details=details,
        )  # fmt: skip
    change = record.versions[number]
    found = restated(get(f"{record.id}{VERSION}{number}"), excerpt.span, now)
    return Fate(
        excerpt, Became.CORRECTED, change.at.date(), change.reason, now, found.span, found.is_same
    )


def _details(
    record: Record, get: Callable[[str], Document], changes: Collection[Entry], now: Document
) -> tuple[str, ...]:
    """What ``changes`` corrected of what the document states of itself, its text the same."""
    versions = record.versions
    first = len(versions)
    for number in range(len(versions) - 1, 0, -1):
        if versions[number - 1].text_sha256 != now.sha256:
            break
        if versions[number] in changes:
            first = number
    if first == len(versions):
        return ()
    try:
        before = get(f"{record.id}{VERSION}{first}").metadata
    except (DocumentError, InputError):
        # Its file was altered or is gone: nothing tells any more which of them it was.
        return ("description",)
    return tuple(name for field, name in _DETAILS.items() if _differs(field, before, now.metadata))


def _differs(field: str, before: Metadata, now: Metadata) -> bool:
    return bool(getattr(before, field) != getattr(now, field))


def _unrecorded(excerpt: PostedExcerpt, get: Callable[[str], Document]) -> Fate:
    try:
        document = get(excerpt.document_id)
    except (DocumentError, InputError):
        return Fate(excerpt, Became.REMOVED)
    if document.sha256 != excerpt.text_sha256:
        return Fate(excerpt, Became.REMOVED)
    return Fate(excerpt, Became.CURRENT, document=document, span=excerpt.span, is_same=True)


def _gone(excerpt: PostedExcerpt, became: Became, entry: Entry) -> Fate:
    return Fate(excerpt, became, entry.at.date(), entry.reason)
