"""Runs of capitalised words, and the role, title and name that each is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from corpus.speakers.words import FEMALE, HONORIFICS, KEPT_HONORIFICS, MALE, RANKS

_UPPER: Final = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİŁŃŇŌŐŒŘŚŞŠŢŤŪŮŰŹŻŽ"
_NAME_WORD: Final = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|St|Prof|Rev|Hon|Capt|Cmdr|Insp|Supt|Det)\."
    rf"|[{_UPPER}]\.(?:[{_UPPER}]\.){{0,6}}"
    rf"|(?:[dO][’'])?[{_UPPER}][^\W_]{{0,40}}(?:[’'\-&](?!s\b)[^\W_]{{1,40}}){{0,4}})"
)
_PARTICLE: Final = r"(?:(?:of|of the|de|de la|van|von|van der|bin|al|du|della|&)[ \xa0]+)?"
_NICKNAME: Final = rf"(?:[\"“'‘(][{_UPPER}][\w-]*[\"”'’)][ \xa0]+)?"
_LINK: Final = rf"[ \xa0]+{_PARTICLE}"
_FULL_LINK: Final = rf"[ \xa0]+{_NICKNAME}{_PARTICLE}"
NAME_PATTERN: Final = rf"\b{_NAME_WORD}(?:{_LINK}{_NAME_WORD}){{0,11}}"
"""A run of at most twelve capitalised words: a name with its titles, or what looks like one."""

FULL_NAME_PATTERN: Final = rf"\b{_NAME_WORD}(?:{_FULL_LINK}{_NAME_WORD}){{1,11}}"
"""The same with at least two words, a nickname in marks or brackets among them allowed."""

_MARKS: Final = "\"“”'‘’("
_WORD: Final = re.compile(r"[^\s\xa0]+")

LEADING: Final = frozenset(
    (
        "The A An In On At But And Or So As If When While After Before Since For From By With Of"
        " To This That These Those It He She They We I You There Here Then Now Also However"
        " Meanwhile Instead Still Yet Even Only Just Not No Yes What Who Which Where Why How One"
        " Another Some Many Most Several Both Two Three Four His Her Their Its Our My Your During"
        " Under Over About Although Though Because Unless Until According Asked Speaking Is Are"
        " Was Were Will Would Can Could Should May Might Must Do Does Did Has Have Had Let Such"
        " Other Others Each Every All Any Once Later Earlier Today Yesterday Tomorrow Last Next"
        " Said Says Saying Per Well Like Unlike Despite Following Perhaps Maybe Indeed Moreover"
        " Rather Thus Among Between Into Through Without Within Whether Q Tonight Words Photo Image"
        " Advertisement Read More Added Adding Responding Replying Writing Told Noting Citing"
        " Calling Ahead Whilst"
    ).split()
)
"""Capitalised at a sentence's start, and no part of a name."""

CALENDAR: Final = frozenset(
    (
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May"
        " June July August September October November December"
    ).split()
)
"""Days and months: capitalised, and nobody."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run's parts, as half-open offsets into the text: the role before the name, the name.

    ``name`` starts after ``Mr`` and its like and includes ``Sir`` and its like; either part may
    be empty (``start == end``). ``gender`` is 1 for a man's title, 2 for a woman's, 0 for none.
    ``words`` are the name's words without any title.
    """

    role: tuple[int, int]
    name: tuple[int, int]
    words: tuple[str, ...]
    gender: int
    honorific: str


def parse_run(text: str, start: int, end: int) -> Run:
    """Take the run ``text[start:end]`` apart."""
    found = [(word.group(), word.start(), word.end()) for word in _WORD.finditer(text, start, end)]
    while found and (found[0][0] in LEADING or found[0][0] in CALENDAR):
        del found[0]
    while found and found[-1][0] in CALENDAR:
        del found[-1]
    if not found:
        return Run((start, start), (start, start), (), 0, "")
    last_rank = -1
    for at, word in enumerate(found):
        if word[0] in RANKS:
            last_rank = at
    role = (found[0][1], found[last_rank][2]) if last_rank >= 0 else (start, start)
    rest = found[last_rank + 1 :]
    gender, honorific = 0, ""
    kept = None
    while rest and rest[0][0] in HONORIFICS:
        honorific = rest[0][0].rstrip(".")
        gender = 1 if honorific in MALE else 2 if honorific in FEMALE else gender
        if honorific in KEPT_HONORIFICS and kept is None:
            kept = rest[0][1]
        del rest[0]
    if not rest:
        return Run(role, (end, end), (), gender, honorific)
    name = (rest[0][1] if kept is None else kept, rest[-1][2])
    return Run(
        role, name, tuple(word[0] for word in rest if word[0][0] not in _MARKS), gender, honorific
    )
