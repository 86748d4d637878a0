"""Haystack: BM25 and embedding retrievers in memory, joined, as its tutorial on hybrid retrieval.

The tutorial's last step, a ranker with a model from the hub, is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from haystack import Document, Pipeline  # type: ignore[import-not-found]
from haystack.components.joiners import DocumentJoiner  # type: ignore[import-not-found]
from haystack.components.preprocessors import DocumentSplitter  # type: ignore[import-not-found]
from haystack.components.retrievers.in_memory import (  # type: ignore[import-not-found]
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import (  # type: ignore[import-not-found]
    InMemoryDocumentStore,
)
from haystack_integrations.components.embedders.sentence_transformers import (  # type: ignore[import-not-found]
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_DEPTH = 10


def split(text: str) -> list[str]:
    """The pieces of its splitter as it comes: 200 words, no overlap."""
    pieces = DocumentSplitter().run(documents=[Document(content=text)])["documents"]
    return [piece.content for piece in pieces]


def build(pieces: Sequence[tuple[str, str]], index: Path, model: Path) -> None:
    """Embed the pieces and save the store."""
    documents = [Document(content=text, meta={"document": document}) for document, text in pieces]
    embedder = SentenceTransformersDocumentEmbedder(model=str(model), progress_bar=False)
    store = InMemoryDocumentStore()
    store.write_documents(embedder.run(documents)["documents"])
    store.save_to_disk(str(index / "store.json"))


def opened(
    index: Path, model: Path, join_mode: str = "concatenate"
) -> Callable[[str], list[tuple[str, str, float]]]:
    """What searches the stored index: pieces with the scores that the joiner gives or leaves."""
    store = InMemoryDocumentStore.load_from_disk(str(index / "store.json"))
    pipeline = Pipeline()
    pipeline.add_component(
        "text_embedder", SentenceTransformersTextEmbedder(model=str(model), progress_bar=False)
    )
    pipeline.add_component("embedding_retriever", InMemoryEmbeddingRetriever(store))
    pipeline.add_component("bm25_retriever", InMemoryBM25Retriever(store))
    pipeline.add_component("document_joiner", DocumentJoiner(join_mode=join_mode))
    pipeline.connect("text_embedder", "embedding_retriever")
    pipeline.connect("bm25_retriever", "document_joiner")
    pipeline.connect("embedding_retriever", "document_joiner")

    def search(question: str) -> list[tuple[str, str, float]]:
        asked = {"text_embedder": {"text": question}, "bm25_retriever": {"query": question}}
        found = pipeline.run(asked)["document_joiner"]["documents"][:_DEPTH]
        return [(one.meta["document"], one.content, one.score) for one in found]

    return search
