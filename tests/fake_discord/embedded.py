"""Files that a message shows inside its embeds and components, by attachment:// addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .errors import ApiError, Refusal
from .records import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .records import Attachment, Channel, Json

SCHEME = "attachment://"
Path = tuple[str | int, ...]


def address(base: str, channel: Channel, attachment: Attachment) -> str:
    """Where a file can be fetched."""
    name = quote(attachment.filename)
    return f"{base}/attachments/{channel.id}/{attachment.id}/{name}"


def resolved(part: Any, files: Mapping[str, tuple[Attachment, str]], at: Path) -> Any:
    """A part of a message with the addresses of `files`, which are by name, in their place.

    Raises ApiError for a file that is not there: Discord would show a hole.
    """
    if isinstance(part, list | tuple):
        return type(part)(resolved(item, files, (*at, i)) for i, item in enumerate(part))
    if not isinstance(part, dict):
        return part
    out: Json = {}
    for key, value in part.items():
        out[key] = resolved(value, files, (*at, key))
        if key in ("url", "icon_url") and isinstance(value, str) and value.startswith(SCHEME):
            file, url = _find(value, files, (*at, key))
            out |= {key: url, f"proxy_{key}": url}
            if at[0] == "components":
                out |= {"id": str(file.id), "attachment_id": str(file.id)}
    return out


def shown_in(embeds: Any) -> Iterator[str]:
    """Every address that embeds show."""
    if isinstance(embeds, list | tuple):
        for item in embeds:
            yield from shown_in(item)
    elif isinstance(embeds, dict):
        for key, value in embeds.items():
            if key in ("url", "icon_url") and isinstance(value, str):
                yield value
            else:
                yield from shown_in(value)


def _find(
    value: str, files: Mapping[str, tuple[Attachment, str]], at: Path
) -> tuple[Attachment, str]:
    name = value.removeprefix(SCHEME)
    if name not in files:
        message = f"no file {name!r} comes with the message, only {sorted(files)}"
        fault = Fault(at, "ATTACHMENT_NOT_FOUND", message, "embed.attachment")
        raise ApiError(Refusal.INVALID_FORM_BODY, fault)
    return files[name]
