"""Figures of a sentence: how much, and of what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.words import STOPWORDS, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.words import Word

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_UNITS = {word: value for value, word in enumerate(_SMALL)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_WORD = "|".join((*_UNITS, *_SCALES))
_HEDGE = (
    r"(?:more than|over|at least|as many as|up to|fewer than|less than|under|nearly|almost|about"
    r"|around|roughly|some|approximately|an estimated)"
)
_FIGURE = re.compile(
    rf"(?:\b{_HEDGE} )?(?:(?P<money>[£$€])\s?)?"
    rf"(?<![\w.,/:-])(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<part>\.\d+)?"
    rf"(?:\s(?P<scale>hundred|thousand|million|billion)\b|(?P<short>[km]|bn)\b)?"
    rf"(?P<percent>\s?(?:%|per ?cent\b))?(?![\w/:]|-(?!\w+ )|[.,]\d)"
    rf"|\b(?:{_HEDGE} )?(?<![-\w])(?P<words>(?:{_WORD})(?:[- ](?:and )?(?:{_WORD}))*)\b(?![-'’])",
    re.IGNORECASE,
)
_SHORT = {"k": 1_000, "m": 1_000_000, "bn": 1_000_000_000}
_YEARS = range(1900, 2100)
# What is counted stands within so many words after the number ("specialist public order
# officers"), and what is said of it so many content words around.
_MOST_COUNTED, _BEFORE, _AFTER = 4, 2, 4
# Of these the noun phrase is over: "officers injured", "men arrested".
_VERB = re.compile(r"\w+(?:ed|ing)\Z|hurt|held|shot|dead|left|lost|are|were")
# They say nothing of what happened to what is counted.
_WEAK = frozenset(
    "across last next made make take took place follow includ use work new addit total part year"
    " week month day night even morn come came now london met polic".split()
)
_CLAUSE_END = re.compile(r"[.;:!?—()\"“”]")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sentence at ``place`` (half-open offsets, its "more than" included).

    ``unit`` is ``%``, a sign of money, or empty; ``counted`` are the stems of the noun phrase
    after it, ``about`` those of the words near it.
    """

    place: tuple[int, int]
    value: float
    unit: str
    counted: frozenset[str]
    about: frozenset[str]

    def agrees(self, other: Figure) -> bool:
        """Whether both state the same number, however they hedge it."""
        return self.value == other.value


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of ``text``, in order; years, and numbers of nothing, are left out."""
    everything = words(text)
    return tuple(
        figure
        for found in _FIGURE.finditer(text)
        if (figure := _figure(text, found, everything)) is not None
    )


def _figure(text: str, found: re.Match[str], everything: Sequence[Word]) -> Figure | None:
    unit = "%" if found["percent"] else found["money"] or ""
    value = _value(found)
    if not unit and found["part"] is None and value in _YEARS and "," not in found.group():
        return None
    start, end = found.span()
    after = _in_clause(text, end, [w for w in everything if w.start >= end])
    before = [
        w
        for w in everything
        if w.end <= start and not _CLAUSE_END.search(text, w.end, start) and _says(w)
    ]
    counted: list[Word] = []
    for word in after[:_MOST_COUNTED]:
        if word.form in STOPWORDS or (counted and _VERB.match(word.form)):
            break
        counted.append(word)
    if not counted and not unit:
        return None
    near = [*before[-_BEFORE:], *[w for w in after if _says(w)][:_AFTER]]
    plain = [w for w in near if not text[w.start].isupper() and w.stem not in _WEAK]
    return Figure(
        (start, end),
        value,
        unit,
        frozenset(word.stem for word in counted),
        frozenset(word.stem for word in plain),
    )


def _in_clause(text: str, start: int, after: Sequence[Word]) -> list[Word]:
    end = _CLAUSE_END.search(text, start)
    return [word for word in after if end is None or word.start < end.start()]


def _says(word: Word) -> bool:
    return word.form not in STOPWORDS


def _value(found: re.Match[str]) -> float:
    if found["words"]:
        return _spelt(re.split(r"[- ]", found["words"].lower()))
    value = float(found["digits"].replace(",", "") + (found["part"] or ""))
    scale = (found["scale"] or found["short"] or "").lower()
    return value * (_SCALES | _SHORT).get(scale, 1)


def _spelt(parts: Sequence[str]) -> float:
    total = current = 0
    for part in parts:
        if part in _UNITS:
            current += _UNITS[part]
        elif part == "hundred":
            current = max(current, 1) * 100
        elif part in _SCALES:
            total += max(current, 1) * _SCALES[part]
            current = 0
    return float(total + current)
