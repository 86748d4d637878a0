"""What flows through the index. Imports no sibling."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import numpy as np
    from numpy.typing import NDArray

    from corpus.document import PartialDate, Span
    from corpus.quotations.types import Quotation


@dataclass(frozen=True, slots=True)
class Passage:
    """One retrievable unit of a document: a sentence, or a heading or block of short lines.

    ``row`` is its row in the vector index, ``paragraph`` the number of its paragraph in the
    document, from 0; ``is_sentence`` is false for headings, address lines and the like.
    """

    row: int
    document_id: str
    ordinal: int
    paragraph: int
    span: Span
    is_sentence: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A question and its options.

    ``since`` and ``until`` are inclusive days, ``speaker`` and ``publisher`` parts of names;
    each given option is a filter, and a filter by date leaves undated documents out. What the
    words of the question name of the same kind only counts in the ranking. ``left_out`` are
    publishers, by their whole names in any case, whose documents are not looked at; excerpts of
    those ``preferred`` come before others that are about as good.
    """

    text: str
    since: date | None = None
    until: date | None = None
    speaker: str | None = None
    publisher: str | None = None
    limit: int = 5
    left_out: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is shown: whole sentences of one document.

    ``highlights`` are spans in document offsets, inside ``span``, in order, disjoint.
    ``quotations`` are those that overlap ``span``; their spans may run beyond it. ``also`` are
    the ids of other documents that have the same words, or nearly.
    """

    document_id: str
    span: Span
    score: float
    highlights: tuple[Span, ...]
    quotations: tuple[Quotation, ...]
    also: tuple[str, ...] = ()


class Outcome(StrEnum):
    """What an answer claims."""

    ANSWERED = "answered"
    RELATED = "related"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says to a query, best first; no two excerpts overlap.

    ``confidence`` is the estimated probability (0–1) that the first excerpt answers.
    ``undated_left_out`` counts the documents that a date filter dropped for having no date.
    ``by_date`` says that the question asked for the newest: the excerpts are in order of date
    then, the newest first, and those of ``undated`` documents last. ``newest`` is the date of the
    newest document among the excerpts, ``None`` if none of them has one.
    """

    query: Query
    outcome: Outcome
    confidence: float
    excerpts: tuple[Excerpt, ...]
    undated_left_out: int = 0
    by_date: bool = False
    undated: int = 0
    newest: PartialDate | None = None


class Encoder(Protocol):
    """Texts to unit vectors."""

    @property
    def dimension(self) -> int:
        """The number of components, d."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Passages: shape (n, d), float32, each row of unit length; (0, d) for no texts."""

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """One question: shape (d,), float32, unit length."""

    def knows(self, word: str) -> bool:
        """Whether ``word`` (lower case) is a whole word of the model's vocabulary."""


class Progress(Protocol):
    """Where a build says how far it is."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage of ``total`` steps begins; ``None`` if nobody can tell how many."""

    def advance(self, steps: int = 1) -> None:
        """So many steps of the stage are done."""
