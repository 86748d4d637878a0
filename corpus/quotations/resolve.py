"""From the mention that attributes a quotation to the person whom the document names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.document import Span
from corpus.quotations.reading import who
from corpus.quotations.stream import BREAK, CUT, NAME, OBJECT, PRONOUN, QUOTE, ROLE, STOP
from corpus.quotations.types import Speaker
from corpus.speakers import parse_run

if TYPE_CHECKING:
    from corpus.quotations.reading import Reading
    from corpus.speakers import Person, Roster

# What may stand before a noun that stands for a speaker: "a Met", "two senior police".
_PHRASE_BEFORE: Final = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother|[Tt]wo|[Tt]hree|[Ss]everal|[Ss]ome|[Mm]any|[Hh]is"
    r"|[Hh]er|[Tt]heir|[Ii]ts|[Oo]ur)[ \xa0]+(?:[\w’'&-]+[ \xa0]+){0,4}?"
    r"|(?:[A-Z][\w’'&-]*[ \xa0]+){1,4})\Z"
)
_PHRASE_AFTER: Final = re.compile(
    r"[ \xa0](?:for|of|from|at)[ \xa0](?:the[ \xa0])?"
    r"[A-Z][\w’&-]*(?:[ \xa0](?:(?:of|and)[ \xa0])?[A-Z][\w’&-]*){0,5}"
)
_DEFINITE: Final = re.compile(r"[Tt]he[ \xa0]")
_ARTICLE: Final = re.compile(r"(?:the|an?)[ \xa0]+", re.IGNORECASE)
_GENDERS: Final = {"he": 1, "him": 1, "his": 1, "she": 2, "her": 2, "hers": 2}
# In tokens: an antecedent stands in the sentences before.
_ANTECEDENT: Final = 60
_PARAGRAPHS: Final = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """The words that attribute a quotation, who they stand for, and whether that is a name."""

    span: Span
    speaker: Speaker | None
    person: Person | None


def resolve(reading: Reading, at: int, running: Person | None) -> Mention:
    """Who the candidate token ``at`` stands for.

    ``running`` is the person who spoke last; a pronoun may mean them. Speaker is ``None`` where
    a pronoun's person cannot be told.
    """
    kind, start, end = reading.tokens[at]
    text, roster = reading.text, reading.roster
    if kind == NAME:
        return _named(text, roster, start, end)
    if kind == ROLE:
        return _role(text, roster, start, end)
    word = text[start:end].lower()
    person: Person | None = None
    if word == "who":
        return _relative(reading, at, start, end)
    if word in _GENDERS:
        person = _antecedent(reading, at, _GENDERS[word], running)
    return Mention(Span(start, end), None if person is None else _speaker(person), person)


def _speaker(person: Person) -> Speaker:
    return Speaker(person.name, person.role, person.organisation)


def _named(text: str, roster: Roster, start: int, end: int) -> Mention:
    run = parse_run(text, start, end)
    person = roster.named(run, start)
    if person is not None:
        return Mention(Span(start, end), _speaker(person), person)
    if not run.words:
        found = roster.with_role(text[start:end], start)
        if found is not None:
            return Mention(Span(start, end), _speaker(found), found)
        return Mention(Span(start, end), Speaker(text[start:end]), None)
    role = text[slice(*run.role)] or None
    return Mention(Span(start, end), Speaker(text[slice(*run.name)], role), None)


def _role(text: str, roster: Roster, start: int, end: int) -> Mention:
    """A noun: the person who holds the role, or the phrase as it stands."""
    head = text[start:end]
    before = _PHRASE_BEFORE.search(text, max(0, start - 60), start)
    left = start if before is None else before.start()
    after = _PHRASE_AFTER.match(text, end, end + 120)
    right = end if after is None else after.end()
    phrase = text[left:right]
    if _DEFINITE.match(phrase) or phrase == head.title():
        person = roster.with_role(_ARTICLE.sub("", phrase, count=1), start)
        if person is not None:
            return Mention(Span(left, right), _speaker(person), person)
    spoken = head.lower().startswith("spoke")
    return Mention(Span(left, right), Speaker(phrase, head if spoken else None), None)


def _relative(reading: Reading, at: int, start: int, end: int) -> Mention:
    """The name or noun right before a "who"."""
    for before in range(at - 1, max(-1, at - 6), -1):
        kind = reading.tokens[before][0]
        if kind in (NAME, ROLE):
            found = resolve(reading, before, None)
            return Mention(Span(start, end), found.speaker, found.person)
        if kind in (STOP, BREAK, CUT):
            break
    return Mention(Span(start, end), None, None)


def _antecedent(reading: Reading, at: int, gender: int, running: Person | None) -> Person | None:
    """The person whom "he" or "she" means: the nearest subject before it that can be."""
    tokens = reading.tokens
    second: Person | None = None
    paragraphs = 0
    for index in range(at - 1, max(-1, at - _ANTECEDENT), -1):
        kind = tokens[index][0]
        if kind == BREAK:
            paragraphs += 1
        if kind == CUT or paragraphs > _PARAGRAPHS:
            break
        if kind != NAME:
            continue
        person = who(reading, index)
        if person is None or person.gender not in (0, gender) or not person.certain:
            continue
        if person is running or _is_subject(reading, index):
            return person
        second = second or person
    if running is not None and running.gender in (0, gender):
        return running
    return second


def _is_subject(reading: Reading, index: int) -> bool:
    """Whether a name opens its sentence, or follows only a phrase that opens it."""
    for before in range(index - 1, max(-1, index - _ANTECEDENT), -1):
        kind = reading.tokens[before][0]
        if kind in (STOP, BREAK, CUT, QUOTE):
            return True
        if kind in (NAME, PRONOUN, OBJECT):
            return False
    return True
