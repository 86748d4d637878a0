"""Whether a posted quotation is true to its source."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from corpus.document import Span
from corpus.errors import InputError
from index.alignment import SKIP_WORDS, stretches
from index.attribution import Said, judged, said
from index.changes import diff
from index.framing import framings, plain
from index.judgement import judge
from index.meaning import flags
from index.nearby import Nearby
from index.reading import Readings, WordLine, read
from index.standing import MOST_PLACES, Standing
from index.stretch import Posted
from index.verdict import Attribution, Finding, Flag, Place, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.catalogue import Catalogue
    from index.framing import Framing
    from index.lexical import LexicalIndex
    from index.reading import Reading
    from index.stretch import Stretch
    from index.types import Passage

# Nearly three times the longest of the starter documents; what is longer is no quotation.
MAX_CHARACTERS = 30_000
_MAX_NAME = 300
# A share of the posted words: if the likeliest passages explain so much, no others are sought.
_EXPLAINED = 0.85
# What is shown beside a quotation, in words on each side.
_BESIDE_WORDS = 25
# A paragraph's end with words after it, and one with words before it.
_WORDED_BREAK = re.compile(r"\n\s*\n\s*(?=[^\n]*\w)")
_BREAK_AFTER_WORD = re.compile(r"\w[^\n]*(?=\n\s*\n)")
_RELATED = 3
_RANK = {
    Attribution.CONFIRMED: 0, None: 1, Attribution.UNCONFIRMED: 1, Attribution.CONTRADICTED: 2
}  # fmt: skip


class Verifier:
    """Verifies quotations against one open index. Safe to use from several threads."""

    def __init__(self, catalogue: Catalogue, lexical: LexicalIndex) -> None:
        self._catalogue = catalogue
        self._readings = Readings(catalogue)
        self._nearby = Nearby(catalogue, lexical, self._readings)
        self._lock = threading.Lock()
        self._standing: Standing | None = None

    def verify(self, posted: str, attributed_to: str | None = None) -> Verdict:
        """Whether ``posted`` stands in the corpus, and is the words of ``attributed_to``.

        The first call reads every document; see `prepare`.

        Raises:
            InputError: there are no words in ``posted``, or it or the name is too long.
            SnapshotDamaged: a document cannot be read.
        """
        speaker = _checked(posted, attributed_to)
        standing = self.prepare()
        ways = [(framing, Posted.of(posted, framing)) for framing in framings(posted)]
        ways = [way for way in ways if len(way[1].reading)]
        for fragmented in (False, True):
            for framing, one in ways:
                found = self._true(standing, one, framing, speaker, fragmented=fragmented)
                if found is not None:
                    return found
        certain = [way for way in ways if way[0].certain]
        framing, one = (certain or ways[-1:])[0]
        return self._untrue(standing, one, speaker or framing.attributed_to)

    def prepare(self) -> Standing:
        """Read every document, if that was not done yet.

        Raises:
            SnapshotDamaged: a document cannot be read.
        """
        with self._lock:
            if self._standing is None:
                self._standing = Standing(self._readings, WordLine(self._catalogue))
            return self._standing

    def _true(
        self,
        standing: Standing,
        one: Posted,
        framing: Framing,
        speaker: str | None,
        *,
        fragmented: bool,
    ) -> Verdict | None:
        """The verdict on a text that stands as it is, whole or in fragments; else ``None``."""
        search = standing.fragmented if fragmented else standing.exact
        found = list(islice(search(one.reading), MOST_PLACES))
        if not found:
            return None
        name = speaker or framing.attributed_to
        places = [standing.place(one.reading, each) for each in found]
        best, who, attribution = self._best(places, name)
        if framing.attributed_to and not framing.certain and _RANK[attribution] == 1:
            # What follows the dash may be the text's own, and not an attribution.
            return None
        # Of words in more places than were looked at nobody can say that they are not somebody's.
        complete = len(places) < MOST_PLACES
        if attribution is Attribution.CONTRADICTED and not complete:
            attribution = Attribution.UNCONFIRMED
        wrong = attribution is Attribution.CONTRADICTED
        verdict = self._verdict(
            one,
            Finding.MISATTRIBUTED if wrong else Finding.VERBATIM,
            (standing.stretch(one.reading, found[best]),),
        )
        verdict = replace(
            verdict,
            places=(places[best], *places[:best], *places[best + 1 :]),
            count=len(places),
            counted_all=complete,
            speaker=who.speaker,
            attributed_to=name,
            attribution=attribution,
            differences=standing.differences(one.reading, found[best]),
        )
        return self._shortened(verdict) if places[best].omitted else verdict

    def _best(
        self, places: Sequence[Place], name: str | None
    ) -> tuple[int, Said, Attribution | None]:
        """The place that fits ``name`` best, who speaks there, and what that says of ``name``."""
        ranked = []
        for at, place in enumerate(places):
            who = said(self._catalogue, place)
            fits = self._judged(name, who, place)
            ranked.append((2 * _RANK[fits] + (who.speaker is None), at, who, fits))
            if fits is Attribution.CONFIRMED:
                break
        return min(ranked, key=lambda one: one[:2])[1:]

    def _judged(self, name: str | None, who: Said, place: Place) -> Attribution | None:
        if name is None:
            return None
        return judged(name, who, self._catalogue.document(place.document_id))

    def _untrue(self, standing: Standing, one: Posted, name: str | None) -> Verdict:
        """The verdict on a text that stands nowhere as it is."""
        meant = self._nearby.meant(one.reading)
        passages, explained = self._explained(standing, one.reading, meant)
        judgement = judge(one.reading, meant, explained, self._readings)
        words = (one.reading.word(at) for at in range(len(one.reading)))
        slips = {word: other for word, other in zip(words, meant, strict=True) if word != other}
        verdict = self._verdict(one, judgement.finding, judgement.stretches, slips)
        verdict = replace(verdict, attributed_to=name)
        if judgement.finding is Finding.ABSENT:
            near = tuple(Place(each.document_id, (each.span,)) for each in passages[:_RELATED])
            return replace(verdict, related=near)
        place = verdict.places[0]
        who = said(self._catalogue, place)
        return replace(verdict, speaker=who.speaker, attribution=self._judged(name, who, place))

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
            more = self._nearby.exactly(standing.line, posted.codes, _unexplained(found, posted))
            if more:
                found = stretches(posted, meant, [*regions, *more], self._readings)
        return passages, found

    def _verdict(
        self,
        one: Posted,
        finding: Finding,
        found: tuple[Stretch, ...],
        slips: Mapping[str, str] | None = None,
    ) -> Verdict:
        """What every finding has: the diff, the flags, where it is and what stands beside it."""
        sources = [(stretch, self._readings.get(stretch.document_id)) for stretch in found]
        changes = diff(one, sources)
        before, after = _beside(*sources[0]) if sources else (None, None)
        checked = Span(one.word(0)[0], one.word(len(one.reading) - 1)[1])
        # What was typed around the quotation changes nothing in it; an absent text has no source.
        inside = [c for c in changes if sources and (not c.posted or c.posted.overlaps(checked))]
        return Verdict(
            posted=one.text,
            checked=checked,
            finding=finding,
            places=tuple(
                Place(stretch.document_id, (source.span(*stretch.source),))
                for stretch, source in sources
            ),
            before=before,
            after=after,
            changes=changes,
            flags=flags(inside, one.text, lambda key: self._readings.get(key).text, slips or {}),
            same_words=len(sources) == 1 and _same_words(one, *sources[0]),
        )

    def _shortened(self, verdict: Verdict) -> Verdict:
        """The verdict on fragments with ellipses between them, whose words were found.

        Fragments of different people's words are stitched, whatever stands between them. To
        leave out a few words with a "not" among them is no omission but an alteration.
        """
        place = verdict.places[0]
        alone = (Place(place.document_id, (span,)) for span in place.spans)
        speakers = (said(self._catalogue, one).speaker for one in alone)
        if len({speaker.name for speaker in speakers if speaker is not None}) > 1:
            return replace(verdict, finding=Finding.STITCHED, count=0)
        source = self._readings.get(place.document_id)
        lengths = [source.at(span.end) - source.at(span.start) for span in place.omitted]
        if Flag.NEGATION in verdict.flags and min(lengths) <= SKIP_WORDS:
            return replace(verdict, finding=Finding.ALTERED, count=0)
        return verdict


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


def _same_words(one: Posted, stretch: Stretch, source: Reading) -> bool:
    """Whether the words of both are the same, so that only punctuation may differ."""
    return len(stretch.pairs) == len(one.reading) == stretch.source[1] - stretch.source[0] and all(
        one.reading.word(at) == source.word(there) for at, there in stretch.pairs
    )


def _beside(stretch: Stretch, source: Reading) -> tuple[Span | None, Span | None]:
    """Some words before ``stretch`` and after it, of its paragraph or else of the next one."""
    first, last = stretch.source
    text, here = source.text, source.span(first, last)
    before = after = None
    if first:
        start = source.span(max(0, first - _BESIDE_WORDS), first).start
        breaks = [start + found.end() for found in _WORDED_BREAK.finditer(text[start : here.start])]
        start = breaks[-1] if breaks else start
        before = Span(start, start + len(text[start : here.start].rstrip()))
    if last < len(source):
        end = source.span(last, min(last + _BESIDE_WORDS, len(source))).end
        start = end - len(text[here.end : end].lstrip())
        broken = _BREAK_AFTER_WORD.search(text, start, end)
        after = Span(start, broken.end() if broken else end)
    return before, after
