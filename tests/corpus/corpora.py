"""Small corpora of a test's own, and who writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from corpus.curator import Curator
from corpus.document import Metadata
from corpus.draft import Draft
from corpus.library import Library

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def library_in(folder: Path) -> Library:
    """A library without a document in it."""
    (folder / "documents").mkdir(parents=True)
    return Library(folder / "documents")


def curator_of(library: Library, by: str = "ann", at: datetime = AT) -> Curator:
    return Curator(library, by=by, clock=lambda: at, patience=20)


def draft(text: str, source: str = "a file", **stated: Any) -> Draft:
    """A draft of ``text`` that states what is given."""
    return Draft(Metadata(**({"kind": "news"} | stated)), text, source)


def by_hand(library: Library, name: str, text: str, front_matter: str = "kind: news") -> None:
    """Store a document as a person would, unrecorded."""
    path = library.folder / f"{name}.md"
    path.write_text(f"---\n{front_matter}\n---\n{text}\n", "utf-8", newline="")


def files(library: Library) -> list[str]:
    """The names of the files in the folder of documents."""
    return sorted(path.name for path in library.folder.iterdir())
