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
    TEXTS,
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
# A noun phrase beside a verb of saying: a determiner and at most three more words, in code points.
_PHRASE: Final = 48
# In code points: a verb this near a quotation's end stands beside it.
_TOUCHING: Final = 2
_SUBJECT_BEFORE: Final = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Hh]is|[Hh]er|[Tt]heir)[ \xa0]"
    r"(?:[\w-]+[ \xa0]){0,3}?([\w-]*[^\W_]{2,})[ \xa0]"
    r"(?:also[ \xa0]|then[ \xa0]|has[ \xa0]|had[ \xa0])?\Z"
)
_SUBJECT_AFTER: Final = re.compile(
    r"[ \xa0](?:the|an?|one|another|his|her|their)[ \xa0]"
    r"(?:[a-z\d-]+[ \xa0]){0,3}?([a-z\d-]*[a-z]{2,})"
    r"(?=[.,;:]|[ \xa0](?:of|who|in|from|with|at|on|for|as|during|after|whose)\b)"
)
_OF: Final = frozenset(
    f" {word} {article}" for word in ("for", "of", "from", "at") for article in ("", "the ")
)
_FROM: Final = frozenset((" from ", " from the "))
_VERBS: Final = STRONG_CUES | WEAK_CUES
_THINGS: Final = frozenset(("it", "which"))
_NEXT_VERB: Final = re.compile(r"[ \xa0](?:also |has |had |then |later )?([a-z]+)")
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
            if kind is None:
                continue
            if kind == STRONG:
                _read_phrases(text, found.start(), found.end(), tokens)
            elif kind == ROLE:
                _append(text, kind, found.start(), found.end(), tokens)
            elif kind != PRONOUN or found.group() not in _THINGS or _says(text, found.end()):
                tokens.append((kind, found.start(), found.end()))
        elif group == "name":
            _read_name(text, found.start(), found.end(), tokens)
        else:
            tokens.append((_MARK_KINDS[str(group)], found.start(), found.end()))


def _read_phrases(text: str, start: int, end: int, tokens: list[Token]) -> None:
    """Append a verb of saying, with the noun that is its subject where no list has the noun.

    "the investor said", and right after a quotation "said the investor".
    """
    last = tokens[-1] if tokens else (BREAK, 0, 0)
    if last[0] > LAST_CANDIDATE or last[2] < start - _PHRASE:
        before = _SUBJECT_BEFORE.search(text, max(last[2], start - _PHRASE), start)
        if before is not None:
            tokens.append((ROLE, before.start(1), before.end(1)))
    tokens.append((STRONG, start, end))
    if last[0] == QUOTE and start - last[2] <= _TOUCHING:
        after = _SUBJECT_AFTER.match(text, end, end + _PHRASE)
        if after is not None and after.group(1) not in _WORD_KINDS:
            tokens.append((ROLE, after.start(1), after.end(1)))


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
        _append(text, NAME if kind != ROLE else ROLE, start, end, tokens)


def _append(text: str, kind: int, start: int, end: int, tokens: list[Token]) -> None:
    """Append a name or a noun, of which only the head of a phrase is kept.

    Of "London mayor Sadiq Khan" the last name, of "Met spokesman" the noun, of "spokesman for
    Sadiq Khan" the spokesman: what only describes another never speaks. Of "statement from Sadiq
    Khan" it is Khan who speaks.
    """
    if tokens and tokens[-1][0] in (NAME, ROLE):
        last, first, before = tokens[-1]
        gap = text[before:start]
        if len(gap) == 1 and gap in " \xa0":
            tokens.pop()
        elif last == ROLE and kind == NAME and gap in _OF:
            if text[first:before].lower() not in TEXTS:
                return
            if gap in _FROM:
                tokens.pop()
    tokens.append((kind, start, end))


def _says(text: str, end: int) -> bool:
    """Whether a verb of saying follows: only then do "it" and "which" speak."""
    found = _NEXT_VERB.match(text, end, end + _PHRASE)
    return found is not None and found.group(1) in _VERBS
