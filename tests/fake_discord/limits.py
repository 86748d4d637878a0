"""Discord's limits on messages, as faults that say where they are.

Lengths are taken before white space is trimmed, as Discord's description of its API has it: its
guide has it otherwise, and a bot that keeps to the stricter reading is right by both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .component_limits import component_faults
from .constants import ALT_TEXT
from .measure import Path, count, dictionaries, length
from .records import Fault, Json, Upload
from .text import trim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CONTENT = 2000
EMBEDS = 10
EMBED_TITLE = 256
EMBED_DESCRIPTION = 4096
EMBED_FIELDS = 25
EMBED_FIELD_NAME = 256
EMBED_FIELD_VALUE = 1024
EMBED_FOOTER = 2048
EMBED_AUTHOR = 256
EMBED_TOTAL = 6000
URL = 2048
MENTIONED = 100
FILES = 10


def message_faults(body: Any, uploads: Iterable[Upload] = (), at: Path = ()) -> Iterator[Fault]:
    """What is wrong with a message, new or an edit, whose body stands at `at` in its request."""
    if not isinstance(body, dict):
        return
    yield from length(body.get("content"), (*at, "content"), "content", CONTENT)
    yield from count(body.get("embeds"), (*at, "embeds"), "embeds", EMBEDS)
    for i, embed in dictionaries(body.get("embeds")):
        yield from _embed_faults(embed, (*at, "embeds", i))
    yield from _total_faults(body.get("embeds"), (*at, "embeds"))
    yield from _mention_faults(body.get("allowed_mentions"), (*at, "allowed_mentions"))
    files = list(uploads)
    yield from count(files, (*at, "attachments"), "files", FILES)
    for i, file in enumerate(files):
        path = (*at, "attachments", i, "description")
        yield from length(file.description, path, "file.description", ALT_TEXT)
    yield from component_faults(body, at)


def _embed_faults(embed: Json, at: Path) -> Iterator[Fault]:
    author, footer = _part(embed, "author"), _part(embed, "footer")
    for part, key, path, limit, most in (
        (embed, "title", (*at, "title"), "embed.title", EMBED_TITLE),
        (embed, "description", (*at, "description"), "embed.description", EMBED_DESCRIPTION),
        (author, "name", (*at, "author", "name"), "embed.author", EMBED_AUTHOR),
        (footer, "text", (*at, "footer", "text"), "embed.footer", EMBED_FOOTER),
    ):
        yield from length(part.get(key), path, limit, most)
    yield from _link_faults(embed.get("url"), (*at, "url"))
    yield from count(embed.get("fields"), (*at, "fields"), "embed.fields", EMBED_FIELDS)
    for i, field in dictionaries(embed.get("fields")):
        for key, most in (("name", EMBED_FIELD_NAME), ("value", EMBED_FIELD_VALUE)):
            path = (*at, "fields", i, key)
            # A field of white space alone is as good as none.
            value = field.get(key) if _trimmed(field, key) else ""
            yield from length(value, path, f"embed.field.{key}", most, least=1)
    words = (_trimmed(embed, key) for key in ("title", "description"))
    if not any((*words, author, footer, *(embed.get(k) for k in ("image", "thumbnail", "fields")))):
        path = (*at, "description")
        yield Fault(path, "BASE_TYPE_REQUIRED", "This field is required", "embed.empty")


def _link_faults(url: Any, at: Path) -> Iterator[Fault]:
    yield from length(url, at, "embed.url", URL)
    if isinstance(url, str) and not url.startswith(("http://", "https://")):
        message = "Scheme must be one of ('http', 'https')."
        yield Fault(at, "URL_TYPE_INVALID_SCHEME", message, "embed.url")


def _part(embed: Json, key: str) -> Json:
    value = embed.get(key)
    return value if isinstance(value, dict) else {}


def _trimmed(part: Json, key: str) -> str | None:
    value = part.get(key)
    return trim(value) if isinstance(value, str) else None


def _characters(embed: Json) -> int:
    """The characters of an embed that count towards a message's 6,000."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [_part(embed, "author").get("name"), _part(embed, "footer").get("text")]
    for _, field in dictionaries(embed.get("fields")):
        texts += [field.get("name"), field.get("value")]
    return sum(len(text) for text in texts if isinstance(text, str))


def _total_faults(embeds: Any, at: Path) -> Iterator[Fault]:
    if sum(_characters(embed) for _, embed in dictionaries(embeds)) > EMBED_TOTAL:
        message = f"Embed size exceeds maximum size of {EMBED_TOTAL}"
        yield Fault(at, "MAX_EMBED_SIZE_EXCEEDED", message, "embed.total")


def _mention_faults(allowed: Any, at: Path) -> Iterator[Fault]:
    if not isinstance(allowed, dict):
        return
    for key in ("users", "roles"):
        yield from count(allowed.get(key), (*at, key), "mentions", MENTIONED)
        if allowed.get(key) and key in (allowed.get("parse") or ()):
            message = f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.'
            yield Fault(at, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message, "mentions")
