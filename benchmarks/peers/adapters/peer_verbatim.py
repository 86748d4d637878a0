"""verbatim-rag: its index alone, since its extractors need a model of the hub or an LLM.

Its own splitter divides at Markdown headings: a text without any is one piece.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from verbatim_rag import VerbatimIndex  # type: ignore[import-not-found]
from verbatim_rag.embedding_providers import (  # type: ignore[import-not-found]
    SentenceTransformersProvider,
)
from verbatim_rag.schema import DocumentSchema  # type: ignore[import-not-found]
from verbatim_rag.vector_stores import LocalMilvusStore  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_DEPTH = 10


def split(text: str) -> list[str]:
    """The whole text: the index splits what it is given."""
    return [text]


def build(pieces: Sequence[tuple[str, str]], index: Path, model: Path) -> None:
    """Add each piece as a document whose source is the document's id."""
    stored = _index(index, model)
    stored.add_documents(
        [DocumentSchema(content=text, title=document, source=document) for document, text in pieces]
    )


def opened(index: Path, model: Path) -> Callable[[str], list[tuple[str, str, float]]]:
    """What searches the stored index: chunks with their similarities."""
    stored = _index(index, model)

    def search(question: str) -> list[tuple[str, str, float]]:
        found = stored.query(question, k=_DEPTH)
        return [(one.metadata["source"], one.text, one.score) for one in found]

    return search


def _index(index: Path, model: Path) -> VerbatimIndex:
    store = LocalMilvusStore(
        db_path=str(index / "milvus.db"), enable_dense=True, enable_sparse=False
    )
    return VerbatimIndex(
        vector_store=store, dense_provider=SentenceTransformersProvider(str(model), device="cpu")
    )
