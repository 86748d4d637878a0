"""What is known of a quotation and a candidate speaker, as small whole numbers.

The scorer was fitted on exactly these (``benchmarks/train/quotes.py``); their order is part of
the weights' format, and ``NAMES`` is checked against the weights when they are read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpus.quotations.lexicon import DETERMINERS, PREPOSITION_CUES, STRONG_CUES, WEAK_CUES
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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus.quotations.marks import Segment
    from corpus.quotations.stream import Token

_UNIT_NAMES: Final = (
    "lead",
    "lead_word",
    "tail",
    "follow",
    "length",
    "capital",
    "title_case",
    "single",
    "since_previous",
    "cues_before",
    "cues_after",
)
_LOCAL_NAMES: Final = (
    "kind",
    "word_before",
    "cue_after_gap",
    "cue_after_kind",
    "commas_to_cue_after",
    "candidates_to_cue_after",
    "cue_before_gap",
    "cue_before_kind",
    "candidates_to_cue_before",
    "char_after",
    "place_in_sentence",
    "frequency",
    "cued_frequency",
)
_PAIR_NAMES: Final = (
    "side",
    "distance",
    "stops",
    "breaks",
    "quotes",
    "candidates",
    "names",
    "cues",
    "commas",
    "colon",
    "same_as_previous",
    "inside_quote",
)
NAMES: Final = _PAIR_NAMES + _LOCAL_NAMES + _UNIT_NAMES
"""The features' names, in their order in every vector."""

SIZES: Final = (
    *(4, 9, 4, 5, 4, 16, 5, 3, 5, 2, 3, 2),
    *(10, 10, 5, 4, 4, 4, 5, 4, 4, 10, 6, 5, 4),
    *(5, 10, 4, 8, 7, 3, 3, 2, 5, 3, 3),
)
"""How many values each feature can take, from 0, in the order of ``NAMES``."""

BEFORE_SIDE: Final = 0
AFTER_SIDE: Final = 1
NOBODY: Final = 2

_SUBJECTS: Final = {"he": 2, "she": 2, "they": 3, "we": 3, "i": 4, "it": 5, "who": 6, "which": 5}
_PREPOSITIONS: Final = frozenset(
    "of to for from by with at in on about against over under as like than behind between into"
    " after before during toward towards via through".split()
)
_JOINERS: Final = frozenset("and or but that while when as because if though where".split())
_TOLD: Final = frozenset("told tells tell telling asked asks asking".split())
_NEAR: Final = 1
_CLOSE: Final = 14
_FAR: Final = 60


def _bucket(value: int, limits: tuple[int, ...]) -> int:
    """How many of the ascending ``limits`` are at most ``value``."""
    count = 0
    for limit in limits:
        if value < limit:
            break
        count += 1
    return count


def word_class(word: str) -> int:
    """What kind of word it is for the one that follows: 0 for none, else 1 to 9."""
    low = word.lower().strip("“\"'‘(")
    if not low or word[-1] in ".!?:”\"":
        return 0
    if word[-1] in ",;–—":
        return 7
    if low in _TOLD:
        return 6
    if low in STRONG_CUES:
        return 3
    if low in WEAK_CUES or low in PREPOSITION_CUES:
        return 4
    if low in _PREPOSITIONS:
        return 1
    if low in DETERMINERS:
        return 2
    if low in _JOINERS:
        return 5
    return 9 if word[0].isupper() else 8


def last_word(text: str, at: int) -> str:
    """The word that ends just before ``at`` on the same line, empty at a line's start."""
    left = text[max(0, at - 24) : at].rpartition("\n")[2].rsplit(None, 1)
    return left[-1] if left else ""


