"""The ids of new documents: short, plain, and never the name of something else."""

from __future__ import annotations

import re
import unicodedata
from itertools import count
from typing import TYPE_CHECKING

from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Container

# With ".md" and the number of a version it still fits wherever a file name does.
LONGEST_ID = 50
_ID = re.compile(rf"[a-z0-9](?:[a-z0-9-]{{0,{LONGEST_ID - 2}}}[a-z0-9])?")
_APOSTROPHES = re.compile("['’‘ʼ`´]")
_OTHER = re.compile("[^a-z0-9]+")
# It describes the folder and is no document; file systems may take it for README.md.
_RESERVED = ("readme",)
_FIRST_WORDS, _FIRST_CHARACTERS = 8, 500
_UNNAMED = "document"


def checked_id(document_id: str) -> str:
    """``document_id``, if a new document may be called so.

    Raises:
        InputError: it is no plain name.
    """
    if _ID.fullmatch(document_id) is None or document_id in _RESERVED:
        raise InputError(
            f"{document_id[:LONGEST_ID]!r} cannot be an id; use lower-case letters a-z, digits and "
            f"hyphens between them, {LONGEST_ID} at most"
        )
    return document_id


def proposed_id(title: str | None, text: str, taken: Container[str]) -> str:
    """A new id from the title, or else from the first words; numbered where it is taken."""
    first_line = text.lstrip().partition("\n")[0]
    first_words = " ".join(first_line[:_FIRST_CHARACTERS].split()[:_FIRST_WORDS])
    slug = _slug(title or "") or _slug(first_words) or _UNNAMED
    if slug not in taken and slug not in _RESERVED:
        return slug
    for number in count(2):
        ending = f"-{number}"
        candidate = _shortened(slug, LONGEST_ID - len(ending)) + ending
        if candidate not in taken:
            return candidate
    raise AssertionError("numbers do not end")


def _slug(words: str) -> str:
    plain = _APOSTROPHES.sub("", words)
    ascii_only = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return _shortened(_OTHER.sub("-", ascii_only.lower()).strip("-"), LONGEST_ID)


def _shortened(slug: str, length: int) -> str:
    """At most ``length`` characters, cut between words where that leaves half of them."""
    if len(slug) <= length:
        return slug
    cut = slug.rfind("-", 0, length + 1)
    return slug[: cut if cut >= length // 2 else length].strip("-")
