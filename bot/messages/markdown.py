"""Discord's Markdown: text that shows as it is, and the way back; pure.

What `discord.utils.escape_markdown` leaves open (masked links, lists, time stamps, commands,
channel and guild links) is closed here. Discord takes a backslash before any ASCII
punctuation, so the way back is exact.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Special wherever they stand.
_ANYWHERE = r"[\\`*_~|\[\]<>@#]"
# A scheme makes a link of what follows; two colons make an emoji of what is between (:+1:).
_COLON = r":(?=//)|:(?=[^\s:]+:)|(?<=[A-Za-z0-9_~]):(?=\S)"
# Lists and sub-text: special at the start of a line alone.
_LINE_START = r"(?m:(?<=^)[-+](?=[\s#]))"
_ORDERED = re.compile(r"(?m)^([ \t]*\d+)([.)])(?=\s)")
_INDENTED = re.compile(r"(?m)^([ \t]+)([-+])(?=\s)")
_SPECIAL = re.compile(f"{_ANYWHERE}|{_COLON}|{_LINE_START}")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BOLD = re.compile(r"(?<!\\)((?:\\\\)*)\*\*")
_LINE_MARKS = re.compile(r"(?m)^(?:> |>>> |-# |#{1,3} )")
# Marks that come in pairs, the longest first; what is between is bounded, to stay linear.
_PAIRS = tuple(
    re.compile(rf"(?<![\w\\]){mark}(?=\S)(.{{1,1000}}?)(?<=[^\s\\]){mark}(?!\w)", re.DOTALL)
    for mark in (r"\*\*\*", r"\*\*", r"__", r"~~", r"\|\|", r"```", r"`", r"\*", r"_")
)
# Beside these a bold mark would be read together with them.
_TOUCHY = frozenset("*_\\`")
# Marks that turn the direction of a line (Unicode UAX 9): in a label, they would turn ours.
_TURNS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def escape(text: str) -> str:
    """``text`` so that Discord shows exactly it: no markup, link, mention, emoji or list."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _INDENTED.sub(r"\1\\\2", text)
    return _ORDERED.sub(r"\1\\\2", text)


def unescape(text: str) -> str:
    """What Discord shows for what `escape` gave."""
    return _ESCAPED.sub(r"\1", text)


def block_quote(text: str, highlights: Sequence[tuple[int, int]] = ()) -> str:
    """``text`` as a quoted block, its ``highlights`` (half-open, disjoint, in order) in bold."""
    pieces: list[str] = []
    at = 0
    for start, end in highlights:
        beside = text[start - 1 : start] + text[start:end] + text[end : end + 1]
        if _TOUCHY.isdisjoint(beside) and "\n" not in text[start:end]:
            pieces += [text[at:start], None, text[start:end], None]  # type: ignore[list-item]
            at = end
    pieces.append(text[at:])
    # Escaped as a whole, so that what a piece is beside counts; marks go in afterwards.
    marked = _with_marks(pieces)
    return "\n".join(f"> {line}" for line in marked.split("\n"))


def plain(message: str) -> str:
    """What people see of a message that somebody wrote: its marks gone, their words kept.

    For text that is looked at by the program; a lone mark ("5 * 3") stays.
    """
    text = _LINE_MARKS.sub("", message)
    for pair in _PAIRS:
        text = pair.sub(r"\1", text)
    return unescape(text)


def block_quotes(message: str) -> tuple[str, ...]:
    """The texts of the quoted blocks of a message, as Discord shows them: `block_quote` undone."""
    blocks: list[list[str]] = []
    inside = False
    for line in message.split("\n"):
        if line.startswith("> "):
            if not inside:
                blocks.append([])
            blocks[-1].append(line[2:])
        inside = line.startswith("> ")
    return tuple(unescape(_BOLD.sub(r"\1", "\n".join(block))) for block in blocks)


def shortened(text: str, most: int) -> str:
    """``text`` on one line, cut at a word with ``[…]`` beyond ``most`` characters.

    Direction marks go. For the bot's own labels and the asker's words; never for a source's.
    """
    line = " ".join(text.translate(_TURNS).split())
    if len(line) <= most:
        return line
    return line[: most - 4].rsplit(" ", 1)[0] + " […]"


def _with_marks(pieces: Sequence[str | None]) -> str:
    """The pieces escaped, each ``None`` as a bold mark."""
    whole = "".join(piece for piece in pieces if piece is not None)
    cuts: list[int] = []
    at = 0
    for piece in pieces:
        if piece is None:
            cuts.append(at)
        else:
            at += len(piece)
    # Where each character of the text begins in its escaped form.
    escaped, result, done = escape(whole), [], 0
    places = _places(whole, escaped)
    for cut in cuts:
        result += [escaped[done : places[cut]], "**"]
        done = places[cut]
    return "".join([*result, escaped[done:]])


def _places(text: str, escaped: str) -> list[int]:
    """For each offset of ``text``, its end included, the offset in ``escaped``."""
    places, at = [], 0
    for character in text:
        places.append(at)
        if escaped[at] == "\\" and (character != "\\" or escaped[at : at + 2] == "\\\\"):
            at += 1
        at += 1
    return [*places, at]
