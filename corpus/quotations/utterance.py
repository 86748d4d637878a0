"""One utterance: its cue, its halves, and what its form alone tells of its speaker."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpus.document import Span
from corpus.quotations.reading import NO_TOKEN
from corpus.quotations.stream import (
    BREAK,
    CUT,
    LAST_CANDIDATE,
    NAME,
    QUOTE,
    ROLE,
    SOURCE,
    STOP,
    STRONG,
    WEAK,
)
from corpus.quotations.types import QuotationKind

if TYPE_CHECKING:
    from corpus.quotations.reading import Reading, Unit
    from corpus.quotations.types import Speaker

# In code points: what may stand between the halves of a split quotation.
_BETWEEN: Final = 160
# In tokens: no sentence's attribution is longer.
_REACH: Final = 80
# A mention with its title and role, no more candidates than these.
_FEW: Final = 3
# In code points: "She added that" leaves no more than this between subject and verb.
_SUBJECT_GAP: Final = 14
_SAYING: Final = (STRONG, SOURCE)
_NICKNAME: Final = re.compile(r"[A-Z][\w.-]*[ \xa0]\Z")
_SURNAME: Final = re.compile(r"[ \xa0][A-Z]\w+")
_APPOSED: Final = re.compile(r",[ \xa0](?:(?:the|an?)[ \xa0])?(?:[\w’'-]+[ \xa0]){0,4}\Z")
_BACKSHIFTED: Final = re.compile(r"\b(?:would|could|might|should|had)\b")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Segments (by index, in order) of one utterance, and who is said to have said it.

    ``token`` is the index of the mention's token, ``NO_TOKEN`` where nobody is named.
    """

    segments: tuple[int, ...]
    kind: QuotationKind
    speaker: Speaker | None
    mention: Span | None
    cue: Span | None
    confidence: float
    token: int


def is_nickname(reading: Reading, unit: Unit) -> bool:
    """Whether the marks hold one capitalised word inside a name: ``Robert "Bob" Smith``."""
    text, segment = reading.text, reading.segments[unit.first]
    words = text[segment.start : segment.end]
    if " " in words or not words[0].isupper() or not segment.closed:
        return False
    before = _NICKNAME.search(text, max(0, segment.outer_start - 24), segment.outer_start)
    return before is not None and _SURNAME.match(text, segment.outer_end) is not None


def in_heading(reading: Reading, unit: Unit, token: int) -> bool:
    """Whether the words end a run-in heading and the mention only follows in the text below."""
    end = reading.segments[unit.last].outer_end
    return token > reading.own[unit.last] and reading.text[end : end + 1] == ":"


def described(reading: Reading, token: int) -> int:
    """The name that a noun in apposition describes: of "Khan, the mayor," it is Khan."""
    kind, start, _ = reading.tokens[token]
    if kind != ROLE or token == 0 or reading.tokens[token - 2][0] == QUOTE:
        return token
    for before in range(token - 1, max(-1, token - 3), -1):
        other, _, end = reading.tokens[before]
        if other in (NAME, ROLE):
            apposed = _APPOSED.fullmatch(reading.text, end, start)
            return before if apposed is not None else token
    return token


def reported_speaker(reading: Reading, unit: Unit) -> int:
    """Who is being reported where a sentence has no verb of saying but the one before has.

    "She added that it was rare. It would be done in "unusual circumstances"": the tense shows
    that the words are still hers. ``NO_TOKEN`` where it does not.
    """
    text, tokens = reading.text, reading.tokens
    at = reading.own[unit.first] - 1
    start = reading.segments[unit.first].outer_start
    shifted = False
    least = max(0, at - _REACH)
    while at > least and tokens[at][0] not in (BREAK, CUT):
        kind, _, end = tokens[at]
        if kind == STOP and not shifted:
            shifted = _BACKSHIFTED.search(text, end, start) is not None
            if not shifted:
                return NO_TOKEN
        subject, _, before = tokens[at - 1]
        if kind == STRONG:
            that = text[end : end + 5] == " that"
            near = subject <= LAST_CANDIDATE and tokens[at][1] - before <= _SUBJECT_GAP
            return at - 1 if that and near and shifted else NO_TOKEN
        at -= 1
    return NO_TOKEN


def cue_of(reading: Reading, unit: Unit, token: int) -> Span | None:
    """The word that ties the mention to the quotation.

    Of the words between the two the one nearest the quotation, a verb of saying before any
    other; else the one on the mention's far side, in its own sentence.
    """
    tokens = reading.tokens
    before = token < reading.own[unit.first]
    own = reading.own[unit.first] if before else reading.own[unit.last]
    step = -1 if before else 1
    weak: Span | None = None
    same_sentence = True
    at = own + step
    while at != token and 0 <= at < len(tokens) and abs(at - own) < _REACH:
        kind, start, end = tokens[at]
        if kind in _SAYING:
            return Span(start, end)
        if kind == BREAK and (step > 0 or reading.text[start - 1 : start] != ":"):
            return None
        same_sentence = same_sentence and kind != STOP
        if kind == WEAK and weak is None and same_sentence:
            weak = Span(start, end)
        at += step
    return weak or _cue_beyond(reading, token, step)


def _cue_beyond(reading: Reading, token: int, step: int) -> Span | None:
    tokens = reading.tokens
    for at in range(token + step, token + step * 6, step):
        if not 0 <= at < len(tokens) or tokens[at][0] in (STOP, BREAK, CUT, QUOTE):
            break
        if tokens[at][0] in (STRONG, WEAK, SOURCE):
            return Span(tokens[at][1], tokens[at][2])
    return None


def crosses_paragraph(reading: Reading, unit: Unit, token: int) -> bool:
    """Whether a line ends between the mention and the quotation."""
    span = reading.tokens[token]
    first, last = reading.segments[unit.first], reading.segments[unit.last]
    if span[2] <= first.outer_start:
        return "\n" in reading.text[max(span[2], first.outer_start - 2000) : first.outer_start]
    return "\n" in reading.text[last.outer_end : span[1]]


def same_utterance(reading: Reading, before: Attribution, after: Attribution) -> bool:
    """Whether two stretches are one split quotation: ``"A," said X, "B."``."""
    if before.token == NO_TOKEN or after.speaker != before.speaker:
        return False
    last = reading.segments[before.segments[-1]]
    first = reading.segments[after.segments[0]]
    text = reading.text
    between = text[last.outer_end : first.outer_start]
    if len(between) > _BETWEEN or "\n" in between:
        return False
    # Only the attribution may stand between them: a mention and its verb, no second sentence.
    at, stop = reading.own[before.segments[-1]] + 1, reading.own[after.segments[0]]
    kinds = [kind for kind, _, _ in reading.tokens[at:stop]]
    spoken = text[last.end - 1] in ",.!?…—–-" and before.kind is QuotationKind.DIRECT
    inside = at <= before.token < stop
    few = sum(kind <= LAST_CANDIDATE for kind in kinds) <= _FEW
    return spoken and inside and few and kinds.count(STOP) <= 1 and STRONG in kinds
