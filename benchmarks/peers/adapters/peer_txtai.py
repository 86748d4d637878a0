"""txtai: an embeddings database with content, hybrid search, all else as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from txtai import Embeddings  # type: ignore[import-not-found]
from txtai.pipeline import Segmentation  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_DEPTH = 10


def split(text: str) -> list[str]:
    """The paragraphs of its own segmentation, which also tidies white space."""
    return list(Segmentation(paragraphs=True)(text))


def build(pieces: Sequence[tuple[str, str]], index: Path, model: Path) -> None:
    """Index the pieces; the document goes along as another field of the content."""
    database = Embeddings(path=str(model), content=True, hybrid=True)
    database.index([{"text": text, "document": document} for document, text in pieces])
    database.save(str(index / "database"))


def opened(index: Path, model: Path) -> Callable[[str], list[tuple[str, str, float]]]:
    """What searches the stored index: pieces with their joint scores."""
    del model  # the saved index names it
    database = Embeddings()
    database.load(str(index / "database"))

    def search(question: str) -> list[tuple[str, str, float]]:
        found = database.search(
            "select document, text, score from txtai where similar(:q)",
            limit=_DEPTH,
            parameters={"q": question},
        )
        return [(one["document"], one["text"], one["score"]) for one in found]

    return search
