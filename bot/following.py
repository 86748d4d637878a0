"""Which followed topics a document speaks of, and in which passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bot.timeline import LEAST_COSINE, LEAST_SHARE
from corpus.document import StatusKind
from corpus.errors import InputError
from corpus.journal import Action
from index import thesaurus
from index.fusion import carried
from index.query import cleaned, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.state.digests import Follow
    from corpus.document import Document, Kind, Span
    from corpus.journal import Entry
    from index.catalogue import Candidate
    from index.opened import OpenSnapshot
    from index.query import Part, Term

# Passages of one document that are shown for a topic; more would be the document itself.
MOST_PASSAGES = 3
# A matrix of so many topics and a long document's passages takes some megabytes.
_TOPICS_AT_ONCE = 2_000


class QueryEncoder(Protocol):
    """Texts of queries to unit vectors."""

    @property
    def dimension(self) -> int:
        """The number of components, d."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (n, d), float32, each row of unit length."""


@dataclass(frozen=True, slots=True)
class Passages:
    """What a document is matched by.

    ``candidates`` are its passages without the one that is its title, ``vectors`` theirs, of
    shape (n, d); ``weigh`` tells how much a word says in the corpus.
    """

    kind: Kind
    candidates: tuple[Candidate, ...]
    vectors: NDArray[np.float32]
    weigh: Callable[[Term], float]


@dataclass(frozen=True, slots=True)
class _Topic:
    part: Part
    vector: NDArray[np.float32]


class Topics:
    """Topics read and encoded, each once. One is used by one thread at a time.

    They are read as they are written: what a topic names may not be in the corpus yet, so that
    a word nobody has used is no misspelling.
    """

    def __init__(self) -> None:
        self._known: dict[str, _Topic] = {}

    def learn(self, topics: Iterable[str], encoder: QueryEncoder) -> None:
        """Read and encode those of ``topics`` that are new, and forget all others.

        Every ``encoder`` is of the same model.
        """
        wanted = dict.fromkeys(topics)
        new = [topic for topic in wanted if topic not in self._known]
        parts = [_read(topic) for topic in new]
        vectors = encoder.encode_queries([part.text for part in parts]) if new else ()
        known = {topic: self._known[topic] for topic in wanted if topic in self._known}
        self._known = known | {
            topic: _Topic(part, vector)
            for topic, part, vector in zip(new, parts, vectors, strict=True)
        }

    def found(self, topics: Sequence[str], passages: Passages) -> dict[str, tuple[Span, ...]]:
        """The passages of a document that speak of each of ``topics``, the nearest first.

        At most `MOST_PASSAGES` of each; a topic that it does not speak of is left out.
        """
        found: dict[str, tuple[Span, ...]] = {}
        if not passages.candidates:
            return found
        for start in range(0, len(topics), _TOPICS_AT_ONCE):
            some = topics[start : start + _TOPICS_AT_ONCE]
            found |= _matched(some, [self._known[topic] for topic in some], passages)
        return found


def checked_topic(topic: str) -> str:
    """A topic on one line.

    Raises:
        InputError: it says nothing that could be looked for.
    """
    text = cleaned(topic)
    if not _read(text).terms:
        raise InputError("that topic has no word that could be looked for; name what it is about")
    return text


def matches(
    follows: Sequence[Follow], topics: Topics, passages: Passages
) -> dict[int, tuple[Span, ...]]:
    """The passages for each follow that a document matches, by the follow's id.

    ``topics`` has learned the topics of all of them.
    """
    wanted = [one for one in follows if one.kind is None or one.kind == passages.kind]
    found = topics.found(list(dict.fromkeys(one.topic for one in wanted)), passages)
    return {one.id: found[one.topic] for one in wanted if one.topic in found}


def passages_of(snapshot: OpenSnapshot, document: Document) -> Passages:
    """What a document of an open snapshot is matched by.

    Raises:
        SnapshotDamaged: the index cannot be read.
    """
    title = document.metadata.title
    candidates = tuple(
        one
        for one in snapshot.catalogue.of_document(document.id)
        if document.text_at(one.passage.span) != title
    )
    vectors = snapshot.dense.vectors([one.passage.row for one in candidates])
    return Passages(document.metadata.kind, candidates, vectors, snapshot.searcher.weight)


def is_news(entry: Entry, line: int, journal: Sequence[Entry]) -> bool:
    """Whether line ``line`` of a journal brought a text that followers are to hear of.

    Not if a later line took its place, or if it is a copy of what they heard already.
    """
    brought = entry.action in (Action.ADDED, Action.CORRECTED) and entry.copy_of is None
    return brought and all(later.id != entry.id for later in journal[line + 1 :])


def current(snapshot: OpenSnapshot, entry: Entry) -> Document | None:
    """The document that ``entry`` brought, if the snapshot holds it in that text, as current."""
    try:
        document = snapshot.catalogue.document(entry.id)
    except KeyError:
        return None
    is_hidden = entry.id in snapshot.catalogue.hidden
    same = document.sha256 == entry.text_sha256 and document.status.kind is StatusKind.CURRENT
    return document if same and not is_hidden else None


class _AsWritten:
    """A vocabulary that takes every word for one."""

    def has(self, form: str) -> bool:
        return bool(form)

    def nearest(self, form: str) -> None:
        del form

    def like(self, phrase: tuple[str, ...]) -> thesaurus.Entry | None:
        return thesaurus.like(phrase)


def _read(topic: str) -> Part:
    return read(topic, _AsWritten())


def _matched(
    names: Sequence[str], topics: Sequence[_Topic], passages: Passages
) -> dict[str, tuple[Span, ...]]:
    terms = [topic.part.terms for topic in topics]
    candidates = passages.candidates
    weights = {term: passages.weigh(term) for term in {term for some in terms for term in some}}
    cosines = np.stack([topic.vector for topic in topics]) @ passages.vectors.T
    around = _shares(terms, [one.stems | one.around for one in candidates], weights)
    own = _shares(terms, [one.stems for one in candidates], weights)
    near = (cosines >= LEAST_COSINE) | (around >= LEAST_SHARE)
    # A passage whose neighbours alone speak of the topic shows nothing of it.
    telling = near & ((cosines >= LEAST_COSINE) | (own > 0))
    # A heading announces what the sentences below it say.
    score = cosines + own + around + np.array([one.passage.is_sentence for one in candidates])
    found = {}
    for row in np.flatnonzero(near.any(axis=1)).tolist():
        columns = np.flatnonzero(telling[row] if telling[row].any() else near[row])
        best = columns[np.argsort(-score[row, columns], kind="stable")][:MOST_PASSAGES]
        found[names[row]] = tuple(candidates[at].passage.span for at in best)
    return found


def _shares(
    topics: Sequence[Sequence[Term]],
    passages: Sequence[frozenset[str]],
    weights: Mapping[Term, float],
) -> NDArray[np.float32]:
    """Shape (topics, passages): the share of a topic's weight that a passage's stems carry.

    The same as `index.fusion.features` has it, for all of them at once.
    """
    present: set[str] = set().union(*passages)
    borne = {
        term: np.array([carried(term, stems) for stems in passages], dtype=np.float32)
        for term in weights
        if not present.isdisjoint(term.stems)
    }
    shares = np.zeros((len(topics), len(passages)), dtype=np.float32)
    for row, terms in enumerate(topics):
        whole = sum(weights[term] for term in terms)
        for term in terms:
            if term in borne and whole > 0:
                shares[row] += np.float32(weights[term] / whole) * borne[term]
    return shares
