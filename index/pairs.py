"""Models of a question and a window of text, on ONNX Runtime; torch is never imported here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelError
from index.runtime import open_session, open_tokenizer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

# What a tokenizer calls what a model takes.
_GIVEN = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}


class Pairs:
    """Runs a model on a question with each of several windows. Safe to use from several threads."""

    def __init__(self, session: Any, tokenizer: Any) -> None:  # noqa: ANN401 - ship no types
        self._session, self._tokenizer = session, tokenizer
        self._names = [one.name for one in session.get_inputs()]

    @classmethod
    def open(cls, folder: Path, files: tuple[str, str], name: str, threads: int) -> Pairs:
        """Load ``files``, a model and its tokenizer, from ``folder``; ``name`` is for errors.

        Raises:
            ModelError: a file is missing or cannot be used.
        """
        model, words = files
        try:
            tokenizer = open_tokenizer(folder / words, truncated=True)
            session = open_session(folder / model, threads)
        except Exception as error:
            # The libraries raise bare exceptions of their own; each means the same to a caller.
            raise ModelError(f"the {name} in {folder} cannot be loaded ({error})") from error
        return cls(session, tokenizer)

    def run(
        self, question: str, windows: Sequence[str]
    ) -> tuple[list[Any], list[NDArray[np.float32]]]:
        """The encoding of each pair, and what the model gives: arrays with a row for each.

        There is at least one window.
        """
        encodings = self._tokenizer.encode_batch([(question, window) for window in windows])
        given = {
            name: np.array([getattr(one, _GIVEN[name]) for one in encodings], np.int64)
            for name in self._names
        }
        return encodings, self._session.run(None, given)
