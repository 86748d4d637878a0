"""What stands beside a mention, and what a quotation looks like, as features.

Each function gives the numbers of one group of names of ``corpus.quotations.features``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpus.quotations.lexicon import SPEAKING_ROLES, TEXTS
from corpus.quotations.stream import (
    BREAK,
    COMMA,
    CUT,
    LAST_CANDIDATE,
    NAME,
    OBJECT,
    PRONOUN,
    QUOTE,
    ROLE,
    SOURCE,
    STOP,
    STRONG,
    WEAK,
)
from corpus.quotations.wordclass import (
    SUBJECTS,
    bucket,
    char_class,
    follow_class,
    last_word,
    lead_class,
    word_after,
    word_class,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.quotations.marks import Segment
    from corpus.quotations.stream import Token

_NEAR: Final = 1
_CLOSE: Final = 14
_FAR: Final = 60
# In tokens: how far a sentence is followed, so that a text without full stops costs no more.
_REACH: Final = 40
_MOST_PLACES: Final = 3


def local_features(
    text: str,
    tokens: Sequence[Token],
    index: int,
    counts: Mapping[str, tuple[int, int]],
    person: int,
) -> tuple[int, ...]:
    """What stands beside the candidate ``tokens[index]``; one number for each local name.

    ``person`` says how far the document shows it to be a person (``reading.person_class``).
    """
    kind, start, end = tokens[index]
    words = text[start:end]
    if kind == NAME:
        detail = 0 if " " in words or "\xa0" in words else 9 if words.isupper() else 1
    elif kind == PRONOUN:
        detail = SUBJECTS.get(words.lower(), 5)
    elif kind == OBJECT:
        detail = 7
    else:
        low = words.lower()
        detail = 10 if low in SPEAKING_ROLES else 11 if low in TEXTS else 8
    after = _cue(tokens, index, 1)
    before = _cue(tokens, index, -1)
    follow = text[end : end + 2]
    key = words.split()[-1] if kind in (NAME, ROLE) else ""
    frequency, cued = counts.get(key, (0, 0))
    return (
        detail,
        word_class(last_word(text, start)),
        after[0],
        after[1],
        after[2],
        after[3],
        before[0],
        before[1],
        before[3],
        char_class(follow),
        _place(tokens, index),
        bucket(frequency, (1, 2, 4, 10)),
        bucket(cued, (1, 2, 4)),
        person,
        word_after(text, end),
    )


def _cue(tokens: Sequence[Token], index: int, step: int) -> tuple[int, int, int, int]:
    """The nearest cue in the sentence: how far (0 at hand, 4 none), kind, commas, candidates."""
    commas = candidates = 0
    stop = min(len(tokens), index + _REACH) if step > 0 else max(-1, index - _REACH)
    for at in range(index + step, stop, step):
        kind, start, end = tokens[at]
        if kind in (STRONG, WEAK, SOURCE):
            gap = start - tokens[index][2] if step > 0 else tokens[index][1] - end
            near = bucket(gap, (_NEAR + 1, _CLOSE, _FAR))
            return near, kind - STRONG + 1, min(commas, 3), min(candidates, 3)
        if kind in (STOP, BREAK, QUOTE, CUT):
            break
        if kind == COMMA:
            commas += 1
        elif kind <= LAST_CANDIDATE:
            candidates += 1
    return 4, 0, min(commas, 3), min(candidates, 3)


def _place(tokens: Sequence[Token], index: int) -> int:
    """How many candidates stand before it in its sentence, at most 3; 4 after a quotation."""
    count = 0
    for at in range(index - 1, max(-1, index - _REACH), -1):
        kind = tokens[at][0]
        if count == _MOST_PLACES or kind in (STOP, BREAK, CUT):
            break
        if kind == QUOTE:
            return 4 + min(count, 1)
        count += kind <= LAST_CANDIDATE
    return count


def tail_class(text: str, segment: Segment) -> int:
    """How the words end: 1 a comma, 2 a full stop or its like, 0 anything else."""
    last = text[segment.end - 1]
    outside = text[segment.outer_end : segment.outer_end + 1]
    if last == "," or outside == ",":
        return 1
    if last in "?!":
        return 3
    return 2 if last in ".…" or outside == "." else 0


def unit_features(
    text: str, tokens: Sequence[Token], own: tuple[int, int], ends: tuple[Segment, Segment]
) -> tuple[int, ...]:
    """What is known of the quotation alone; one number for each unit name.

    ``own`` holds the indexes of its first and last tokens, ``ends`` its first and last segments.
    """
    first, last = ends
    before = last_word(text, first.outer_start)
    inside = text[first.start : min(last.end, first.start + 400)]
    words = inside.split(None, 30)
    line = text[last.outer_end : last.outer_end + 24].partition("\n")[0].split(None, 1)
    after = line[0] if line else ""
    capitals = sum(word[0].isupper() for word in words)
    return (
        lead_class(before),
        word_class(before),
        tail_class(text, last),
        follow_class(after),
        bucket(len(words), (2, 3, 5, 9, 16, 30)),
        1 if inside[0].isupper() else 2 if inside[0].islower() else 0,
        1 if capitals == len(words) else 2 if capitals * 2 >= len(words) else 0,
        int(first.single),
        _since_previous(tokens, own[0]),
        _cues_beside(tokens, own[0], -1),
        _cues_beside(tokens, own[1], 1),
        _next_quote(tokens, own[1]),
    )


def _next_quote(tokens: Sequence[Token], at: int) -> int:
    """Another quotation after it: 0 none in its paragraph, 1 in its sentence, 2 later."""
    later = 1
    for kind, _, _ in tokens[at + 1 : at + _REACH]:
        if kind == QUOTE:
            return later
        if kind in (BREAK, CUT):
            break
        if kind == STOP:
            later = 2
    return 0


def _since_previous(tokens: Sequence[Token], at: int) -> int:
    """Line breaks since the quotation before, at most 3; 4 if there is none near."""
    breaks = 0
    for kind, start, end in reversed(tokens[max(0, at - _REACH) : at]):
        if kind == QUOTE:
            return min(breaks, 3)
        if kind == CUT:
            return 4
        if kind == BREAK:
            breaks += 1 if end > start else 0
    return 4


def _cues_beside(tokens: Sequence[Token], at: int, step: int) -> int:
    """The strongest cue between the quotation and its sentence's end: 0 none, 2 strong."""
    best = 0
    stop = min(len(tokens), at + _REACH) if step > 0 else max(-1, at - _REACH)
    for index in range(at + step, stop, step):
        kind = tokens[index][0]
        if kind == STRONG:
            return 2
        if kind in (STOP, BREAK, CUT, QUOTE):
            break
        best = best or int(kind in (WEAK, SOURCE))
    return best
