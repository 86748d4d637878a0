"""Which document has a text, or had it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.errors import AlreadyKnown, DocumentError, StorageError
from corpus.formats import markdown
from corpus.library import VERSION, is_document

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corpus.journal import Entry, Record
    from corpus.library import Library

UNRECORDED, ERASED = "unrecorded", "erased"


@dataclass(frozen=True, slots=True)
class Known:
    """``id`` has the text (``current``, ``unrecorded``) or had it.

    Of one that had it, ``status`` is ``corrected``, ``retracted`` or ``erased``.
    """

    id: str
    status: str
    changed: str = ""
    """The day of the change, and its reason where one was given."""

    @property
    def is_gone(self) -> bool:
        """Whether no document has the text now."""
        return self.status in ("corrected", "retracted", ERASED)

    @property
    def sentence(self) -> str:
        """What a person is told who brings the text again."""
        if self.status == "current":
            return f"the same text is in the corpus already, as {self.id}"
        if self.status == UNRECORDED:
            return (
                f"the same text lies in the documents folder already, as {self.id}.md, which was "
                f"put there by hand; record it with 'metquote corpus add' and its path"
            )
        return (
            f"the same text or page was {self.id}, {self.status} on {self.changed}; it is not "
            "brought in again unless --again is given"
        )

    @property
    def error(self) -> AlreadyKnown:
        """The sentence as an error."""
        return AlreadyKnown(self.sentence, id=self.id, status=self.status)


class KnownTexts:
    """Finds texts by hash in a library; remembers the hashes of files that nobody recorded."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._hashes: dict[tuple[str, int, int], str] = {}

    def find(
        self, records: Mapping[str, Record], text: str, source: str | None = None
    ) -> Known | None:
        """Which document has the text of this hex SHA-256; one that stands before one that fell.

        What was erased is known by its page too: a page that says the same in other words, or
        bears another date, is what was to be gone.

        Raises:
            StorageError: the folder cannot be listed.
        """
        found = [
            known
            for record in records.values()
            if (known := _in_record(record, text) or _erased_page(record, source))
        ]
        found += [
            Known(name, UNRECORDED)
            for name, digest in self.unrecorded(records).items()
            if digest == text
        ]
        return min(found, key=lambda known: known.is_gone, default=None)

    def stems(self) -> frozenset[str]:
        """The name, without its ending, of every file in the folder."""
        folder = self._library.folder
        return frozenset(name.removesuffix(".md") for name in _names(folder))

    def unrecorded(self, records: Mapping[str, Record]) -> dict[str, str]:
        """The hex SHA-256 of the text of each document that the journal does not know, by id."""
        recorded = {entry.file for record in records.values() for entry in record.versions}
        found = {}
        for name in sorted(set(_names(self._library.folder)) - recorded):
            if is_document(name) and VERSION not in name:
                digest = self._hash(self._library.folder / name)
                if digest:
                    found[name.removesuffix(".md")] = digest
        return found

    def _hash(self, path: Path) -> str:
        """The hash of a stored document's text; empty where it is no document."""
        try:
            found = path.stat()
            key = (path.name, found.st_size, found.st_mtime_ns)
            if key not in self._hashes:
                self._hashes[key] = markdown.parse(path.stem, path.read_bytes()).sha256
            return self._hashes[key]
        except (OSError, DocumentError):
            # `Library.read` tells of it; here it is only no text that could be the same.
            return ""


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - a Path each takes long
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(
            f"the documents folder {folder} cannot be read ({error.strerror}); "
            "set paths.documents in config.toml"
        ) from error


def _erased_page(record: Record, source: str | None) -> Known | None:
    if record.erased is None or source is None or not source.startswith(("http://", "https://")):
        return None
    if source not in {entry.source for entry in record.versions}:
        return None
    return Known(record.id, ERASED, _when(record.erased))


def _in_record(record: Record, text: str) -> Known | None:
    numbers = [n for n, entry in enumerate(record.versions, 1) if entry.text_sha256 == text]
    if not numbers:
        return None
    is_newest = numbers[-1] == len(record.versions)
    if is_newest and not record.withdrawn and not record.erased:
        return Known(record.id, "current")
    change = record.erased or (record.withdrawn if is_newest else record.versions[numbers[-1]])
    if change is None:
        raise AssertionError("a version that does not stand has an entry that says so")
    return Known(record.id, change.action.value, _when(change))


def _when(change: Entry) -> str:
    return change.at.date().isoformat() + (f" ({change.reason})" if change.reason else "")
