"""Questions that ask for the newest ("the latest on …", "who is the current …"); pure.

No clock is read: what is newest is so among the documents that there are.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.document import PartialDate
    from index.fusion import Scored

_NEWEST = re.compile(
    r"\b(?:(?:the )?(?:very )?(?:latest|newest|most recent(?:ly)?)|current(?:ly)?|recent(?:ly)?"
    r"|nowadays|today|now|these days|at the moment|at present|up[- ]to[- ]date|as of now)\b",
    re.IGNORECASE,
)
# The same words where they do not ask for it.
_OTHERWISE = re.compile(
    r"\b(?:at the latest|now that|now and (?:then|again)|from now on"
    r"|(?:until|till|up to|before) now|(?:days?|weeks?|months?|years?|while|ages) now"
    r"|today programme|electric(?:al)? current|current account|today[’']s date)\b"
    r"|\bUSA Today\b",
    re.IGNORECASE,
)
# What is relevant enough to be put in order of date: this share of the best score of all, and
# of the best of its own document, so that one new document's asides do not fill the answer.
_ENOUGH, _ENOUGH_OF_DOCUMENT = 0.65, 0.85


def asks_newest(question: str) -> bool:
    """Whether ``question`` asks for the newest rather than for the best."""
    return bool(_places(question))


def without_newest(question: str) -> str:
    """``question`` without the words that ask for the newest: they name no subject.

    As it is where nothing else is left.
    """
    kept, at = [], 0
    for start, end in _places(question):
        kept.append(question[at:start])
        at = end
    rest = " ".join(("".join(kept) + question[at:]).split())
    return rest if any(map(str.isalnum, rest)) else question


def relevant(ranked: Sequence[Scored]) -> list[Scored]:
    """Those of ``ranked``, best first, that are relevant enough to be put in order of date."""
    least = least_relevant(ranked)
    best: dict[str, float] = {}
    found = []
    for one in ranked:
        document = one.candidate.passage.document_id
        of_document = best.setdefault(document, one.score)
        if one.score >= max(least, _ENOUGH_OF_DOCUMENT * of_document):
            found.append(one)
    return found


def least_relevant(ranked: Sequence[Scored]) -> float:
    """The least score that is relevant enough beside the best of ``ranked``."""
    return max(_ENOUGH * ranked[0].score, 0.0) if ranked else 0.0


def newest_first(ranked: Iterable[Scored]) -> list[Scored]:
    """The newest document first, undated ones last; of one date, the better first."""
    return sorted(ranked, key=lambda one: (recency(one.candidate.published), -one.score))


def recency(published: PartialDate | None) -> tuple[bool, int, int]:
    """A key that sorts the newest first and what has no date last.

    A month or a year counts from its first day: it is newer than a day before it, and not known
    to be newer than one inside it.
    """
    if published is None:
        return True, 0, 0
    return False, -published.first_day.toordinal(), -published.last_day.toordinal()


def newest(dates: Iterable[PartialDate | None]) -> PartialDate | None:
    """The newest of ``dates``; ``None`` if there is none."""
    known = [one for one in dates if one is not None]
    return min(known, key=recency, default=None)


def day_after(ranked: Iterable[Scored]) -> date | None:
    """The day after the newest date of ``ranked`` may have ended; ``None`` for no date."""
    found = newest(one.candidate.published for one in ranked)
    if found is None or found.last_day == date.max:
        return None
    return found.last_day + timedelta(days=1)


def _places(question: str) -> list[tuple[int, int]]:
    """Where the words stand that ask for the newest: half-open offsets, in order."""
    otherwise = [match.span() for match in _OTHERWISE.finditer(question)]
    return [
        match.span()
        for match in _NEWEST.finditer(question)
        if not any(start < match.end() and match.start() < end for start, end in otherwise)
    ]
