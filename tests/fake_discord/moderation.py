"""What Discord does to texts without being asked: AutoMod's keywords, and alterations."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .components import walk
from .errors import ApiError, Refusal
from .measure import dictionaries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .records import Guild, Json

READABLE = {
    "content": ("content",),
    "embeds": ("title", "description", "name", "value", "text"),
    "components": ("content", "label", "placeholder", "description"),
}
"""Which texts of a message's body people read, by the part of the body they stand in."""


@dataclass(slots=True)
class Moderation:
    """The keywords of each guild, and what is replaced in every text."""

    keywords: dict[int, re.Pattern[str]] = field(default_factory=dict)
    alterations: list[tuple[str, str]] = field(default_factory=list)

    def forbid(self, guild: Guild, keywords: Iterable[str]) -> None:
        """Block messages in `guild` that hold a keyword, and no longer any other.

        As in AutoMod, a keyword is a whole word in any case, unless * stands at an end of it.
        """
        patterns = [_pattern(keyword) for keyword in keywords]
        self.keywords.pop(guild.id, None)
        if patterns:
            self.keywords[guild.id] = re.compile("|".join(patterns), re.IGNORECASE)

    def check(self, guild: Guild | None, body: Json) -> None:
        """Raise ApiError where a message's body holds a keyword of its guild's."""
        pattern = self.keywords.get(guild.id) if guild is not None else None
        if pattern is not None and any(pattern.search(text) for text in _texts(body)):
            raise ApiError(Refusal.BLOCKED_BY_AUTOMOD)

    def altered(self, body: Json) -> Json:
        """A message's body with the alterations made in all that people read of it."""
        if not self.alterations:
            return body
        return {key: self._alter(v, READABLE.get(key, ())) for key, v in body.items()}

    def _alter(self, value: Any, readable: tuple[str, ...], key: str = "content") -> Any:
        if isinstance(value, dict):
            return {inner: self._alter(item, readable, inner) for inner, item in value.items()}
        if isinstance(value, list):
            return [self._alter(item, readable, key) for item in value]
        if isinstance(value, str) and key in readable:
            for old, new in self.alterations:
                value = value.replace(old, new)
        return value


def _pattern(keyword: str) -> str:
    word = keyword.strip("*")
    if not word:
        raise ValueError("a keyword needs more than *")
    start = "" if keyword.startswith("*") else r"(?<!\w)"
    end = "" if keyword.endswith("*") else r"(?!\w)"
    return start + re.escape(word) + end


def _texts(body: Json) -> Iterator[str]:
    """What AutoMod reads: content, embeds and text displays."""
    values = [body.get("content")]
    for _, embed in dictionaries(body.get("embeds")):
        values += [embed.get("title"), embed.get("description")]
        values += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
        for _, part in dictionaries(embed.get("fields")):
            values += [part.get("name"), part.get("value")]
    values += [part.get("content") for part in walk(body.get("components"))]
    yield from (value for value in values if isinstance(value, str))
