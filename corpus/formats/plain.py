"""Plain text: it is taken as it is, and states of itself what its labelled lines say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.dates import find_dateline
from corpus.document import Metadata
from corpus.draft import Draft
from corpus.formats.encoding import cleaned, decode

if TYPE_CHECKING:
    from corpus.formats.received import Received

_LABELLED = re.compile(r"(title|author|publisher|url|rights)\s*:\s*(\S.*)", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>]+")
# Labels further down belong to the text.
_TOP_LINES = 10
_LONGEST_VALUE = 300


def read(received: Received) -> Draft:
    """Read a text file. Its words stay as they are, labelled lines included.

    Raises:
        DocumentError: it is no text.
    """
    decoded, told = decode(received)
    text, removed = cleaned(received, decoded)
    metadata, notes = stated(text)
    return Draft(metadata, text, received.source or received.name, (*told, *removed, *notes))


def stated(text: str) -> tuple[Metadata, tuple[str, ...]]:
    """What a text says of itself: "Title: …" at its top, and its dateline. And notes on that."""
    lines = [line for line in text.split("\n") if line.strip()]
    published, notes = find_dateline(lines)
    found: dict[str, str] = {}
    for line in lines[:_TOP_LINES]:
        match = _LABELLED.fullmatch(line.strip()) if len(line) <= _LONGEST_VALUE else None
        if match is not None:
            key, value = match[1].lower(), match[2].strip()
            if key != "url" or _URL.fullmatch(value):
                found.setdefault(key, value)
    return Metadata(kind="other", published=published, **found), notes  # type: ignore[arg-type]
