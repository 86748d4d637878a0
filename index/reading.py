"""Texts as lines of words: folded, split, and coded so that words are searched like letters.

Each word of a folded text becomes one code point, its hash: a sequence of words is then a
string, and the string search and edit distances that are written in C run on words. Two words
may share a code point, so whatever is found this way is compared again as text.
"""

from __future__ import annotations

import re
import threading
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from zlib import crc32

from corpus.document import Span
from corpus.folding import Folded, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.catalogue import Catalogue

# A word of a folded text: letters and digits, with apostrophes inside, and a number with its
# sign, its currency, its separators and its per cent. "38" is not a part of "38%", nor "5" of "-5".
_WORD: Final = re.compile(
    r"(?:(?<![^ ('\[…])-(?=[£$€]?\d)[£$€]?|[£$€](?=\d))?"
    r"[^\W_]+(?:(?:'|(?<=\d)[.,:/](?=\d))[^\W_]+)*%?"
)
# Code points that a string may hold: all but 0, which separates documents, and surrogates.
_FIRST_SURROGATE, _SURROGATES, _CODES = 0xD800, 0x800, 0x110000 - 0x800 - 1
SEPARATOR: Final = "\0"
# Words whose codes are kept: those of a large corpus, but for the rare ones.
_KEPT_CODES = 65_536
# Folded documents kept, in characters: the documents of about 150,000 passages.
_KEPT_CHARACTERS = 24_000_000


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, folded, and where its words stand in the folded text.

    Word ``i`` is ``folded.text[starts[i]:ends[i]]`` and ``codes[i]`` is its code point.
    """

    text: str
    folded: Folded
    starts: array[int]
    ends: array[int]
    codes: str

    def __len__(self) -> int:
        """The number of words."""
        return len(self.codes)

    def word(self, at: int) -> str:
        """The folded word ``at``."""
        return self.folded.text[self.starts[at] : self.ends[at]]

    def words(self, start: int, end: int) -> str:
        """The folded text from word ``start`` to before word ``end`` (start < end)."""
        return self.folded.text[self.starts[start] : self.ends[end - 1]]

    def gap(self, at: int) -> str:
        """What stands between word ``at - 1`` and word ``at``, folded; also at both ends."""
        start = self.ends[at - 1] if at else 0
        end = self.starts[at] if at < len(self.starts) else len(self.folded.text)
        return self.folded.text[start:end]

    def span(self, start: int, end: int) -> Span:
        """Words ``start`` (inclusive) to ``end`` (exclusive, > start) in offsets of the text."""
        return Span(self.folded.start(self.starts[start]), self.folded.end(self.ends[end - 1]))

    def at(self, offset: int) -> int:
        """The first word that starts at ``offset`` of the text or after it."""
        return bisect_left(self.starts, self.folded.at(offset))


def read(text: str) -> Reading:
    """Fold and split ``text``."""
    folded = fold(text)
    spans = [found.span() for found in _WORD.finditer(folded.text)]
    return Reading(
        text,
        folded,
        array("I", [start for start, _ in spans]),
        array("I", [end for _, end in spans]),
        coded([folded.text[start:end] for start, end in spans]),
    )


def coded(words: Iterable[str]) -> str:
    """One code point for each folded word."""
    return "".join(map(_code, words))


@lru_cache(maxsize=_KEPT_CODES)
def _code(word: str) -> str:
    number = crc32(word.encode("utf-8", "surrogatepass")) % _CODES + 1
    return chr(number if number < _FIRST_SURROGATE else number + _SURROGATES)


class Readings:
    """The documents of a catalogue, read; the latest used are kept. Safe from several threads."""

    def __init__(
        self,
        catalogue: Catalogue,
        order: Sequence[str] | None = None,
        before: Readings | None = None,
    ) -> None:
        """``order`` is of the ids in `line`, by default that of the catalogue.

        ``before`` are readings of an older catalogue, which spare reading what has not changed.
        """
        self._before = None if before is None else before._line  # noqa: SLF001 - one of us; it may not be read yet
        self._catalogue, self._lock = catalogue, threading.Lock()
        self._order, self._line_lock = order, threading.Lock()
        self._line: WordLine | None = None
        self._kept: OrderedDict[str, Reading] = OrderedDict()
        self._characters = 0

    @property
    def line(self) -> WordLine:
        """The words of all documents, read once.

        Raises:
            SnapshotDamaged: a document cannot be read.
        """
        with self._line_lock:
            if self._line is None:
                self._line = WordLine(self._catalogue, self._order, self._before)
                self._before = None
            return self._line

    def get(self, document_id: str) -> Reading:
        """The document of this id, read.

        Raises:
            KeyError: the catalogue has none.
            SnapshotDamaged: its text is not the one that was hashed.
        """
        with self._lock:
            known = self._kept.get(document_id)
            if known is not None:
                self._kept.move_to_end(document_id)
                return known
        found = read(self._catalogue.document(document_id).text)
        with self._lock:
            if document_id not in self._kept:
                self._kept[document_id] = found
                self._characters += len(found.text)
            while self._characters > _KEPT_CHARACTERS and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._characters -= len(dropped.text)
        return found


class WordLine:
    """All documents' words in one string of codes: four bytes a word.

    Searching it finds every place at which words stand, whatever they are; an index of stems
    leaves out function words, and stems of words that a soft hyphen or a line's end cuts.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        order: Sequence[str] | None = None,
        before: WordLine | None = None,
    ) -> None:
        """Read every document, once; ``order`` is of their ids, by default the catalogue's.

        ``before`` is of an older catalogue: what it has of unchanged texts is not read again.

        Raises:
            SnapshotDamaged: a document cannot be read.
        """
        self._ids = catalogue.document_ids() if order is None else order
        self._hashes = catalogue.hashes()
        lines = []
        self._starts: list[int] = []
        length = 0
        for document_id in self._ids:
            self._starts.append(length)
            mine = self._hashes[document_id]
            known = None if before is None else before.codes(document_id, mine)
            if known is None:
                text = catalogue.document(document_id).text
                known = coded(_WORD.findall(fold(text).text))
            lines.append(known)
            length += len(lines[-1]) + 1
        self._line = SEPARATOR.join(lines)
        self._places = {document_id: at for at, document_id in enumerate(self._ids)}

    def codes(self, document_id: str, sha256: str) -> str | None:
        """The codes of a document whose text has this hash; ``None`` if there is none."""
        if self._hashes.get(document_id) != sha256:
            return None
        at = self._places[document_id]
        end = self._starts[at + 1] - 1 if at + 1 < len(self._starts) else len(self._line)
        return self._line[self._starts[at] : end]

    def find(self, codes: str) -> Iterator[tuple[str, int]]:
        """Where ``codes`` (one or more) stand: document and number of the first word, in order."""
        at = self._line.find(codes)
        while at >= 0:
            document = bisect_right(self._starts, at) - 1
            yield self._ids[document], at - self._starts[document]
            at = self._line.find(codes, at + 1)
