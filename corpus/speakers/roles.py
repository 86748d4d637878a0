"""What a document says that a named person is: before the name, after it, or in a sign-off."""

from __future__ import annotations

import re
from typing import Final

from corpus.speakers.words import ORGANISATION_WORDS, ROLE_HEADS

# A role's phrase ends at punctuation, at a verb of saying, or where a second role starts.
_PHRASE_END: Final = re.compile(
    r"[,;:()\n–—“”\"]|\.(?!\w)"
    r"| (?:said|says|told|added|adds|wrote|who|which|that|was|is|has|had|and (?:a |the )?former"
    r"|and an?|warned|agreed|insisted|explained)\b"
)
_ARTICLE: Final = re.compile(r"(?:the|a|an|then|now|The|A|An|our|his|her|their)[ \xa0]+")
_AFTER: Final = re.compile(r"(?:[ \xa0]?\([^()\n]{1,20}\))?,[ \xa0]+|[ \xa0]\((?=[a-zA-Z])")
_TOKEN: Final = re.compile(r"[\w’'-]+")
# In code points: the longest roles seen in front matter and news are half as long.
_LONGEST: Final = 160
# A role's head stands among its first words: "leader of …", "Metropolitan Police Commissioner".
_HEAD_WITHIN: Final = 6
_BEFORE: Final = re.compile(
    r"(?:(?<=[.!?\n,:;“\"(] )|(?<=\n)|^"
    r"|\b(?:the|a|an|The|A|An|by|to|with|from|and|but|for|of)[ \xa0]+)"
    r"((?:[A-Z][\w’'&-]*[ \xa0]+){0,5}(?:[a-z][\w’'-]*[ \xa0]+){0,4}?)\Z"
)
_BEFORE_APPOSITION: Final = re.compile(
    r"\b(?:[Tt]he[ \xa0]+)?((?:[A-Z][\w’'&-]*[ \xa0]+){0,4}(?:[a-z-]+[ \xa0]+){0,2}?"
    r"([A-Za-z-]+)"
    r"(?:[ \xa0]of[ \xa0](?:the[ \xa0])?[A-Z][\w’'&-]*(?:[ \xa0][A-Z][\w’'&-]*)*)?),[ \xa0]\Z"
)
_ORGANISATION: Final = re.compile(
    r"[A-Z][\w’'&.-]*(?:[ \xa0]+(?:(?:of|for|and|of the)[ \xa0]+)?[A-Z][\w’'&.-]*)*"
)
_LINE: Final = re.compile(r"[^\n]+")

Range = tuple[int, int]
"""Half-open offsets into the text."""


def role_after(text: str, end: int) -> Range | None:
    """The role in apposition after a name that ends at ``end``: "…, chairman of the X, said"."""
    opened = _AFTER.match(text, end)
    if opened is None:
        return None
    start = opened.end()
    article = _ARTICLE.match(text, start)
    if article is not None:
        start = article.end()
    stop = _PHRASE_END.search(text, start, start + _LONGEST)
    if stop is None:
        return None
    words = [word.group() for word in _TOKEN.finditer(text, start, stop.start())]
    if not any(word.lower() in ROLE_HEADS for word in words[:_HEAD_WITHIN]):
        return None
    return (start, stop.start()) if stop.start() > start else None


def role_before(text: str, start: int) -> Range | None:
    """The role right before a name that starts at ``start``: "London mayor", "the mayor, "."""
    left = max(0, start - _LONGEST // 2)
    if text[start - 2 : start] == ", ":
        apposed = _BEFORE_APPOSITION.search(text, left, start)
        fits = apposed is not None and apposed.group(2).lower() in ROLE_HEADS
        return apposed.span(1) if apposed is not None and fits else None
    beside = text[max(0, start - 20) : start].split()
    if not beside or beside[-1].lower() not in ROLE_HEADS:
        return None
    found = _BEFORE.search(text, left, start)
    if found is None or not found.group(1):
        return None
    article = _ARTICLE.match(text, found.start(1), found.end(1))
    first = found.start(1) if article is None else article.end()
    return first, found.start(1) + len(found.group(1).rstrip())


def sign_off(text: str, start: int, end: int) -> tuple[Range, Range | None] | None:
    """Role and organisation on the lines under a name that has a line to itself."""
    if text[start - 1 : start] not in ("", "\n") or text[end : end + 1] != "\n":
        return None
    role = _LINE.match(text, end + 1, end + 2 + _LONGEST)
    if role is None:
        return None
    words = _TOKEN.findall(role.group())
    if not any(word.lower() in ROLE_HEADS for word in words[:_HEAD_WITHIN]):
        return None
    if role.group().rstrip()[-1] in ".!?:" or len(role.group()) > _LONGEST:
        return None
    below = _LINE.match(text, role.end() + 1, role.end() + 2 + _LONGEST)
    if below is not None and not _is_organisation(below.group()):
        below = None
    return _trimmed(text, role.span()), None if below is None else _trimmed(text, below.span())


def organisation_in(text: str, start: int, end: int) -> Range | None:
    """The organisation that a role's words name: "chairman of the [Metropolitan Police]"."""
    for found in _ORGANISATION.finditer(text, start, end):
        words = found.group().split()
        # The role's own head, and ranks after it, are no part of the organisation.
        while words and (words[-1].lower() in ROLE_HEADS or words[-1] in _RANK_MODIFIERS):
            words.pop()
        if not words or not _is_organisation(" ".join(words)):
            continue
        at = found.start()
        length = len(re.match(r"\s*".join(map(re.escape, words)), found.group()).group())  # type: ignore[union-attr]
        return at, at + length
    return None


_RANK_MODIFIERS: Final = frozenset("Deputy Assistant Chief Vice Acting Senior Detective".split())


def _is_organisation(phrase: str) -> bool:
    words = phrase.split()
    if any(word.strip(",") in ORGANISATION_WORDS for word in words):
        return True
    return (
        len(words) == 1
        and len(phrase) > 1
        and phrase.isupper()
        and phrase.lower() not in ROLE_HEADS
    )


def _trimmed(text: str, span: Range) -> Range:
    start, end = span
    end -= len(text[start:end]) - len(text[start:end].rstrip())
    return start, end
