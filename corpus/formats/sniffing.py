"""Which format some bytes are in: by what they are, then by what was said of them."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.formats.received import Received

_HEAD_BYTES = 2048
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_FEED = re.compile(
    r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|urlset|rdf:RDF)[\s>]", re.DOTALL
)
_FRONT_MATTER = re.compile(r"---[^\S\n]*\r?\n(?:[\w -]+:|#)")
_HEADER = re.compile(r"([!-9;-~]+):(?:[ \t].*)?", re.ASCII)
_MAIL_HEADERS = frozenset(
    "from received return-path delivered-to mime-version message-id subject date to sender "
    "reply-to".split()
)
# So many of them, of which one says who sent it, make an e-mail.
_ENOUGH_HEADERS = 3
_REFUSED = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Office file; save it as DOCX"),
    (b"{\\rtf", "is an RTF file; save it as DOCX"),
    (b"\x1f\x8b", "is compressed; unpack it first"),
    (b"\x89PNG", "is a picture; run it through OCR first"),
    (b"\xff\xd8\xff", "is a picture; run it through OCR first"),
    (b"GIF8", "is a picture; run it through OCR first"),
)
_PDF = b"%PDF-"
_WORD_PART = "word/document.xml"
_TYPES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "message/rfc822": "eml",
    "text/markdown": "markdown_file",
}
_EXTENSIONS = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".eml": "eml", ".md": "markdown_file",
    ".markdown": "markdown_file", ".txt": "plain",
}  # fmt: skip


def format_of(received: Received) -> str:
    """The name of the module of `corpus.formats` that reads these bytes.

    A wrong extension or media type does no harm where the bytes say what they are.

    Raises:
        DocumentError: they are of a kind that none reads.
    """
    content = received.content
    for mark, why in _REFUSED:
        if content.startswith(mark):
            raise received.refused(why)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(received)
    head = _head(content)
    if _FEED.match(head):
        raise received.refused("is a feed; add it to [[feeds]] in config.toml")
    return _by_content(content, head) or _claimed(received)


def _by_content(content: bytes, head: str) -> str | None:
    is_html = head.startswith("<") and _HTML.search(head)
    # Some mail gateways and servers put lines before a PDF's own first one.
    if content.lstrip().startswith(_PDF) or (not is_html and _PDF in content[:_HEAD_BYTES]):
        return "pdf"
    if is_html:
        return "html"
    if _is_mail(head):
        return "eml"
    return "markdown_file" if _FRONT_MATTER.match(head) else None


def _claimed(received: Received) -> str:
    """By media type, and by extension where that says no more than that it is text."""
    media_type = (received.media_type or "").partition(";")[0].strip().lower()
    extension = PurePosixPath(received.name.partition("?")[0]).suffix.lower()
    if media_type == "application/pdf" or extension == ".pdf":
        raise received.refused("is called a PDF, but is none; download it again")
    if extension in {".docx", ".doc"}:
        raise received.refused("is called a Word document, but is none; save it again as DOCX")
    by_extension = _EXTENSIONS.get(extension, "plain")
    if media_type == "text/plain":
        # Servers call every Markdown file plain text.
        return by_extension if by_extension == "markdown_file" else "plain"
    return _TYPES.get(media_type, by_extension)


def _zipped(received: Received) -> str:
    try:
        with zipfile.ZipFile(BytesIO(received.content)) as archive:
            is_word = _WORD_PART in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise received.refused("is a damaged ZIP archive or Word document") from error
    if not is_word:
        raise received.refused("is a ZIP archive, but no Word document; unpack it first")
    return "docx"


def _head(content: bytes) -> str:
    """The beginning as text, whatever its encoding, without marks and space before it."""
    head = content[:_HEAD_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").lstrip()
    return head.decode("utf-8-sig", "replace").lstrip()


def _is_mail(head: str) -> bool:
    """Whether the first lines are headers, and enough of them those of an e-mail."""
    found: set[str] = set()
    for line in head.splitlines():
        if line[:1] in {" ", "\t"} and found:
            continue
        match = _HEADER.fullmatch(line)
        if match is None:
            if found or not line.startswith("From "):
                break
            continue
        found.add(match[1].lower())
    known = found & _MAIL_HEADERS
    return len(known) >= _ENOUGH_HEADERS and bool(known & {"from", "received", "sender"})
