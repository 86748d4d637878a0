"""A Markdown file that comes in: one of ours is taken as it is, any other is a text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpus.dates import stated_date
from corpus.draft import Draft
from corpus.errors import DocumentError
from corpus.formats import markdown
from corpus.formats.encoding import cleaned, decode
from corpus.formats.plain import stated
from corpus.formats.received import shown_name

if TYPE_CHECKING:
    from corpus.document import Metadata
    from corpus.formats.received import Received

_HEADING = re.compile(r"^# +(\S[^\n]*?)(?: +#+)?[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)", re.MULTILINE | re.DOTALL)
_URL = re.compile(r"https?://[^\s<>]+")
# What other programs' keys mean, where they can mean one thing only.
_FIELDS = {
    "title": "title", "author": "author", "publisher": "publisher", "rights": "rights",
    "license": "rights", "url": "url", "canonical_url": "url", "published": "published",
    "date": "published",
}  # fmt: skip
_LONGEST_VALUE = 300
_NAMED = 5


def read(received: Received) -> Draft:
    """Read a Markdown file.

    With our keys in its front matter it is read as `corpus.formats.markdown` reads it. Of any
    other front matter the keys that can mean one thing only are used, and a note names the rest.
    Markup stays as it is.

    Raises:
        DocumentError: it is no text, or ours and malformed.
    """
    source = received.source or received.name
    decoded, told = decode(received)
    front = markdown.split(decoded)
    if front is None:
        text, removed = cleaned(received, decoded)
        metadata, notes = _stated(text)
        return Draft(metadata, text, source, (*told, *removed, *notes))
    values = _values(front[0])
    if values is not None and "kind" in values and values.keys() <= set(markdown.KEYS):
        document = markdown.parse(shown_name(received.name), decoded.encode("utf-8"))
        text, removed = cleaned(received, document.text)
        return Draft(document.metadata, text, source, (*told, *removed))
    text, removed = cleaned(received, front[1])
    metadata, notes = _stated(text)
    if values is None:
        ignored: tuple[str, ...] = ("has front matter that is not YAML; it was ignored",)
    else:
        metadata, ignored = _with_keys(metadata, values)
    kept = notes if metadata.published is None else ()
    return Draft(metadata, text, source, (*told, *removed, *kept, *ignored))


def _values(front_matter: str) -> dict[str, Any] | None:
    try:
        return markdown.values_of("", front_matter)
    except DocumentError:
        return None


def _stated(text: str) -> tuple[Metadata, tuple[str, ...]]:
    metadata, notes = stated(text)
    heading = _HEADING.search(_FENCE.sub("", text))
    title = metadata.title or (heading[1].strip() if heading else None)
    return replace(metadata, title=title), notes


def _with_keys(metadata: Metadata, values: dict[str, Any]) -> tuple[Metadata, tuple[str, ...]]:
    """``metadata`` with what foreign front matter says for certain, and notes on the rest."""
    ignored = []
    for key, value in values.items():
        text = value.strip() if isinstance(value, str) else ""
        field = _FIELDS.get(str(key).lower())
        date = stated_date(text) if field == "published" else None
        if (
            field is None
            or not text
            or not text.isprintable()
            or len(text) > _LONGEST_VALUE
            or (field == "published" and date is None)
            or (field == "url" and not _URL.fullmatch(text))
        ):
            ignored.append(str(key))
        else:
            metadata = replace(metadata, **{field: date or text})  # type: ignore[arg-type]
    if not ignored:
        return metadata, ()
    more = " and more" if len(ignored) > _NAMED else ""
    named = ", ".join(shown_name(key) for key in ignored[:_NAMED])
    return metadata, (f"has front matter of which {named}{more} was ignored",)
