"""A PDF: the text of its pages, with the lines that the layout wrapped joined again."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

import pypdf
from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

from corpus.document import Metadata
from corpus.draft import MAX_CHARACTERS, Draft
from corpus.formats.encoding import cleaned
from corpus.formats.plain import stated

if TYPE_CHECKING:
    from corpus.formats.received import Received

_MOST_PAGES = 1_000
# A gap this much larger than the usual one stands between paragraphs.
_PARAGRAPH_GAP = 1.3
# And so does one of so many times the letters' size, where a page has hardly any lines.
_LARGE_GAP = 2.5
# A line was wrapped if the next word would have made it longer than this share of the longest.
_FULL = 0.85
_PAGE_NUMBER = re.compile(
    r"(?:page )?[-–]?\s*(\d{1,4})\s*[-–]?(?: ?(?:of|/) ?\d{1,4})?", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?:][\"'”’)\]]*$")
_BROKEN_WORD = re.compile(r"(\w+)-$")
_LONGEST_WORD = 60
_WORD = re.compile(r"\w+(?:-\w+)*")
_NO_TITLE = re.compile(
    r"microsoft word -|untitled|.*\.(?:docx?|pdf|indd|qxd|rtf|odt)$", re.IGNORECASE
)
# What pypdf raises, or lets through, when it meets a damaged file.
_DAMAGE = (
    PyPdfError, KeyError, ValueError, IndexError, AttributeError, TypeError, OverflowError,
    AssertionError, ZeroDivisionError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip


@dataclass(slots=True)
class _Line:
    """A line of a page: its height from below and the size of its letters, in points."""

    text: str
    height: float | None = None
    size: float = 0.0


@dataclass(slots=True)
class _Lines:
    """Collects the lines of a page from the pieces that pypdf finds."""

    lines: list[_Line] = field(default_factory=lambda: [_Line("")])

    def take(self, text: str, cm: Any, tm: Any, _: object, size: float) -> None:  # noqa: ANN401
        """Add a piece; ``cm`` and ``tm`` are the matrices of the PDF standard."""
        height = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        size = abs(size * tm[3] * cm[3])
        for number, piece in enumerate(text.split("\n")):
            if number:
                self.lines.append(_Line(""))
            line = self.lines[-1]
            if piece.strip() and line.height is None:
                line.height, line.size = height, size
            line.text += piece


def read(received: Received) -> Draft:
    """Read a PDF. The days on which the file was made are no dates of publication.

    Raises:
        DocumentError: it is damaged, needs a password, or holds pictures alone.
    """
    try:
        reader = pypdf.PdfReader(io.BytesIO(received.content), strict=False)
        is_locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if is_locked else _pages(received, reader)
        properties = {} if is_locked else _properties(reader)
    except DependencyError:
        is_locked, pages, properties = True, [], {}
    except LimitReachedError as error:
        raise received.refused("unpacks to far more than a document holds") from error
    except _DAMAGE as error:
        raise received.refused("is a damaged PDF; save or download it again") from error
    if is_locked:
        raise received.refused("is encrypted; save a copy of it without a password")
    if not any(line.text.strip() for page in pages for line in page):
        raise received.refused(
            "has no text, only pictures: run it through OCR first, for example ocrmypdf"
        )
    whole, joined = _joined(pages)
    text, removed = cleaned(received, whole)
    metadata, notes = stated(text)
    return Draft(
        Metadata(
            kind="other",
            title=properties.get("title") or metadata.title,
            author=properties.get("author") or metadata.author,
            published=metadata.published,
            publisher=metadata.publisher,
            url=metadata.url,
            rights=metadata.rights,
        ),
        text,
        received.source or received.name,
        (*removed, *notes, *joined),
    )


def _properties(reader: pypdf.PdfReader) -> dict[str, str]:
    about = reader.metadata
    title = " ".join(str((about and about.title) or "").split())
    author = " ".join(str((about and about.author) or "").split())
    return {"title": "" if _NO_TITLE.match(title) else title, "author": author}


def _pages(received: Received, reader: pypdf.PdfReader) -> list[list[_Line]]:
    if len(reader.pages) > _MOST_PAGES:
        raise received.refused(f"has more than {_MOST_PAGES:,} pages; split it")
    pages = []
    length = 0
    for number, page in enumerate(reader.pages):
        found = _Lines()
        page.extract_text(visitor_text=found.take)
        pages.append(_without_page_number(found.lines, number + 1))
        length += sum(len(line.text) for line in found.lines)
        if length > MAX_CHARACTERS:
            raise received.too_long()
    return pages


def _without_page_number(lines: list[_Line], number: int) -> list[_Line]:
    """The lines without a first or last one that is this page's number."""
    standing = [line for line in lines if line.text.strip()]
    for line in (*standing[:1], *standing[-1:]):
        match = _PAGE_NUMBER.fullmatch(line.text.strip())
        if match and int(match[1]) == number and len(standing) > 1:
            lines = [other for other in lines if other is not line]
    return lines


