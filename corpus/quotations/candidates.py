"""Who may have said a quotation: the mentions near it, each with its features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpus.quotations.features import (
    AFTER_SIDE,
    BEFORE_SIDE,
    NAMES,
    NOBODY,
    _bucket,
)
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
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotations.stream import Token

# How many mentions on each side are weighed.
_MOST_BEFORE: Final = 10
_MOST_AFTER: Final = 5
_DISTANCES: Final = (2, 4, 8, 16, 32, 64, 128, 256)
_STOP_CHARS: Final = ".!?…"

Pair = tuple[int, tuple[int, ...]]


def walk(text: str, tokens: Sequence[Token], at: int, side: int) -> list[Pair]:
    """The mentions on one side of the quotation token ``at``, nearest first.

    Each is its token's index and the first ten pair features, in the order of ``NAMES``.
    """
    step = -1 if side == BEFORE_SIDE else 1
    most = _MOST_BEFORE if side == BEFORE_SIDE else _MOST_AFTER
    edge = tokens[at][1] if step < 0 else tokens[at][2]
    stops = breaks = quotes = names = cues = commas = colon = skipped = 0
    found: list[Pair] = []
    index = at + step
    while 0 <= index < len(tokens) and len(found) < most:
        kind, start, end = tokens[index]
        if kind <= LAST_CANDIDATE:
            far = (edge - end if step < 0 else start - edge) - skipped
            distance = _bucket(far, _DISTANCES)
            found.append(
                (
                    index,
                    (side, distance, stops, breaks, quotes, len(found), names, cues, commas, colon),
                )
            )
            names = min(names + (kind == NAME or kind == PRONOUN), 4)
        elif kind == COMMA:
            commas = min(commas + 1, 4)
        elif kind == STRONG or kind == SOURCE:
            cues = min(cues + 1, 2)
        elif kind == STOP:
            stops = min(stops + 1, 3)
        elif kind == COLON:
            colon = 1
        elif kind == QUOTE:
            skipped += end - start
            quotes = min(quotes + 1, 3)
            stops = min(stops + (text[end - 2] in _STOP_CHARS), 3)
        elif kind == BREAK:
            breaks += 1
            if breaks > (3 if step < 0 else 1):
                break
        elif kind == CUT:
            break
        index += step
    return found


def nobody() -> tuple[int, ...]:
    """The pair and local features of the candidate "nobody said it"."""
    return (NOBODY, *(0 for _ in range(24)))


__all__ = ["AFTER_SIDE", "NAMES", "nobody", "walk"]
