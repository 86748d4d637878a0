"""What a new snapshot takes over from the one in use: documents that have not changed.

What is kept of a document depends on its text, its metadata, its status and the schema alone, so
that taking it over and analysing it anew come to the same.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.errors import SnapshotError
from index.analysis import Passed, passed
from index.dense import DenseIndex
from index.rows import status_json
from index.tables import Run, metadata_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from corpus.document import Document
    from index.snapshot import SnapshotStore

Part = Passed | Run


@dataclass(frozen=True, slots=True)
class _Kept:
    """A document of an old catalogue: its place there, what it was made of, its rows."""

    place: int
    made_of: tuple[str, str, str | None]
    rows: range


@dataclass(frozen=True, slots=True)
class Old:
    """The catalogue ``path``, whose documents may be taken over."""

    path: Path
    documents: dict[str, _Kept]

    @classmethod
    def of(cls, path: Path) -> Old | None:
        """The catalogue at ``path``, of which the snapshot was checked; ``None`` if it is none."""
        uri = path.absolute().as_uri() + "?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(uri, uri=True)) as store:
                counts = dict(
                    store.execute("SELECT document, count(*) FROM passages GROUP BY document")
                )
                found = store.execute(
                    "SELECT id, sha256, metadata, status FROM documents ORDER BY id"
                ).fetchall()
        except sqlite3.Error:
            return None
        documents, row = {}, 0
        for place, (name, *made_of) in enumerate(found):
            rows = range(row, row + counts.get(name, 0))
            documents[name] = _Kept(place, tuple(made_of), rows)
            row = rows.stop
        return cls(path, documents)

    def find(self, document: Document) -> _Kept | None:
        """The same document, unchanged; ``None`` if it is new."""
        kept = self.documents.get(document.id)
        made_of = document.sha256, metadata_json(document.metadata), status_json(document.status)
        return kept if kept is not None and kept.made_of == made_of else None


@dataclass(frozen=True, slots=True)
class OldSnapshot:
    """What may be taken over from a whole snapshot; each part is ``None`` where there is none."""

    current: Old | None = None
    withdrawn: Old | None = None
    dense: DenseIndex | None = None


def old_snapshot(store: SnapshotStore, model_hash: str) -> OldSnapshot:
    """What may be taken over from the snapshot in use: nothing, if it is not whole.

    Every byte of it is checked, also of large files, since an error would be taken over too.
    """
    try:
        manifest = store.manifest(store.current())
        if manifest.model != model_hash:
            return OldSnapshot()
        store.check(manifest, fully=True)
        folder = store.folder(manifest.id)
        dense = DenseIndex.open(folder / "dense.faiss")
    except SnapshotError:
        # Then everything is made anew, which is what such an error asks for.
        return OldSnapshot()
    current = Old.of(folder / "catalogue.sqlite")
    rows = 0 if current is None else sum(len(kept.rows) for kept in current.documents.values())
    if current is None or not rows == len(dense) == manifest.passages:
        return OldSnapshot()
    withdrawn = folder / "withdrawn.sqlite"
    return OldSnapshot(current, Old.of(withdrawn) if withdrawn.exists() else None, dense)


def planned(
    documents: Iterable[Document], old: Old | None, advance: Callable[[], None]
) -> tuple[Part, ...]:
    """``documents`` in order of id as parts of a new catalogue, those that are new analysed.

    ``advance`` is called after each document that is new.
    """
    parts: list[Part] = []
    last, row = -2, 0
    for document in documents:
        kept = None if old is None else old.find(document)
        if kept is None:
            made = passed(document, row)
            parts.append(made)
            last, row = -2, row + len(made.entry.passages)
            advance()
        else:
            run = parts[-1] if parts else None
            if isinstance(run, Run) and kept.place == last + 1:
                rows = range(run.rows.start, kept.rows.stop)
                parts[-1] = replace(run, last=document.id, rows=rows)
            else:
                parts.append(Run(document.id, document.id, kept.rows, row - kept.rows.start))
            last, row = kept.place, row + len(kept.rows)
    return tuple(parts)
