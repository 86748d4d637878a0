"""An e-mail: the text of its body; subject, sender and date of its headers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.utils import parsedate_tz
from typing import TYPE_CHECKING

from corpus.document import PartialDate
from corpus.formats import html, plain
from corpus.formats.received import Received, shown_name

if TYPE_CHECKING:
    from email.message import EmailMessage

    from corpus.draft import Draft

# RFC 3676: a line that ends in a space goes on in the next one, but for the signature's "-- ".
_FLOWED = re.compile(rb"(?<=\S)(?<!^--) \r?\n(?=[^\s>])", re.MULTILINE)
# What the standard library's parser of headers raises when it meets damaged ones.
_DAMAGE = (MessageError, ValueError, LookupError, AttributeError, TypeError)


@dataclass(frozen=True, slots=True)
class _Mail:
    body: Received
    is_html: bool
    title: str | None
    author: str | None
    published: PartialDate | None
    notes: tuple[str, ...]


def read(received: Received) -> Draft:
    """Read an e-mail: its plain text, or else its HTML. Attachments are named in a note.

    The day is the one that the ``Date`` header writes, in the sender's time zone.

    Raises:
        DocumentError: it is damaged, or its body holds no text.
    """
    try:
        mail = _parts(received)
    except _DAMAGE as error:
        raise received.refused(
            "is a damaged e-mail; save it again from the mail program"
        ) from error
    if mail is None:
        raise received.refused("is an e-mail without text; add its attachments as files")
    draft = html.read(mail.body) if mail.is_html else plain.read(mail.body)
    metadata = replace(
        draft.metadata,
        title=mail.title or draft.metadata.title,
        author=mail.author or draft.metadata.author,
        published=mail.published or draft.metadata.published,
    )
    return replace(draft, metadata=metadata, notes=(*draft.notes, *mail.notes))


def _parts(received: Received) -> _Mail | None:
    message: EmailMessage = message_from_bytes(received.content, policy=policy.default)
    body = message.get_body(("plain", "html"))
    content = body.get_payload(decode=True) if body is not None else None
    if body is None or not isinstance(content, bytes):
        return None
    is_html = body.get_content_type() == "text/html"
    if not is_html and body.get_param("format") == "flowed":
        content = _FLOWED.sub(b" ", content)
    attached = [
        shown_name(part.get_filename() or part.get_content_type())
        for part in message.iter_attachments()
        if part is not body
    ]
    notes = (
        (f"has attachments, which were left out: {', '.join(attached[:3])}",) if attached else ()
    )
    senders = message["From"].addresses if message["From"] is not None else ()
    sender = (senders[0].display_name or senders[0].addr_spec) if senders else ""
    date = parsedate_tz(str(message["Date"])) if message["Date"] is not None else None
    return _Mail(
        replace(received, content=content, charset=_text(body.get_content_charset() or "")),
        is_html,
        _text(str(message["Subject"] or "")),
        _text(sender),
        PartialDate(*date[:3]) if date else None,
        notes,
    )


def _text(value: str) -> str | None:
    """A header as one line, or ``None`` where nothing stands."""
    line = " ".join(value.split())
    return line if line and "\ufffd" not in line else None
