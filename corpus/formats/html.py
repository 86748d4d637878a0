"""A web page: trafilatura says which of its blocks are the text, the page says what they are.

trafilatura builds a tree of its own, in which spaces are normalised and characters dropped. Its
blocks are found again in the page, and the page's own are taken, whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from corpus.draft import Draft
from corpus.formats.blocks import blocks
from corpus.formats.encoding import cleaned, decode
from corpus.formats.page import stated_by_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.formats.received import Received

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,40})"
    rb"|<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w-]{1,40})",
    re.IGNORECASE,
)
_CHARSET_BYTES = 4096
# Shorter ones are found only where they are a whole block: "Share" stands in "Shared evidence".
_UNMISTAKABLE = 25
# So much of each end of a block is looked for where trafilatura changed its middle.
_END = 40
_DAMAGED = "is a damaged page; save it again from a browser"
_EMPTY = "holds no text to read; a page that needs scripts can be saved as PDF"
_SHOWN = 40
_NAMED = 3
_HIDDEN = "//*[@hidden or contains(translate(@style, ' ', ''), 'display:none')]"
# Where an advertisement would be shown.
_NO_TEXT = frozenset({"", "ad", "advert", "advertisement"})


def read(received: Received) -> Draft:
    """Read a web page: its main text, and what it states of itself.

    Raises:
        DocumentError: it holds no text, or is nested beyond what can be read.
    """
    declared = _CHARSET.search(received.content[:_CHARSET_BYTES])
    charset = (declared[1] or declared[2]).decode("ascii") if declared else None
    source, told = decode(received, charset)
    tree = _parsed(received, source)
    try:
        shown = list(blocks(tree))
        chosen, noted = _main_text(tree, shown)
        metadata, notes = stated_by_page(tree, shown, received.source or received.name)
    except (RecursionError, etree.LxmlError, ValueError) as error:
        raise received.refused(_DAMAGED) from error
    if not chosen:
        raise received.refused(_EMPTY)
    text, removed = cleaned(received, "\n\n".join(chosen))
    return Draft(
        metadata, text, received.source or received.name, (*told, *removed, *notes, *noted)
    )


def _parsed(received: Received, source: str) -> etree._Element:
    parser = lxml_html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = lxml_html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise received.refused(_EMPTY) from error
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise received.refused(_DAMAGED) from error
    # What lies beyond the parser's limits is missing in the tree: half a page is none.
    if parser.error_log.filter_from_fatals():
        raise received.refused("is nested too deeply, or has a part that is too long, to be a page")
    return tree


def _main_text(tree: etree._Element, shown: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The blocks that are the text, and notes on what was left out between them."""
    found = trafilatura.bare_extraction(
        tree, include_comments=False, include_tables=True, prune_xpath=_HIDDEN
    )
    body = getattr(found, "body", None)
    pieces = list(blocks(body)) if body is not None else []
    chosen = _chosen(pieces, shown)
    if not chosen and pieces:
        return pieces, ("shows no such text; it was taken from the data in the page",)
    if not chosen:
        return shown, ("has no main text that can be told from the rest; all of it was taken",)
    taken = frozenset(chosen)
    left = [shown[number] for number in range(chosen[0], chosen[-1]) if number not in taken]
    text = [shown[number] for number in chosen]
    if not left:
        return text, ()
    first = ", ".join(f"“{one[:_SHOWN]}”" for one in left[:_NAMED])
    more = " and more" if len(left) > _NAMED else ""
    return text, (f"left out between its paragraphs: {first}{more}",)


def _chosen(pieces: Sequence[str], shown: Sequence[str]) -> list[int]:
    """The numbers of the blocks in ``shown``, ascending, that hold what ``pieces`` hold."""
    folded = [_folded(block) for block in shown]
    whole = "".join(folded)
    starts = [0, *accumulate(map(len, folded))]
    edges = frozenset(starts)
    numbers: set[int] = set()
    cursor = 0
    for piece in map(_folded, pieces):
        for part in _parts(piece, whole):
            place = _place(part, whole, edges, cursor)
            if place is not None:
                cursor = place + len(part)
                numbers.update(_range(starts, place, cursor))
    return sorted(number for number in numbers if folded[number].lower() not in _NO_TEXT)


def _parts(piece: str, whole: str) -> tuple[str, ...]:
    if not piece:
        return ()
    if piece in whole or len(piece) < 2 * _END:
        return (piece,)
    return piece[:_END], piece[-_END:]


def _place(part: str, whole: str, edges: frozenset[int], cursor: int) -> int | None:
    """Where ``part`` stands: rather from ``cursor`` on, rather as a whole block."""
    somewhere = None
    for first in (cursor, 0):
        place = whole.find(part, first)
        while place >= 0:
            if place in edges and place + len(part) in edges:
                return place
            if somewhere is None and len(part) >= _UNMISTAKABLE:
                somewhere = place
            place = whole.find(part, place + 1)
    return somewhere


def _range(starts: Sequence[int], start: int, end: int) -> range:
    return range(bisect_right(starts, start) - 1, bisect_right(starts, end - 1))


def _folded(text: str) -> str:
    """The characters that trafilatura leaves as they are."""
    return "".join(one for one in text if not one.isspace() and one.isprintable())
