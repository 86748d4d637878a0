"""Where words stand exactly, or in fragments with what was left out between them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from corpus.folding import ELLIPSIS, MARK, Difference, differences
from index.stretch import Stretch
from index.verdict import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from corpus.document import Span
    from index.reading import Reading, Readings, WordLine

# Where a paragraph begins, a mark that continues a quotation, a bullet or the sign of a quoted
# line may stand or be left out: they are how the paragraph is set, not what is said.
_SETTING: Final = str.maketrans("", "", f"{MARK}-•*> ")
# Around a quotation these are the poster's: brackets, markup, and the stops of their sentence.
_FRAME: Final = frozenset("'.,;:…-–()[]{}<>*_~|#\\/ ")
_ASKS: Final = frozenset("?!")
# Fragments are near if no more than so much lies between two of them.
_NEAR_PARAGRAPHS, _NEAR_WORDS = 3, 250
_PARAGRAPH: Final = re.compile(r"\n\s*\n")
# Words that stand in so many places are a stock phrase; counting stops there.
MOST_PLACES = 100
# A fragment of fewer words stands in too many places to be looked for by itself.
_ANCHOR_WORDS = 3


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words ``start`` (inclusive) to ``end`` (exclusive) of a posted text's reading."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """Where posted words stand: for each fragment the number of its first word in a document."""

    document_id: str
    firsts: tuple[int, ...]


class Standing:
    """Finds exact words in the corpus. Safe to use from several threads."""

    def __init__(
        self, readings: Readings, line: WordLine, among: Callable[[str], bool] | None = None
    ) -> None:
        """``among`` tells by id which documents are looked in, by default all of ``line``."""
        self._readings, self._line, self._among = readings, line, among

    def find(self, codes: str) -> Iterator[tuple[str, int]]:
        """Where ``codes`` stand: document and number of the first word; see `WordLine.find`."""
        for document_id, first in self._line.find(codes):
            if self._among is None or self._among(document_id):
                yield document_id, first

    def exact(self, posted: Reading, fragment: Fragment | None = None) -> Iterator[Found]:
        """Every place at which the posted words stand, equal after the fold, in order."""
        part = fragment or Fragment(0, len(posted))
        for document_id, first in self.find(posted.codes[part.start : part.end]):
            if agrees(posted, part, self._readings.get(document_id), first):
                yield Found(document_id, (first,))

    def fragmented(self, posted: Reading) -> Iterator[Found]:
        """Every place at which the posted fragments stand in order and near one another."""
        parts = fragments(posted)
        anchor = max(parts, key=lambda part: part.end - part.start)
        if len(parts) == 1 or anchor.end - anchor.start < _ANCHOR_WORDS:
            return
        at = parts.index(anchor)
        for found in self.exact(posted, anchor):
            reading = self._readings.get(found.document_id)
            firsts = _around(posted, parts, at, reading, found.firsts[0])
            if firsts is not None:
                yield Found(found.document_id, firsts)

    def stretch(self, posted: Reading, found: Found) -> Stretch:
        """``found`` as one stretch, every posted word paired."""
        parts = found_parts(posted, found)
        there = [
            first + at
            for part, first in zip(parts, found.firsts, strict=True)
            for at in range(part.end - part.start)
        ]
        return Stretch(
            found.document_id,
            (0, len(posted)),
            (there[0], there[-1] + 1),
            tuple(enumerate(there)),
        )

    def place(self, posted: Reading, found: Found) -> Place:
        """``found`` in offsets of its document; fragments that meet become one span."""
        reading = self._readings.get(found.document_id)
        spans: list[Span] = []
        omitted: list[Span] = []
        last = -1
        for part, first in zip(found_parts(posted, found), found.firsts, strict=True):
            end = first + part.end - part.start
            span = reading.span(first, end)
            if first == last:
                spans[-1] = spans[-1].joined(span)
            else:
                if spans:
                    omitted.append(reading.span(last, first))
                spans.append(span)
            last = end
        return Place(found.document_id, tuple(spans), tuple(omitted))

    def differences(self, posted: Reading, found: Found) -> tuple[Difference, ...]:
        """What only the fold made equal."""
        source = self._readings.get(found.document_id)
        kinds: set[Difference] = set()
        for part, first in zip(found_parts(posted, found), found.firsts, strict=True):
            shift = first - part.start
            # Where a paragraph is set differently the texts fold apart: there they are cut.
            cuts = [
                at
                for at in range(part.start + 1, part.end)
                if posted.gap(at) != source.gap(at + shift)
            ]
            if cuts:
                kinds.update((Difference.MARKS, Difference.WHITE_SPACE))
            for start, end in pairwise([part.start, *cuts, part.end]):
                here, there = posted.span(start, end), source.span(start + shift, end + shift)
                kinds.update(
                    differences(
                        posted.text[here.start : here.end], source.text[there.start : there.end]
                    )
                )
        return tuple(kind for kind in Difference if kind in kinds)


def found_parts(posted: Reading, found: Found) -> list[Fragment]:
    """The fragments of ``posted`` that ``found`` says the places of."""
    return fragments(posted) if len(found.firsts) > 1 else [Fragment(0, len(posted))]


def fragments(posted: Reading) -> list[Fragment]:
    """The stretches of posted words between ellipses, ``[…]`` and the like."""
    cuts = [at for at in range(1, len(posted)) if ELLIPSIS in posted.gap(at)]
    edges = [0, *cuts, len(posted)]
    return [Fragment(start, end) for start, end in pairwise(edges)]


def agrees(posted: Reading, part: Fragment, source: Reading, first: int) -> bool:
    """Whether the posted words are those of ``source`` from word ``first`` on, after the fold."""
    length = part.end - part.start
    if first + length > len(source):
        return False
    if posted.words(part.start, part.end) != source.words(first, first + length) and not all(
        posted.word(part.start + at) == source.word(first + at)
        and (at == 0 or same_gap(posted, part.start + at, source, first + at))
        for at in range(length)
    ):
        return False
    return same_edges(posted, part, source, first)


def same_gap(posted: Reading, at: int, source: Reading, place: int) -> bool:
    """Whether what stands before word ``at`` and before word ``place`` is the same."""
    wanted, there = posted.gap(at), source.gap(place)
    if wanted == there:
        return True
    between = source.folded.end(source.ends[place - 1]), source.folded.start(source.starts[place])
    if "\n" not in source.text[between[0] : between[1]]:
        return False
    return wanted.translate(_SETTING) == there.translate(_SETTING)


def same_edges(posted: Reading, part: Fragment, source: Reading, first: int) -> bool:
    """Whether nothing that counts is posted before the first word or after the last.

    Stops, marks and brackets around a quotation are the poster's own. A question mark, and a
    sign that touches a word, must be there in the source; a statement must not be a question.
    """
    last = first + part.end - part.start
    before = re.split(r"[' ]", posted.gap(part.start))[-1]
    after = re.split(r"[' ]", posted.gap(part.end))[0]
    there = re.split(r" ", source.gap(last))[0]
    if any(sign not in _FRAME and sign not in source.gap(first) for sign in before):
        return False
    if any(sign not in _FRAME and sign not in there for sign in after):
        return False
    return "." not in after or not (_ASKS & set(there)) or bool(_ASKS & set(after))


def _around(
    posted: Reading, parts: list[Fragment], anchor: int, source: Reading, first: int
) -> tuple[int, ...] | None:
    """Where the other fragments stand nearest before and after the anchor; ``None`` if not."""
    firsts = {anchor: first}
    for at in range(anchor + 1, len(parts)):
        length = parts[at - 1].end - parts[at - 1].start
        found = _next(posted, parts[at], source, firsts[at - 1] + length)
        if found is None:
            return None
        firsts[at] = found
    for at in range(anchor - 1, -1, -1):
        found = _previous(posted, parts[at], source, firsts[at + 1])
        if found is None:
            return None
        firsts[at] = found
    return tuple(firsts[at] for at in range(len(parts)))


def _next(posted: Reading, part: Fragment, source: Reading, start: int) -> int | None:
    length = part.end - part.start
    codes = posted.codes[part.start : part.end]
    stop = min(start + _NEAR_WORDS + length, len(source))
    at = source.codes.find(codes, start, stop)
    while at >= 0:
        if not near(source, start, at):
            return None
        if agrees(posted, part, source, at):
            return at
        at = source.codes.find(codes, at + 1, stop)
    return None


def _previous(posted: Reading, part: Fragment, source: Reading, end: int) -> int | None:
    length = part.end - part.start
    codes = posted.codes[part.start : part.end]
    begin = max(0, end - _NEAR_WORDS - length)
    at = source.codes.rfind(codes, begin, end)
    while at >= 0:
        if not near(source, at + length, end):
            return None
        if agrees(posted, part, source, at):
            return at
        at = source.codes.rfind(codes, begin, at + length - 1)
    return None


def near(source: Reading, end: int, start: int) -> bool:
    """Whether few paragraphs lie between word ``end`` (exclusive) and word ``start``."""
    if start <= end:
        return True
    if start - end > _NEAR_WORDS:
        return False
    left = source.folded.end(source.ends[end - 1])
    right = source.folded.start(source.starts[start])
    return len(_PARAGRAPH.findall(source.text, left, right)) <= _NEAR_PARAGRAPHS
