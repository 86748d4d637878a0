"""Where a text that does not stand anywhere as it is may have come from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from corpus.folding import MARK
from index.words import STOPWORDS, fold, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from index.catalogue import Catalogue
    from index.lexical import LexicalIndex
    from index.reading import Reading, Readings
    from index.types import Passage

# Passages are looked for by a few neighbouring words at a time: each stretch of a stitched text
# is then found by its own words. On development texts longer windows missed short stretches.
_WINDOW, _STEP = 5, 3
_MOST_WINDOWS = 24
# One search for the rarest words of all comes first: mostly it is enough.
_RAREST = 8
_PASSAGES_A_WINDOW = 6
# Words that no passage was found for are looked for as they are, in so many runs at most.
_EXACT_WORDS, _MOST_LOOKED_FOR = 4, 3
# Of a passage's surroundings so many words more than were posted are looked at, on both sides.
_MARGIN, _WIDEST_MARGIN = 5, 150
# Hand copying makes a few slips; a text of which more words are unknown is about other things.
_MOST_SLIPS, _MOST_CHECKED = 16, 400
# Below four letters nearly every word is one slip from another; two slips need seven.
_SHORTEST, _TWO_SLIPS_FROM = 4, 7


@dataclass(frozen=True, slots=True)
class Region:
    """Words ``start`` (inclusive) to ``end`` (exclusive) of a document's reading."""

    document_id: str
    start: int
    end: int


class Nearby:
    """Finds passages that share words with a text. Safe to use from several threads."""

    def __init__(self, catalogue: Catalogue, lexical: LexicalIndex, readings: Readings) -> None:
        self._catalogue, self._lexical, self._readings = catalogue, lexical, readings
        self._words_of_length = lru_cache(maxsize=64)(catalogue.words_of_length)

    def meant(self, posted: Reading) -> tuple[str, ...]:
        """The posted words, each that the corpus lacks as the word it is likely a slip of."""
        words = [posted.word(at) for at in range(len(posted))]
        meant: dict[str, str] = {}
        checked = list(dict.fromkeys(words))[:_MOST_CHECKED]
        for word in islice(filter(self._is_unknown, checked), _MOST_SLIPS):
            nearest = self._nearest(fold(word))
            if nearest is not None:
                meant[word] = nearest
        return tuple(meant.get(word, word) for word in words)

    def likeliest(self, words: Sequence[str]) -> list[Passage]:
        """Passages that share the rarest of ``words``, those that share most first."""
        stems = set(self._stems(words))
        rarest = sorted(stems, key=lambda one: (self._lexical.frequency(one), one))[:_RAREST]
        return self._passages([rarest])

    def passages(self, words: Sequence[str]) -> list[Passage]:
        """Passages that share words with any part of ``words``, those that share most first."""
        return self._passages(_windows(self._stems(words)))

    def _passages(self, searches: Iterable[Sequence[str]]) -> list[Passage]:
        scores: dict[int, float] = {}
        for stems in searches:
            for row, score in self._lexical.search(stems, _PASSAGES_A_WINDOW).items():
                scores[row] = scores.get(row, 0.0) + score
        found = self._catalogue.candidates(scores)
        passages = [candidate.passage for candidate in found]
        return sorted(passages, key=lambda passage: (-scores[passage.row], passage.row))

    def regions(self, passages: Sequence[Passage], length: int) -> list[Region]:
        """The words around each passage that ``length`` posted words may have come from.

        Regions do not overlap; they are in the order of the first passage of each.
        """
        margin = min(length + _MARGIN, _WIDEST_MARGIN)
        found: dict[str, list[tuple[int, int]]] = {}
        for passage in passages:
            reading = self._readings.get(passage.document_id)
            start = max(reading.at(passage.span.start) - margin, 0)
            end = min(reading.at(passage.span.end) + margin, len(reading))
            found.setdefault(passage.document_id, []).append((start, end))
        return [
            Region(document_id, *pair)
            for document_id, pairs in found.items()
            for pair in _merged(pairs)
        ]

    def exactly(
        self,
        find: Callable[[str], Iterator[tuple[str, int]]],
        codes: str,
        unexplained: Sequence[tuple[int, int]],
    ) -> list[Region]:
        """The places where posted words stand exactly that no passage was found for.

        ``find`` says where a run of ``codes`` stands; ``unexplained`` are ranges of them, ends
        exclusive. Function words are in no index of
        stems, so that a stretch of them is looked for here: whole, and by either end.
        """
        found = []
        longest = sorted(unexplained, key=lambda one: one[0] - one[1])[:_MOST_LOOKED_FOR]
        for start, end in longest:
            if end - start < _EXACT_WORDS:
                continue
            ends = (start, start + _EXACT_WORDS), (end - _EXACT_WORDS, end)
            for first, last in dict.fromkeys(((start, end), *ends)):
                place = next(find(codes[first:last]), None)
                if place is not None:
                    document_id, at = place
                    length = len(self._readings.get(document_id))
                    region = max(at - end + start, 0), min(at + 2 * (end - start), length)
                    found.append(Region(document_id, *region))
        return found

    def _stems(self, words: Sequence[str]) -> list[str]:
        """Stems of the words that say something and that stand in some passage, in order."""
        forms = (fold(word) for word in words)
        stems = [stem(form) for form in forms if form and form not in STOPWORDS]
        known = {one: self._lexical.frequency(one) > 0 for one in set(stems)}
        return [one for one in stems if known[one]]

    def _is_unknown(self, word: str) -> bool:
        """Whether ``word`` stands in no document, and is long enough to know it by its like."""
        form = fold(word)
        if MARK in word.removesuffix("'s") or len(form) < _SHORTEST or not form.isalpha():
            return False
        known = form in STOPWORDS or self._lexical.frequency(stem(form))
        return not known and not self._catalogue.has_word(form)

    def _nearest(self, form: str) -> str | None:
        """The word of the corpus that ``form`` is a likely slip of, or ``None``."""
        slips = 2 if len(form) >= _TWO_SLIPS_FROM else 1
        known = self._words_of_length(len(form) - slips, len(form) + slips)
        near = process.extract(form, known, scorer=OSA.distance, score_cutoff=slips, limit=None)
        # Ties go to the word that begins alike: first letters are seldom mistyped.
        return min(near, key=lambda hit: (hit[1], hit[0][0] != form[0], hit[0]), default=(None,))[0]


def _windows(stems: list[str]) -> Iterator[list[str]]:
    """Overlapping stretches of ``stems``, over the whole of them however long they are."""
    if not stems:
        return
    starts = list(range(0, max(len(stems) - _WINDOW + _STEP, 1), _STEP))
    every = -(-len(starts) // _MOST_WINDOWS)
    for start in starts[::every]:
        yield stems[start : start + _WINDOW]


def _merged(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pairs):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
