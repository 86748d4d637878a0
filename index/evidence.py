"""Plain signs that a passage answers a question, or does not; nothing here is trained.

What is asked for (a number, a name, a date …) and whether such a thing, other than those in the
question itself, stands in the passage or beside it; which dates of the question are carried
nowhere near, and whether the passage has another date, number or name in the place of one of the
question's; whether the words are of whom they are asked of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING

from corpus.document import Span
from index.wanted import Wanted, things, wanted
from index.words import STOPWORDS, Word, content_stems, stem, words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from index.query import Term

DIFFERING = ("number_differs", "date_differs", "name_differs")
# Each is 0–1 and 0 where the question gives no occasion for it.
EVIDENCE = (
    "wanted", "wanted_here", "wanted_beside", "wanted_close", "counted", "not_counted",
    "date_lacking", "speaker_lacking", *DIFFERING,
)  # fmt: skip
# Groups of them that an ablation turns off together.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "what is asked for": EVIDENCE[:6],
    "dates and speakers lacking": EVIDENCE[6:8],
    "others in their place": DIFFERING,
}
# Words between a thing and a matched word, beyond which they have little to do with each other.
_FAR = 8
# Between a number and what it counts: "20 of the most dangerous young men".
_COUNTED_WITHIN = 5
# Two or three sentences.
_BESIDE = 300
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
# Whose words are asked for: "what did Ken Marsh say", "according to the mayor".
_SPEAKER = re.compile(
    r"\b(?:did|does|do|has|had|have|would)\s+(?P<before>(?:[^\s?!,;]+\s+){1,5}?)"
    r"(?:says?|said|saying|think|thinks|call|called|describe|described|warn|warned|tell|told"
    r"|make of|reckon|claim|claimed|announce|announced|promise|promised|admit|admitted)\b"
    r"|\baccording to\s+(?P<after>(?:[^\s?!,;]+\s*){1,3})",
    re.IGNORECASE,
)
# Nobody in particular: most of a corpus on policing is said by the police.
_FORCE = frozenset(
    stem(word)
    for word in "met metropolitan police force forces service scotland yard officer officers cop "
    "cops copper coppers letter article article's story report statement release".split()
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for on behalf of one question, as stems.

    ``noun`` is what is counted, of which any word may do; ``given`` are all words of the question,
    which are no answer to it; ``dates`` has a kind for each; ``speaker`` is whose words are asked
    for.
    """

    wanted: Wanted | None
    noun: frozenset[str]
    given: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    dates: Mapping[str, str]
    speaker: frozenset[str]


@lru_cache(maxsize=2048)
def _words(passage: str) -> tuple[Word, ...]:
    """`words` of a passage that many questions come upon."""
    return words(passage)


@lru_cache(maxsize=256)
def asked_of(question: str) -> Asked:
    """Read ``question`` for what `evidence` looks for."""
    found = words(question)
    kind, place = wanted(question)
    capitals = [w for w in found if question[w.start].isupper() and w.form not in STOPWORDS]
    dates = {w.stem: date for w in found if (date := _date_kind(w))}
    return Asked(
        wanted=kind,
        noun=_counted(found, place) if kind is Wanted.COUNT and place else frozenset(),
        given=frozenset(w.stem for w in found),
        names=frozenset(w.stem for w in capitals if w is not found[0]) - dates.keys(),
        numbers=frozenset(w.stem for w in found if question[w.start].isdigit()) - dates.keys(),
        dates=dates,
        speaker=_speaker(question),
    )


def _speaker(question: str) -> frozenset[str]:
    """The stems of whose words are asked for; none if nobody's are, or the force's own."""
    found = _SPEAKER.search(question)
    return frozenset(content_stems(found["before"] or found["after"]) if found else ()) - _FORCE


def _counted(found: Iterable[Word], place: int) -> frozenset[str]:
    """The stems of the words from ``place`` on up to the next function word: what is counted."""
    after = dropwhile(lambda w: w.form in STOPWORDS, (w for w in found if w.start >= place))
    noun = takewhile(lambda w: w.form not in STOPWORDS, after)
    return frozenset(word.stem for word in noun)


