"""A reply to an answer, read: who said that, when, or the same topic asked about further; pure.

No model reads it: a reply that has few words of its own, or stands something in for what was
said before ("that", "they"), takes the words of the question before it along.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from index.dates import asked_dates
from index.words import STOPWORDS, words


class FollowUp(StrEnum):
    """What a reply asks for."""

    WHO = "who"
    """Who said the words that were shown."""
    WHEN = "when"
    """When those words were published, and where."""
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Continued:
    """A reply to an answer.

    ``text`` is what to search for, with the topic taken along if ``has_topic``; ``asked`` is
    what the person may be told that they asked.
    """

    what: FollowUp
    text: str
    asked: str
    has_topic: bool = False


# A question with fewer words of its own leans on the one before it.
_FEWEST_WORDS = 3
_LEAD = r"(?:(?:and|so|but|ok(?:ay)?|well|hm+|yes|thanks?(?: you)?|please|right|sorry)\b[\s,]*)*"
_THAT = r"(?:that|this|it|these|those|so|them|the (?:words?|quotes?|quotation|statement))"
_SAID = r"(?:said|says|say|saying|told|wrote|stated|quoted|claimed|announced)"
_END = r"(?: (?:exactly|then|again|please|though|there|about it|actually))*\W*"
_WHO = re.compile(
    rf"{_LEAD}(?:"
    rf"who(?: exactly| actually)?(?: is| was|[’']s| has)? {_SAID}"
    rf"(?: all| them| us| me)?(?: {_THAT})?"
    rf"|who (?:did|does) (?:say|write) {_THAT}"
    rf"|who (?:is|was|are|were|is being|was being) (?:quoted|speaking|talking)(?: here| there)?"
    rf"|who(?:se)? (?:words|quotes?|statement) (?:is|are|was|were) {_THAT}"
    rf"|whom?(?: (?:is|was|are|were)|[’']s)? {_THAT} (?:from|by|quoting|said by)"
    rf"|(?:said )?by whom?|(?:from|according to) whom?|who (?:are|is) the speakers?|speakers?"
    rf"){_END}",
    re.IGNORECASE,
)
_WHEN = re.compile(
    rf"{_LEAD}(?:"
    rf"when(?: exactly)?(?: (?:was|were|is|are) (?:that|this|it|these|those))?"
    rf"(?: (?:said|written|published|posted|announced|released|from))?"
    rf"|when did (?:they|he|she|the met|the police|you) (?:{_SAID}|publish|post|write|announce)"
    rf"(?: {_THAT})?"
    rf"|(?:on )?(?:what|which) (?:date|day|year)(?: (?:was|is) (?:that|this|it))?(?: from)?"
    rf"|how (?:old|recent|new) (?:is|are|was) {_THAT}|(?:what(?:[’']s| is) )?(?:the )?date"
    rf"|(?:what(?:[’']s| is| are) )?(?:the |your )?(?:source|sources|link)"
    rf"|where (?:is|was|are|were|does|did) {_THAT} (?:come )?(?:from|published|said|written)"
    rf"|where did (?:they|he|she|you|the met|the police) (?:say|publish|find|get|write) {_THAT}"
    rf"){_END}",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:that|this|these|those|it|its|they|them|their|he|him|his|she|her|hers|there|then"
    r"|else|more|same|why|how come)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
# A relative "that" stands for nothing said before: "officers that were hurt".
_RELATIVE = re.compile(r"(?<=\w )that (?=(?:was|were|is|are|had|have|has|did)\b)", re.IGNORECASE)
_NAME = r"(?:[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)"
_PLACE = re.compile(rf"\b(?:in|at|near|around|from) (?:the )?({_NAME})")
_INSTEAD = re.compile(rf"\b(?:[Ii]n|[Aa]t|[Nn]ear|[Aa]round|[Aa]bout|[Ff]rom) (?:the )?({_NAME})")


def continued(reply: str, question: str, speakers: tuple[str, ...] = ()) -> Continued:
    """``reply``, to an answer to ``question``.

    ``speakers`` are the names of those who are quoted in what was shown, for "what else did she
    say?".
    """
    text = " ".join(reply.split())
    if _WHO.fullmatch(text):
        return Continued(FollowUp.WHO, text, text)
    if _WHEN.fullmatch(text):
        return Continued(FollowUp.WHEN, text, text)
    own = _content(text)
    leans = _PRONOUN.search(_RELATIVE.sub("", text)) is not None
    if not leans and len(own) >= _FEWEST_WORDS:
        return Continued(FollowUp.QUESTION, text, text)
    topic = _topic(question, text)
    if _PERSON.search(text):
        topic = [*speakers[:1], *topic]
    if not topic:
        return Continued(FollowUp.QUESTION, text, text)
    about = " ".join(topic)
    bare = text.rstrip(" ?!.")
    return Continued(
        FollowUp.QUESTION, f"{bare} {about}", f"{text} (about: {about})", has_topic=True
    )


def _topic(question: str, reply: str) -> list[str]:
    """The words of ``question`` to take along, as they stand there.

    A place or a date that the reply names takes the place of the question's.
    """
    gone: list[tuple[int, int]] = []
    if _INSTEAD.search(reply):
        gone += [match.span(1) for match in _PLACE.finditer(question)]
    if asked_dates(reply)[0] is not None:
        gone += asked_dates(question)[1]
    own = {word.stem for word in words(reply)}
    found: dict[str, str] = {}
    for word in words(question):
        is_gone = any(start <= word.start < end for start, end in gone)
        if (
            word.form not in STOPWORDS
            and word.form != "about"
            and not is_gone
            and word.stem not in own
        ):
            found.setdefault(word.stem, question[word.start : word.end])
    return list(found.values())


def _content(text: str) -> list[str]:
    return [word.form for word in words(text) if word.form not in STOPWORDS]
