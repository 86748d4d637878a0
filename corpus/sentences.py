"""A text as paragraphs and sentences, by offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus.document import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK_LINE = re.compile(r"\r?\n[^\S\n]*\n\s*")
_BULLET = re.compile(r"(?:[-*•–]|\(?\d{1,3}[.)])[^\S\n]+")
_LIST_ITEM = re.compile(rf"(?<=\n)[^\S\n]*{_BULLET.pattern}")
_CLOSERS = "\"'”’»)\\]"
_OPENERS = "\"'“‘«(\\["
# Begins only where a run of marks does and gives none back: a megabyte of full stops is one step.
_BOUNDARY = re.compile(rf"(?<![.!?…])[.!?…]++[{_CLOSERS}]*+(?=\s+[{_OPENERS}]*[A-Z0-9£À-Þ])")
_TERMINAL = re.compile(rf"[.!?…][{_CLOSERS}]*\s*\Z")
# Words after which a full stop does not end a sentence, in lower case.
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sir st sgt insp supt det cmdr lt col gen rev hon capt pc dc ds di dci dsu "
    "vs etc eg ie e.g i.e no nos inc ltd co jan feb mar apr jun jul aug sep sept oct nov dec "
    "approx dept fig vol".split()
)
_LAST_WORD = re.compile(r"([^\W\d_][\w.'’-]*)\.\Z")
# Speech that ends in ? or ! runs on into the words that say whose it is.
_CUES = "said|says|say|added|adds|asked|asks|told|tells|wrote|writes|replied|warned|tweeted"
_RUNS_ON = re.compile(rf"\s+(?:[A-Z][\w.'’-]*\s+){{1,4}}(?:{_CUES})\b")
_SPEECH_END = re.compile(rf"[!?][{_CLOSERS}]+\Z")
# "Well prepared: Ahead of Wednesday, …": a short phrase before a colon and a capital.
_RUN_IN_HEADING = re.compile(r"[“\"‘']?[A-Z][^.:!?\n]{1,70}?[”\"’']?:(?=[^\S\n]+[A-Z])")
_HEADING_WORDS = 8
_SENTENCE_WORDS = 12
_SAYS = re.compile(rf"\b(?:{_CUES}|statement)\b", re.IGNORECASE)


class UnitKind(StrEnum):
    """What a unit of text is."""

    SENTENCE = "sentence"
    HEADING = "heading"
    LINES = "lines"
    """Short lines that are no sentence: an address, a sign-off, a caption."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence, a heading or a block of short lines.

    ``paragraph`` counts paragraphs from 0; each item of a list is a paragraph of its own.
    """

    span: Span
    paragraph: int
    kind: UnitKind


def paragraphs(text: str) -> Iterator[Span]:
    """The stretches between blank lines, in order, without white space at their ends."""
    start = 0
    for gap in (*_BLANK_LINE.finditer(text), None):
        end = gap.start() if gap else len(text)
        if span := _stripped(text, start, end):
            yield span
        start = gap.end() if gap else end


def units(text: str) -> tuple[Unit, ...]:
    """Every unit of ``text``, in order and disjoint; all but white space and bullets is covered."""
    items = (item for paragraph in paragraphs(text) for item in _items(text, paragraph))
    return tuple(
        unit for number, item in enumerate(items) for unit in _units_of_item(text, item, number)
    )


def first_sentence(text: str) -> Span | None:
    """Where the first sentence stands, or the first unit of any kind; ``None`` if blank."""
    everything = units(text)
    for unit in everything:
        if unit.kind is UnitKind.SENTENCE:
            return unit.span
    return everything[0].span if everything else None


def _stripped(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _items(text: str, paragraph: Span) -> Iterator[Span]:
    """The list items of a paragraph, bullets left out; the paragraph itself if it has none."""
    first = _BULLET.match(text, paragraph.start, paragraph.end)
    start = first.end() if first else paragraph.start
    for bullet in (*_LIST_ITEM.finditer(text, paragraph.start, paragraph.end), None):
        end = bullet.start() if bullet else paragraph.end
        if span := _stripped(text, start, end):
            yield span
        start = bullet.end() if bullet else end


def _units_of_item(text: str, item: Span, paragraph: int) -> Iterator[Unit]:
    words = text[item.start : item.end]
    if not _TERMINAL.search(words[-40:]):
        lines = [line for line in words.splitlines() if line.strip()]
        short = max(len(line.split()) for line in lines) < _SENTENCE_WORDS
        if short and not (len(lines) == 1 and _BOUNDARY.search(words)):
            yield Unit(item, paragraph, UnitKind.LINES)
            return
    for sentence in _sentences(text, item):
        heading = _run_in_heading(text, sentence)
        if heading is not None:
            yield Unit(heading, paragraph, UnitKind.HEADING)
            rest = _stripped(text, heading.end, sentence.end)
            sentence = rest or sentence  # noqa: PLW2901 - the heading is cut off
        yield Unit(sentence, paragraph, UnitKind.SENTENCE)


def _sentences(text: str, item: Span) -> Iterator[Span]:
    start = item.start
    for boundary in _BOUNDARY.finditer(text, item.start, item.end):
        if not _ends_sentence(text, start, boundary.end()):
            continue
        if span := _stripped(text, start, boundary.end()):
            yield span
        start = boundary.end()
    if span := _stripped(text, start, item.end):
        yield span


def _ends_sentence(text: str, start: int, end: int) -> bool:
    before = text[max(start, end - 30) : end]
    if word := _LAST_WORD.search(before):
        last = word.group(1).lower()
        return not (last in _ABBREVIATIONS or len(last) == 1 or re.fullmatch(r"(?:\w\.)+\w", last))
    return not (_SPEECH_END.search(before) and _RUNS_ON.match(text, end))


def _run_in_heading(text: str, sentence: Span) -> Span | None:
    found = _RUN_IN_HEADING.match(text, sentence.start, sentence.end)
    if found is None:
        return None
    phrase = found.group()
    if len(phrase.split()) > _HEADING_WORDS or _SAYS.search(phrase):
        return None
    if len(text[found.end() : sentence.end].split()) <= _HEADING_WORDS // 2:
        return None
    return Span(found.start(), found.end())