def evidence(
    question: str,
    terms: Collection[Term],
    passage: str,
    near: str,
    *,
    own: frozenset[str],
    around: frozenset[str],
) -> dict[str, float]:
    """Every one of `EVIDENCE`.

    ``terms`` are the question's; ``near`` is ``passage`` with what stands beside it; ``own`` are
    the stems of the passage and of who speaks in it, ``around`` those of its neighbours and
    headings too.
    """
    asked = asked_of(question)
    here = _words(passage)
    values = dict.fromkeys(EVIDENCE, 0.0) | {
        "date_lacking": _share_lacking(asked.dates.keys(), around),
        "speaker_lacking": float(bool(asked.speaker) and not asked.speaker & own),
        **_differing(asked, passage, here, own),
    }
    if asked.wanted is not None:
        values |= _wanted(asked, asked.wanted, terms, passage, near)
    return values


def _differing(
    asked: Asked, passage: str, here: tuple[Word, ...], own: frozenset[str]
) -> dict[str, float]:
    """Whether a passage has a number, date or name in the place of one of the question's.

    That is, it lacks one and has another of the same kind, which the question lacks.
    """
    found = dict.fromkeys(DIFFERING, 0.0)
    lacking = {kind for stem, kind in asked.dates.items() if stem not in own}
    numbers, names = asked.numbers - own, asked.names - own
    if not (lacking or numbers or names):
        return found
    for word in here:
        if word.stem in asked.given:
            continue
        kind = _date_kind(word)
        if kind is not None:
            if kind in lacking:
                found["date_differs"] = 1.0
        elif numbers and passage[word.start].isdigit():
            found["number_differs"] = 1.0
        elif names and _is_name(word, here, passage):
            found["name_differs"] = 1.0
    return found


def _is_name(word: Word, here: tuple[Word, ...], text: str) -> bool:
    """Whether a word of a text may be a name, by its capital; the first may be any word."""
    return word is not here[0] and text[word.start].isupper() and word.form not in STOPWORDS


def beside(text: str, span: Span) -> Span:
    """``span`` with up to `_BESIDE` characters of its paragraph on either side."""
    before = text.rfind("\n\n", max(0, span.start - _BESIDE), span.start)
    after = text.find("\n\n", span.end, span.end + _BESIDE)
    return Span(
        before + 2 if before >= 0 else max(0, span.start - _BESIDE),
        after if after >= 0 else min(len(text), span.end + _BESIDE),
    )


def _wanted(
    asked: Asked, kind: Wanted, terms: Collection[Term], passage: str, near: str
) -> dict[str, float]:
    """Whether what is asked for is there, and how near to the question's words."""
    here = _words(passage)
    places = things(kind, passage, asked.given)
    matched = _matched(terms)
    hits = [number for number, word in enumerate(here) if word.stem in matched]
    at = [number for number, w in enumerate(here) if any(s <= w.start < e for s, e in places)]
    gap = min((abs(one - other) for one in at for other in hits), default=_FAR)
    is_beside = not places and bool(things(kind, near, asked.given))
    values = {
        "wanted": 1.0,
        "wanted_here": float(bool(places)),
        "wanted_beside": float(is_beside),
        "wanted_close": 1 - min(gap, _FAR) / _FAR,
    }
    if asked.noun:
        following = {w.stem for n in at for w in here[n + 1 : n + 1 + _COUNTED_WITHIN]}
        nouns = {s for term in terms if asked.noun & {*term.stems} for s in term.stems} | asked.noun
        values["counted"] = float(bool(following & nouns))
        values["not_counted"] = 1 - values["counted"]
    return values


def _matched(terms: Iterable[Term]) -> frozenset[str]:
    return frozenset(stem for term in terms for stem in term.stems)


def _share_lacking(stems: AbstractSet[str], carried: frozenset[str]) -> float:
    return len(stems - carried) / len(stems) if stems else 0.0


def _date_kind(word: Word) -> str | None:
    if word.form in _MONTHS:
        return "month"
    if word.form in _DAYS:
        return "day"
    return "year" if _YEAR.fullmatch(word.form) else None
