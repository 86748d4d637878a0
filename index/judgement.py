"""Altered, stitched or absent: what the stretches that explain a text say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import Indel, Levenshtein

from corpus.folding import ELLIPSIS, MARK
from index.alignment import aligned
from index.reading import coded
from index.stretch import Stretch
from index.verdict import Finding
from index.words import STOPWORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.reading import Reading, Readings

# What counts as a stretch of its own, in words: three, of which two say something; or four.
_STRETCH_WORDS, _STRETCH_CONTENT, _LONG_STRETCH = 3, 2, 4
# A stitched text is all stretches, but for a word or so of the seam.
_SEAM_SHARE = 0.15
# The share of words in common from which one text is an altered form of the other. On the
# generated tests altered texts have 0.66 or more, others 0.5 or less.
_CLOSE = 0.6
# So many words in common are no chance, whatever else was posted with them.
_MANY_WORDS = 8
# Words at an end that are not the source's stand for as many of its words, if they are few or
# enough of them are the same.
_FEW_WORDS, _ENOUGH_SAME = 3, 0.4
# As many words, or so many fewer or more.
_MORE_WORDS = 2
_BOUNDARIES = frozenset(f".!?:;{ELLIPSIS}{MARK}")


@dataclass(frozen=True, slots=True)
class Judgement:
    """A finding that is not verbatim, and the stretches it rests on, in posted order."""

    finding: Finding
    stretches: tuple[Stretch, ...] = ()


def judge(
    posted: Reading, meant: Sequence[str], stretches: Sequence[Stretch], readings: Readings
) -> Judgement:
    """What a text that stands nowhere as it is, is; ``meant`` is its words without slips."""
    if not stretches:
        return Judgement(Finding.ABSENT)
    main = max(stretches, key=lambda stretch: len(stretch.pairs))
    telling = tuple(one for one in stretches if one is main or _tells(one, meant))
    explained = sum(one.posted[1] - one.posted[0] for one in telling)
    left = len(posted) - explained
    if len(telling) > 1 and _tells(main, meant) and left <= max(1, _SEAM_SHARE * len(posted)):
        return Judgement(Finding.STITCHED, telling)
    whole = _extended(main, posted, meant, readings.get(main.document_id))
    if _is_close(whole, meant):
        return Judgement(Finding.ALTERED, (whole,))
    if len(telling) > 1 and explained >= _CLOSE * len(posted):
        return Judgement(Finding.STITCHED, telling)
    return Judgement(Finding.ABSENT)


def _tells(stretch: Stretch, meant: Sequence[str]) -> bool:
    count = len(stretch.pairs)
    content = sum(meant[at] not in STOPWORDS for at, _ in stretch.pairs)
    return count >= _LONG_STRETCH or (count >= _STRETCH_WORDS and content >= _STRETCH_CONTENT)


def _is_close(stretch: Stretch, meant: Sequence[str]) -> bool:
    same = len(stretch.pairs)
    if all(meant[at] in STOPWORDS for at, _ in stretch.pairs):
        return False
    longer = max(len(meant), stretch.source[1] - stretch.source[0])
    return same >= _CLOSE * longer or same >= _MANY_WORDS


def _extended(stretch: Stretch, posted: Reading, meant: Sequence[str], source: Reading) -> Stretch:
    """``stretch`` with what the source has in place of the posted words at either end."""
    codes, line = coded(meant), source.codes
    (start, end), (first, last) = stretch.posted, stretch.source
    left, right = start, len(posted) - end
    room = 0
    while room < left + _MORE_WORDS and not _is_boundary(source, first - room):
        room += 1
    rooms = _rooms(room, left)
    before = _best(codes[:start], [line[first - count : first] for count in rooms])
    room = 0
    while room < right + _MORE_WORDS and not _is_boundary(source, last + room):
        room += 1
    after = _best(codes[end:], [line[last : last + count] for count in _rooms(room, right)])
    there = first - before, last + after
    return Stretch(
        stretch.document_id,
        (0 if before else start, len(posted) if after else end),
        there,
        (
            *aligned(codes, (0, start), line, (there[0], first)),
            *stretch.pairs,
            *aligned(codes, (end, len(posted)), line, (last, there[1])),
        ),
    )


def _rooms(most: int, words: int) -> range:
    """How many source words may stand for ``words`` posted ones: about as many."""
    return range(max(1, words - _MORE_WORDS), min(most, words + _MORE_WORDS) + 1)


def _best(words: str, tried: Sequence[str]) -> int:
    """How many source words stand for ``words``; 0 if none of ``tried`` is like them."""
    found = [
        (Indel.similarity(words, one) // 2, -Levenshtein.distance(words, one), -len(one))
        for one in tried
    ]
    same, _, count = max(found, default=(0, 0, 0))
    belongs = len(words) <= _FEW_WORDS or same >= _ENOUGH_SAME * len(words)
    return -count if words and belongs else 0


def _is_boundary(source: Reading, at: int) -> bool:
    """Whether a sentence, a quotation or a line ends between word ``at - 1`` and word ``at``."""
    if not 0 < at < len(source):
        return True
    if any(sign in _BOUNDARIES for sign in source.gap(at)):
        return True
    left, right = source.folded.end(source.ends[at - 1]), source.folded.start(source.starts[at])
    return "\n" in source.text[left:right]