def _joined(pages: list[list[_Line]]) -> tuple[str, tuple[str, ...]]:
    """The text of the pages, wrapped lines joined; and notes on words that were broken."""
    words = Counter(
        match[0].lower()
        for page in pages
        for line in page
        for match in _WORD.finditer(line.text.rstrip().removesuffix("-"))
    )
    pieces: list[str] = []
    kept: list[str] = []
    for page in pages:
        width = max((len(line.text.strip()) for line in page), default=0)
        usual = _usual_gap(page)
        before: _Line | None = None
        for line in page:
            if line.text.strip():
                _append(
                    pieces, line.text.strip(), _between(before, line, width, usual), words, kept
                )
            before = line if line.text.strip() else None
    notes = (f"breaks words at line ends: {', '.join(kept[:3])} kept the hyphen",) if kept else ()
    return "".join(pieces), notes


def _usual_gap(page: list[_Line]) -> float | None:
    heights = [line.height for line in page if line.text.strip() and line.height is not None]
    gaps = [a - b for a, b in pairwise(heights) if a > b]
    return median(gaps) if gaps else None


def _between(before: _Line | None, line: _Line, width: int, usual: float | None) -> str:
    """What stands between two lines: a space, a line end, or a blank line."""
    if before is None:
        return "\n\n"
    if before.height is not None and line.height is not None and usual is not None:
        gap = before.height - line.height
        if gap > _PARAGRAPH_GAP * usual or gap > _LARGE_GAP * before.size > 0 or gap < 0:
            return "\n\n"
    first = line.text.split(maxsplit=1)[0]
    ends = before.text.strip()
    is_broken = _BROKEN_WORD.search(ends[-_LONGEST_WORD:]) and first[0].islower()
    if is_broken or len(ends) + 1 + len(first) >= _FULL * width:
        return " "
    return "\n\n" if _SENTENCE_END.search(ends) else "\n"


def _append(
    pieces: list[str], line: str, between: str, words: Counter[str], kept: list[str]
) -> None:
    """Add a line. A word that was broken over the end of the one before is put together.

    The hyphen goes where it is a soft one, or where the document has the word without it.
    """
    before = pieces[-1] if pieces else ""
    broken = _BROKEN_WORD.search(before[-_LONGEST_WORD:]) if line[0].islower() else None
    if between == " " and before.endswith("\xad"):
        pieces[-1] = before[:-1]
    elif between == " " and broken is not None:
        rest = re.match(r"\w+", line)
        end = rest[0] if rest else ""
        if words[(broken[1] + end).lower()] and not words[f"{broken[1]}-{end}".lower()]:
            pieces[-1] = before[:-1]
        else:
            kept.append(f"{broken[1]}-{end}")
    elif pieces:
        pieces.append(between)
    pieces.append(line)
