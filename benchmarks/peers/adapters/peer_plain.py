"""sentence-transformers and FAISS, as the first page of either shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import faiss
from sentence_transformers import SentenceTransformer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_DEPTH = 10


def build(pieces: Sequence[tuple[str, str]], index: Path, model: Path) -> None:
    """Encode the pieces and store them beside their vectors."""
    encoder = SentenceTransformer(str(model))
    vectors = encoder.encode([text for _, text in pieces], normalize_embeddings=True)
    stored = faiss.IndexFlatIP(vectors.shape[1])
    stored.add(vectors)
    faiss.write_index(stored, str(index / "vectors.faiss"))
    (index / "pieces.json").write_text(json.dumps(pieces), "utf-8")


def opened(index: Path, model: Path) -> Callable[[str], list[tuple[str, str, float]]]:
    """What searches the stored index: pieces with their cosines."""
    encoder = SentenceTransformer(str(model))
    stored = faiss.read_index(str(index / "vectors.faiss"))
    pieces = json.loads((index / "pieces.json").read_text("utf-8"))

    def search(question: str) -> list[tuple[str, str, float]]:
        vectors = encoder.encode([question], normalize_embeddings=True)
        scores, rows = stored.search(vectors, min(_DEPTH, len(pieces)))
        return [(*pieces[row], score) for row, score in zip(rows[0], scores[0], strict=True)]

    return search
