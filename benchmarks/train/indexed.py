"""A labelled corpus, built into an index by the program's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.library import Library
from index.build import build
from index.model import DEFAULT_MODEL
from index.opened import OpenSnapshot
from index.snapshot import SnapshotStore

if TYPE_CHECKING:
    from pathlib import Path

    from corpora import Labelled

    from index.answer import AnswerSettings


class _Silent:
    def stage(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, steps: int = 1) -> None:
        """Say nothing."""


def indexed(corpus: Labelled, data: Path, settings: AnswerSettings) -> OpenSnapshot:
    """The index of ``corpus``, its documents and it kept below ``data``."""
    store = SnapshotStore(data)
    folder = data / "documents" / corpus.name
    folder.mkdir(parents=True, exist_ok=True)
    for left_over in folder.iterdir():
        left_over.unlink()
    for document, text in corpus.documents.items():
        (folder / f"{document}.md").write_text(f"---\nkind: other\n---\n\n{text}\n", "utf-8")
    build(Library(folder), store, DEFAULT_MODEL, _Silent())
    return OpenSnapshot(store, store.current(), settings)
