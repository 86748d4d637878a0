"""Texts to vectors on ONNX Runtime; torch is never imported here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelError
from index.runtime import open_session, open_tokenizer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

ENCODER_FILES = ("model.onnx", "tokenizer.json", "encoder.json")
# Texts of like length go together, so little of a batch is padding; few at once keep memory low.
_BATCH = 16


class OnnxEncoder:
    """An exported model. Safe to use from several threads at once."""

    def __init__(self, session: Any, tokenizer: Any, settings: dict[str, Any]) -> None:  # noqa: ANN401
        self._session, self._tokenizer, self._settings = session, tokenizer, settings

    @classmethod
    def open(cls, folder: Path, *, threads: int = 2) -> OnnxEncoder:
        """Load ``model.onnx``, ``tokenizer.json`` and ``encoder.json`` from ``folder``.

        Raises:
            ModelError: a file is missing or cannot be used.
        """
        try:
            settings = json.loads((folder / "encoder.json").read_text("utf-8"))
            tokenizer = open_tokenizer(folder / "tokenizer.json")
            tokenizer.enable_truncation(int(settings["max_tokens"]))
            tokenizer.enable_padding(**(tokenizer.padding or {}))
            session = open_session(folder / "model.onnx", threads)
        except Exception as error:
            # The libraries raise bare exceptions of their own; each means the same to a caller.
            raise ModelError(f"the encoder in {folder} cannot be loaded ({error})") from error
        return cls(session, tokenizer, settings)

    @property
    def dimension(self) -> int:
        """The number of components, d."""
        return int(self._settings["dimension"])

    def knows(self, word: str) -> bool:
        """Whether ``word`` (lower case) is a whole word of the model's vocabulary."""
        return self._tokenizer.token_to_id(word) is not None

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """One question: shape (d,), float32, unit length."""
        vector: NDArray[np.float32] = self._run([self._settings["query_prompt"] + text])[0]
        return vector

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Passages: shape (n, d), float32, unit rows in the order of ``texts``.

        ``progress`` is told how many more are done after each batch.
        """
        return self._encoded(texts, self._settings["passage_prompt"], progress)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Many questions: shape (n, d), float32, unit rows in the order of ``texts``."""
        return self._encoded(texts, self._settings["query_prompt"], None)

    def _encoded(
        self, texts: Sequence[str], prompt: str, progress: Callable[[int], None] | None
    ) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            vectors[rows] = self._run([prompt + texts[row] for row in rows])
            if progress is not None:
                progress(len(rows))
        return vectors

    def _run(self, texts: list[str]) -> NDArray[np.float32]:
        encodings = self._tokenizer.encode_batch(texts)
        fields = {
            "input_ids": "ids",
            "attention_mask": "attention_mask",
            "token_type_ids": "type_ids",
        }
        inputs = {
            name: np.array([getattr(encoding, fields[name]) for encoding in encodings], np.int64)
            for name in self._settings["inputs"]
        }
        (vectors,) = self._session.run(None, inputs)
        return np.asarray(vectors, dtype=np.float32)
