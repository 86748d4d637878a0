"""What of a post is the quotation, and what the poster put around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.document import Span
from corpus.speakers.words import ROLE_HEADS

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPEN: Final = "\"'“‘„«‹‟‛`"
_CLOSE: Final = "\"'”’“‘»›`"
_VERBS: Final = (
    "said|says|saying|added|adds|told|tells|stated|states|wrote|writes|tweeted|asked|replied|warned"
    "|insisted|explained|announced|claimed|commented|declared"
)
_DASH: Final = "[-–—―~‒]{1,3}"
# At most so many words name and describe a speaker; more are part of the text.
_MOST_WORDS = 12
_MOST_CHARACTERS = 120
# A name typed in lower case is told from other words by its length.
_MOST_LOWER = 3
# What may stand between the closing mark and the attribution, and makes it one.
_TAIL: Final = re.compile(
    rf"[\s.,;]*(?:(?P<set_off>{_DASH}|\(|\[|\n)|(?:{_VERBS}|according to|by|via)\b|(?<=,)\s)"
    r"\s*(?P<who>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LEAD: Final = re.compile(
    rf"(?P<who>[^\n\"“”„«»]+?),?\s*(?::|\b(?:(?:told|tells)\b[^\n\"“]{{1,40}}|(?:{_VERBS})\b)"
    r"(?:\s+that)?\s*[:,]?)\s*",
    re.IGNORECASE,
)
_ACCORDING: Final = re.compile(r"according to\s+(?P<who>[^\n\"“”„«»]+?),?\s*", re.IGNORECASE)
_DASHED: Final = re.compile(
    rf"(?P<body>.+\S)\s+{_DASH}\s*(?P<who>[^\n–—―]{{2,{_MOST_CHARACTERS}}})", re.DOTALL
)
_SPEECH: Final = re.compile(
    r"\b(?:told|tells)\b.*|\baccording to\b"
    rf"|\b(?:{_VERBS})\b(?:\s+(?:that|on|in|at|today|yesterday)\b.*)?",
    re.IGNORECASE | re.DOTALL,
)
_DATE_END: Final = re.compile(
    r"[\s,(]*(?:\b(?:on|in)\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:[A-Z][a-z]+\s+)?(?:19|20)\d\d\)?\Z"
)
_LINK: Final = re.compile(r"<?https?://\S+")
_EDGES: Final = " \t\r\n.,;:!()[]<>*_~|\"'“”‘’-–—―"
_SMALL: Final = frozenset("the a an of for and from at in on to de la van von bin al &".split())
# What begins so names nobody, or begins in the middle of a sentence.
_NOBODY: Final = frozenset(
    "he she it they we i you who this that these those there here his her its their for of and "
    "from at in on to".split()
)
# Discord shows a line that starts so as a quotation.
_QUOTED_LINE: Final = re.compile(r"(?m)^[ \t]*(?:>{1,3}(?=[ \t])[ \t]|>>>)")


@dataclass(frozen=True, slots=True)
class Framing:
    """One way to read a post: ``span`` of it is the quotation, by ``attributed_to``.

    ``certain`` says that marks set the quotation off from what else was typed.
    """

    span: Span
    attributed_to: str | None
    certain: bool


def plain(posted: str) -> str:
    """The post, as long as before, with the marks of quoted lines ("> ") made spaces."""
    return _QUOTED_LINE.sub(lambda found: " " * len(found.group()), posted)


def framings(posted: str) -> tuple[Framing, ...]:
    """The ways to read ``posted`` (not blank), the simplest first: the whole of it.

    Others leave an attribution out: ``"…" - Name``, ``"…", said Name``, ``Name: "…"``, and
    without marks ``… - Name``. What is left out holds nothing but a name or a role, and a verb
    of saying: any other word is part of the text.
    """
    start = len(posted) - len(posted.lstrip())
    end = len(posted.rstrip())
    whole = Framing(Span(start, end), None, certain=False)
    return (whole, *_trailing(posted, start, end), *_leading(posted, start, end))


def _trailing(posted: str, start: int, end: int) -> Iterator[Framing]:
    closing = _closing(posted, start, end) if posted[start] in _OPEN else start
    if closing > start:
        found = _TAIL.fullmatch(posted, closing + 1, end)
        if found and (who := _name(found["who"], any_case=bool(found["set_off"]))):
            yield Framing(Span(start, closing + 1), who, certain=True)
            return
    dashed = _DASHED.fullmatch(posted, start, end)
    if dashed and (who := _name(dashed["who"])):
        yield Framing(Span(start, dashed.end("body")), who, certain=False)


def _leading(posted: str, start: int, end: int) -> Iterator[Framing]:
    opening = _opening(posted, start, end)
    if opening == start:
        return
    found = _ACCORDING.fullmatch(posted, start, opening) or _LEAD.fullmatch(posted, start, opening)
    if found and (who := _name(found["who"])):
        yield Framing(Span(opening, end), who, certain=True)


def _closing(posted: str, start: int, end: int) -> int:
    """The last closing mark with few characters after it; ``start`` if there is none."""
    for at in range(end - 2, max(start, end - _MOST_CHARACTERS), -1):
        if posted[at] in _CLOSE and not (posted[at - 1].isalnum() and posted[at + 1].isalnum()):
            return start if posted[at - 1].isspace() else at
    return start


def _opening(posted: str, start: int, end: int) -> int:
    """The first opening mark, if one closes at the end; ``start`` if there is none."""
    if not any(mark in _CLOSE for mark in posted[max(start, end - 2) : end]):
        return start
    for at in range(start + 1, min(end - 1, start + _MOST_CHARACTERS)):
        if posted[at] in _OPEN and (posted[at - 1].isspace() or posted[at - 1] == ":"):
            return start if posted[at + 1].isspace() else at
    return start


def _name(typed: str, *, any_case: bool = False) -> str | None:
    """The speaker whom the words beside a quotation name, or ``None`` if they say other things."""
    text = _SPEECH.sub(" ", _LINK.sub(" ", typed))
    text = _DATE_END.sub("", text.rstrip(_EDGES)).strip(_EDGES)
    words = [word.strip(_EDGES) for word in text.split()]
    if not 1 <= len(words) <= _MOST_WORDS or words[0].lower() in _NOBODY:
        return None
    small = [word for word in words if word.islower() and word not in _SMALL]
    proper = any(word[:1].isupper() for word in words)
    named = all(word in ROLE_HEADS for word in small) and (proper or bool(small))
    if named or (any_case and not proper and len(words) <= _MOST_LOWER):
        return " ".join(text.split())
    return None
