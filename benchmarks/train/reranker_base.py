"""The sum that finds candidates, over a whole corpus: cosine and two shares of the wording."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from index import model
from index.encoder import OnnxEncoder
from index.fusion import rarity
from index.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from reranker_data import Corpus

# As in ``index/weights.json`` for the same three features.
COSINE: Final = 8.5
OWN: Final = 1.9
AROUND: Final = 3.5


class Vectors:
    """Unit vectors of texts by MiniLM, 8-bit so that some 50,000 take minutes; kept on disk."""

    def __init__(self, work: Path) -> None:
        from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415 - slow

        full = model.exported(model.locate(model.DEFAULT_MODEL), work / "models", announce=print)
        folder = work / "encoder8"
        if not (folder / "encoder.json").is_file():
            folder.mkdir(exist_ok=True)
            quantize_dynamic(
                str(full / "model.onnx"),
                str(folder / "model.onnx"),
                per_channel=True,
                weight_type=QuantType.QInt8,
            )
            for name in ("tokenizer.json", "encoder.json"):
                (folder / name).write_bytes((full / name).read_bytes())
        self._work, self._full = work, OnnxEncoder.open(full)
        self._encoder = OnnxEncoder.open(folder)

    def of(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n, 384), unit rows."""
        key = sha256("\0".join(texts).encode()).hexdigest()[:16]
        path = self._work / f"vectors-{key}.npy"
        if not path.is_file():
            np.save(path, self._encoder.encode(texts).astype(np.float16))
        return np.asarray(np.load(path), dtype=np.float32)

    def fidelity(self, texts: Sequence[str]) -> float:
        """The mean cosine between the 8-bit vectors and the full ones."""
        both = self._encoder.encode(texts) * self._full.encode(texts)
        return float(both.sum(1).mean())


class Baseline:
    """Scores every sentence of a corpus for a question; higher is better."""

    def __init__(self, corpus: Corpus, vectors: Vectors | None) -> None:
        """Index ``corpus``, by words alone without ``vectors``.

        As in `index.build`, a sentence's vector is mixed with that of its surroundings.
        """
        sentences, beside = corpus.sentences, corpus.rows_of_passage
        self._count, self._encoder = len(sentences), vectors
        if vectors is not None:
            around = vectors.of([" ".join(filter(None, s.triple)) for s in sentences])
            mixed = vectors.of([s.text for s in sentences]) + around
            self._vectors = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
        own = [frozenset(content_stems(s.text)) for s in sentences]
        self._own = _postings(own)
        self._around = _postings([
            own[row].union(
                *(own[r] for r in (row - 1, row + 1) if r in beside[sentences[row].passage])
            )
            for row in range(self._count)
        ])  # fmt: skip

    def encoded(self, questions: Sequence[str]) -> NDArray[np.float32]:
        """What `scores` and `best` want of each question: shape (n, 384)."""
        if self._encoder is None:
            return np.zeros((len(questions), 384), dtype=np.float32)
        return self._encoder.of(questions)

    def scores(self, question: str, vector: NDArray[Any]) -> NDArray[np.float32]:
        """Shape (sentences,)."""
        found = np.zeros(self._count, dtype=np.float32)
        if self._encoder is not None:
            found += COSINE * (self._vectors @ vector)
        terms = set(content_stems(question))
        frequency = {term: len(self._own.get(term, ())) for term in terms}
        weights = {term: rarity(count, self._count) for term, count in frequency.items()}
        whole = sum(weights.values()) or 1.0
        for postings, weight in ((self._own, OWN), (self._around, AROUND)):
            for term in terms:
                if term in postings:
                    found[postings[term]] += weight * weights[term] / whole
        return np.asarray(found, dtype=np.float32)

    def best(self, question: str, vector: NDArray[Any], count: int) -> tuple[list[int], Any]:
        """The rows of the best ``count`` sentences, best first, and all scores."""
        scores = self.scores(question, vector)
        top = np.argpartition(-scores, count)[:count]
        return [int(row) for row in top[np.argsort(-scores[top], kind="stable")]], scores


def _postings(stems: Sequence[frozenset[str]]) -> dict[str, NDArray[np.int64]]:
    rows: dict[str, list[int]] = {}
    for row, members in enumerate(stems):
        for stem in members:
            rows.setdefault(stem, []).append(row)
    return {stem: np.array(found) for stem, found in rows.items()}
