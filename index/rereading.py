"""The first of a ranking read again: which of their words answer, if any do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from index.asks import is_open
from index.fusion import even, reranked, reread
from index.reranker import Reranker
from index.windows import WINDOWS, windows_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.catalogue import Catalogue
    from index.fusion import Scored, Weights
    from index.query import Part
    from index.reader import Reader
    from index.windows import Window


class Rereading(Protocol):
    """What reads the first of a ranking again. Safe to use from several threads."""

    @property
    def weights(self) -> Weights | None:
        """What a ranking that was read is judged by.

        ``None`` where it says nothing of how sure an answer is: that is then told by the ranking
        as it was, and by the weights that know of no reader.
        """

    def reread(self, part: Part, ranked: Sequence[Scored], windows: int = WINDOWS) -> list[Scored]:
        """The ranking with what stands in its first ``windows`` windows ordered anew."""


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """A ranking as it is shown, the one that tells how sure it is, and the weights of that."""

    ranked: Sequence[Scored]
    judged: Sequence[Scored]
    weights: Weights


def read_again(
    part: Part,
    ranked: Sequence[Scored],
    rereader: Rereading | None,
    weights: Weights,
    windows: int = WINDOWS,
) -> ReadAgain:
    """What becomes of a ranking; ``weights`` are for one that was not read.

    A question for whatever was said of a subject is not read for: a reader looks for the words
    that answer, and there are none.
    """
    if rereader is None or is_open(part.text):
        return ReadAgain(ranked, ranked, weights)
    read = rereader.reread(part, ranked, windows)
    if rereader.weights is None:
        return ReadAgain(read, ranked, weights)
    return ReadAgain(read, read, rereader.weights)


def rereading(reader: Reader | Reranker, catalogue: Catalogue, weights: Weights) -> Rereading:
    """What reads with ``reader``; ``weights`` were fitted with what the packaged one says."""
    if isinstance(reader, Reranker):
        return Reranking(reader, catalogue)
    return Rereader(reader, catalogue, weights)


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
        chosen = _chosen(self._catalogue, ranked, windows)
        texts = _texts(self._catalogue, chosen)
        readings: dict[int, dict[str, float]] = {}
        for window, reading in zip(chosen, self._reader.read(part.text, texts), strict=True):
            for passage in window.passages:
                start = passage.span.start - window.span.start
                best = reading.best(start, start + len(passage.span))
                if best is not None:
                    readings[passage.row] = {"reader": best, "reader_none": -reading.answers}
        return readings


class Reranking:
    """Orders the first of a ranking by what a cross-encoder says beside what is known of them.

    How sure an answer is is not its affair: nothing was fitted with what it says. Safe to use
    from several threads.
    """

    weights = None

    def __init__(self, reranker: Reranker, catalogue: Catalogue) -> None:
        self._reranker, self._catalogue = reranker, catalogue

    def reread(self, part: Part, ranked: Sequence[Scored], windows: int = WINDOWS) -> list[Scored]:
        """The ranking with what stands in the first ``windows`` windows ordered anew.

        One window alone stays where it is: there is nothing to compare it with.
        """
        chosen = _chosen(self._catalogue, ranked, windows)
        if len(chosen) < 2:  # noqa: PLR2004 - it and another
            return list(ranked)
        logits = self._reranker.logits(part.text, _texts(self._catalogue, chosen))
        shifts = {
            passage.row: shift
            for window, shift in zip(chosen, even(logits), strict=True)
            for passage in window.passages
        }
        return reranked(ranked, shifts)


def _chosen(catalogue: Catalogue, ranked: Sequence[Scored], most: int) -> list[Window]:
    return windows_around(catalogue, [one.candidate.passage for one in ranked], most)


def _texts(catalogue: Catalogue, windows: Sequence[Window]) -> list[str]:
    return [catalogue.document(one.document_id).text_at(one.span) for one in windows]
