"""The words around quotations as one flat list of tokens, and what stands beside each.

Only gaps between quotations are read, and of a long gap only its two ends, so the work is
bounded by the number of quotations, not by the length of the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from corpus.quotations.lexicon import (
    OBJECT_PRONOUNS,
    PREPOSITION_CUES,
    ROLE_NOUNS,
    STRONG_CUES,
    SUBJECT_PRONOUNS,
    WEAK_CUES,
)
from corpus.speakers.names import CALENDAR, LEADING, NAME_PATTERN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotations.marks import Segment

Token = tuple[int, int, int]
"""``(kind, start, end)``: one of the kinds below, start inclusive, end exclusive."""

NAME: Final = 0
PRONOUN: Final = 1
OBJECT: Final = 2
ROLE: Final = 3
STRONG: Final = 4
WEAK: Final = 5
SOURCE: Final = 6
STOP: Final = 7
BREAK: Final = 8
COLON: Final = 9
COMMA: Final = 10
QUOTE: Final = 11
CUT: Final = 12

LAST_CANDIDATE: Final = ROLE
"""Kinds up to this one may be a speaker."""

# In code points. Speakers of PolNeAR's training part stand within 200 of their quotation in 98%
# of cases; the rest is margin for long titles.
BEFORE: Final = 500
AFTER: Final = 300

_TOKEN: Final = re.compile(
    rf"(?P<word>[a-z]+)|(?P<name>{NAME_PATTERN})|(?P<stop>[.!?…]+(?=[\s)\]]|$))"
    r"|(?P<line>\n\s*)|(?P<colon>:)|(?P<comma>[,;–—])"
)
_FIRST_WORD: Final = re.compile(r"[^\s\xa0]+[\s\xa0]*")
_LAST_WORD: Final = re.compile(r"[\s\xa0]+[^\s\xa0]+\Z")

_WORD_KINDS: Final[dict[str, int]] = {
    **dict.fromkeys(ROLE_NOUNS, ROLE),
    **dict.fromkeys(OBJECT_PRONOUNS, OBJECT),
    **dict.fromkeys(SUBJECT_PRONOUNS, PRONOUN),
    **dict.fromkeys(WEAK_CUES, WEAK),
    **dict.fromkeys(STRONG_CUES, STRONG),
    **dict.fromkeys(PREPOSITION_CUES, SOURCE),
}
_MARK_KINDS: Final = {"stop": STOP, "line": BREAK, "colon": COLON, "comma": COMMA}


def read_stream(
    text: str, segments: Sequence[Segment]
) -> tuple[tuple[Token, ...], tuple[int, ...]]:
    """The tokens around ``segments``, and for each segment the index of its own token.

    Tokens are in order and disjoint. A ``CUT`` token stands where text was passed over.
    """
    tokens: list[Token] = []
    own: list[int] = []
    at = 0
    for segment in segments:
        gap = segment.outer_start - at
        if not own:
            _read(text, max(0, segment.outer_start - BEFORE), segment.outer_start, tokens)
        elif gap > BEFORE + AFTER:
            _read(text, at, at + AFTER, tokens)
            tokens.append((CUT, at + AFTER, segment.outer_start - BEFORE))
            _read(text, segment.outer_start - BEFORE, segment.outer_start, tokens)
        else:
            _read(text, at, segment.outer_start, tokens)
        own.append(len(tokens))
        tokens.append((QUOTE, segment.outer_start, segment.outer_end))
        at = segment.outer_end
    if own:
        _read(text, at, min(len(text), at + AFTER), tokens)
    return tuple(tokens), tuple(own)


def _read(text: str, start: int, end: int, tokens: list[Token]) -> None:
    """Append the tokens of ``text[start:end]``."""
    kinds = _WORD_KINDS
    for found in _TOKEN.finditer(text, start, end):
        group = found.lastgroup
        if group == "word":
            kind = kinds.get(found.group())
            if kind is not None:
                tokens.append((kind, found.start(), found.end()))
        elif group == "name":
            _read_name(text, found.start(), found.end(), tokens)
        else:
            tokens.append((_MARK_KINDS[str(group)], found.start(), found.end()))


def _read_name(text: str, start: int, end: int, tokens: list[Token]) -> None:
    """Append what a run of capitalised words holds, less the words that open a sentence."""
    while start < end:
        first = _FIRST_WORD.match(text, start, end)
        if first is None:
            return
        word = first.group().rstrip()
        if word not in LEADING and word not in CALENDAR:
            break
        kind = _WORD_KINDS.get(word.lower())
        if kind is not None and (word != "It" or end == first.end()):
            tokens.append((kind, start, start + len(word)))
        start = first.end()
    last = _LAST_WORD.search(text, start, end)
    while last is not None and last.group().strip() in CALENDAR:
        end = last.start()
        last = _LAST_WORD.search(text, start, end)
    if start < end:
        word = text[start:end]
        kind = _WORD_KINDS.get(word.lower(), NAME) if word[0].isupper() else NAME
        tokens.append((NAME if kind != ROLE else ROLE, start, end))
