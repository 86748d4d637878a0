"""What a quotation is, and who is said to have said it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.document import Span


class QuotationKind(StrEnum):
    """How the quoted words stand in their sentence."""

    DIRECT = "direct"
    """One or more whole clauses of speech."""
    PARTIAL = "partial"
    """Words of the speaker inside a sentence of the writer's."""
    TERM = "term"
    """A nickname or a scare quote: nobody is said to have said it. Titles of works are left out."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker as fully as the document names them, every word taken from it.

    ``name`` is the full name, or the description when there is no name ("a spokesperson for
    Sadiq Khan"); ``role`` and ``organisation`` are ``None`` where the document is silent.
    """

    name: str
    role: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Quotation:
    """One utterance in a text.

    ``spans`` has one span for each paragraph or segment, in order, disjoint, marks excluded.
    ``speaker_span`` is the mention that attributes it ("Ms Dick", "He"), ``cue_span`` the word
    that says so ("said"); either is ``None`` where there is none. ``confidence`` is the
    estimated probability (0–1) that ``speaker`` is right.
    """

    spans: tuple[Span, ...]
    kind: QuotationKind
    speaker: Speaker | None = None
    speaker_span: Span | None = None
    cue_span: Span | None = None
    confidence: float = 0.0
