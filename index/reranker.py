"""How likely it is that a sentence answers a question, by a small cross-encoder; never torch.

Three layers of MiniLM read the question, the sentence and what stands around it together.
``benchmarks/train/reranker.py`` makes its files; ``provenance.json`` says from what.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import ModelError
from index.runtime import open_session, open_tokenizer
from index.words import STOPWORDS, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

RERANKER_FILES = ("model.onnx", "tokenizer.json")
PACKAGED = Path(__file__).parent / "weights" / "reranker"
# A long question is cut at its front: chat comes before what is asked.
QUESTION_TOKENS = 40
# What stands around a sentence is read as far as it fits in here; a longer sentence stands alone.
PAIR_TOKENS = 56
# A sentence of the longest kind beside the longest question; what exceeds it is cut.
LONGEST_PAIR = 112
_CLS, _SEP, PAD = 101, 102, 0
_SPECIALS = 3

# What the model is told of each token: which part it is of, and whether its word is on the
# other side too. Three layers have no depth to spare for finding that out.
TOKEN_KINDS = 8
_QUESTION, _IN_SENTENCE, _IN_CONTEXT, _SENTENCE, _SHARED, _CONTEXT, _CONTEXT_SHARED = range(1, 8)


@dataclass(frozen=True, slots=True)
class Read:
    """A text as token ids, with the stem of each token's word; "" for words that say nothing."""

    ids: tuple[int, ...]
    stems: tuple[str, ...]

    def first(self, count: int) -> Read:
        """The first ``count`` tokens."""
        return Read(self.ids[:count], self.stems[:count])

    def last(self, count: int) -> Read:
        """The last ``count`` tokens."""
        start = max(len(self.ids) - count, 0)
        return Read(self.ids[start:], self.stems[start:])


def read(tokenizer: Any, texts: Sequence[str]) -> list[Read]:  # noqa: ANN401 - ships no types
    """Each of ``texts`` as a `Read`, whole."""
    found = []
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        forms: dict[int, str] = {}
        for piece, word in zip(encoding.tokens, encoding.word_ids, strict=True):
            forms[word] = forms.get(word, "") + piece.removeprefix("##")
        stems = {word: _stem(form) for word, form in forms.items()}
        found.append(Read(tuple(encoding.ids), tuple(stems[word] for word in encoding.word_ids)))
    return found


def pair(question: Read, before: Read, sentence: Read, after: Read) -> tuple[list[int], list[int]]:
    """Token ids and kinds: ``[CLS] question [SEP] before sentence after [SEP]``.

    The sentence comes before its surroundings where there is not room for all.
    """
    question = question.last(QUESTION_TOKENS)
    sentence = sentence.first(LONGEST_PAIR - _SPECIALS - len(question.ids))
    room = max(PAIR_TOKENS - _SPECIALS - len(question.ids) - len(sentence.ids), 0)
    # A pronoun points backwards, so what comes before takes two thirds if there is so much.
    before = before.last(max(room - min(len(after.ids), room // 3), 0))
    after = after.first(room - len(before.ids))
    asked, own = set(question.stems) - {""}, set(sentence.stems)
    context = {*before.stems, *after.stems}
    kinds = [_QUESTION if not s else _of_question(s, own, context) for s in question.stems]
    surrounding = [
        [_CONTEXT_SHARED if s in asked else _CONTEXT for s in beside.stems]
        for beside in (before, after)
    ]
    shared = [_SHARED if s in asked else _SENTENCE for s in sentence.stems]
    ids = [_CLS, *question.ids, _SEP, *before.ids, *sentence.ids, *after.ids, _SEP]
    return ids, [0, *kinds, 0, *surrounding[0], *shared, *surrounding[1], 0]


class Reranker:
    """An opened model. Safe to use from several threads at once."""

    def __init__(self, session: Any, tokenizer: Any) -> None:  # noqa: ANN401 - ship no types
        self._session, self._tokenizer = session, tokenizer

    @classmethod
    def open(cls, folder: Path | None = None, *, threads: int = 2) -> Reranker:
        """Load the packaged files, or those in ``folder``, on ``threads`` threads.

        Raises:
            ModelError: a file is missing, is not the one that ``provenance.json`` tells of, or
                cannot be used.
        """
        folder = PACKAGED if folder is None else folder
        _check(folder)
        try:
            tokenizer = open_tokenizer(folder / "tokenizer.json")
            tokenizer.no_padding()
            session = open_session(folder / "model.onnx", threads)
        except Exception as error:
            # The libraries raise bare exceptions of their own; each means the same to a caller.
            raise ModelError(f"the reranker in {folder} cannot be loaded ({error})") from error
        return cls(session, tokenizer)

    def score(self, question: str, passages: Sequence[tuple[str, str, str]]) -> NDArray[np.float32]:
        """The logit, float32 of shape (n,), that each sentence answers ``question``.

        Each of ``passages`` is what stands before the sentence, the sentence, and what stands
        after it; either may be empty. Above 0 is likelier than not. No score depends on what
        else is asked for in the same call.
        """
        logits = np.zeros(len(passages), dtype=np.float32)
        texts = list(dict.fromkeys(text for passage in passages for text in passage))
        asked, *reads = read(self._tokenizer, [question, *texts])
        known = dict(zip(texts, reads, strict=True))
        for at, (before, sentence, after) in enumerate(passages):
            ids, kinds = pair(asked, known[before], known[sentence], known[after])
            # One at a time: activations are quantised by their range over a whole batch, so
            # that company would change a score; and nothing is spent on padding.
            (found,) = self._session.run(
                None, {"ids": np.array([ids], np.int64), "kinds": np.array([kinds], np.int64)}
            )
            logits[at] = found[0]
        return logits


def _of_question(word: str, own: set[str], context: set[str]) -> int:
    if word in own:
        return _IN_SENTENCE
    return _IN_CONTEXT if word in context else _QUESTION


@lru_cache(maxsize=65536)
def _stem(form: str) -> str:
    return stem(form) if form.isalnum() and form not in STOPWORDS else ""


def _check(folder: Path) -> None:
    try:
        expected = json.loads((folder / "provenance.json").read_text("utf-8"))["files"]
        for name in RERANKER_FILES:
            with (folder / name).open("rb") as stream:
                if file_digest(stream, "sha256").hexdigest() != expected[name]:
                    raise ModelError(f"{folder / name} has been altered; reinstall metquote")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"the reranker in {folder} is incomplete ({error}); reinstall metquote"
        ) from error
