"""What the reader is taught: questions with a window of text that answers them, or does not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.document import Span
from corpus.sentences import units
from index.words import STOPWORDS, words

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Sequence

    from corpora import Labelled, LabelledQuestion

# How much of each corpus is taught, in questions. Those on announcements of police, and those of
# SQuAD, which have near misses that people wrote, come several times.
_SHARE = {
    "made": 4.0,
    "beside": 5.0,
    "starter": 6.0,
    "developed": 1.0,
    "squad": 3.0,
    "news": 0.6,
    "new_wiki": 0.4,
    "reddit": 0.15,
    "sentences": 0.15,
    "amazon": 0.1,
}
# Near misses are few.
_NEAR_MISSES = 4.0
# How often an answerable question is also put to another window of its document, and how often
# it is altered so that its window answers it no more.
_ELSEWHERE, _ALTERED = 0.75, 0.45
# How often a name of the window is put before or behind a question that lacks it: people say which
# place or person they mean, and authors who have the text before them say so most in near misses.
_NAMED = 0.3
# Windows are drawn in lengths up to this, in characters: some 90 tokens.
_LEAST, _MOST = 40, 400
_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][\w.’'-]+)(?: (?:of |the )?[A-Z][\w.’'-]+)*")
_NUMBER = re.compile(r"(?<!\w)\d[\d,.]*\b")
_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a window; ``answer`` is a span of the window, ``None`` if nothing answers."""

    question: str
    window: str
    answer: Span | None
    corpus: str


def examples(corpora: Sequence[Labelled], chance: random.Random, *, kept: bool) -> list[Example]:
    """Examples of the documents that are taught, or of those ``kept`` from it, shuffled."""
    found: list[Example] = []
    for corpus in corpora:
        readings = {
            name: _Reading(text)
            for name, text in corpus.documents.items()
            if corpus.keeps(name) is kept
        }
        names = _names(readings.values())
        for question in corpus.questions:
            if question.document in readings:
                share = _SHARE[corpus.name]
                share = share if question.spans else max(share, _NEAR_MISSES)
                share = min(share, 1.0) if kept else share
                times = int(share) + (chance.random() < share % 1)
                for _ in range(times):
                    found += _of(question, readings[question.document], corpus.name, names, chance)
    found = [_named(one, chance) if chance.random() < _NAMED else one for one in found]
    chance.shuffle(found)
    return found


class _Reading:
    """A document's units, and the stems of each."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans = [unit.span for unit in units(text)]
        self.stems = [
            frozenset(word.stem for word in words(text[span.start : span.end]))
            for span in self.spans
        ]
        counts = Counter(stem for stems in self.stems for stem in stems)
        self.weights = {stem: 1 / count for stem, count in counts.items()}

    def window(self, first: int, last: int, chance: random.Random) -> Span:
        """The units from ``first`` to ``last`` inclusive, and some around them."""
        most = chance.randint(_LEAST, _MOST)
        while True:
            sides = [(first - 1, last), (first, last + 1)]
            chance.shuffle(sides)
            for lower, upper in sides:
                if lower >= 0 and upper < len(self.spans):
                    wider = self.spans[lower].joined(self.spans[upper])
                    if len(wider) <= most:
                        first, last = lower, upper
                        break
            else:
                return self.spans[first].joined(self.spans[last])

    def holding(self, span: Span) -> tuple[int, int]:
        """The first and the last unit that ``span`` is in."""
        found = [at for at, unit in enumerate(self.spans) if unit.overlaps(span)]
        return found[0], found[-1]

    def like(self, question: str, besides: Sequence[Span], chance: random.Random) -> int | None:
        """One of the units that share most words with ``question``, none of ``besides``."""
        asked = {word.stem for word in words(question)} - STOPWORDS
        scores = []
        for at, stems in enumerate(self.stems):
            if not any(self.spans[at].overlaps(span) for span in besides):
                score = sum(self.weights[stem] for stem in asked & stems)
                scores.append((score + 0.01 * chance.random(), at))
        best = sorted(scores, reverse=True)[:3]
        return chance.choice(best)[1] if best else None


def _of(
    question: LabelledQuestion,
    reading: _Reading,
    corpus: str,
    names: dict[str, list[str]],
    chance: random.Random,
) -> Iterator[Example]:
    if not question.spans:
        at = reading.like(question.text, (), chance)
        if at is not None:
            window = reading.window(at, at, chance)
            yield Example(question.text, _text(reading, window), None, corpus)
        return
    gold = question.spans[0]
    window = reading.window(*reading.holding(gold), chance)
    if window.start <= gold.start and gold.end <= window.end:
        answer = Span(gold.start - window.start, gold.end - window.start)
        yield Example(question.text, _text(reading, window), answer, corpus)
    if chance.random() < _ALTERED:
        altered = _altered(question.text, _text(reading, window), names, chance)
        if altered is not None:
            yield Example(altered, _text(reading, window), None, corpus)
    if chance.random() < _ELSEWHERE:
        at = reading.like(question.text, question.spans, chance)
        if at is not None:
            other = reading.window(at, at, chance)
            if not other.overlaps(gold):
                yield Example(question.text, _text(reading, other), None, corpus)


def _text(reading: _Reading, span: Span) -> str:
    return reading.text[span.start : span.end]


def _names(readings: Iterable[_Reading]) -> dict[str, list[str]]:
    """What can stand for another of its kind: names, numbers, and months or days."""
    found: dict[str, list[str]] = defaultdict(list)
    for reading in readings:
        for kind, pattern in _KINDS.items():
            found[kind] += pattern.findall(reading.text)
    return {kind: sorted(set(values)) for kind, values in found.items()}


_KINDS = {"name": _NAME, "number": _NUMBER, "month": _MONTH}


def _altered(
    question: str, window: str, names: dict[str, list[str]], chance: random.Random
) -> str | None:
    """The question about another name, number or month, which the window does not have."""
    places = [
        (kind, found)
        for kind, pattern in _KINDS.items()
        for found in pattern.finditer(question)
        if found[0] in window
    ]
    if not places:
        return None
    kind, found = chance.choice(places)
    for _ in range(5):
        other = chance.choice(names[kind])
        if other not in window and other not in question and not _shared(other, found[0]):
            return question[: found.start()] + other + question[found.end() :]
    return None


def _named(one: Example, chance: random.Random) -> Example:
    """The question with a name of its window, other than the answer and those that it has."""
    start, end = (one.answer.start, one.answer.end) if one.answer else (0, 0)
    names = [
        found[0]
        for found in _NAME.finditer(one.window)
        if found[0].casefold() not in one.question.casefold()
        and not (found.start() < end and start < found.end())
    ]
    if not names:
        return one
    name, asked = chance.choice(names), one.question.rstrip(" ?")
    mark = "?" if one.question.rstrip().endswith("?") else ""
    forms = (
        f"{name}: {one.question}", f"{name} {one.question}", f"{asked}, {name}{mark}",
        f"{asked} ({name}){mark}", f"{asked} in {name}{mark}",
    )  # fmt: skip
    return replace(one, question=chance.choice(forms))


def _shared(one: str, other: str) -> bool:
    return bool(set(one.split()) & set(other.split()))
