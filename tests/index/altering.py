"""Quotations made from documents by a seeded hand: true, altered, stitched, and made up."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.verdict import Finding
from index.words import STOPWORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PARAGRAPH = re.compile(r"[^\n]+")
_NEGATED = re.compile(r"\b(will|can|must|is|are|was|were|should|would|could|has|have)\b(?! not)")
_MODALS = ("will", "would", "can", "could", "may", "might", "must", "should")
_NAMES = ("Smith", "Johnson", "Okafor", "Wednesday", "Manchester", "Khan", "Patel", "Birmingham")
_WORDS = ("purple", "swiftly", "gardens", "enormous", "nearby", "whistle", "elegant", "thousand")
_FILLERS = ("really", "quickly", "perhaps", "somewhat", "always", "gladly")
_MADE_UP = (
    "We are closing every park in the borough until the water has been tested again",
    "The new station will open its doors to the public in the spring of next year",
    "Nobody from the railway company has apologised to the passengers for the delay",
    "My grandmother used to bake bread on Sundays before the whole street was awake",
    "Drivers who leave their cars on the pavement should expect a letter from the council",
    "Our detectives have recovered the stolen paintings and returned them to the museum",
    "A reward of five thousand pounds is offered for the safe return of the missing dog",
    "The inquiry found that records had been destroyed long before anyone asked for them",
    "Cyclists will be able to use the bridge again from the first of November",
    "I have asked the home office to review the rules on electric scooters at once",
    "The force apologises unreservedly to the family for the mistakes that were made",
    "Burglaries in Camden fell by a third after residents fitted better locks",
    "There was no evidence whatsoever that the fire had been started deliberately",
    "It has been the honour of my life to lead this service and I leave with a heavy heart",
    "Every tree along the river has been inspected and two hundred must be felled",
    "Fraudsters are sending text messages that pretend to come from your bank",
    "The victim was taken to hospital where his condition is described as stable",
    "An eighteen-year-old has appeared in court charged with stealing a bus",
    "Fans were asked to arrive early because bags would be searched at the gates",
    "We urge witnesses who filmed the collision to send us their footage tonight",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A posted text and what must be said of it."""

    kind: str
    posted: str
    expected: Finding


