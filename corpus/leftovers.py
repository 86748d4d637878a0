"""What a killed process left in the folder of documents, and what an erasure takes away."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from corpus.errors import DocumentError
from corpus.files import sync_folder
from corpus.formats import markdown
from corpus.library import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from corpus.document import Document
    from corpus.journal import Record
    from corpus.library import Library

# The temporary files of `corpus.files.write_whole`, whose names keep 60 characters of the target's.
_UNFINISHED = re.compile(r"\.(?:.{60}|.*\.md)-[a-z0-9_]{8}")


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took away, so that indexes and caches can forget it too.

    ``texts`` are the hex SHA-256 of the texts that no other document holds, ``documents`` every
    version that could still be read, ``copies`` the ids of documents recorded as copies of it.
    """

    id: str
    texts: tuple[str, ...]
    documents: tuple[Document, ...] = ()
    copies: tuple[str, ...] = ()


def found(library: Library, records: Mapping[str, Record]) -> tuple[Path, ...]:
    """The files that a killed process left, in order of name.

    Temporary files, files of erased documents, and a next version that was never recorded.
    """
    if not library.folder.exists():
        return ()
    erased = _erased_files(records)
    next_versions = {f"{one.id}{VERSION}{len(one.versions) + 1}.md" for one in records.values()}
    return tuple(
        library.folder / name
        for name in sorted(os.listdir(library.folder))  # noqa: PTH208 - a Path each takes long
        if name in next_versions
        or (name[0] == "." and _UNFINISHED.fullmatch(name))
        # Another file under the name of an erased one is somebody's own: `check` names it.
        or (name in erased and _sha256(library.folder / name) == erased[name])
    )


def swept(library: Library) -> tuple[str, ...]:
    """Remove what `found` finds; a sentence for each. The caller holds the corpus's lock.

    Raises:
        OSError: the folder cannot be written.
    """
    records = library.journal.records()
    erased = _erased_files(records)
    paths = found(library, records)
    _remove(library, paths)
    return tuple(
        f"{path.name}: removed, as its document was erased"
        if path.name in erased
        else f"{path.name}: removed; it was being written when the program was stopped"
        for path in paths
    )


def remove_erased(library: Library, records: Mapping[str, Record]) -> None:
    """Remove the files of erased documents. The caller holds the corpus's lock.

    Raises:
        OSError: the folder cannot be written.
    """
    _remove(library, (library.folder / name for name in _erased_files(records)))


def readable(library: Library, record: Record) -> tuple[Document, ...]:
    """Every version of a document that can be read, oldest first, under the document's id."""
    documents = []
    for entry in record.versions:
        try:
            content = (library.folder / (entry.file or "")).read_bytes()
            documents.append(markdown.parse(record.id, content))
        except (OSError, DocumentError):
            # It is to be removed: one that is damaged or missing is none the worse.
            continue
    return tuple(documents)


def gone(records: Mapping[str, Record]) -> frozenset[str]:
    """The hex SHA-256 of the texts that were erased and that no document on record holds."""
    erased: set[str] = set()
    held: set[str] = set()
    for record in records.values():
        texts = {entry.text_sha256 for entry in record.versions if entry.text_sha256}
        (erased if record.erased else held).update(texts)
    return frozenset(erased - held)


def _erased_files(records: Mapping[str, Record]) -> dict[str, str | None]:
    """The names of files that are to be gone, with the hex SHA-256 of each one's bytes."""
    return {
        entry.file: entry.sha256
        for record in records.values()
        if record.erased
        for entry in record.versions
        if entry.file
    }


def _sha256(path: Path) -> str | None:
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _remove(library: Library, paths: Iterable[Path]) -> None:
    removed = False
    for path in paths:
        if path.is_file() or path.is_symlink():
            path.unlink()
            removed = True
    if removed:
        sync_folder(library.folder)
