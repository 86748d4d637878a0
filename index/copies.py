"""The same words in several documents: shown once, with where else they stand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import LCSseq

from index.words import NEGATIONS, NUMBERS, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpus.document import Document
    from index.excerpts import Cutter
    from index.fusion import Scored
    from index.types import Excerpt, Passage
    from index.words import Word

# The share of words, in order, that copies have in common: a syndicated text is edited lightly.
_COPY = 0.9
# Passages that share fewer of their stems are no copies; speakers' names may differ.
_LIKE = 0.7
# Texts that share fewer of their plain words are not compared word by word, which takes twenty
# times as long: it would find fewer than `_COPY`, whatever it makes of accents and apostrophes.
_ROUGHLY = 0.8


class Shown:
    """The excerpts that one answer shows so far, and which other documents have their words."""

    def __init__(self, document: Callable[[str], Document], cutter: Cutter) -> None:
        self._document, self._cutter = document, cutter
        # Each excerpt is held against many documents, and each document against many excerpts.
        self._line = cache(_line)
        self.taken: list[Excerpt] = []
        self._best: list[Scored] = []

    def take(self, excerpt: Excerpt, best: Scored) -> None:
        """Show ``excerpt`` too, which was cut around ``best``."""
        self.taken.append(excerpt)
        self._best.append(best)

    def holds(self, found: Scored) -> bool:
        """Whether an excerpt of another document has the words around ``found`` already.

        That excerpt then says that this document has them too.
        """
        passage = found.candidate.passage
        for at, (excerpt, best) in enumerate(zip(self.taken, self._best, strict=True)):
            if excerpt.document_id == passage.document_id or not _alike(found, best):
                continue
            if passage.document_id in excerpt.also:
                return True
            if self._has(found, excerpt, best):
                self.taken[at] = replace(excerpt, also=(*excerpt.also, passage.document_id))
                return True
        return False

    def _has(self, found: Scored, excerpt: Excerpt, best: Scored) -> bool:
        passage = found.candidate.passage
        document, best_document = map(self._document, (passage.document_id, excerpt.document_id))
        shown = best_document.text_at(excerpt.span)
        if not _roughly_in(shown, document.text):
            return False
        if are_copies(shown, document.text_at(self._cutter.grown(passage, document, ()))):
            return True
        # To fold a whole document takes long. Where it has the words of the excerpt, of the two
        # passages one is in the other, however sentences are parted.
        passages = (
            document.text_at(passage.span),
            best_document.text_at(best.candidate.passage.span),
        )
        one, other = sorted(map(self._line, passages), key=len)
        return one in other and self._line(shown) in self._line(document.text)


def apart(ranked: Sequence[Scored], text: Callable[[Passage], str]) -> list[Scored]:
    """The first of ``ranked`` and those after it, but for copies of it that follow at once."""
    first = ranked[0]
    mine = first.candidate.passage
    at = 1
    while at < len(ranked):
        passage = ranked[at].candidate.passage
        other = passage.document_id != mine.document_id and _alike(ranked[at], first)
        if not (other and are_copies(text(passage), text(mine))):
            break
        at += 1
    return [first, *ranked[at:]]


def are_copies(one: str, other: str) -> bool:
    """Whether two texts have the same words, or nearly: nine in ten of them, in order.

    A number, a negation or a name in only one of them makes them two.
    """
    if one == other:
        return True
    if not _roughly_in(max(one, other, key=len), min(one, other, key=len)):
        return False
    lines = words(one), words(other)
    mine, theirs = ([word.form for word in line] for line in lines)
    if mine == theirs:
        return True
    longer = max(len(mine), len(theirs))
    if min(len(mine), len(theirs)) < _COPY * longer:
        return False
    if LCSseq.similarity(mine, theirs) < _COPY * longer:
        return False
    steps = LCSseq.editops(mine, theirs)
    different = [
        _text(one, lines[0][step.src_pos])
        if step.tag == "delete"
        else _text(other, lines[1][step.dest_pos])
        for step in steps
    ]
    return not any(map(_matters, different))


def _roughly_in(one: str, other: str) -> bool:
    """Whether ``other`` has most of the words of ``one`` that are letters between blanks alone."""
    text = other.casefold()
    plain = [word for word in one.casefold().split() if word.isascii() and word.isalpha()]
    return sum(word in text for word in plain) >= _ROUGHLY * len(plain)


def _text(text: str, word: Word) -> str:
    return text[word.start : word.end]


def _matters(word: str) -> bool:
    """Whether a word more or less may turn what is said into something else."""
    form = word.lower()
    return (
        word[0].isupper()
        or any(map(str.isdigit, word))
        or form in NUMBERS
        or form in NEGATIONS
        or form.endswith(("n't", "n’t"))
    )


def _alike(one: Scored, other: Scored) -> bool:
    """Whether two passages share so many stems that they may be copies."""
    mine, theirs = one.candidate.stems, other.candidate.stems
    return len(mine & theirs) >= _LIKE * max(len(mine), len(theirs))


def _line(text: str) -> str:
    """The folded words of ``text``, between spaces."""
    return f" {' '.join(word.form for word in words(text))} "
