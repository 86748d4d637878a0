"""What is left of erased documents in snapshots and among the vectors, removed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from corpus.document import Document, Metadata
from corpus.errors import SnapshotError
from index.embeddings import EmbeddingCache
from index.locks import BuildLock, unwritable
from index.passages import around, passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from index.snapshot import SnapshotStore


def purge(store: SnapshotStore, erased: Iterable[str], documents: Iterable[Document] = ()) -> None:
    """Leave no trace of erased texts in ``store``: after a build without them, or if there is none.

    ``erased`` are the hex SHA-256 of the texts, ``documents`` those of them that are at hand. The
    vectors of their passages go, and every snapshot but the one in use, held or not; that one
    too, if it holds such a text.

    Raises:
        StorageError: something cannot be removed.
    """
    with BuildLock(store.data):
        purge_locked(store, erased, documents)


def purge_locked(
    store: SnapshotStore, erased: Iterable[str], documents: Iterable[Document] = ()
) -> None:
    """`purge` for whoever holds the lock of builds."""
    hashes = frozenset(erased) | {document.sha256 for document in documents}
    found = {folder: _texts(folder, hashes) for folder in store.folders()}
    texts = {text for held in found.values() for text in held}
    encoded = {
        part for text in texts | {document.text for document in documents} for part in _parts(text)
    }
    # The vectors first: without the snapshots nobody could tell which they are.
    for path in sorted((store.data / "embeddings").glob("*.sqlite")):
        EmbeddingCache(path.parent, path.stem).forget(encoded)
    try:
        current: str | None = store.current()
    except SnapshotError:
        current = None
    if current is not None and found.get(store.folder(current)):
        current = None
    try:
        store.remove_others(current)
    except OSError as error:
        raise unwritable(store.data, error) from error


def holds(store: SnapshotStore, erased: Iterable[str]) -> bool:
    """Whether a snapshot, in use or not, holds one of the texts with these hashes."""
    hashes = frozenset(erased)
    return bool(hashes) and any(_texts(folder, hashes) for folder in store.folders())


def _texts(folder: Path, hashes: frozenset[str]) -> tuple[str, ...]:
    """The texts of these hashes in a snapshot; what cannot be read has none that can be told."""
    found: list[str] = []
    for path in (folder / "catalogue.sqlite", folder / "withdrawn.sqlite"):
        uri = path.absolute().as_uri() + "?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(uri, uri=True)) as store:
                rows = store.execute(
                    "SELECT text FROM documents WHERE sha256 IN (SELECT value FROM json_each(?))",
                    (json.dumps(sorted(hashes)),),
                )
                found += [row[0] for row in rows]
        except sqlite3.Error:
            # Damaged, half written or not there: `purge` removes it unread.
            continue
    return tuple(found)


def _parts(text: str) -> Iterator[str]:
    """The texts of which a build kept vectors: each passage, and each with its neighbours."""
    document = Document.of("erased", Metadata("other"), text)
    found = passages(document)
    for at, passage in enumerate(found):
        yield document.text_at(passage.span)
        yield document.text_at(around(found, at))
