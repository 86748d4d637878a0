"""A text as the scorer sees it: its units of quotation and the candidates for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from corpus.quotations.candidates import nobody, walk
from corpus.quotations.features import AFTER_SIDE, BEFORE_SIDE, local_features, unit_features
from corpus.quotations.marks import find_segments
from corpus.quotations.stream import NAME, PRONOUN, ROLE, STRONG, read_stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotations.marks import Segment
    from corpus.quotations.stream import Token

NO_TOKEN: Final = -1
"""Stands for "nobody" where a token's index is expected."""

_RUNNING_SIDE: Final = 3
# In code points of the quotation: who is named beyond it is rarely its speaker's business.
_INSIDE: Final = 600


@dataclass(frozen=True, slots=True)
class Unit:
    """Segments ``first`` to ``last``, both inclusive, that one pair of marks holds together."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its segments, the tokens around them, and each segment's own token.

    ``counts`` tells for a name's last word how often it stands near quotations, and how often
    right beside a verb of saying.
    """

    text: str
    segments: tuple[Segment, ...]
    units: tuple[Unit, ...]
    tokens: tuple[Token, ...]
    own: tuple[int, ...]
    counts: dict[str, tuple[int, int]]
    local: dict[int, tuple[int, ...]] = field(default_factory=dict)


def read(text: str) -> Reading:
    """Find the quotations of ``text`` (whose line breaks are ``\\n``) and what surrounds them."""
    segments = find_segments(text)
    tokens, own = read_stream(text, segments)
    units: list[Unit] = []
    for index, segment in enumerate(segments):
        if segment.continues:
            units[-1] = Unit(units[-1].first, index)
        else:
            units.append(Unit(index, index))
    return Reading(text, segments, tuple(units), tokens, own, _counts(text, tokens))


def _counts(text: str, tokens: Sequence[Token]) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for index, (kind, start, end) in enumerate(tokens):
        if kind in (NAME, ROLE):
            key = mention_key(text, (kind, start, end))
            beside = any(
                tokens[at][0] == STRONG and 0 <= gap <= 1
                for at, gap in (
                    (index - 1, start - tokens[index - 1][2]),
                    (min(index + 1, len(tokens) - 1), tokens[min(index + 1, len(tokens) - 1)][1] - end),
                )
            )
            seen, cued = counts.get(key, (0, 0))
            counts[key] = (seen + 1, cued + beside)
    return counts


def mention_key(text: str, token: Token) -> str:
    """The word that two mentions of one person share: a name's last."""
    return text[token[1] : token[2]].split()[-1]


def vectors(
    reading: Reading, unit: Unit, previous: int
) -> list[tuple[int, tuple[int, ...]]]:
    """The candidates for a unit: each one's token, ``NO_TOKEN`` for nobody, and its features.

    ``previous`` is the token that was chosen for the unit before, or ``NO_TOKEN``.
    """
    text, tokens = reading.text, reading.tokens
    own = reading.own[unit.first], reading.own[unit.last]
    ends = reading.segments[unit.first], reading.segments[unit.last]
    about = unit_features(text, tokens, own, ends)
    pairs = walk(text, tokens, own[0], BEFORE_SIDE) + walk(text, tokens, own[1], AFTER_SIDE)
    if previous != NO_TOKEN and all(index != previous for index, _ in pairs):
        pairs.append((previous, (_RUNNING_SIDE, 8, 3, about[8], 1, 0, 0, 0, 0, 0)))
    said = text[ends[0].start : min(ends[1].end, ends[0].start + _INSIDE)]
    key = "" if previous == NO_TOKEN else mention_key(text, tokens[previous]).lower()
    found = []
    for index, pair in pairs:
        local = reading.local.get(index)
        if local is None:
            local = reading.local[index] = local_features(text, tokens, index, reading.counts)
        own_key = mention_key(text, tokens[index])
        same = 1 if index == previous else 2 if own_key.lower() == key else 0
        inside = int(tokens[index][0] != PRONOUN and own_key in said)
        found.append((index, (*pair, same, inside, *local, *about)))
    found.append((NO_TOKEN, (*nobody(), *about)))
    return found
