"""The blocks of text that a web page shows: paragraphs, headings, list items, rows of tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav "
    "ol option p pre section summary table tbody tfoot thead tr ul "
    # What trafilatura calls them.
    "item list quote row".split()
)
_CELLS = frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "lb"})
# Not shown, or not text.
_UNSEEN = frozenset(
    "audio button canvas iframe input math noscript object script select style svg template "
    "textarea title video".split()
)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_BREAK = "\n"
_NOT_DISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def blocks(tree: etree._Element) -> Iterator[str]:
    """The blocks under ``tree`` in order, white space collapsed as a browser does.

    ``<br>`` is a line end, two are a new block; the cells of a row stand tabs apart; non-breaking
    spaces stay. What a browser does not show is left out.
    """
    pieces: list[str] = []
    kept_spaces = 0
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag if event in {"start", "end"} else ""
        is_unseen = not tag or _is_unseen(element)
        if event == "start" and is_unseen:
            walk.skip_subtree()
            continue
        if tag in BLOCKS:
            yield from _finished(pieces)
            pieces.clear()
        if tag == "pre":
            kept_spaces += 1 if event == "start" else -1
        if event == "start":
            if tag in _BREAKS:
                pieces.append(_BREAK)
            elif tag in _CELLS and any(not piece.isspace() for piece in pieces):
                pieces.append("\t")
            pieces.append(_shown(element.text, kept_spaces))
        elif element is not tree:
            pieces.append(_shown(element.tail, kept_spaces))
    yield from _finished(pieces)


def _is_unseen(element: etree._Element) -> bool:
    return (
        element.tag in _UNSEEN
        or element.get("hidden") is not None
        or bool(_NOT_DISPLAYED.search(element.get("style") or ""))
    )


def _shown(text: str | None, kept_spaces: int) -> str:
    if not text:
        return ""
    return text.expandtabs() if kept_spaces else _SPACES.sub(" ", text)


def _finished(pieces: list[str]) -> Iterator[str]:
    """The blocks of one element: what stands between double line breaks."""
    lines: list[str] = []
    for line in (*"".join(pieces).split(_BREAK), ""):
        shown = "\t".join(map(_tight, line.split("\t")))
        if shown.strip():
            lines.append(shown.strip(" \t"))
        elif lines:
            yield _BREAK.join(lines).strip()
            lines = []


def _tight(cell: str) -> str:
    """A cell with single spaces, and none around it; a non-breaking one is none of them."""
    return " ".join(filter(None, cell.split(" ")))
