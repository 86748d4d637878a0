"""Corpora of any size for measurements: documents drawn from sentences, vectors from vectors."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from corpus.formats import markdown
from corpus.journal import Action, Entry
from corpus.library import Library
from index.words import STOPWORDS, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from corpus.document import Document

# One document of ten passages, and one document in a hundred.
RARE, UNCOMMON = "Wapping Herald", "Hundredth Gazette"
YEARS = (2000, 2025)
_SEED = 20240809
_PUBLISHERS, _SPEAKERS = 200, 2_000
_UNDATED, _QUOTED, _REPLACED = 0.05, 0.03, 0.25
_WORD = re.compile(r"[A-Za-z]{3,}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
# How far a vector lies from the encoded one that it is drawn around, in differences of two others.
_SPREAD = 0.35
_WHO = "police officers,two residents,the council,a patrol,the borough commander,detectives,a crowd"
_DID = "searched,closed,visited,guarded,criticised,reopened,described,photographed,left,watched"
_WHAT = "the market,a flat,the station,the bridge,a van,the high street,a school,the park,a shop"
_WHERE = "Brixton,Camden,Hackney,Croydon,Ealing,Lewisham,Tottenham,Barnet,Bromley,Harrow,Sutton"
_WHY = "after a call,because of the march,during the carnival,before dawn,without a word,at noon"


def sentences_of(folder: Path | None) -> list[str]:
    """The sentences of the text files in ``folder``, or those of a small grammar."""
    if folder is None:
        lists = (part.split(",") for part in (_WHO, _DID, _WHAT, _WHERE, _WHY))
        who, did, what, where, why = lists
        return [
            f"{a} {b} {c} in {d} {e}.".capitalize().replace(d.lower(), d)
            for a in who for b in did for c in what for d in where for e in why
        ]  # fmt: skip
    texts = (path.read_text("utf-8") for path in sorted(folder.glob("*.txt")))
    found = {one.strip() for text in texts for one in _SENTENCE.split(text)}
    return sorted(one for one in found if 30 < len(one) < 150 and "\n" not in one)  # noqa: PLR2004


def write_corpus(
    folder: Path, passages: int, sentences: Sequence[str], advance: Callable[[int], None]
) -> None:
    """Documents of some ``passages`` in ``folder``, each with its line in the journal."""
    folder.mkdir(parents=True)
    vocabulary = [word for text in sentences for word in _WORD.findall(text)]
    entries, written = [], 0
    for number in count():
        if written >= passages:
            break
        rand = random.Random(_SEED * 1_000_003 + number)  # noqa: S311 - a benchmark
        # The second is the rare one; every corpus has it.
        size = 10 if number == 1 else rand.randint(16, 40)
        name = f"release-{number:07}"
        content = _document(
            rand, number, [_varied(rand, sentences, vocabulary) for _ in range(size)]
        )
        (folder / f"{name}.md").write_bytes(content)
        entries.append(_entry(markdown.parse(name, content), content))
        written += size
        advance(size)
    Library(folder).journal.append(*entries)


def _document(rand: random.Random, number: int, sentences: list[str]) -> bytes:
    publisher = f"Publisher {int(rand.random() ** 2 * _PUBLISHERS)}"
    if number == 1:
        publisher = RARE
    elif number % 100 == 2:  # noqa: PLR2004 - one in a hundred
        publisher = UNCOMMON
    front = [f"title: Release {number}", f"publisher: {publisher}", "kind: news"]
    if rand.random() >= _UNDATED:
        first = date(YEARS[0], 1, 1)
        day = first + timedelta(rand.randrange((date(YEARS[1] + 1, 1, 1) - first).days))
        front.append(f"published: {day}")
    paragraphs = (" ".join(sentences[at : at + 4]) for at in range(0, len(sentences), 4))
    return ("---\n" + "\n".join(front) + "\n---\n" + "\n\n".join(paragraphs) + "\n").encode()


def _varied(rand: random.Random, sentences: Sequence[str], vocabulary: Sequence[str]) -> str:
    """A sentence with some of its words replaced by others, as common as they are."""

    def other(found: re.Match[str]) -> str:
        if rand.random() >= _REPLACED:
            return found.group()
        word = rand.choice(vocabulary)
        return word.capitalize() if found.group()[0].isupper() else word.lower()

    text = _WORD.sub(other, rand.choice(sentences))
    if rand.random() >= _QUOTED:
        return text
    # The square makes some people a thousand times as quoted as others.
    number = int(rand.random() ** 2 * _SPEAKERS)
    first = ("Ann", "Bill", "Cara", "Dev", "Esther", "Femi", "Grace", "Hal")[number % 8]
    return f"{first} {_surname(number // 8)} said: “{text}”"


def _surname(number: int) -> str:
    syllables = ("ba", "dor", "fin", "gal", "hem", "kir", "lon", "mar")
    parts = [syllables[number // 8**place % 8] for place in range(3)]
    return "".join(parts).capitalize()


def _entry(document: Document, content: bytes) -> Entry:
    return Entry(
        datetime(2026, 1, 1, tzinfo=UTC),
        "benchmark",
        Action.ADDED,
        document.id,
        f"{document.id}.md",
        sha256(content).hexdigest(),
        document.sha256,
    )


class Drawn:
    """Vectors drawn around encoded ones: a sentence's is one of them and part of a difference.

    A text's is the mean of its sentences', so that a passage and its neighbourhood are alike.
    """

    def __init__(self, encoded: NDArray[np.float32], advance: Callable[[int], None]) -> None:
        """``encoded`` has shape (n, d), unit rows."""
        self._encoded, self._advance = encoded, advance

    @property
    def dimension(self) -> int:
        """The number of components, d."""
        return int(self._encoded.shape[1])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n, d), float32, unit rows; the same text has the same."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), 10_000):
            some = texts[start : start + 10_000]
            lines = [_SENTENCE.split(text) for text in some]
            drawn = self._drawn([line for text in lines for line in text])
            places = np.cumsum([0, *map(len, lines[:-1])])
            sums = np.add.reduceat(drawn, places, axis=0)
            vectors[start : start + len(some)] = sums / np.linalg.norm(sums, axis=1, keepdims=True)
            self._advance(len(some))
        return vectors

    def _drawn(self, lines: Sequence[str]) -> NDArray[np.float32]:
        one, two, three = (
            self._encoded[
                np.array([crc32(line.encode(), salt) for line in lines]) % len(self._encoded)
            ]
            for salt in (1, 2, 3)
        )
        found = one + np.float32(_SPREAD) * (two - three)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """Shape (d,)."""
        return np.asarray(self.encode([text])[0], dtype=np.float32)

    def knows(self, word: str) -> bool:  # noqa: ARG002 - the protocol's
        """No word."""
        return False


def question_about(text: str) -> str:
    """A question that asks for what ``text`` says, in some of its words."""
    found = [word.form for word in words(text) if word.form not in STOPWORDS]
    return f"What was said about {' '.join(found[1:7])}?"
