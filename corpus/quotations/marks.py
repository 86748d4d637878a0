"""Where quotation marks stand, and which pairs of them hold a segment.

One pass of one pattern finds every mark; a walk over the marks pairs them. Which way a mark
faces is decided by what stands beside it, and only where that leaves it open by its curl, so
that straight, curly and wrongly curled marks give the same segments.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

# Double marks of any shape, and single marks only where they can open or close: an apostrophe
# inside a word never matches. An attribute of markup is
# matched whole, so as to be passed over.
_MARK: Final = re.compile(
    r"""(?P<markup>=["“”][^"“”<>\n]{0,200}["“”])|["“”„‟«»]"""
    r"""|(?<![\w'’‘=])['‘’](?=[\w…£$(\["“”])|(?<=[\w.,!?…;:%)\]\-–—"“”])['’‘](?!\w)"""
)
_BLANK_LINE: Final = re.compile(r"\n[ \t\xa0\r]*\n\s*")
_WORD: Final = re.compile(r"\w")
_LINE_START: Final = re.compile(r"\n[ \t\xa0>*•-]*\Z")
_TERMINAL: Final = frozenset(".!?:…\"”’'")
_OPENERS: Final = frozenset("([{/—–‒-‘'")
_CLOSERS: Final = frozenset(".,;:!?)]}/—–…’'")
_CURL_OPENS: Final = frozenset("“„‟«")
_CURL_CLOSES: Final = frozenset("”»")
# Words that begin with an apostrophe.
_ELIDED: Final = re.compile(
    r"(?:em|til|tis|twas|cause|n|bout|round|cos|cuz|nuff|ello|\d\ds?)\b", re.IGNORECASE
)
# How many marks are looked at for the end of a single-quoted stretch: a longer one is not found,
# so that many stray apostrophes cost no more than this each.
_LOOK_AHEAD: Final = 40
# A line mark is looked for this far back, in code points: longer bullets do not occur.
_LINE_LEAD: Final = 12
# The mark that closes the inner stretch, and the one that closes the outer.
_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch between marks: ``start`` inclusive, ``end`` exclusive, marks excluded.

    ``outer_start`` and ``outer_end`` are the same with the marks. ``closed`` is false where no
    mark ends it; ``continues`` is true where it carries on the segment before, which its
    paragraph left open. ``single`` says that single marks enclose it.
    """

    start: int
    end: int
    outer_start: int
    outer_end: int
    closed: bool
    continues: bool
    single: bool


@dataclass(frozen=True, slots=True)
class _Mark:
    """A mark at ``[start, end)``; ``facing`` is 1 opening, -1 closing, 0 undecided."""

    start: int
    end: int
    single: bool
    facing: int
    curl: int


def find_segments(text: str) -> tuple[Segment, ...]:
    """Every quoted stretch of ``text``, in order and disjoint.

    ``text`` has line feeds for every line break. Segments within segments are not given. An
    unclosed mark ends with its paragraph. Never raises.
    """
    marks = [_mark(text, found) for found in _MARK.finditer(text) if not found["markup"]]
    breaks = [found.start() for found in _BLANK_LINE.finditer(text)] if marks else []
    segments: list[Segment] = []
    index = 0
    while index < len(marks):
        mark = marks[index]
        at = bisect_right(breaks, mark.start)
        stop = breaks[at] if at < len(breaks) else len(text)
        found = (_single if mark.single else _double)(text, marks, index, stop)
        if found is None:
            index += 1
            continue
        end, outer_end, index, closed = found
        segment = _segment(text, mark, (end, outer_end), closed, segments)
        if segment is not None:
            segments.append(segment)
    return tuple(segments)


def _mark(text: str, found: re.Match[str]) -> _Mark:
    start, end = found.span()
    shape = text[start]
    left = text[start - 1] if start else " "
    right = text[end] if end < len(text) else " "
    facing = 0
    if left.isspace():
        facing = 0 if right.isspace() else 1
    elif right.isspace():
        facing = -1
    elif left in _OPENERS and right not in _CLOSERS:
        facing = 1
    elif right in _CLOSERS and left not in _OPENERS:
        facing = -1
    curl = 1 if shape in _CURL_OPENS else -1 if shape in _CURL_CLOSES else 0
    single = shape in "'’‘"
    return _Mark(start, end, single, facing, curl)


def _double(
    text: str, marks: list[_Mark], index: int, stop: int
) -> tuple[int, int, int, bool] | None:
    """The stretch that the double mark at ``index`` opens: end, outer end, next mark, closed."""
    mark = marks[index]
    if not _opens(text, marks, index, stop):
        return None
    upto = index + 1
    while upto < len(marks) and marks[upto].start < stop:
        other = marks[upto]
        if other.single:
            upto += 1
            continue
        if other.facing == 1 and (other.curl != -1 or _starts_line(text, other.start)):
            if _encloses(marks, upto, stop):
                upto += 2
                continue
            end = _unclosed_end(text, mark.end, other.start)
            return end, end, upto, False
        return other.start, other.end, upto + 1, True
    end = _unclosed_end(text, mark.end, stop)
    while upto > index + 1 and marks[upto - 1].start >= end:
        upto -= 1
    return end, end, upto, False


def _opens(text: str, marks: list[_Mark], index: int, stop: int) -> bool:
    """Whether a double mark, met while none is open, opens."""
    mark = marks[index]
    if mark.facing == 1 or (mark.facing == 0 and mark.curl != -1):
        return True
    if text[mark.start - 1 : mark.start].isdigit() and mark.facing == -1:
        return False  # inches, minutes
    # A mark that faces the wrong way opens when the next one can only close.
    for other in marks[index + 1 : index + 1 + _LOOK_AHEAD]:
        if other.start >= stop:
            return False
        if not other.single:
            return other.facing != 1 and "\n" not in text[mark.end : other.start]
    return False


def _encloses(marks: list[_Mark], inner: int, stop: int) -> bool:
    """Whether the marks at ``inner`` and next are a pair inside a stretch that closes after."""
    rest = [other for other in marks[inner + 1 : inner + 4] if not other.single][:_PAIR]
    if len(rest) < _PAIR or rest[-1].start >= stop:
        return False
    return all(other.facing != 1 for other in rest)


def _starts_line(text: str, at: int) -> bool:
    return _LINE_START.search(text, max(0, at - _LINE_LEAD), at) is not None


def _unclosed_end(text: str, start: int, stop: int) -> int:
    """Where an unclosed stretch ends: its paragraph's end, at most ``stop``.

    A single line break ends a paragraph unless the lines look wrapped: the next one goes on in
    lower case, or this one ends in the middle of a sentence.
    """
    at = text.find("\n", start, stop)
    while at != -1:
        before, after = text[max(start, at - _LINE_LEAD) : at].rstrip()[-1:], text[at + 1 : at + 2]
        if before in _TERMINAL and not after.islower():
            return at
        at = text.find("\n", at + 1, stop)
    return stop


def _single(
    text: str, marks: list[_Mark], index: int, stop: int
) -> tuple[int, int, int, bool] | None:
    """The stretch that the single mark at ``index`` opens, or ``None`` for an apostrophe."""
    mark = marks[index]
    if mark.facing != 1 or _ELIDED.match(text, mark.end):
        return None
    fallback: tuple[int, int, int, bool] | None = None
    for upto in range(index + 1, min(len(marks), index + 1 + _LOOK_AHEAD)):
        other = marks[upto]
        if other.start >= stop:
            break
        if not other.single:
            continue
        if other.facing == 1:
            break
        found = (other.start, other.end, upto + 1, True)
        before = text[other.start - 1]
        possessive = before in "sS" and text[other.end : other.end + 2].strip().islower()
        if not possessive:
            # After "officers' rights" only a mark after punctuation can be the real end.
            if fallback is None or not before.isalnum():
                return found
            break
        fallback = fallback or found
    return fallback


def _segment(
    text: str, mark: _Mark, ends: tuple[int, int], closed: bool, before: list[Segment]
) -> Segment | None:
    """The segment without its marks and the blanks beside them; ``None`` if no word is left."""
    inner = text[mark.end : ends[0]]
    start = mark.end + len(inner) - len(inner.lstrip())
    end = start + len(inner.strip())
    if _WORD.search(text, start, end) is None:
        return None
    continues = False
    if before and not before[-1].closed and not mark.single:
        gap = text[before[-1].outer_end : mark.start]
        continues = "\n" in gap and not gap.strip(" \t\n\xa0>*•-")
    return Segment(start, end, mark.start, ends[1], closed, continues, mark.single)
