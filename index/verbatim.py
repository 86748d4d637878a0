"""Whether a text stands in documents as it is, whole or in fragments, and whose words it is."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from corpus.document import Span, StatusKind
from index.alignment import SKIP_WORDS
from index.attribution import Said, judged, said
from index.changes import diff
from index.meaning import flags
from index.standing import MOST_PLACES, Standing
from index.verdict import Attribution, Finding, Flag, Place, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from corpus.document import Document, Status
    from index.catalogue import Catalogue
    from index.framing import Framing
    from index.reading import Reading, Readings
    from index.stretch import Posted, Stretch

# What is shown beside a quotation, in words on each side.
_BESIDE_WORDS = 25
# A paragraph's end with words after it, and one with words before it.
_WORDED_BREAK = re.compile(r"\n\s*\n\s*(?=[^\n]*\w)")
_BREAK_AFTER_WORD = re.compile(r"\w[^\n]*(?=\n\s*\n)")
_RANK = {
    Attribution.CONFIRMED: 0, None: 1, Attribution.UNCONFIRMED: 1, Attribution.CONTRADICTED: 2
}  # fmt: skip


class Verbatim:
    """Looks for texts as they are in some documents. Safe to use from several threads."""

    def __init__(
        self,
        catalogue: Catalogue,
        readings: Readings,
        *,
        document: Callable[[str], Document] | None = None,
        among: Callable[[str], bool] | None = None,
    ) -> None:
        """``readings`` are of ``catalogue``, whose documents are looked in.

        ``document`` gives a document as it stands now, by default the catalogue's own; ``among``
        tells by id whether one is looked in, by default every one that is not hidden.
        """
        self._catalogue, self._readings = catalogue, readings
        self._document = document or catalogue.document
        self._among = among or (lambda document_id: document_id not in catalogue.hidden)
        self._lock = threading.Lock()
        self._standing: Standing | None = None

    def prepare(self) -> Standing:
        """Read every document, if that was not done yet.

        Raises:
            SnapshotDamaged: a document cannot be read.
        """
        with self._lock:
            if self._standing is None:
                self._standing = Standing(self._readings, self._readings.line, self._among)
            return self._standing

    def verdict(
        self, ways: Sequence[tuple[Framing, Posted]], speaker: str | None
    ) -> Verdict | None:
        """The verdict on a text that stands as it is, whole or in fragments; else ``None``.

        ``ways`` are those in which it may be meant. Of documents that are no longer current the
        verdict says what became of the one it is about.

        Raises:
            SnapshotDamaged: a document cannot be read.
        """
        standing = self.prepare()
        for fragmented in (False, True):
            for framing, one in ways:
                found = self._true(standing, one, framing, speaker, fragmented=fragmented)
                if found is not None:
                    status = self._document(found.places[0].document_id).status
                    return found if status.kind is StatusKind.CURRENT else self._once(found, status)
        return None

    def _once(self, found: Verdict, status: Status) -> Verdict:
        """A verdict on withdrawn words, each document named by the id that it has by now."""
        ids = {place.document_id for place in found.places}
        names = {one: self._document(one).id for one in ids}
        return replace(
            found,
            status=status,
            places=tuple(replace(one, document_id=names[one.document_id]) for one in found.places),
            changes=tuple(
                replace(one, document_id=one.document_id and names[one.document_id])
                for one in found.changes
            ),
        )

    def judged(self, name: str | None, who: Said, place: Place) -> Attribution | None:
        """What the document at ``place`` says to the words being by ``name``."""
        if name is None:
            return None
        return judged(name, who, self._document(place.document_id))

    def _true(
        self,
        standing: Standing,
        one: Posted,
        framing: Framing,
        speaker: str | None,
        *,
        fragmented: bool,
    ) -> Verdict | None:
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
        verdict = verdict_of(
            one,
            Finding.MISATTRIBUTED if wrong else Finding.VERBATIM,
            (standing.stretch(one.reading, found[best]),),
            self._readings,
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
            fits = self.judged(name, who, place)
            ranked.append((2 * _RANK[fits] + (who.speaker is None), at, who, fits))
            if fits is Attribution.CONFIRMED:
                break
        return min(ranked, key=lambda one: one[:2])[1:]

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


def verdict_of(
    one: Posted,
    finding: Finding,
    found: tuple[Stretch, ...],
    readings: Readings,
    slips: Mapping[str, str] | None = None,
) -> Verdict:
    """What every finding has: the diff, the flags, where it is and what stands beside it."""
    sources = [(stretch, readings.get(stretch.document_id)) for stretch in found]
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
        flags=flags(inside, one.text, lambda key: readings.get(key).text, slips or {}),
        same_words=len(sources) == 1 and _same_words(one, *sources[0]),
    )


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
