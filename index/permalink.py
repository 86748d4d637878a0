"""Permalinks: a name for words of a text that holds for as long as the text is kept.

``mq-4f1c29d0a6b3e875-120-209-k3w9vd``: the beginning of the text's SHA-256, the half-open
offsets, and a check. The first half of the check is of the words, so that no other words are
ever shown; the second is of all that stands before it, so that a slip is told even where the
words are gone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from corpus.document import Document, Span, StatusKind
from corpus.errors import InputError
from corpus.journal import Action, folded
from corpus.library import VERSION
from index.revision import Restated, restated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpus.journal import Entry
    from corpus.library import Library

# 64 bits: among a million texts, two begin alike with a chance of one in 37 million.
_HASH_CHARACTERS = 16
# Each half of the check; a slip passes one of them with a chance of one in 32,768.
_CHECK_CHARACTERS = 3
# Crockford's base 32 leaves out what is mistaken for something else.
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1"})
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_FORM = re.compile(
    rf"mq-([0-9a-f]{{{_HASH_CHARACTERS}}})-([0-9]{{1,9}})-([0-9]{{1,9}})"
    rf"-([{_DIGITS}]{{{_CHECK_CHARACTERS}}})([{_DIGITS}]{{{_CHECK_CHARACTERS}}})"
)
_LONGEST = 200
_MISTYPED = "that permalink is mistyped; copy it again, whole"
_EXAMPLE = "mq-4f1c29d0a6b3e875-120-209-k3w9vd"


@dataclass(frozen=True, slots=True)
class Permalink:
    """A permalink, read; ``text_hash`` begins the text's SHA-256, ``check`` is of the words."""

    text_hash: str
    span: Span
    check: str

    def __str__(self) -> str:
        """As people copy it."""
        body = f"mq-{self.text_hash}-{self.span.start}-{self.span.end}-{self.check}"
        return body + _check(body)


@dataclass(frozen=True, slots=True)
class Cited:
    """What a permalink names: the words at ``span`` of ``document``, as they were cited.

    ``now`` says what has taken their place, if the document was corrected since.
    """

    document: Document
    span: Span
    now: Restated | None = None


def permalink(document: Document, span: Span) -> str:
    """The permalink of the words at ``span``.

    Raises:
        ValueError: the span ends beyond the text.
    """
    words = document.text_at(span)
    return str(Permalink(document.sha256[:_HASH_CHARACTERS], span, _check(words)))


def parse(text: str) -> Permalink:
    """Read a permalink as somebody typed or pasted it.

    Raises:
        InputError: it is none, or mistyped.
    """
    found = None
    if len(text) <= _LONGEST:
        typed = text.strip().strip("`<>").strip().lower().translate(_DASHES)
        found = _FORM.fullmatch(typed.translate(_MISREAD))
    if found is None:
        raise InputError(f"that is no permalink; one looks like {_EXAMPLE}")
    text_hash, start, end, check, of_all = found.groups()
    if int(start) >= int(end):
        raise InputError(_MISTYPED)
    read = Permalink(text_hash, Span(int(start), int(end)), check)
    if not str(read).endswith(check + of_all):
        raise InputError(_MISTYPED)
    return read


def resolve(link: Permalink, library: Library, hashes: Mapping[str, str] | None = None) -> Cited:
    """The words that ``link`` names, wherever their document stands by now.

    Documents that the journal knows are found by it. All others are read, or with ``hashes``,
    the sha256 of texts by id as an index has them, those that it says have the text. Of several
    documents with the text, one that is current comes first.

    Raises:
        InputError: no document has that text, it was erased, or the permalink is mistyped.
        DocumentError: the document's file was altered.
        JournalDamaged: the journal does not hold together.
        StorageError: the documents cannot be read.
    """
    entries = library.journal.entries()
    recorded = [library.get(name) for name in _recorded(link, entries, library)]
    for document in recorded:
        if document.status.kind is StatusKind.CURRENT:
            return _cited(link, document, library)
    for document in _put_in_by_hand(link, library, hashes):
        if document.sha256.startswith(link.text_hash):
            return _cited(link, document, library)
    if recorded:
        return _cited(link, recorded[0], library)
    erased = _erasure(link, entries)
    if erased is not None:
        reason = f" ({erased.reason})" if erased.reason else ""
        raise InputError(
            f"the document with those words, {erased.id}, was erased on "
            f"{erased.at.date().isoformat()}{reason}; its text is not kept"
        )
    raise InputError(
        "no document of this corpus has that text; the permalink may be of another corpus, or "
        "the file cannot be used ('metquote corpus check' tells)"
    )


def _recorded(link: Permalink, entries: tuple[Entry, ...], library: Library) -> Iterator[str]:
    """The names of kept versions that have the text: originals before copies, newest first."""
    records = folded(entries, library.journal.path)
    for record in sorted(records.values(), key=lambda one: one.versions[0].copy_of is not None):
        if record.erased is not None:
            continue
        newest = len(record.versions)
        for number in range(newest, 0, -1):
            if (record.versions[number - 1].text_sha256 or "").startswith(link.text_hash):
                yield record.id if number == newest else f"{record.id}{VERSION}{number}"


def _put_in_by_hand(
    link: Permalink, library: Library, hashes: Mapping[str, str] | None
) -> Iterator[Document]:
    if hashes is None:
        yield from library.read().documents
        return
    known = library.journal.records()
    for name, text_hash in hashes.items():
        if text_hash.startswith(link.text_hash) and name.partition(VERSION)[0] not in known:
            try:
                document = library.get(name)
            except InputError:
                # Taken out of the folder since the index was built: it has the text no more.
                continue
            yield document


def _erasure(link: Permalink, entries: tuple[Entry, ...]) -> Entry | None:
    """The last erasure of a document that had the text, whatever came under its id since."""
    had = {entry.id for entry in entries if (entry.text_sha256 or "").startswith(link.text_hash)}
    erasures = [entry for entry in entries if entry.action is Action.ERASED and entry.id in had]
    return erasures[-1] if erasures else None


def _cited(link: Permalink, document: Document, library: Library) -> Cited:
    if link.span.end > len(document.text) or link.check != _check(document.text_at(link.span)):
        raise InputError(_MISTYPED)
    now = None
    if document.status.now is not None:
        now = restated(document, link.span, library.get(document.status.now))
    return Cited(document, link.span, now)


def _check(text: str) -> str:
    number = int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])
    digits = []
    for _ in range(_CHECK_CHARACTERS):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(digits)
