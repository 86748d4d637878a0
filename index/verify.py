"""Whether a posted quotation is true to its source."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.errors import InputError
from index.alignment import stretches
from index.attribution import said
from index.framing import framings, plain
from index.judgement import judge
from index.nearby import Nearby
from index.reading import Readings, read
from index.stretch import Posted
from index.verbatim import Verbatim, verdict_of
from index.verdict import Finding, Place, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.catalogue import Catalogue
    from index.lexical import LexicalIndex
    from index.reading import Reading
    from index.standing import Standing
    from index.stretch import Stretch
    from index.types import Passage

# Nearly three times the longest of the starter documents; what is longer is no quotation.
MAX_CHARACTERS = 30_000
_MAX_NAME = 300
# A share of the posted words: if the likeliest passages explain so much, no others are sought.
_EXPLAINED = 0.85
_RELATED = 3
# Findings of words that a document has, all of them, as they were posted.
_HELD = frozenset((Finding.VERBATIM, Finding.MISATTRIBUTED))


class Verifier:
    """Verifies quotations against one open index. Safe to use from several threads."""

    def __init__(
        self,
        catalogue: Catalogue,
        lexical: LexicalIndex,
        readings: Readings | None = None,
        withdrawn: Sequence[Verbatim] = (),
    ) -> None:
        """``withdrawn`` are asked in turn for words that ``catalogue`` does not have."""
        self._catalogue = catalogue
        self._readings = readings or Readings(catalogue)
        self._nearby = Nearby(catalogue, lexical, self._readings)
        self._verbatim, self._withdrawn = Verbatim(catalogue, self._readings), withdrawn

    def verify(self, posted: str, attributed_to: str | None = None) -> Verdict:
        """Whether ``posted`` stands in the corpus, and is the words of ``attributed_to``.

        Words that stand in no current document are looked for in those that were withdrawn: if
        one has them as they are, the verdict is on it and says what became of it. The first call
        reads every document; see `prepare`.

        Raises:
            InputError: there are no words in ``posted``, or it or the name is too long.
            SnapshotDamaged: a document cannot be read.
        """
        speaker = _checked(posted, attributed_to)
        ways = [(framing, Posted.of(posted, framing)) for framing in framings(posted)]
        ways = [way for way in ways if len(way[1].reading)]
        found = self._verbatim.verdict(ways, speaker)
        if found is not None and found.finding in _HELD:
            return found
        for one in self._withdrawn:
            once = one.verdict(ways, speaker)
            if once is not None and once.finding in _HELD:
                return once
        if found is not None:
            return found
        certain = [way for way in ways if way[0].certain]
        framing, posted_as = (certain or ways[-1:])[0]
        return self._untrue(posted_as, speaker or framing.attributed_to)

    def prepare(self) -> Standing:
        """Read every document, if that was not done yet.

        Raises:
            SnapshotDamaged: a document cannot be read.
        """
        for one in self._withdrawn:
            one.prepare()
        return self._verbatim.prepare()

    def _untrue(self, one: Posted, name: str | None) -> Verdict:
        """The verdict on a text that stands nowhere as it is."""
        standing = self._verbatim.prepare()
        meant = self._nearby.meant(one.reading)
        passages, explained = self._explained(standing, one.reading, meant)
        judgement = judge(one.reading, meant, explained, self._readings)
        words = (one.reading.word(at) for at in range(len(one.reading)))
        slips = {word: other for word, other in zip(words, meant, strict=True) if word != other}
        verdict = verdict_of(one, judgement.finding, judgement.stretches, self._readings, slips)
        verdict = replace(verdict, attributed_to=name)
        if judgement.finding is Finding.ABSENT:
            near = tuple(Place(each.document_id, (each.span,)) for each in passages[:_RELATED])
            return replace(verdict, related=near)
        place = verdict.places[0]
        who = said(self._catalogue, place)
        return replace(
            verdict, speaker=who.speaker, attribution=self._verbatim.judged(name, who, place)
        )

    def _explained(
        self, standing: Standing, posted: Reading, meant: Sequence[str]
    ) -> tuple[list[Passage], tuple[Stretch, ...]]:
        """Passages with words in common, and the stretches that explain the text best.

        The likeliest passages are tried first, then those for each part of the text, then the
        exact words of what is left.
        """
        passages = self._nearby.likeliest(meant)
        regions = self._nearby.regions(passages, len(posted))
        found = stretches(posted, meant, regions, self._readings)
        if len(found) == 1 and _share(found, posted) >= _EXPLAINED:
            return passages, found
        passages = self._nearby.passages(meant) or passages
        regions = self._nearby.regions(passages, len(posted))
        found = stretches(posted, meant, regions, self._readings)
        if _share(found, posted) < _EXPLAINED:
            more = self._nearby.exactly(standing.find, posted.codes, _unexplained(found, posted))
            if more:
                found = stretches(posted, meant, [*regions, *more], self._readings)
        return passages, found


def _checked(posted: str, attributed_to: str | None) -> str | None:
    """The name, ``None`` if it is blank.

    Raises:
        InputError: see `Verifier.verify`.
    """
    if len(posted) > MAX_CHARACTERS:
        raise InputError(
            f"the text has {len(posted):,} characters; post at most {MAX_CHARACTERS:,} at a time"
        )
    if not len(read(plain(posted))):
        raise InputError("there are no words to verify; post the words of a quotation")
    if attributed_to is not None and len(attributed_to) > _MAX_NAME:
        raise InputError(f"the speaker's name is longer than {_MAX_NAME} characters; shorten it")
    return (attributed_to or "").strip() or None


def _share(found: Sequence[Stretch], posted: Reading) -> float:
    """The share of the posted words that ``found`` explains."""
    return sum(one.posted[1] - one.posted[0] for one in found) / len(posted)


def _unexplained(found: Sequence[Stretch], posted: Reading) -> list[tuple[int, int]]:
    """The ranges of posted words between the stretches."""
    ends = [0, *(one.posted[1] for one in found)]
    starts = [*(one.posted[0] for one in found), len(posted)]
    return list(zip(ends, starts, strict=True))
