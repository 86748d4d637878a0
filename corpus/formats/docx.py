"""A Word document: its paragraphs in order, table cells included; title and author as it says."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.exceptions import OpcError
from docx.text.run import Run
from lxml import etree

from corpus.document import Metadata
from corpus.draft import MAX_CHARACTERS, Draft
from corpus.formats.encoding import cleaned
from corpus.formats.plain import stated

if TYPE_CHECKING:
    from corpus.formats.received import Received

# Unpacked, in all: an announcement's pictures have room, and memory holds it.
_MOST_UNPACKED = 100_000_000
_MOST_XML = 25_000_000
_MOST_PARTS = 2_000
_BLOCK = 1 << 16
_PARAGRAPHS = ".//w:p[not(ancestor::*[local-name()='Fallback'])]"
_RUNS = (
    ".//w:r[not(ancestor::w:del) and not(ancestor::*[local-name()='Fallback'])"
    " and count(ancestor::w:p) = $depth]"
)
# What zipfile, lxml and python-docx raise when they meet a damaged file.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, OpcError, etree.LxmlError, KeyError, ValueError, IndexError,
    AttributeError, TypeError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip


def read(received: Received) -> Draft:
    """Read a Word document as it is shown: insertions accepted, deletions gone.

    The days on which it was made and saved are no dates of publication, and are not read.

    Raises:
        DocumentError: it is damaged, unpacks to too much, or holds no text.
    """
    try:
        too_large = _unpacks_to_too_much(received.content)
        whole, properties, is_tracked = ("", {}, False) if too_large else _read(received.content)
    except _DAMAGE as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise received.refused("is a damaged Word document; save it again from Word") from error
    if too_large:
        raise received.refused("unpacks to far more than a document holds, and was not read")
    if len(whole) > MAX_CHARACTERS:
        raise received.too_long()
    text, removed = cleaned(received, whole)
    metadata, notes = stated(text)
    told = ("has tracked changes, which were read as accepted",) if is_tracked else ()
    return Draft(
        Metadata(
            kind="other",
            published=metadata.published,
            title=properties.get("title") or metadata.title,
            author=properties.get("author") or metadata.author,
            publisher=metadata.publisher,
            url=metadata.url,
            rights=metadata.rights,
        ),
        text,
        received.source or received.name,
        (*removed, *notes, *told),
    )


def _unpacks_to_too_much(content: bytes) -> bool:
    """Whether the parts are too many or too large, by what they say and by what they are."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            return True
        left = _MOST_UNPACKED
        for part in parts:
            is_xml = part.filename.lower().endswith((".xml", ".rels"))
            most = min(left, _MOST_XML) if is_xml else left
            size = 0
            with archive.open(part) as file:
                while size <= most and (block := file.read(_BLOCK)):
                    size += len(block)
            if size > most:
                return True
            left -= size
    return False


def _read(content: bytes) -> tuple[str, dict[str, str], bool]:
    document = docx.Document(io.BytesIO(content))
    body: Any = document.element.body
    paragraphs: list[str] = []
    length = 0
    for paragraph in body.xpath(_PARAGRAPHS):
        text = _shown(paragraph).strip()
        length += len(text)
        if text:
            paragraphs.append(text)
        if length > MAX_CHARACTERS:
            break
    core = document.core_properties
    properties = {"title": (core.title or "").strip(), "author": (core.author or "").strip()}
    # What python-docx's own template says where nobody said anything.
    if properties["author"] == "python-docx":
        del properties["author"]
    return "\n\n".join(paragraphs), properties, bool(body.xpath(".//w:ins | .//w:del"))


def _shown(paragraph: Any) -> str:  # noqa: ANN401 - lxml's element, which has no types
    """The text of one ``w:p``, without that of text boxes inside, which are paragraphs too."""
    depth = len(paragraph.xpath("ancestor-or-self::w:p"))
    runs = paragraph.xpath(_RUNS.replace("$depth", str(depth)))
    return "".join(Run(run, paragraph).text for run in runs)
