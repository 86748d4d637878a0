"""What a question wants to be told, more finely than `index.asks`, and where a text has it."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from index.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator


class Wanted(StrEnum):
    """What can be told by its form when it is there."""

    COUNT = "count"
    AGE = "age"
    DURATION = "duration"
    MONEY = "money"
    SHARE = "share"
    SIZE = "size"
    CLOCK = "clock"
    DAY = "day"
    YEAR = "year"
    TIME = "time"
    NAME = "name"
    PLACE = "place"
    REASON = "reason"


# Tried in order. The end of the first match is where what is counted is looked for.
_QUESTIONS = {
    Wanted.AGE: r"\bhow old\b|\b(?:what|which) age\b|\bage of\b",
    Wanted.MONEY: (
        r"\bhow much (?=.*\b(?:costs?|spen[dt]|pay|paid|earns?|worth|price|fined?|money|charge"
        r"|budget|bill)\b)|\bhow (?:big|large) (?:is|was|are) the (?:fines?|budget|bill|bonus)\b"
        r"|\bwhat (?:is|was) the (?:cost|price|budget|salary|fine)\b|\bhow much money\b"
    ),
    Wanted.SHARE: r"\b(?:percent(?:age)?|per cent|proportion|(?:what|which) (?:share|fraction))\b",
    Wanted.DURATION: r"\bhow (?:long|many (?:years|months|weeks|days|hours|minutes))\b(?! ago\b)",
    Wanted.SIZE: r"\bhow (?:far|tall|high|deep|wide|heavy|fast)\b",
    Wanted.COUNT: r"\bhow (?:many|much|often)\b|\bhowmany\b|\bnumber of\b|\bwhat number\b",
    Wanted.CLOCK: r"\b(?:what|which) time\b",
    Wanted.DAY: r"\b(?:what|which) (?:day|date|dates|month|night)\b|\bdate (?:of|on|for)\b",
    Wanted.YEAR: r"\b(?:what|which) (?:year|decade|century)\b",
    Wanted.TIME: r"\bwhen\b|\bhow long ago\b",
    Wanted.PLACE: (
        r"\bwhere(?:abouts)?\b|\b(?:what|which) (?:places?|bits? of|cit(?:y|ies)|countr(?:y|ies)"
        r"|areas?|parts? of|towns?|boroughs?|streets?|roads?|estates?|stadiums?|stations?"
        r"|airports?|state"
        r"|region|county|island|continent)\b"
    ),
    Wanted.NAME: (
        r"(?:\A|[,;:.?!]\s+|\b(?:and|or|but|so|by|to|of|for|with|from|know|ask|about|exactly) )"
        r"who(?:se|m|s)?\b|\b(?:what|which) (?:is|was|'s|person|officer|man"
        r"|woman|politician|company|team|organi[sz]ation|band|king|president)?\s*(?:the )?"
        r"(?:full )?name\b|\bname of\b|\bcalled\?*\Z|\bnamed\?*\Z"
        r"|\b(?:what|which) (?:person|officer|politician|company|team|organi[sz]ation|king"
        r"|president|band|singer|actor|author)\b"
    ),
    Wanted.REASON: r"\bwhy\b|\bhow come\b|\bwhat (?:caused|led to)\b|\breasons? (?:for|why|that)\b",
}
_WORDED = (
    r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty"
    r"|ninety|hundreds?|thousands?|millions?|billions?|dozens?|several|few)"
)
_NUMBER = (
    r"(?:\b\d[\d,.]*\d\b|\b\d\b|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|once"
    r"|twice)\b)"
)
_SOME = rf"(?:\d[\d,.]*|\b{_WORDED})[ -](?:and a half )?"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEARS = r"\b(?:1[0-9]|20)\d\d(?:s\b|\b)"
_CLOCK = (
    r"\b\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.?m\b\.?|o'clock|hours\b|GMT|BST)|\b\d{1,2}:\d\d\b"
    r"|\b(?:noon|midnight)\b"
)
_DATES = rf"\b{_MONTH}\b|\b{_DAY}\b|\b\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\b"
_CAPITAL = r"[A-Z][\w’'-]+"
_THINGS = {
    Wanted.COUNT: _NUMBER,
    Wanted.AGE: (
        r"\b\d{1,3}[- ]years?[- ]old\b|\baged? (?:of |about |only )?\d{1,3}\b"
        r"|, \d{1,2}(?=[,.)]| from| who)"
        r"|\bin (?:his|her|their) (?:early |late |mid-?)?[a-z]+ies\b|\bage (?:of )?[a-z]+\b"
    ),
    Wanted.DURATION: (
        rf"{_SOME}(?:second|minute|hour|day|night|week|month|year|decade|centur)(?:y|ies|s)?\b"
        rf"|\b(?:until|till|into|since|from) (?:{_MONTH}|{_DAY}|\d{{4}})|\b(?:life|overnight)\b"
    ),
    Wanted.MONEY: (
        r"[£$€]\s?\d[\d,.]*|\b\d[\d,.]* ?(?:m|bn|million|billion)?\s?(?:pounds?|dollars?|euros?"
        r"|cents?|pence|p\b|USD|GBP)"
    ),
    Wanted.SHARE: (
        r"\d[\d.,]* ?(?:%|per ?cent|percent)|\b(?:half|thirds?|quarters?|majority|most|all|none"
        r"|tenths?|fifths?)\b|\b[a-z]+ (?:per ?cent|percent|in ten|out of)\b"
    ),
    Wanted.SIZE: (
        rf"{_SOME}(?:kilo|centi|milli)?(?:met(?:er|re)|mile|f(?:ee|oo)t|inch|yard|km\b|cm\b|mm\b|m\b"
        r"|mph\b|kg\b|pound|ton|gram|knot|acre)|°"
    ),
    Wanted.CLOCK: rf"{_CLOCK}|\b(?:morning|afternoon|evening|night|dawn|dusk|early hours)\b",
    Wanted.DAY: _DATES,
    Wanted.YEAR: rf"{_YEARS}|\bcentury\b",
    Wanted.TIME: (
        rf"{_DATES}|{_YEARS}|{_CLOCK}|\b(?:yesterday|today|tonight|tomorrow|century|last|next"
        r"|early|late|earlier|later) ?(?:week|month|year|night|morning|summer|winter|spring|autumn"
        r"|century|hours)?\b|\b(?:summer|winter|spring|autumn|decades?)\b"
    ),
    Wanted.NAME: rf"(?<![.!?] )(?<!\A)(?<!\A[“\"‘']){_CAPITAL}|\b{_CAPITAL} {_CAPITAL}",
    Wanted.PLACE: (
        rf"\b(?:in|at|near|from|to|on|across|outside|of|around|through|into|towards|between|and)"
        rf" (?:the )?(?:[a-z]+ )?{_CAPITAL}|, {_CAPITAL}|\b{_CAPITAL} (?:Road|Street|Lane|Avenue"
        r"|Stadium|Park|Bridge|Station|Airport|Square|Estate|estate|River|County)"
    ),
    Wanted.REASON: (
        r"\b(?:because|due to|since|so that|so as to|in order to|as a result|following|therefore"
        r"|reasons?|owing to|thanks to|caused?|causes|blamed?|in response|amid|fear|fearing|for"
        r" fear|to (?:prevent|ensure|protect|avoid|help|stop|keep|make|provide|reduce|get|allow"
        r"|increase|improve|reassure|support))\b|\bafter\b|\bas\b"
    ),
}
_QUESTION_PATTERNS = tuple((kind, re.compile(p, re.IGNORECASE)) for kind, p in _QUESTIONS.items())
# Names and places are told by their capitals.
_CASED = frozenset({Wanted.NAME, Wanted.PLACE, Wanted.DAY, Wanted.TIME, Wanted.DURATION})
_THING_PATTERNS = {
    kind: re.compile(pattern, 0 if kind in _CASED else re.IGNORECASE)
    for kind, pattern in _THINGS.items()
}
# Written with a capital, and neither a name nor a place.
_NO_NAME = re.compile(rf"(?:[a-z]+ )*(?:{_MONTH}|{_DAY}|I|(?:They|We|You|I|He|She|It)[’'][a-z]+)")
# A date or an age in figures counts nothing.
_NO_COUNT = re.compile(rf"{_DATES}|{_YEARS}|\b\d{{1,2}}(?:st|nd|rd|th)\b")


def wanted(question: str) -> tuple[Wanted | None, int | None]:
    """What ``question`` wants, and the offset after the words that say so; ``None`` if unsaid."""
    for kind, pattern in _QUESTION_PATTERNS:
        found = pattern.search(question)
        if found:
            return kind, found.end()
    return None, None


def things(kind: Wanted, text: str, given: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """Where ``text`` has a thing of ``kind`` that is not ``given``: half-open offsets, in order.

    ``given`` are stems; a thing all of whose words are among them is none.
    """
    return tuple(_new(kind, text, given))


def _new(kind: Wanted, text: str, given: frozenset[str]) -> Iterator[tuple[int, int]]:
    for found in _THING_PATTERNS[kind].finditer(text):
        said = words(found.group())
        if kind is Wanted.COUNT and _NO_COUNT.fullmatch(found.group()):
            continue
        if kind in (Wanted.NAME, Wanted.PLACE) and _NO_NAME.fullmatch(found.group()):
            continue
        if kind is Wanted.REASON or not said or any(word.stem not in given for word in said):
            yield found.span()
