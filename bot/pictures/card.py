"""A quotation card: a picture of exact words, with who said them, where and when.

Words are drawn as they are or not at all: what does not fit, or has no glyph, is refused.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from bot.citations import publisher, standing, when
from bot.dates import spoken_day
from bot.messages.markdown import shortened
from bot.pages import label, speaker_line
from bot.pictures.glyphs import BOLD, MONO, REGULAR, check_drawable, font_file
from corpus.document import Span, StatusKind
from corpus.errors import InputError
from index.permalink import permalink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpus.document import Document
    from corpus.quotations.types import Speaker

# Twice what Discord shows of a picture in a message, in the shape that pages preview.
WIDTH, HEIGHT = 1200, 675
MARGIN = 72
# Discord's limit for the description of an attachment, counted in UTF-16 units.
MAX_ALT_TEXT = 1_024
# Pixels; the smallest is 13 on Discord's screen, where body text is 16.
_SIZES = range(72, 25, -2)
_WHO_SIZE, _SOURCE_SIZE, _SMALL_SIZE = 28, 22, 19
_MOST_WHO_LINES, _MOST_TITLE_LINES, _MOST_TITLE = 3, 2, 240
_LINE_HEIGHT, _EMPTY_LINE = 1.3, 0.5
_TOP, _FOOT, _MARK_WIDTH = 52, HEIGHT - 36, 72
_BADGE_HEIGHT, _BADGE_TOP = 44, 36
_PAPER, _INK, _QUIET, _ACCENT, _RULE = "#FFFFFF", "#101820", "#43505C", "#0B3C6F", "#C9D2DA"
_BADGES = {StatusKind.CORRECTED: "#8A4B00", StatusKind.RETRACTED: "#A4161A"}
_PIECE = re.compile(r"\n|[^\S\n]*\S+[^\S\n]*|[^\S\n]+")
_NAME = "metquote · not run by the Metropolitan Police"


@dataclass(frozen=True, slots=True)
class Card:
    """A drawn card.

    ``png`` is `WIDTH` by `HEIGHT` pixels. ``lines`` are the words as they were broken into
    lines; joined, they are the words. ``box`` is (left, top, right, bottom) of the place that
    the words were given, in pixels.
    """

    png: bytes
    alt_text: str
    lines: tuple[str, ...]
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Below:
    """A line under the words: its text, font, size in pixels, colour."""

    text: str
    font: str
    size: int
    colour: str

    @property
    def height(self) -> int:
        return round(self.size * _LINE_HEIGHT)


def card(document: Document, span: Span, speaker: Speaker | None = None) -> Card:
    """The words at ``span`` as a picture; ``speaker`` is whose they are.

    Raises:
        InputError: the words do not fit, or hold a character that cannot be drawn as it is.
        ValueError: the span ends beyond the text.
    """
    words = document.text_at(span)
    who = " ".join(speaker_line(speaker).split()) if speaker else None
    check_drawable(words.replace("\r\n", "\n"), "the words")
    check_drawable(who or "", "the speaker's name")
    check_drawable(" ".join((_title(document), publisher(document))), "the source's name")
    below = _below(document, who)
    has_badge = document.status.kind is not StatusKind.CURRENT
    rule = _FOOT - 44 - sum(line.height for line in below)
    top = _BADGE_TOP + _BADGE_HEIGHT + 16 if has_badge else _TOP
    box = (MARGIN + _MARK_WIDTH, top, WIDTH - MARGIN, rule - 20)
    size, lines = _set(words, box)
    alt_text = _alt_text(document, span, who)
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 15, HEIGHT), fill=_ACCENT)
    _draw_words(draw, size, lines, box)
    draw.line((MARGIN, rule, WIDTH - MARGIN, rule), fill=_RULE, width=2)
    at = rule + 12
    for line in below:
        draw.text((MARGIN, at), line.text, font=_font(line.font, line.size), fill=line.colour)
        at += line.height
    for left, text, name, anchor in (
        (MARGIN, permalink(document, span), MONO, "ls"),
        (WIDTH - MARGIN, _NAME, REGULAR, "rs"),
    ):
        font = _font(name, _SMALL_SIZE)
        draw.text((left, _FOOT), text, font=font, fill=_QUIET, anchor=anchor)
    if has_badge:
        _draw_badge(draw, document)
    return Card(_png(image, alt_text), alt_text, lines, box)


def _set(words: str, box: tuple[int, int, int, int]) -> tuple[int, tuple[str, ...]]:
    """The largest size at which the words fit into ``box``, and their lines at it.

    Raises:
        InputError: there is none.
    """
    room = box[3] - box[1]

    def broken(size: int) -> tuple[str, ...] | None:
        lines = _broken(words, _font(REGULAR, size), box[2] - box[0])
        return lines if lines is not None and _height(lines, size) <= room else None

    # The smallest is tried before anything is refused.
    at = bisect_left(_SIZES, x=True, key=lambda size: broken(size) is not None)
    if at < len(_SIZES):
        lines = broken(_SIZES[at])
        if lines is not None:
            return _SIZES[at], lines
    raise InputError(
        f"these {len(words):,} characters do not fit on a card; choose fewer of the words"
    )


def _broken(words: str, font: ImageFont.FreeTypeFont, width: int) -> tuple[str, ...] | None:
    """``words`` as lines of at most ``width`` pixels, broken at white space; joined, they are it.

    ``None`` if a word is longer than a line.
    """
    lines = [""]
    for found in _PIECE.finditer(words):
        piece = found.group()
        if piece == "\n":
            lines[-1] += piece
            lines.append("")
        elif not lines[-1] or font.getlength((lines[-1] + piece).rstrip()) <= width:
            lines[-1] += piece
        else:
            lines.append(piece)
        if font.getlength(lines[-1].rstrip()) > width:
            return None
    return tuple(line for line in lines if line)


def _height(lines: tuple[str, ...], size: int) -> float:
    return sum(_advance(line, size) for line in lines)


def _advance(line: str, size: int) -> float:
    return size * (_LINE_HEIGHT if line.strip() else _EMPTY_LINE)


def _draw_words(
    draw: ImageDraw.ImageDraw, size: int, lines: tuple[str, ...], box: tuple[int, int, int, int]
) -> None:
    """The lines, half of the room that they leave above them, and a mark beside the first.

    The mark stands outside the words: they have none that the source has not.
    """
    at = box[1] + (box[3] - box[1] - _height(lines, size)) / 2
    mark = (MARGIN - 6, round(at + size * 0.2))
    draw.text(mark, "“", font=_font(BOLD, 110), fill=_ACCENT, anchor="lt")
    for line in lines:
        draw.text((box[0], round(at)), line.rstrip(), font=_font(REGULAR, size), fill=_INK)
        at += _advance(line, size)


def _below(document: Document, who: str | None) -> list[_Below]:
    """Who, the title, then publisher and date.

    Raises:
        InputError: the speaker's name does not fit.
    """
    width = WIDTH - 2 * MARGIN
    found: list[_Below] = []
    if who:
        lines = _broken(who, _font(BOLD, _WHO_SIZE), width)
        if lines is None or len(lines) > _MOST_WHO_LINES:
            raise InputError("the speaker's name does not fit on a card; cite the words as text")
        found += [_Below(line.rstrip(), BOLD, _WHO_SIZE, _INK) for line in lines]
    colour = _QUIET if who else _INK
    for title in _shorter(shortened(_title(document), _MOST_TITLE)):
        broken = _broken(title, _font(REGULAR, _SOURCE_SIZE), width)
        if broken is not None and len(broken) <= _MOST_TITLE_LINES:
            found += [_Below(line.rstrip(), REGULAR, _SOURCE_SIZE, colour) for line in broken]
            break
    about = f"{publisher(document)} · {when(document)}"
    lines = _broken(shortened(about, 160), _font(REGULAR, _SOURCE_SIZE), width)
    found += [_Below(line.rstrip(), REGULAR, _SOURCE_SIZE, _QUIET) for line in lines or ()]
    return found


def _shorter(text: str) -> Iterator[str]:
    """``text``, then ever shorter, each with ``[…]`` where it was cut: for labels alone."""
    yield text
    for most in range(min(len(text) - 1, MAX_ALT_TEXT), 10, -10):
        yield shortened(text, most)


def _title(document: Document) -> str:
    return " ".join(label(document).split())


def _alt_text(document: Document, span: Span, who: str | None) -> str:
    words = f"“{document.text_at(span)}”" + (f" — {who}." if who else "")
    note = standing(document)
    rest = f"{publisher(document)}, {when(document)}. {permalink(document, span)}"
    for title in _shorter(_title(document)):
        text = f"{words} Source: {title}; {rest}" + (f" {note}" if note else "")
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 <= MAX_ALT_TEXT:
            return text
    raise InputError(
        f"these words leave no room for their source in the {MAX_ALT_TEXT:,} characters that "
        "describe a picture; choose fewer of them"
    )


def _draw_badge(draw: ImageDraw.ImageDraw, document: Document) -> None:
    status = document.status
    day = f" {spoken_day(status.changed)}" if status.changed else ""
    text = f"{status.kind.value}{day}".upper()
    font = _font(BOLD, 22)
    width = font.getlength(text) + 36
    right, top = WIDTH - MARGIN, _BADGE_TOP
    place = (right - width, top, right, top + _BADGE_HEIGHT)
    draw.rounded_rectangle(place, radius=8, fill=_BADGES[status.kind])
    middle = (right - width / 2, top + _BADGE_HEIGHT / 2)
    draw.text(middle, text, font=font, fill=_PAPER, anchor="mm")


@lru_cache(maxsize=64)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    # The basic layout is in every build of Pillow: a card is the same wherever it is drawn.
    return ImageFont.truetype(font_file(name), size, layout_engine=ImageFont.Layout.BASIC)


def _png(image: Image.Image, alt_text: str) -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_itxt("Description", alt_text)
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=told)
    return out.getvalue()
