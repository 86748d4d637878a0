"""What kind of thing a question asks for, and whether a passage holds such a thing."""

from __future__ import annotations

import re
from enum import StrEnum

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"


class Asks(StrEnum):
    """The kinds of question that a passage can be seen to suit."""

    WHEN = "when"
    HOW_MANY = "how_many"
    WHO = "who"
    WHERE = "where"
    WHY = "why"


# Tried in order; "how many people who …" asks for a number.
_QUESTIONS = {
    Asks.HOW_MANY: (
        r"\bhow (?:many|much|old|long|far|often|big|tall|large)\b|\bhowmany\b"
        r"|\b(?:what|which) (?:number|percent|percentage|proportion|share|amount|age)\b"
    ),
    Asks.WHEN: (r"\bwhen\b|\b(?:what|which) (?:year|date|day|time|month|night)\b|\bhow long ago\b"),
    Asks.WHO: r"\bwho(?:se|m|s)?\b|\bwhich (?:person|officer|politician)\b|\bwhat name\b",
    Asks.WHERE: (
        r"\bwhere(?:abouts)?\b|\b(?:what|which) (?:place|city|country|areas?|part|town"
        r"|borough|street|road|estate|stadium|station)\b"
    ),
    Asks.WHY: r"\bwhy\b|\bhow come\b|\bwhat (?:caused|led|is the reason|made)\b|\breasons?\b",
}
_EVIDENCE = {
    Asks.HOW_MANY: (
        r"\d|\b(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en"
        r"|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?|half|twice|several)\b"
    ),
    Asks.WHEN: (
        rf"\b(?:{_MONTHS}|{_DAYS})\b|\b(?:1[5-9]|20)\d\d\b|\b(?:yesterday|today|tonight|morning"
        r"|evening|night|century|weeks?|months?|years?|summer|winter|spring|autumn)\b"
    ),
    Asks.WHO: (
        r"(?<=[a-z,;:] )[A-Z][a-z]+"
        r"|\A[“\"‘']?(?!The\b|It\b|In\b|This\b|These\b)[A-Z][a-z]+ [A-Z]"
    ),
    Asks.WHERE: r"\b(?:in|at|near|from|to|on|across|outside|of) (?:the )?[A-Z][a-z]+",
    Asks.WHY: (
        r"\b(?:because|due to|since|so that|in order to|to [a-z]+|as a result|after|following"
        r"|therefore|reason)\b"
    ),
}
# Kinds whose evidence is the answer itself and can be marked; a cause is more than its "because".
_MARKED = {
    Asks.HOW_MANY: re.compile(
        r"(?:(?:more|fewer|less) than |up to |nearly |over |about |around )?"
        r"[£$€]?\d[\d,.]*\d?%?(?:st|nd|rd|th)?(?= |\b|-)(?:[ -][a-z]+)?|"
        r"\b(?:[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en"
        r"|eleven|twelve)(?: (?:hundred|thousand))? [a-z]+"
    ),
    Asks.WHEN: re.compile(
        rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{_MONTHS})(?: \d{{4}})?\b|\b(?:{_DAYS})"
        r"(?: (?:morning|afternoon|evening|night))?\b|\b(?:19|20)\d\d\b"
    ),
}
_QUESTION_PATTERNS = tuple((asks, re.compile(pattern)) for asks, pattern in _QUESTIONS.items())
_EVIDENCE_PATTERNS = {asks: re.compile(pattern) for asks, pattern in _EVIDENCE.items()}


def asked(question: str) -> Asks | None:
    """What ``question`` asks for; ``None`` where its form does not say."""
    lowered = question.lower()
    for asks, pattern in _QUESTION_PATTERNS:
        if pattern.search(lowered):
            return asks
    return None


def evidence(asks: Asks, passage: str) -> bool:
    """Whether ``passage`` holds something of that kind."""
    return _EVIDENCE_PATTERNS[asks].search(passage) is not None


def evidence_spans(asks: Asks, passage: str) -> tuple[tuple[int, int], ...]:
    """Where ``passage`` holds what may itself be the answer: half-open offsets, in order."""
    pattern = _MARKED.get(asks)
    return () if pattern is None else tuple(match.span() for match in pattern.finditer(passage))


_OPEN = re.compile(
    r"\bwhat (?:\w+ ){1,8}?(?:say|says|said|saying)(?: \w+){0,3}"
    r" (?:about|on|regarding|concerning)\b"
    r"|\bwhat (?:was|has been|is|is being|were) said (?:about|on|of|regarding|concerning)\b",
    re.IGNORECASE,
)


def is_open(text: str) -> bool:
    """Whether a question asks for whatever was said of a subject, so that no one fact answers."""
    return _OPEN.search(text) is not None
