"""What was said when about a topic: found, and as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.citations import PUBLISHER_UNKNOWN, said_by
from bot.pages import DATE_UNKNOWN, SCHEMA, label, speaker_line
from index.permalink import permalink
from index.query import cleaned, read
from index.spelling import CorpusVocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.document import Document, Kind, PartialDate, Span
    from corpus.quotations.types import Speaker
    from index.fusion import Scored
    from index.opened import OpenSnapshot
    from index.types import Query

# Of the topic's wording, each word weighed by its rarity, or of the meaning; chosen on the starter
# documents. Below both, a document speaks of something else, for a follow as for a timeline.
LEAST_SHARE = 0.5
LEAST_COSINE = 0.55


@dataclass(frozen=True, slots=True)
class Entry:
    """What one document says of the topic: its most relevant passage.

    ``published`` is as precise as the document states it; ``speaker`` is whose words they are,
    ``None`` if the document's own.
    """

    document_id: str
    span: Span
    published: PartialDate | None
    kind: Kind
    publisher: str | None
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Entries in order of date, the undated ones last.

    ``undated_left_out`` counts the documents that a date filter dropped for having no date,
    whatever they are about; ``more`` the documents on the topic beyond those in ``entries``.
    """

    topic: str
    entries: tuple[Entry, ...]
    undated_left_out: int = 0
    more: int = 0

    @property
    def dated(self) -> tuple[Entry, ...]:
        """Those with a date, in its order."""
        return tuple(entry for entry in self.entries if entry.published is not None)

    @property
    def undated(self) -> tuple[Entry, ...]:
        """Those without."""
        return tuple(entry for entry in self.entries if entry.published is None)


def timeline(snapshot: OpenSnapshot, query: Query) -> Timeline:
    """What the documents that ``query`` leaves say of its text; at most ``query.limit`` of them.

    Raises:
        InputError: the topic is empty or too long.
        SnapshotDamaged: the index cannot be read.
    """
    topic = cleaned(query.text)
    allowed = snapshot.searcher.allowed(query)
    vocabulary = CorpusVocabulary(snapshot.catalogue, snapshot.encoder)
    best: dict[str, Entry] = {}
    for hit in snapshot.searcher.rank(read(topic, vocabulary), allowed):
        passage = hit.candidate.passage
        document = snapshot.document(passage.document_id)
        is_title = document.text_at(passage.span) == document.metadata.title
        if document.id not in best and not is_title and _is_near(hit):
            best[document.id] = _entry(snapshot, document, passage.span)
    found = sorted(list(best.values())[: query.limit], key=_in_time)
    return Timeline(topic, tuple(found), allowed.undated_left_out, len(best) - len(found))


def heading(found: Timeline) -> str:
    """How many documents, how many of them undated, and what was left out."""
    count, undated = len(found.entries), len(found.undated)
    text = f"{count} document{'' if count == 1 else 's'}" if count else "No document"
    if undated:
        text += f", {undated} of them undated"
    if found.more:
        text += f"; {found.more} less relevant not shown"
    if found.undated_left_out:
        text += f"; {found.undated_left_out} undated left out by the date filter"
    return text


def lines(entry: Entry, document: Document) -> tuple[str, ...]:
    """An entry as plain lines: when and what, the words, who, the permalink."""
    return (
        _about(entry, document),
        document.text_at(entry.span),
        *([f"— {speaker_line(entry.speaker)}"] if entry.speaker else []),
        permalink(document, entry.span),
    )


def timeline_json(found: Timeline, document: Callable[[str], Document]) -> dict[str, Any]:
    """The timeline as ``timeline --json`` prints it (schema 1); offsets are half-open."""
    return {
        "schema": SCHEMA,
        "topic": found.topic,
        "undated_left_out": found.undated_left_out,
        "more": found.more,
        "entries": [_entry_json(entry, document(entry.document_id)) for entry in found.entries],
    }


def _entry(snapshot: OpenSnapshot, document: Document, span: Span) -> Entry:
    metadata = document.metadata
    quotations = snapshot.catalogue.quotations(document.id, span)
    return Entry(
        document.id,
        span,
        metadata.published,
        metadata.kind,
        metadata.publisher,
        said_by(quotations, document, span),
    )


def _in_time(entry: Entry) -> tuple[str, str, str]:
    if entry.published is None:
        return "~", "", entry.document_id
    days = entry.published.first_day, entry.published.last_day
    return days[0].isoformat(), days[1].isoformat(), entry.document_id


def _is_near(hit: Scored) -> bool:
    return hit.features["around"] >= LEAST_SHARE or hit.features["cosine"] >= LEAST_COSINE


def _about(entry: Entry, document: Document) -> str:
    when = entry.published.spoken if entry.published else DATE_UNKNOWN
    parts = (when, entry.kind, entry.publisher or PUBLISHER_UNKNOWN, label(document))
    return " · ".join(" ".join(part.split()) for part in parts)


def _entry_json(entry: Entry, document: Document) -> dict[str, Any]:
    speaker, metadata = entry.speaker, document.metadata
    return {
        "document": document.id,
        "start": entry.span.start,
        "end": entry.span.end,
        "text": document.text_at(entry.span),
        "published": entry.published and str(entry.published),
        "kind": entry.kind,
        "publisher": entry.publisher,
        "title": metadata.title,
        "url": metadata.url,
        "sha256": document.sha256,
        "permalink": permalink(document, entry.span),
        "speaker": speaker and speaker.name,
        "role": speaker and speaker.role,
        "organisation": speaker and speaker.organisation,
    }
