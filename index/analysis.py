"""A document to what the index keeps of it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.quotations.extract import extract
from index.passages import around, passages
from index.tables import Entry
from index.words import STOPWORDS, content_stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.document import Document, Span
    from corpus.quotations.types import Quotation
    from index.types import Passage


@dataclass(frozen=True, slots=True)
class Passed:
    """One document's entry with the texts to encode: its passages, and each with its neighbours."""

    entry: Entry
    own_texts: tuple[str, ...]
    around_texts: tuple[str, ...]


def passed(document: Document, first_row: int) -> Passed:
    """Everything that the index keeps of one document; ``first_row`` is its first passage's row."""
    found = passages(document, first_row)
    quotations = extract(document.text)
    analysed = [words(document.text_at(passage.span)) for passage in found]
    speakers = _speakers(found, quotations)
    own = tuple(
        (*(word.stem for word in line if word.form not in STOPWORDS), *content_stems(speaker))
        for line, speaker in zip(analysed, speakers, strict=True)
    )
    surroundings = [around(found, at) for at in range(len(found))]
    headings = _headings(document, found)
    beside = tuple(
        tuple(_stems_around(document, span, passage.span, heading))
        for span, passage, heading in zip(surroundings, found, headings, strict=True)
    )
    entry = Entry(
        document=document,
        passages=found,
        quotations=quotations,
        stems=own,
        around=beside,
        forms=frozenset(word.form for line in analysed for word in line if word.form.isalpha()),
    )
    return Passed(
        entry,
        tuple(document.text_at(passage.span) for passage in found),
        tuple(document.text_at(span) for span in surroundings),
    )


def _headings(document: Document, found: Sequence[Passage]) -> tuple[str, ...]:
    """For each passage the title, and the heading that its paragraph begins with."""
    title = document.metadata.title or ""
    headings: list[str] = []
    at, heading = -1, ""
    for passage in found:
        if passage.paragraph != at:
            at, heading = passage.paragraph, ""
        if not passage.is_sentence:
            heading = document.text_at(passage.span)
        headings.append(f"{title} {heading}")
    return tuple(headings)


def _speakers(found: Sequence[Passage], quotations: Iterable[Quotation]) -> tuple[str, ...]:
    """For each passage who speaks in it: "He added: …" is then found by his name."""
    starts = [passage.span.start for passage in found]
    names: list[dict[str, None]] = [{} for _ in found]
    for quotation in quotations:
        if quotation.speaker is None:
            continue
        for span in quotation.spans:
            at = max(bisect_right(starts, span.start) - 1, 0)
            while at < len(found) and found[at].span.start < span.end:
                names[at].setdefault(f"{quotation.speaker.name} {quotation.speaker.role or ''}")
                at += 1
    return tuple(" ".join(some) for some in names)


def _stems_around(document: Document, wide: Span, own: Span, heading: str) -> Iterable[str]:
    """Stems of the neighbours and the headings above."""
    text = document.text
    beside = " ".join((text[wide.start : own.start], text[own.end : wide.end], heading))
    return dict.fromkeys(content_stems(beside))
