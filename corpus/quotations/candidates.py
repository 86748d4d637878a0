"""Who may have said a quotation: the mentions near it, each with its features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpus.quotations.features import BEFORE_SIDE, NAMES, NOBODY, UNIT_NAMES
from corpus.quotations.stream import (
    BREAK,
    COLON,
    COMMA,
    CUT,
    LAST_CANDIDATE,
    NAME,
    PRONOUN,
    QUOTE,
    SOURCE,
    STOP,
    STRONG,
    WEAK,
)
from corpus.quotations.wordclass import bucket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotations.stream import Token

# How many mentions on each side are weighed, and how far, in tokens, they are looked for. In
# PolNeAR's training part 99% of speakers are among them.
_MOST_BEFORE: Final = 9
_MOST_AFTER: Final = 4
_REACH: Final = 80
# Paragraphs before the quotation's own in which its speaker is looked for.
_MOST_BREAKS: Final = 3
_DISTANCES: Final = (2, 4, 8, 16, 32, 64, 128, 256)
_CUE_DISTANCES: Final = (4, 10, 24, 60, 120)
_DASHES: Final = ("–", "—", "-", "~")
_STOP_CHARS: Final = ".!?…"

# Caps as tables, which plain Python reads faster than it calls ``min``; every token counts at most
# twice.
_UP_TO_1, _UP_TO_2, _UP_TO_3, _UP_TO_4 = (
    tuple(min(count, cap) for count in range(2 * _REACH + 1)) for cap in (1, 2, 3, 4)
)

Pair = tuple[int, tuple[int, ...], tuple[int, int]]


def walk(text: str, tokens: Sequence[Token], at: int, side: int) -> list[Pair]:
    """The mentions on one side of the quotation token ``at``, nearest first.

    Each is its token's index, the first ten pair features in the order of ``NAMES``, and
    ``cue_far`` with ``weak_far``.
    """
    step = -1 if side == BEFORE_SIDE else 1
    most = _MOST_BEFORE if side == BEFORE_SIDE else _MOST_AFTER
    edge = tokens[at][1] if step < 0 else tokens[at][2]
    seen = [0] * (CUT + 1)
    skipped = cue_far = weak_far = 0
    found: list[Pair] = []
    stop = min(len(tokens), at + _REACH) if step > 0 else max(-1, at - _REACH)
    for index in range(at + step, stop, step):
        kind, start, end = tokens[index]
        far = (edge - end if step < 0 else start - edge) - skipped
        if kind <= LAST_CANDIDATE:
            pair = (side, bucket(far, _DISTANCES), *_counted(seen, len(found)))
            found.append((index, pair, (cue_far, weak_far)))
            if len(found) == most:
                break
        elif kind in (STRONG, SOURCE):
            cue_far = 1 + bucket(far, _CUE_DISTANCES)
        elif kind == WEAK:
            weak_far = 1 + bucket(far, _CUE_DISTANCES)
        elif kind == QUOTE:
            skipped += end - start
            seen[STOP] += text[end - 2] in _STOP_CHARS
        elif _ends(text, tokens[index], step, seen[BREAK]):
            break
        seen[kind] += 1
    return found


def _counted(seen: list[int], candidates: int) -> tuple[int, ...]:
    """What stands between a candidate and the quotation, each capped at what tells."""
    return (
        _UP_TO_3[seen[STOP]],
        _UP_TO_4[seen[BREAK]],
        _UP_TO_3[seen[QUOTE]],
        candidates,
        _UP_TO_4[seen[NAME] + seen[PRONOUN]],
        _UP_TO_2[seen[STRONG] + seen[SOURCE]],
        _UP_TO_4[seen[COMMA]],
        _UP_TO_1[seen[COLON]],
    )


def _ends(text: str, token: Token, step: int, breaks: int) -> bool:
    """Whether no speaker is looked for beyond this token."""
    kind, _, end = token
    if kind == BREAK:
        # A speaker on the line after stands behind a dash: "– Andy Valentine".
        return breaks >= _MOST_BREAKS or (step > 0 and text[end : end + 1] not in _DASHES)
    return kind == CUT


def nobody() -> tuple[int, ...]:
    """The pair and local features of the candidate "nobody said it"."""
    return (NOBODY, *(0 for _ in range(len(NAMES) - len(UNIT_NAMES) - 1)))