class Hand:
    """Makes cases of the documents' texts; the same seed makes the same ones."""

    def __init__(self, texts: Mapping[str, str], seed: int) -> None:
        self._random = random.Random(seed)
        self._paragraphs = [
            (name, found.group())
            for name, text in sorted(texts.items())
            for found in _PARAGRAPH.finditer(text)
            if len(found.group().split()) >= 10
        ]
        self._everything = " ".join(" ".join(texts[name].split()) for name in sorted(texts))

    def cases(self, each: int) -> list[Case]:
        """So many cases of every kind."""
        makers: dict[str, tuple[Callable[[], str | None], Finding]] = {
            "slice": (lambda: self._slice(3, 40), Finding.VERBATIM),
            "typography": (self._typography, Finding.VERBATIM),
            "marks around": (lambda: f"“{self._slice(4, 25)}”", Finding.VERBATIM),
            "omission": (self._omission, Finding.VERBATIM),
            "not dropped": (self._not_dropped, Finding.ALTERED),
            "not added": (self._not_added, Finding.ALTERED),
            "digit changed": (self._digit, Finding.ALTERED),
            "name swapped": (self._name, Finding.ALTERED),
            "modal swapped": (self._modal, Finding.ALTERED),
            "word swapped": (self._swapped, Finding.ALTERED),
            "word dropped": (self._dropped, Finding.ALTERED),
            "word added": (self._added, Finding.ALTERED),
            "slips of the hand": (self._slips, Finding.ALTERED),
            "in brackets": (self._bracketed, Finding.ALTERED),
            "three words, one swapped": (self._short, Finding.ALTERED),
            "stitched": (lambda: self._stitched(" "), Finding.STITCHED),
            "stitched from afar": (lambda: self._stitched(" … "), Finding.STITCHED),
            "out of order": (self._out_of_order, Finding.STITCHED),
        }
        found = []
        for kind, (make, expected) in makers.items():
            made: set[str] = set()
            for _ in range(each * 40):
                posted = make()
                if posted and posted not in made and self._is_so(posted, expected):
                    made.add(posted)
                if len(made) == each:
                    break
            found += [Case(kind, posted, expected) for posted in sorted(made)]
        return found + [Case("made up", posted, Finding.ABSENT) for posted in _MADE_UP]

    def _is_so(self, posted: str, expected: Finding) -> bool:
        """Whether an altered text really stands nowhere."""
        return expected is Finding.VERBATIM or posted.casefold() not in self._everything.casefold()

    def _words(self, least: int, most: int) -> list[str]:
        _, paragraph = self._random.choice(self._paragraphs)
        words = paragraph.split(" ")
        length = min(self._random.randint(least, most), len(words))
        start = self._random.randint(0, len(words) - length)
        return words[start : start + length]

    def _slice(self, least: int, most: int) -> str:
        return " ".join(self._words(least, most))

    def _typography(self) -> str:
        text = self._slice(6, 40)
        for change in self._random.sample(_TYPOGRAPHY, 4):
            text = change(text)
        return text

    def _omission(self) -> str | None:
        words = self._words(14, 60)
        if len(words) < 14:
            return None
        first = self._random.randint(3, len(words) - 10)
        second = self._random.randint(first + 1, min(first + 12, len(words) - 3))
        omitted = " ".join(words[first:second])
        if re.search(r"n[o']t\b|\bno\b|…|\.\.\.|without", " ".join(words)) or not omitted.strip(
            "–- "
        ):
            return None
        mark = self._random.choice((" … ", " ... ", " [...] ", "… "))
        return " ".join(words[:first]) + mark + " ".join(words[second:])

    def _not_dropped(self) -> str | None:
        text = self._slice(5, 40)
        return _once(text, r"(?<=\w) not(?= \w)|(?<=\bcan)not(?= \w)", "", self._random)

    def _not_added(self) -> str | None:
        return _once(self._slice(5, 40), _NEGATED.pattern + r"(?= \w)", r"\1 not", self._random)

    def _digit(self) -> str | None:
        text = self._slice(4, 30)
        digits = [found.start() for found in re.finditer(r"\d", text)]
        if not digits:
            return None
        at = self._random.choice(digits)
        return text[:at] + str((int(text[at]) + self._random.randint(1, 8)) % 10) + text[at + 1 :]

    def _name(self) -> str | None:
        name = self._random.choice(_NAMES)
        return _once(self._slice(6, 40), r"(?<=[a-z] )[A-Z][a-z]+", name, self._random)

    def _modal(self) -> str | None:
        text = self._slice(5, 40)
        found = [m for m in re.finditer(r"\b\w+\b", text) if m.group() in _MODALS]
        if not found:
            return None
        one = self._random.choice(found)
        other = self._random.choice([modal for modal in _MODALS if modal != one.group()])
        return text[: one.start()] + other + text[one.end() :]

    def _inside(self, least: int, most: int) -> tuple[list[str], int]:
        """Words, and the number of one that is neither the first nor the last."""
        while True:
            words = self._words(least, most)
            at = self._random.randint(1, max(1, len(words) - 2))
            if len(words) > 2 and re.fullmatch(r"[a-z]{3,}", words[at]):
                return words, at

    def _swapped(self) -> str:
        words, at = self._inside(5, 40)
        return " ".join([*words[:at], self._random.choice(_WORDS), *words[at + 1 :]])

    def _short(self) -> str | None:
        words, at = self._inside(3, 3)
        if any(word in STOPWORDS or not word.isalpha() for word in words):
            return None
        return " ".join([*words[:at], self._random.choice(_WORDS), *words[at + 1 :]])

    def _dropped(self) -> str:
        words, at = self._inside(5, 40)
        return " ".join([*words[:at], *words[at + 1 :]])

    def _added(self) -> str:
        words, at = self._inside(5, 40)
        return " ".join([*words[:at], self._random.choice(_FILLERS), *words[at:]])

    def _bracketed(self) -> str:
        words, at = self._inside(6, 40)
        return " ".join([*words[:at], "[the Met]", *words[at + self._random.randint(0, 1) :]])

    def _slips(self) -> str | None:
        words = self._words(6, 40)
        long = [at for at, word in enumerate(words) if re.fullmatch(r"[a-z]{5,}", word)]
        if not long:
            return None
        for at in self._random.sample(long, min(len(long), self._random.randint(1, 3))):
            place = self._random.randint(1, len(words[at]) - 2)
            word = words[at]
            words[at] = self._random.choice(
                (
                    word[:place] + word[place + 1 :],
                    word[:place] + word[place] + word[place:],
                    word[:place] + word[place + 1] + word[place] + word[place + 2 :],
                )
            )
        return " ".join(words)

    def _stitched(self, seam: str) -> str | None:
        (_, first), (_, second) = self._random.sample(self._paragraphs, 2)
        one, other = self._part(first), self._part(second)
        where = [self._everything.find(" ".join(part.split())) for part in (one, other)]
        far = abs(where[0] - where[1]) > 3000 or where[1] < where[0]
        return one + seam + other if far or seam == " " else None

    def _out_of_order(self) -> str | None:
        words = self._words(16, 60)
        if len(words) < 16:
            return None
        cut = self._random.randint(6, len(words) - 8)
        return " ".join([*words[cut + 2 :], *words[:cut]])

    def _part(self, paragraph: str) -> str:
        words = paragraph.split(" ")
        length = min(self._random.randint(4, 15), len(words))
        start = self._random.randint(0, len(words) - length)
        return " ".join(words[start : start + length])


def _once(text: str, pattern: str, into: str, rand: random.Random) -> str | None:
    """``text`` with one occurrence of ``pattern``, not at its very start or end, replaced."""
    found = [m for m in re.finditer(pattern, text) if m.start() > 0 and m.end() < len(text)]
    if not found:
        return None
    one = rand.choice(found)
    changed = text[: one.start()] + one.expand(into) + text[one.end() :]
    return changed if changed != text else None


def _swap(pairs: Mapping[str, str]) -> Callable[[str], str]:
    table = str.maketrans(dict(pairs))
    return lambda text: text.translate(table)


_TYPOGRAPHY: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.lower,
    _swap({"’": "'", "‘": "'", "“": '"', "”": '"'}),
    _swap({"'": "’", '"': "”"}),
    _swap({" ": "\u00a0"}),
    lambda text: text.replace(" ", "  "),
    lambda text: text.replace(" ", "\n"),
    _swap({"-": "\u2011", "–": "—"}),
    lambda text: text.replace(" – ", "—"),
    lambda text: text.replace("...", "…"),
    lambda text: text.replace("ti", "t\u00adi"),
    lambda text: text.replace("fi", "ﬁ"),
    lambda text: "\ufeff" + text.replace("a", "a\u200b"),
)
