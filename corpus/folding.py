"""The explicit fold: what two texts may differ in and still be the same words.

Folded away, and nothing else:

- quotation marks and apostrophes of every kind; marks that touch are one mark;
- dashes and hyphens of every kind and number, and the white space around one that has it on
  both sides;
- ellipses: ``…``, ``...``, ``. . .``, and the white space around them;
- white space: non-breaking, repeated, line breaks;
- soft hyphens, zero-width characters and direction marks;
- Unicode compatibility (NFKC), except of numerals such as ``²`` and ``½``: "10²" is not "102";
- case.

Every folded code point knows where it stands in the source.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

MARK, DASH, ELLIPSIS = "'", "-", "…"

_MARKS: Final = (
    "\"'`´\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f«»\u2039\u203a\u2032\u2033\u2034\u2035"
    "\u2036\u2037\u02b9\u02ba\u02bb\u02bc\u02bd\u02ee\u301d\u301e\u301f\uff02\uff07\u275b\u275c"
    "\u275d\u275e\u300c\u300d\u300e\u300f\ufe41\ufe42\ufe43\ufe44\uff62\uff63\u055a\ua78c"
)
_DASHES: Final = (
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u2e3b\ufe31\ufe32\ufe58\ufe63\uff0d"
)
_DOTS: Final = "\u2026\u22ef\ufe19"
# The inside of a class: soft hyphen, joiners, direction marks, variation selectors, byte order.
_HIDDEN: Final = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufe00-\ufe0f\ufeff"
)
_D: Final = re.escape(_DASHES)
# What ``\s`` means, spelled out: a class of ranges alone is one table, and three times as fast.
_SPACES: Final = "\t-\r\x1c-\x1f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_W: Final = _SPACES + _HIDDEN
# More dots, each with at most one space before it.
_MORE: Final = rf"(?:[ \xa0]?[.{_DOTS}])*[{_W}]*"
_TWO_MORE: Final = r"(?:[ \xa0]?\.){2}"
# What cannot be folded one code point for one. It starts with a class, which makes the search
# fast; each branch looks back at what that class took. A single plain space, hyphen, full stop
# or mark is regular: they are the most of what is looked at.
_FIRST: Final = rf"{_W.replace(' ', '')}{_D}{_DOTS}.{_MARKS}"
# Dashes with only white space between them are one dash.
_DASH_RUN: Final = rf"(?:[{_W}]*[{_D}])*[{_W}]*"
_BRANCHES: Final = (
    (
        rf"(?<=[{_W}])(?:(?<! )|(?=[{_W}{_D}{_DOTS}]|\.[ \xa0]?\.))"
        rf"[{_W}]*(?:[{_D}]{_DASH_RUN}|(?:[{_DOTS}]|\.{_TWO_MORE}){_MORE})?"
    ),
    rf"(?<=[{_D}])(?:(?<!-)|(?=[{_W}{_D}])){_DASH_RUN}",
    rf"(?:(?<=[{_DOTS}])|(?<=\.){_TWO_MORE}){_MORE}",
    rf"(?<=[{_MARKS}])[{_MARKS}]+",
)
_NON_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_HIDDEN_RUN: Final = re.compile(rf"[{_HIDDEN}]+")
_WHITE_RUN: Final = re.compile(r"\s+")
_WHITE_ENDS: Final = re.compile(rf"\A([{_W}]*)(.*?)([{_W}]*)\Z", re.DOTALL)
_TAKES_SPACE: Final = re.compile(rf"[{_W}{_D}{_DOTS}.]")
_MARK_TABLE: Final = {ord(mark): MARK for mark in _MARKS}
# Up to so many characters it is faster to replace them one after another.
_MANY: Final = 40
# Vowels and finals of Korean syllables join what stands before them, as combining marks do.
_JAMO: Final = range(0x1160, 0x1200)


class Difference(StrEnum):
    """A kind of difference that the fold removes."""

    CASE = "case"
    MARKS = "quotation marks"
    DASHES = "dashes"
    ELLIPSES = "ellipses"
    WHITE_SPACE = "white space"
    HIDDEN = "hidden characters"
    COMPATIBILITY = "Unicode compatibility"


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back.

    The text is made of pieces. In a regular one each code point stands for one of the source;
    an irregular one stands as a whole for a stretch of the source, and may be empty.
    ``folded[i]`` and ``source[i]`` are where piece ``i`` starts, ``irregular[i]`` is 1 for an
    irregular one; the last entry of ``folded`` and of ``source`` is the end.
    """

    text: str
    folded: array[int]
    source: array[int]
    irregular: bytes

    def start(self, at: int) -> int:
        """Where folded code point ``at`` (0 ≤ at < len) starts in the source, inclusive."""
        piece = bisect_right(self.folded, at, 0, len(self.irregular)) - 1
        inside = 0 if self.irregular[piece] else at - self.folded[piece]
        return self.source[piece] + inside

    def end(self, at: int) -> int:
        """Where the code points before ``at`` (0 < at ≤ len) end in the source, exclusive."""
        piece = bisect_right(self.folded, at - 1, 0, len(self.irregular)) - 1
        if self.irregular[piece]:
            return self.source[piece + 1]
        return self.source[piece] + at - self.folded[piece]

    def at(self, source: int) -> int:
        """The first folded code point that stands for source offset ``source`` or what follows.

        It is ``len(text)`` where none does.
        """
        piece = bisect_right(self.source, source, 0, len(self.irregular)) - 1
        if piece < 0 or source >= self.source[-1]:
            return len(self.text)
        inside = 0 if self.irregular[piece] else source - self.source[piece]
        return self.folded[piece] + inside


