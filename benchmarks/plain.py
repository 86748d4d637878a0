"""What most people would write: sentence-transformers and FAISS over paragraphs, one question.

Started by ``speed.py`` as a process of its own; ``build FOLDER`` writes the index that
``ask FOLDER QUESTION`` opens.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import faiss
from sentence_transformers import SentenceTransformer

from index.model import DEFAULT_MODEL, locate


def main() -> None:
    """Build or ask."""
    command, folder = sys.argv[1], Path(sys.argv[2])
    model = SentenceTransformer(str(locate(DEFAULT_MODEL)), device="cpu")
    if command == "build":
        texts = [
            paragraph
            for path in sorted(Path("corpus/documents").glob("*-*.md"))
            for paragraph in path.read_text("utf-8").split("---", 2)[2].split("\n\n")
            if paragraph.strip()
        ]
        vectors = model.encode(texts, normalize_embeddings=True)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "plain.faiss"))
        (folder / "plain.json").write_text(json.dumps(texts), "utf-8")
        return
    stored = faiss.read_index(str(folder / "plain.faiss"))
    texts = json.loads((folder / "plain.json").read_text("utf-8"))
    _, rows = stored.search(model.encode([sys.argv[3]], normalize_embeddings=True), 3)
    for row in rows[0]:
        print(texts[row])


if __name__ == "__main__":
    main()
