"""Whether the corpus is what its journal says that it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus import leftovers
from corpus.document import StatusKind
from corpus.errors import JournalDamaged
from corpus.library import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpus.document import Document
    from corpus.journal import Record
    from corpus.library import Library, Reading


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. ``problems`` say what does not fit; the corpus is whole where there is none.

    ``current``, ``withdrawn`` and ``lines`` count documents that stand, versions that no longer
    do, and lines of the journal. ``unrecorded`` are the ids of documents that the journal does not
    know, which is no fault.
    """

    current: int
    withdrawn: int
    lines: int
    unrecorded: tuple[str, ...]
    problems: tuple[str, ...]


def check(library: Library) -> Report:
    """Prove the journal's chain, and every document against it. Changes nothing.

    Raises:
        StorageError: the folder or the journal cannot be read at all.
    """
    try:
        entries = library.journal.entries()
        records = library.journal.records()
        reading = library.read()
    except JournalDamaged as error:
        return Report(0, 0, 0, (), (str(error),))
    problems = (
        *map(str, reading.refused),
        *_mistaken(records, reading),
        *_left(library, records, reading),
    )
    return Report(
        len(reading.documents), len(reading.withdrawn), len(entries), reading.unrecorded, problems
    )


def _mistaken(records: Mapping[str, Record], reading: Reading) -> Iterator[str]:
    """Documents whose text is not the one that their line names."""
    for document in (*reading.documents, *reading.withdrawn):
        name, number = _version(document)
        record = records.get(name)
        if record is None:
            continue
        entry = record.versions[number - 1] if number else record.newest
        if entry.text_sha256 != document.sha256:
            yield f"{document.id}: its text is not the one that the journal names"


def _version(document: Document) -> tuple[str, int]:
    """The recorded id, and the number of an earlier version or else 0."""
    if document.status.kind is StatusKind.CORRECTED:
        name, _, number = document.id.rpartition(VERSION)
        return name, int(number)
    return document.id, 0


def _left(library: Library, records: Mapping[str, Record], reading: Reading) -> Iterator[str]:
    """Files that should not be there."""
    told = {str(error).partition(":")[0] for error in reading.refused}
    left = leftovers.found(library, records)
    for path in left:
        if path.stem not in told:
            yield (
                f"{path.name}: left by a change that was interrupted; the next change removes it"
            )
    for record in records.values():
        files = [entry.file for entry in record.versions if entry.file] if record.erased else []
        for path in (library.folder / name for name in files):
            if path.exists() and path not in left:
                yield (
                    f"{path.name}: bears the name of a document that was erased; remove it, or "
                    "add it under another name"
                )