def fold(text: str) -> Folded:
    """Fold ``text``; in time linear in its length, whatever it holds."""
    characters = frozenset(_NON_ASCII.findall(text))
    awkward, table = _tools(characters, "  " in text)
    parts: list[str] = []
    folded, source, irregular = array("I"), array("I"), bytearray()
    length = last = 0
    for found in awkward.finditer(text):
        start, end = found.span()
        # A space before white space, a dash or dots is part of them; it is looked for here,
        # because to look at every space is what takes most time.
        if last < start and text[start - 1] == " " and _TAKES_SPACE.match(text, start):
            start -= 1
        if start > last:
            folded.append(length)
            source.append(last)
            irregular.append(0)
            parts.append(text[last:start])
            length += start - last
        piece = _piece(text[start:end])
        folded.append(length)
        source.append(start)
        irregular.append(1)
        parts.append(piece)
        length += len(piece)
        last = end
    if last < len(text):
        folded.append(length)
        source.append(last)
        irregular.append(0)
        parts.append(text[last:])
        length += len(text) - last
    folded.append(length)
    source.append(len(text))
    # What the pieces fold to, the table leaves as it is: all are mapped at once.
    return Folded(_mapped("".join(parts), table), folded, source, bytes(irregular))


def _mapped(text: str, table: dict[str, str]) -> str:
    """``text`` in lower case with the characters of ``table`` replaced, one for one."""
    if len(table) > _MANY:
        text = text.translate({ord(one): into for one, into in table.items()})
    else:
        for character, into in table.items():
            text = text.replace(character, into)
    return text.lower()


def differences(posted: str, source: str) -> tuple[Difference, ...]:
    """In what two texts that fold alike differ, in the order of `Difference`.

    A kind is named if the texts still differ once every other kind is folded.
    """
    if posted == source:
        return ()
    return tuple(kind for kind in Difference if _all_but(kind, posted) != _all_but(kind, source))


@lru_cache(maxsize=4096)
def _piece(piece: str) -> str:
    """What an irregular stretch folds to."""
    found = _WHITE_ENDS.match(piece)
    before, core, after = found.groups() if found else ("", piece, "")
    if not core:
        return _space(piece)
    if core[0] in _DOTS or core[0] == ".":
        return ELLIPSIS
    if core[0] in _DASHES:
        before, after = _space(before), _space(after)
        return DASH if bool(before) == bool(after) else before + DASH + after
    if core[0] in _MARKS and len(core) > 1:
        return MARK
    return _compatible(piece)


def _space(white: str) -> str:
    return " " if any(character.isspace() for character in white) else ""


@lru_cache(maxsize=4096)
def _compatible(piece: str) -> str:
    """One code point, or one with what combines with it, without compatibility form and case.

    Numerals that are no digits stay as they are.
    """
    if unicodedata.category(piece[0]) == "No":
        return piece
    return _nfkc(_nfkc(piece).casefold()).translate(_MARK_TABLE)


def _nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


@lru_cache(maxsize=256)
def _tools(characters: frozenset[str], double: bool) -> tuple[re.Pattern[str], dict[str, str]]:
    """What folds a text with these characters beyond ASCII: an expression, and a table.

    ``double`` says that the text holds two spaces in a row.
    """
    table = {'"': MARK, "`": MARK}
    joining, several = "", ""
    for character in sorted(characters):
        if character in _MARKS:
            table[character] = MARK
        elif unicodedata.combining(character) or ord(character) in _JAMO:
            joining += character
        elif re.match(rf"[{_FIRST}]", character) is None:
            plain = _compatible(character)
            if len(plain) != 1:
                several += character
            elif plain != character:
                table[character] = plain
    first = _FIRST + (" " if double else "") + several
    branches = [*_BRANCHES, rf"(?<=[{several}])"] if several else _BRANCHES
    pattern = rf"[{first}](?:{'|'.join(branches)})"
    if joining:
        # A base may be any character: this search is slower, and such texts are rare.
        pattern = rf"[^ {_FIRST}]?[{joining}]+|{pattern}"
    return re.compile(pattern), table


def _all_but(kind: Difference, text: str) -> str:
    """``text`` folded in every way but one, in simple steps: the offsets do not matter here."""
    if kind is not Difference.HIDDEN:
        text = _HIDDEN_RUN.sub("", text)
    if kind is not Difference.COMPATIBILITY:
        text = "".join(
            c if _KEPT.match(c) or unicodedata.category(c) == "No" else _nfkc(c)
            for c in unicodedata.normalize("NFC", text)
        )
    for step, (pattern, into) in _STEPS.items():
        if kind is not step:
            text = pattern.sub(into, text)
    if kind is Difference.CASE:
        return text
    # Case folding takes ligatures apart too.
    return text.lower() if kind is Difference.COMPATIBILITY else text.casefold()


# What other steps fold, and compatibility forms would fold too.
_KEPT: Final = re.compile(rf"[{_SPACES}{_MARKS}{_D}{_DOTS}]")
_STEPS: Final = {
    Difference.ELLIPSES: (
        re.compile(rf"\s*(?:[{_DOTS}]|\.(?:[ \xa0]?\.){{2}})(?:[ \xa0]?[.{_DOTS}])*\s*"),
        ELLIPSIS,
    ),
    Difference.DASHES: (re.compile(rf"(?<!\s)[{_D}]+(?!\s)|\s+[{_D}]+\s+|[{_D}]+"), DASH),
    Difference.MARKS: (re.compile(rf"[{_MARKS}]+"), MARK),
    Difference.WHITE_SPACE: (_WHITE_RUN, " "),
}
