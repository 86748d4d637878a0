"""What a message of the bot's shows of a document; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.document import Span


@dataclass(frozen=True, slots=True)
class PostedExcerpt:
    """What a message shows: offsets of the document's text of that SHA-256.

    ``document_id`` is followed by ``@`` where the words are shown as those of a version that no
    longer stands: nothing but its erasure changes what is to be shown of it.
    """

    document_id: str
    text_sha256: str
    span: Span
