"""What Discord does to text on its way in."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .records import Json

KEPT_CONTROLS = "\n\t\r"


def trim(text: str) -> str:
    """An embed's text as Discord keeps it: without white space at either end."""
    return text.strip()


def clean(content: str) -> str:
    """A message's content as Discord keeps it.

    Discord says only that it "may strip certain characters, like invalid unicode characters
    or characters which cause unexpected message formatting". We read that as control characters
    and lone surrogates, so that a bot which relies on them is found out.
    """
    kept = (c for c in content if c in KEPT_CONTROLS or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept).strip()


def tidy_embed(embed: Json) -> Json:
    """An embed as Discord gives it back: trimmed, of type rich, without keys that say nothing."""
    tidy: Json = {"type": "rich"}
    for key, value in embed.items():
        if value is None or key == "type":
            continue
        tidy[key] = _trim_deep(value)
    for field in tidy.get("fields", ()):
        field.setdefault("inline", False)
    return tidy


def _trim_deep(value: Any) -> Any:
    if isinstance(value, str):
        return trim(value)
    if isinstance(value, list):
        return [_trim_deep(item) for item in value]
    if isinstance(value, dict):
        return {key: _trim_deep(item) for key, item in value.items() if item is not None}
    return value
