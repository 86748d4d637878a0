"""The first of a ranking read again: which of their words answer, if any do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.fusion import reread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.document import Span
    from index.catalogue import Catalogue
    from index.fusion import Scored, Weights
    from index.query import Part
    from index.reader import Reader
    from index.types import Passage

# Four short windows take 35 ms on two cores, eight of 400 characters 100; on our development
# questions they told near misses apart as well (AUROC 0.64 and 0.62).
WINDOWS = 4
_CHARACTERS = 250


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a document, and the passages of the ranking that lie in it."""

    document_id: str
    span: Span
    passages: tuple[Passage, ...]


class Rereader:
    """Reads the first of a ranking again. Safe to use from several threads.

    ``weights`` were fitted with what the reader says.
    """

    def __init__(self, reader: Reader, catalogue: Catalogue, weights: Weights) -> None:
        self._reader, self._catalogue, self.weights = reader, catalogue, weights

    def reread(self, part: Part, ranked: Sequence[Scored], windows: int = WINDOWS) -> list[Scored]:
        """The ranking with what stands in the first ``windows`` windows in the reader's order."""
        return reread(ranked, self.readings(part, ranked, windows), self.weights)

    def readings(
        self, part: Part, ranked: Sequence[Scored], windows: int = WINDOWS
    ) -> dict[int, dict[str, float]]:
        """What the reader says of the passages in the first ``windows`` windows, by row."""
        chosen = self.windows([one.candidate.passage for one in ranked], windows)
        texts = [self._catalogue.document(w.document_id).text_at(w.span) for w in chosen]
        readings: dict[int, dict[str, float]] = {}
        for window, reading in zip(chosen, self._reader.read(part.text, texts), strict=True):
            for passage in window.passages:
                start = passage.span.start - window.span.start
                best = reading.best(start, start + len(passage.span))
                if best is not None:
                    readings[passage.row] = {"reader": best, "reader_none": -reading.answers}
        return readings

    def windows(self, passages: Sequence[Passage], most: int) -> list[Window]:
        """At most ``most`` windows around the first of ``passages``, each passage in one alone.

        A window has whole sentences of one paragraph, as many as fit around the first passage
        of the ranking that is in none yet.
        """
        found: list[Window] = []
        held: set[int] = set()
        wanted = {passage.row for passage in passages}
        for passage in passages:
            if passage.row in held:
                continue
            if len(found) == most:
                break
            inside = self._around(passage, held)
            span = inside[0].span.joined(inside[-1].span)
            members = tuple(one for one in inside if one.row in wanted)
            held.update(one.row for one in inside)
            found.append(Window(passage.document_id, span, members))
        return found

    def _around(self, passage: Passage, held: set[int]) -> Sequence[Passage]:
        """The passages of the paragraph that fit into a window around ``passage``, in order."""
        paragraph = self._catalogue.paragraph(passage)
        first = last = next(at for at, one in enumerate(paragraph) if one.row == passage.row)
        span, grows = passage.span, True
        while grows:
            grows = False
            for at in (first - 1, last + 1):
                if not 0 <= at < len(paragraph) or paragraph[at].row in held:
                    continue
                wider = span.joined(paragraph[at].span)
                if len(wider) <= _CHARACTERS:
                    span, first, last, grows = wider, min(first, at), max(last, at), True
        return paragraph[first : last + 1]
