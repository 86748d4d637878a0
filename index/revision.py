"""Where words of one version of a document stand in another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from corpus.document import Span
from corpus.sentences import units

if TYPE_CHECKING:
    from corpus.document import Document

_TOKEN = re.compile(r"\w+|[^\w\s]")
# Of the words of the sentences: with fewer of them left, what stands there is something else.
_LEAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Restated:
    """What ``document`` has in the place of words of another version.

    ``span`` is of whole sentences, ``None`` if nothing like the words is left; ``is_same`` is
    true if the sentences that the words stood in are there to the letter.
    """

    document: Document
    span: Span | None
    is_same: bool = False


def restated(earlier: Document, span: Span, later: Document) -> Restated:
    """What has become of the words at ``span`` of ``earlier`` in ``later``.

    Raises:
        ValueError: the span ends beyond the text.
    """
    sentences = whole_sentences(earlier, span)
    words = earlier.text_at(sentences)
    places = [found.start() for found in re.finditer(re.escape(words), later.text)]
    if places:
        start = min(places, key=lambda at: abs(at - sentences.start))
        return Restated(later, Span(start, start + len(words)), is_same=True)
    found = _aligned(earlier, sentences, later)
    return Restated(later, found and whole_sentences(later, found))


def whole_sentences(document: Document, span: Span) -> Span:
    """``span`` widened to the sentences that it touches.

    Raises:
        ValueError: the span ends beyond the text.
    """
    document.text_at(span)
    for unit in units(document.text):
        if unit.span.overlaps(span):
            span = span.joined(unit.span)
    return span


def _aligned(earlier: Document, span: Span, later: Document) -> Span | None:
    """From the first word of ``span`` that is in ``later`` to the last, by fewest changes."""
    old, new = _tokens(earlier.text), _tokens(later.text)
    asked = {
        at for at, (token, place) in enumerate(old) if place.overlaps(span) and token[0].isalnum()
    }
    kept = [
        new[step.dest_start + at - step.src_start][1]
        for step in Levenshtein.opcodes([token for token, _ in old], [token for token, _ in new])
        if step.tag == "equal"
        for at in range(step.src_start, step.src_end)
        if at in asked
    ]
    if not kept or len(kept) < _LEAST_SHARE * len(asked):
        return None
    return kept[0].joined(kept[-1])


def _tokens(text: str) -> list[tuple[str, Span]]:
    return [(found.group(), Span(*found.span())) for found in _TOKEN.finditer(text)]
