"""What has become of words that were posted, by the corpus as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.markdown import escape, shortened
from bot.posted import PostedExcerpt
from corpus.document import PartialDate, Span
from corpus.errors import DocumentError, InputError
from corpus.library import VERSION
from index.revision import restated

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from corpus.document import Document
    from corpus.journal import Entry, Record

REASON_CHARACTERS = 300


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
    nowhere. ``is_same`` is true if they are the same to the letter.
    """

    excerpt: PostedExcerpt
    became: Became
    changed: date | None = None
    reason: str | None = None
    document: Document | None = None
    span: Span | None = None
    is_same: bool = False

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
        on = "" if self.changed is None else f" on {spoken(self.changed)}"
        why = f" ({shown_reason(self.reason)})" if self.reason else ""
        return on + why

    @property
    def _what(self) -> str:
        if self.became is not Became.CORRECTED:
            return "; its words were taken out."
        if self.span is None:
            return "; these words are no longer in it and were taken out."
        if self.is_same:
            return "; these words stand in it as they did:"
        return "; the words now read:"


def fate(excerpt: PostedExcerpt, record: Record | None, get: Callable[[str], Document]) -> Fate:
    """What became of an excerpt, by the document's ``record``, ``None`` if there is none.

    ``get`` reads a document by its id, as `corpus.library.Library.get` does.

    Raises:
        StorageError: the documents cannot be read.
    """
    if record is None:
        return _unrecorded(excerpt, get)
    if record.erased is not None:
        return _gone(excerpt, Became.ERASED, record.erased)
    if VERSION in excerpt.document_id:
        return _unrecorded(excerpt, get)
    if record.withdrawn is not None:
        return _gone(excerpt, Became.RETRACTED, record.withdrawn)
    try:
        return _version(excerpt, record, get)
    except (DocumentError, InputError):
        return Fate(excerpt, Became.REMOVED)


def spoken(day: date) -> str:
    """A day as a person in London writes it."""
    return PartialDate(day.year, day.month, day.day).spoken


def shown_reason(reason: str) -> str:
    """A curator's reason, harmless and not too long."""
    return escape(shortened(reason, REASON_CHARACTERS))


def _version(excerpt: PostedExcerpt, record: Record, get: Callable[[str], Document]) -> Fate:
    hashes = [entry.text_sha256 for entry in record.versions]
    if excerpt.text_sha256 not in hashes:
        # Erased, and another text was recorded under the same id since.
        return Fate(excerpt, Became.REMOVED)
    number = max(at for at, one in enumerate(hashes, 1) if one == excerpt.text_sha256)
    now = get(record.id)
    if number == len(hashes):
        return Fate(excerpt, Became.CURRENT, document=now, span=excerpt.span, is_same=True)
    change = record.versions[number]
    found = restated(get(f"{record.id}{VERSION}{number}"), excerpt.span, now)
    return Fate(
        excerpt, Became.CORRECTED, change.at.date(), change.reason, now, found.span, found.is_same
    )


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