def local_features(
    text: str, tokens: Sequence[Token], index: int, counts: Mapping[str, tuple[int, int]]
) -> tuple[int, ...]:
    """What stands beside the candidate ``tokens[index]``; one number for each local name."""
    kind, start, end = tokens[index]
    words = text[start:end]
    if kind == NAME:
        detail = 0 if " " in words or "\xa0" in words else 9 if words.isupper() else 1
    elif kind == PRONOUN:
        detail = _SUBJECTS.get(words.lower(), 5)
    else:
        detail = 7 if kind == OBJECT else 8
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
        _char_class(follow),
        _place(tokens, index),
        _bucket(frequency, (1, 2, 4, 10)),
        _bucket(cued, (1, 2, 4)),
    )


def _char_class(follow: str) -> int:
    if not follow:
        return 0
    if follow in ("'s", "’s"):
        return 1
    known = {",": 2, ".": 3, ":": 4, "(": 5, "\n": 6, "'": 1, "’": 1, "-": 7}
    if follow[0] == " ":
        return 5 if follow[1:] == "(" else 8 if follow[1:].islower() else 9
    return known.get(follow[0], 0)


def _cue(tokens: Sequence[Token], index: int, step: int) -> tuple[int, int, int, int]:
    """The nearest cue in the sentence: how far (0 at hand, 4 none), kind, commas, candidates."""
    commas = candidates = 0
    at = index + step
    while 0 <= at < len(tokens):
        kind, start, end = tokens[at]
        if kind in (STRONG, WEAK, SOURCE):
            gap = start - tokens[index][2] if step > 0 else tokens[index][1] - end
            near = _bucket(gap, (_NEAR + 1, _CLOSE, _FAR))
            return near, kind - STRONG + 1, min(commas, 3), min(candidates, 3)
        if kind in (STOP, BREAK, QUOTE, CUT):
            break
        if kind == COMMA:
            commas += 1
        elif kind <= LAST_CANDIDATE:
            candidates += 1
        at += step
    return 4, 0, min(commas, 3), min(candidates, 3)


def _place(tokens: Sequence[Token], index: int) -> int:
    """How many candidates stand before it in its sentence, at most 3; 4 after a quotation."""
    count = 0
    at = index - 1
    while at >= 0 and count < 3:
        kind = tokens[at][0]
        if kind in (STOP, BREAK, CUT):
            break
        if kind == QUOTE:
            return 4 + min(count, 1)
        count += kind <= LAST_CANDIDATE
        at -= 1
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
    lead = 0 if not before else 1 if before[-1] == ":" else 2 if before[-1] in ",;–—" else 3
    if lead == 3 and before[-1] not in ".!?”\"":
        lead = 4
    line = text[last.outer_end : last.outer_end + 24].partition("\n")[0].split(None, 1)
    after = line[0] if line else ""
    capitals = sum(word[0].isupper() for word in words)
    return (
        lead,
        word_class(before),
        tail_class(text, last),
        _follow_class(after),
        _bucket(len(words), (2, 3, 5, 9, 16, 30)),
        1 if inside[0].isupper() else 2 if inside[0].islower() else 0,
        1 if capitals == len(words) else 2 if capitals * 2 >= len(words) else 0,
        int(first.single),
        _since_previous(tokens, own[0]),
        _cues_beside(tokens, own[0], -1),
        _cues_beside(tokens, own[1], 1),
    )


def _follow_class(word: str) -> int:
    if not word:
        return 0
    low = word.lower().strip(".,;:)")
    if not low:
        return 1
    if low in _SUBJECTS:
        return 2
    if low in STRONG_CUES:
        return 3
    if low in WEAK_CUES:
        return 4
    if word[0].isupper():
        return 5
    return 6 if low in DETERMINERS else 7


def _since_previous(tokens: Sequence[Token], at: int) -> int:
    """Line breaks since the quotation before, at most 3; 4 if there is none near."""
    breaks = 0
    for kind, start, end in reversed(tokens[max(0, at - 40) : at]):
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
    at += step
    while 0 <= at < len(tokens) and tokens[at][0] not in (STOP, BREAK, CUT, QUOTE):
        kind = tokens[at][0]
        if kind == STRONG:
            return 2
        best = best or int(kind in (WEAK, SOURCE))
        at += step
    return best

