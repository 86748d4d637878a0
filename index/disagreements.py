"""Sentences of different sources that differ about the same thing: figures, and yes or no.

It finds what can be checked by the words alone and is meant to be right rather than complete: a
pair is shown side by side, so that a false one costs a reader more than a missed one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from index.figures import Figure, figures
from index.thesaurus import entries
from index.words import STOPWORDS, stem, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.document import PartialDate

# Reports of one event come within so many days of one another.
_SAME_EVENT_DAYS = 31
# Rare words that two documents must share for a figure in both to be of one event.
_RARE_IN_COMMON = 3
# The share of content words in common from which one sentence may be the denial of another.
_ALIKE = 0.6
_FEWEST_ALIKE = 3
_NEGATIONS = frozenset(
    "not no never none nobody nothing neither nor without cannot unable refused denied".split()
)
_CONTRACTED = re.compile(r"n['’]t\Z")
_SAYS = r"(?:said|says|told|tells|added|adds|claimed|claims|insisted|estimated|reported|warned)"
# "Ken Marsh, chairman of the Federation, said that …", "According to Ms Dick, …".
_REPORTED = re.compile(
    rf"(?:according to (?P<by>[^,]{{2,80}}), "
    rf"|(?P<who>[^.:!?]{{1,160}}?) {_SAYS}(?: \w+ \w+)? that )",
    re.IGNORECASE,
)
_TIMES = frozenset("year month week day hour minut decad".split())
_UNNAMED = frozenset({"he", "she", "they", "it"})
_NAME = re.compile(r"(?<![.!?:] )(?<!\A)\b[A-Z][\w’'-]+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


class Contrast(StrEnum):
    """What two sentences differ in."""

    FIGURES = "figures"
    DENIAL = "denial"
    """One says what the other denies."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two sentences differ: ``first`` and ``second`` are half-open offsets into their texts."""

    contrast: Contrast
    first: tuple[int, int]
    second: tuple[int, int]


class Statement:
    """A sentence, read for comparison.

    ``around`` are the stems of the sentence and its neighbours, ``speaker`` whose words it has
    or tells, ``None`` for the document's own voice.
    """

    def __init__(
        self,
        document_id: str,
        text: str,
        *,
        around: frozenset[str] = frozenset(),
        published: PartialDate | None = None,
        speaker: str | None = None,
    ) -> None:
        self.document_id, self.text, self.published = document_id, text, published
        self.around = around
        reported = _REPORTED.match(text)
        self._from = reported.end() if reported else 0
        told_by = reported and (reported["by"] or reported["who"])
        self.speaker = speaker or (told_by and told_by.split(",")[0].strip())
        claim = text[self._from :]
        self.names = frozenset(
            word.stem for name in _NAME.finditer(claim) for word in words(name.group())
        )
        self.years = frozenset(_YEAR.findall(claim))
        self.figures = figures(text)
        found = [word for word in words(text) if word.start >= self._from]
        self.stems = frozenset(word.stem for word in found if word.form not in STOPWORDS)
        self.negation = next(
            (
                (word.start, word.end)
                for word in found
                if word.form in _NEGATIONS or _CONTRACTED.search(text[word.start : word.end])
            ),
            None,
        )
        self.whole = (self._from, len(text))


def difference(
    first: Statement, second: Statement, rare: Callable[[str], bool]
) -> Difference | None:
    """What the two differ in, if they are of different sources and about the same event.

    ``rare`` tells whether a stem marks a subject. Sources differ by document, or in one document
    by who is said to say it.
    """
    if not _may_be_one_event(first, second, rare):
        return None
    return _figures_differ(first, second, rare) or _denied(first, second)


def _may_be_one_event(first: Statement, second: Statement, rare: Callable[[str], bool]) -> bool:
    if first.document_id == second.document_id and not _differing_people(first, second):
        return False
    names, others = _telling(first, rare), _telling(second, rare)
    if names and others and not names & others:
        return False
    if first.years and second.years and not first.years & second.years:
        return False
    return first.document_id == second.document_id or _near_in_time(first, second)


def _differing_people(first: Statement, second: Statement) -> bool:
    one, other = first.speaker, second.speaker
    if one == other:
        return False
    if one is None or other is None:
        return True
    # "He" may be whoever the other is.
    return not {one.lower(), other.lower()} & _UNNAMED and _surname(one) != _surname(other)


def _surname(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1].lower()


def _near_in_time(first: Statement, second: Statement) -> bool:
    """Undated documents may be of any time: what they share decides alone."""
    if first.published is None or second.published is None:
        return True
    gap = max(
        first.published.first_day - second.published.last_day,
        second.published.first_day - first.published.last_day,
    )
    return gap.days <= _SAME_EVENT_DAYS


def _figures_differ(
    first: Statement, second: Statement, rare: Callable[[str], bool]
) -> Difference | None:
    pairs = [
        (one, other) for one in first.figures for other in second.figures if _same_thing(one, other)
    ]
    agreed = [pair for pair in pairs if pair[0].agrees(pair[1])]
    for one, other in pairs:
        if any(one is a or other is b for a, b in agreed):
            continue
        said = one.counted | one.about | other.counted | other.about
        if first.document_id == second.document_id or _shared(first, second, said, rare):
            return Difference(Contrast.FIGURES, one.place, other.place)
    return None


def _same_thing(one: Figure, other: Figure) -> bool:
    """The same unit and noun, and something in common of what is said of it."""
    nouns = one.counted | other.counted
    if one.unit != other.unit or not (one.unit or _likes(one.counted) & _likes(other.counted)):
        return False
    return bool(_likes(one.about - nouns) & _likes(other.about - nouns))


def _shared(
    first: Statement, second: Statement, said: frozenset[str], rare: Callable[[str], bool]
) -> bool:
    """Whether two documents speak of one event: by a name, or by rare words in common.

    Stretches of time are alike in all reports (a sentence of so many years): a name must tell.
    """
    if _telling(first, rare) & _telling(second, rare):
        return True
    if said & _TIMES:
        return False
    common = ((first.stems | first.around) & (second.stems | second.around)) - said
    return sum(map(rare, common)) >= _RARE_IN_COMMON


def _denied(first: Statement, second: Statement) -> Difference | None:
    """One holds a negation that the other lacks, and they are otherwise nearly the same."""
    if (first.negation is None) == (second.negation is None):
        return None
    ours, theirs = first.stems - _NEGATIONS, second.stems - _NEGATIONS
    common = len(ours & theirs)
    if common < _FEWEST_ALIKE or common / len(ours | theirs) < _ALIKE:
        return None
    return Difference(
        Contrast.DENIAL, first.negation or first.whole, second.negation or second.whole
    )


def _telling(statement: Statement, rare: Callable[[str], bool]) -> frozenset[str]:
    """The stems of the names in a statement that are not everywhere ("Brixton", not "Met")."""
    return frozenset(name for name in statement.names if rare(name))


def _likes(stems: frozenset[str]) -> frozenset[str]:
    """``stems``, each as the one that stands for all of its meaning ("hurt": "injur")."""
    return frozenset(_synonyms().get(stem, stem) for stem in stems)


@lru_cache(maxsize=1)
def _synonyms() -> dict[str, str]:
    single = (pair for pair in entries().items() if len(pair[0]) == 1)
    return {stem(phrase[0]): entry.stems[0] for phrase, entry in single}
