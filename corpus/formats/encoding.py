"""Bytes to text: the encoding that is declared, or else the one that the bytes show."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

if TYPE_CHECKING:
    from corpus.formats.received import Received

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WINDOWS = "cp1252"
_WIDE = ("utf-16", "utf-32")
# Who says these means windows-1252 (WHATWG Encoding Standard, section 4.2).
_SAME_AS_WINDOWS = frozenset({"ascii", "iso8859-1", "cp1252"})
# Python's own, which no page is written in.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "utf-7", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs"}
)
# Curly quotes, dashes, the ellipsis, signs and the accented letters that English text has.
_ENGLISH_HIGH = frozenset(
    b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa3\xa7\xa9\xad\xae\xb0\xb4\xb7\xbc\xbd\xbe"
    b"\xc9\xe0\xe1\xe2\xe4\xe7\xe8\xe9\xea\xeb\xed\xef\xf1\xf3\xf4\xf6\xfa\xfb\xfc"
)
# Other scripts are mostly high bytes; English is mostly not.
_ENGLISH_SHARE = 0.05
_GUESS_BYTES = 200_000
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x01-\x08\x0e-\x1b\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n{3,}")
# More than one control character in a hundred is no text.
_RUBBISH_SHARE = 0.01


def decode(received: Received, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of the bytes, and notes on how it was found.

    ``declared`` is what the document says of itself; what came with it goes before.

    Raises:
        DocumentError: the bytes are no text, or in an encoding that cannot be told.
    """
    content = received.content
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            marked = _decoded(content[len(mark) :], encoding)
            if marked is None:
                raise received.refused("is cut short or damaged: it is not the Unicode it claims")
            return marked, ()
    charsets = [charset for charset in (received.charset, declared) if charset]
    encodings = [codec for charset in charsets if (codec := _codec(charset))]
    if b"\0" in content and not any(encoding.startswith(_WIDE) for encoding in encodings):
        raise received.refused("is not text: it holds NUL bytes")
    utf8 = _decoded(content, "utf-8")
    for encoding in encodings:
        # High bytes that happen to be valid UTF-8 are UTF-8, whatever is declared.
        said = utf8 if encoding == _WINDOWS and utf8 is not None else _decoded(content, encoding)
        if said is not None:
            return said, ()
    if utf8 is not None:
        return utf8, ()
    guess = _guessed(content)
    guessed = _decoded(content, guess) if guess else None
    if guessed is None:
        raise received.refused("is in an encoding that cannot be told; save it as UTF-8")
    name = "windows-1252" if guess == _WINDOWS else guess
    if charsets:
        return guessed, (f"is not in {_plain(charsets[0])} as it says; it was read as {name}",)
    return guessed, (f"does not declare its encoding; it was read as {name}",)


def _codec(charset: str) -> str | None:
    """Python's name of the encoding; ``None`` if it knows none or it is none of text."""
    try:
        info = codecs.lookup(charset.strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if info.name in _NO_CHARSETS or not info._is_text_encoding:  # noqa: SLF001 - not said elsewhere
        return None
    return _WINDOWS if info.name in _SAME_AS_WINDOWS else info.name


def _plain(charset: str) -> str:
    return ascii(charset[:30])[1:-1]


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeError:
        return None


def _guessed(content: bytes) -> str | None:
    high = [byte for byte in content[:_GUESS_BYTES] if byte >= 0x80]  # noqa: PLR2004 - not ASCII
    is_english = len(high) <= _ENGLISH_SHARE * min(len(content), _GUESS_BYTES) + 2
    if is_english and _ENGLISH_HIGH.issuperset(high):
        return _WINDOWS
    best = from_bytes(content[:_GUESS_BYTES]).best()
    return best.encoding if best else None


def cleaned(received: Received, text: str) -> tuple[str, tuple[str, ...]]:
    r"""``text`` with ``\n`` line ends, nothing that cannot be printed, no white space at ends.

    No word is altered. A note says how many control characters were removed.

    Raises:
        DocumentError: there are too many of them, a NUL or half a character, or nothing is left.
    """
    if "\0" in text:
        raise received.refused("is not text: it holds NUL characters")
    if _SURROGATES.search(text):
        raise received.refused("is not text: it holds halves of characters")
    text = _LINE_ENDS.sub("\n", text)
    text, removed = _CONTROLS.subn("", text)
    if removed > 1 + _RUBBISH_SHARE * len(text):
        raise received.refused("is not text: it is full of control characters")
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    text = _BLANK_LINES.sub("\n\n", text).strip().removeprefix("\ufeff").strip()
    if not text:
        raise received.refused("holds no text")
    notes = (f"held {removed} control characters, which were removed",) if removed else ()
    return text, notes
