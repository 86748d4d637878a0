"""A draft as JSON, and back: what a preview has to remember until somebody decides; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpus.document import Metadata, PartialDate, text_sha256
from corpus.draft import Draft

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# The kind of view that a preview is kept as.
KIND = "draft"
_TEXTS = ("kind", "title", "publisher", "author", "url", "rights")
_DATES = ("published", "retrieved")


def draft_values(draft: Draft) -> dict[str, Any]:
    """``draft`` as JSON, its text too."""
    stated = draft.metadata
    return {
        **{name: getattr(stated, name) for name in _TEXTS},
        **{name: (when := getattr(stated, name)) and str(when) for name in _DATES},
        "trimmed": list(stated.trimmed),
        "text": draft.text,
        "source": draft.source,
        "notes": list(draft.notes),
    }


def draft_of(values: Mapping[str, Any]) -> Draft:
    """What `draft_values` wrote.

    Raises:
        KeyError: something is missing.
        ValueError: a date is none.
        TypeError: something is none of what was written.
    """
    found: dict[str, Any] = {name: values[name] for name in _TEXTS}
    found |= {name: values[name] and PartialDate.parse(values[name]) for name in _DATES}
    metadata = Metadata(**found, trimmed=tuple(values["trimmed"]))
    return Draft(metadata, values["text"], values["source"], tuple(values["notes"]))


def holds(values: Mapping[str, Any], texts: Collection[str]) -> bool:
    """Whether a preview's values have a draft of a text whose hex SHA-256 is among ``texts``."""
    draft = values.get("draft")
    text = draft.get("text") if isinstance(draft, dict) else None
    return isinstance(text, str) and text_sha256(text) in texts
