"""A posted text as it is checked, and the stretches of documents that it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.framing import plain
from index.reading import read

if TYPE_CHECKING:
    from corpus.document import Span
    from index.framing import Framing
    from index.reading import Reading


@dataclass(frozen=True, slots=True)
class Posted:
    """A post: ``text`` as it was typed, and the reading of what of it is checked.

    ``reading`` is of ``text[span.start:span.end]`` with the marks of quoted lines made spaces.
    """

    text: str
    span: Span
    reading: Reading

    @classmethod
    def of(cls, text: str, framing: Framing) -> Posted:
        """The post ``text``, of which the part is checked that ``framing`` says."""
        return cls(text, framing.span, read(plain(text)[framing.span.start : framing.span.end]))

    def word(self, at: int) -> tuple[int, int]:
        """Where word ``at`` stands in ``text``, half-open."""
        span = self.reading.span(at, at + 1)
        return span.start + self.span.start, span.end + self.span.start


@dataclass(frozen=True, slots=True)
class Stretch:
    """Posted words and the words of one document that they come from; ends are exclusive.

    ``pairs`` are the words (posted, source) that are the same but for slips of the hand, in
    order.
    """

    document_id: str
    posted: tuple[int, int]
    source: tuple[int, int]
    pairs: tuple[tuple[int, int], ...]
