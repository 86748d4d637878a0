"""Near duplicates: an updated version of a release, a syndicated copy.

A text is the set of its runs of five words ("shingles"). The alikeness of two texts is the share
of shingles that they have in common, and whether one is inside the other is the share of the
shorter one's. Comparing every pair would take every text, so that of each only the 256 smallest
hashes are kept, from which both are estimated: A. Z. Broder, "On the resemblance and containment
of documents", Proceedings of Compression and Complexity of Sequences, 1997. The few texts that
come near by these sketches are then compared exactly.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from heapq import nlargest, nsmallest
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from corpus.document import Document, text_sha256
from corpus.errors import DocumentError
from corpus.formats import markdown
from corpus.known import KnownTexts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from corpus.document import Metadata
    from corpus.draft import Draft
    from corpus.journal import Record
    from corpus.library import Library
    from corpus.sketches import Sketches

_WORDS_A_SHINGLE = 5
SKETCH_SIZE = 256
# So many texts are compared exactly, the most alike by their sketches.
_COMPARED = 8
# Below this share of a sketch the texts are not looked at.
_SKETCHES_SHARE = 0.1
_NEAR, _INSIDE = 0.5, 0.8
# A page at the same address may have been rewritten to this degree and still be a version.
_NEAR_AT_SAME_URL = 0.2
# An update keeps this share of what it updates; a notice filled in anew keeps less.
_KEPT_BY_UPDATE = 0.9
_WORD = re.compile(r"[^\W_]+")


class Suggestion(StrEnum):
    """What a text that is near another one is taken for."""

    VERSION = "version"
    """A later state of the same announcement: it takes the other's place."""
    COPY = "copy"
    """The same words brought by somebody else."""
    SEPARATE = "separate"
    """An announcement of its own that follows the same pattern."""


@dataclass(frozen=True, slots=True)
class Near:
    """``document`` is near.

    ``similarity`` is the shared part of both texts, ``contained`` that of the shorter one, 0 to 1.
    """

    document: Document
    similarity: float
    contained: float
    suggestion: Suggestion

    @property
    def id(self) -> str:
        """The id of the document that is near."""
        return self.document.id


def near(
    draft: Draft, library: Library, sketches: Sketches, texts: KnownTexts | None = None
) -> tuple[Near, ...]:
    """The current documents that ``draft`` comes near to, the nearest first.

    One of the same text is no near duplicate: see `corpus.curator.Curator.known`. ``texts`` are
    those of ``library``, from whoever asks more than once.

    Raises:
        JournalDamaged: the journal does not hold together.
        StorageError: the corpus or the file of sketches cannot be read or written.
    """
    files = _current(library, texts or KnownTexts(library))
    # Also those of an erased text, if whoever erased it was killed before they were forgotten.
    sketches.forget(sketches.all().keys() - files.keys())
    missing = files.keys() - sketches.all().keys()
    for text in missing:
        document = _document(*files[text])
        if document is not None and document.sha256 == text:
            sketches.put(text, sketch(shingles(document.text)))
    sketches.flush()
    own = shingles(draft.text)
    mine = text_sha256(draft.text)
    shared = [
        (share, text)
        for text, share in _shares(sketch(own), sketches)
        if share >= _SKETCHES_SHARE and text in files and text != mine
    ]
    found = []
    for _, text in nlargest(_COMPARED, shared):
        document = _document(*files[text])
        if document is not None and document.sha256 == text:
            found.append(_compared(draft, own, document))
    return tuple(sorted((one for one in found if one), key=lambda one: (-one.similarity, one.id)))


def shingles(text: str) -> frozenset[int]:
    """The 64-bit hashes of every run of five words; of a shorter text, of all its words."""
    words = _WORD.findall(text.casefold())
    last = max(len(words) - _WORDS_A_SHINGLE, 0)
    return frozenset(
        int.from_bytes(
            blake2b(" ".join(words[at : at + _WORDS_A_SHINGLE]).encode(), digest_size=8).digest(),
            "little",
        )
        for at in range(last + 1)
    )


def sketch(hashes: frozenset[int]) -> array[int]:
    """The smallest of ``hashes``, at most `SKETCH_SIZE`, in order."""
    return array("Q", nsmallest(SKETCH_SIZE, hashes))


def _shares(mine: array[int], sketches: Sketches) -> Iterator[tuple[str, float]]:
    """For each text the share of its sketch, or of mine where that is smaller, that both have."""
    own = frozenset(mine)
    for text, theirs in sketches.all().items():
        common = len(own.intersection(theirs))
        if common:
            yield text, common / min(len(own), len(theirs))


def _compared(draft: Draft, own: frozenset[int], document: Document) -> Near | None:
    theirs = shingles(document.text)
    common = len(own & theirs)
    similarity = common / len(own | theirs)
    contained = common / min(len(own), len(theirs))
    same_url = _same_url(draft.metadata, document.metadata)
    if not (
        similarity >= _NEAR
        or contained >= _INSIDE
        or (same_url and max(similarity, contained) >= _NEAR_AT_SAME_URL)
    ):
        return None
    kept = common / len(theirs)
    return Near(document, similarity, contained, _suggestion(draft.metadata, document, kept))


def _suggestion(new: Metadata, document: Document, kept: float) -> Suggestion:
    """What the new text is to the old; where the two do not say enough, they stay apart.

    Notices made from one pattern ("Section 60 in place in …") differ in place and date alone, and
    must not take each other's place.
    """
    old = document.metadata
    if _same_url(new, old):
        return Suggestion.VERSION
    publishers = _folded(new.publisher), _folded(old.publisher)
    hosts = _host(new), _host(old)
    who = publishers if all(publishers) else hosts
    if all(who) and who[0] != who[1]:
        return Suggestion.COPY
    says_same = (
        new.title is not None
        and _folded(new.title) == _folded(old.title)
        and new.published is not None
        and new.published == old.published
        and (new.url is None or old.url is None)
    )
    return Suggestion.VERSION if says_same and kept >= _KEPT_BY_UPDATE else Suggestion.SEPARATE


def _same_url(one: Metadata, other: Metadata) -> bool:
    return one.url is not None and other.url is not None and _plain(one.url) == _plain(other.url)


def _plain(url: str) -> tuple[str, str, str]:
    """What of an address says which page it is: not the scheme, not the place within the page."""
    parts = urlsplit(url)
    return parts.netloc.lower().removeprefix("www."), parts.path.rstrip("/"), parts.query


def _host(metadata: Metadata) -> str:
    return "" if metadata.url is None else _plain(metadata.url)[0]


def _folded(words: str | None) -> str:
    return " ".join(_WORD.findall((words or "").casefold()))


def _current(library: Library, texts: KnownTexts) -> dict[str, tuple[str, Path]]:
    """The id and the file of every document that stands, by the hex SHA-256 of its text."""
    records: Mapping[str, Record] = library.journal.records()
    found = {
        record.newest.text_sha256: (record.id, library.folder / record.newest.file)
        for record in records.values()
        if record.newest.text_sha256
        and record.newest.file
        and not (record.withdrawn or record.erased)
    }
    by_hand = texts.unrecorded(records)
    return found | {
        text: (name, library.folder / f"{name}.md") for name, text in by_hand.items() if text
    }


def _document(name: str, path: Path) -> Document | None:
    """The document in ``path``; ``None`` where there is none, which `Library.read` tells of."""
    try:
        return markdown.parse(name, path.read_bytes())
    except (OSError, DocumentError):
        return None
