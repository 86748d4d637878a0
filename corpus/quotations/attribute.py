"""Choose each quotation's speaker, kind and cue, and join segments of one utterance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from corpus.document import Span
from corpus.quotations.model import load_model
from corpus.quotations.reading import NO_TOKEN, vectors
from corpus.quotations.resolve import resolve
from corpus.quotations.stream import (
    BREAK,
    CUT,
    LAST_CANDIDATE,
    PRONOUN,
    QUOTE,
    SOURCE,
    STOP,
    STRONG,
    WEAK,
)
from corpus.quotations.types import QuotationKind, Speaker
from corpus.speakers import gather

if TYPE_CHECKING:
    from corpus.quotations.marks import Segment
    from corpus.quotations.reading import Reading, Unit
    from corpus.speakers import Person

# In code points: what may stand between the halves of a split quotation.
_BETWEEN: Final = 160
# In words: an unattributed stretch longer than this is somebody's speech, not a term.
_TERM_WORDS: Final = 6
_CUES: Final = (STRONG, WEAK, SOURCE)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Segments (by index, in order) of one utterance, and who is said to have said it."""

    segments: tuple[int, ...]
    kind: QuotationKind
    speaker: Speaker | None
    mention: Span | None
    cue: Span | None
    confidence: float
    token: int


def attribute(reading: Reading) -> tuple[Attribution, ...]:
    """Every utterance of the text, in the order of their first segments."""
    if not reading.units:
        return ()
    model = load_model()
    roster = gather(reading.text)
    found: list[Attribution] = []
    previous, running = NO_TOKEN, None
    for unit in reading.units:
        choices = vectors(reading, unit, previous)
        shares = model.shares([vector for _, vector in choices])
        best = max(range(len(choices)), key=shares.__getitem__)
        token = choices[best][0]
        confidence = model.confidence(shares[best])
        if token == NO_TOKEN:
            found.append(_unattributed(reading, unit, confidence))
            continue
        mention = resolve(reading, roster, token, running)
        if mention.person is not None:
            running = mention.person
        previous = token
        one = Attribution(
            tuple(range(unit.first, unit.last + 1)),
            _kind(reading, unit),
            mention.speaker,
            mention.span,
            _cue(reading, unit, token),
            confidence,
            token,
        )
        if found and _same_utterance(reading, found[-1], one):
            found[-1] = replace(
                found[-1],
                segments=found[-1].segments + one.segments,
                confidence=min(found[-1].confidence, one.confidence),
            )
        else:
            found.append(one)
    return tuple(found)


def _unattributed(reading: Reading, unit: Unit, confidence: float) -> Attribution:
    segment = reading.segments[unit.first]
    words = len(reading.text[segment.start : segment.end].split())
    kind = QuotationKind.TERM if words <= _TERM_WORDS else _kind(reading, unit)
    return Attribution(
        tuple(range(unit.first, unit.last + 1)), kind, None, None, None, confidence, NO_TOKEN
    )


def _kind(reading: Reading, unit: Unit) -> QuotationKind:
    """Direct when whole clauses stand in the marks: a capital first, or a paragraph's start."""
    text = reading.text
    first, last = reading.segments[unit.first], reading.segments[unit.last]
    if unit.first != unit.last:
        return QuotationKind.DIRECT
    words = text[first.start : last.end].split(None, 4)
    opens = text[first.start].isupper() or not text[first.start].isalpha()
    closes = text[last.end - 1] in ".,!?…" or text[last.outer_end : last.outer_end + 1] in ".,"
    if opens and closes and len(words) > 1:
        return QuotationKind.DIRECT
    return QuotationKind.PARTIAL


def _cue(reading: Reading, unit: Unit, token: int) -> Span | None:
    """The verb that ties the mention to the quotation: the nearest beside the mention."""
    tokens = reading.tokens
    own = reading.own[unit.first] if token < reading.own[unit.first] else reading.own[unit.last]
    toward = 1 if token < own else -1
    for step in (toward, -toward):
        at = token + step
        while 0 <= at < len(tokens) and tokens[at][0] not in (STOP, BREAK, CUT, QUOTE):
            if tokens[at][0] in _CUES:
                return Span(tokens[at][1], tokens[at][2])
            at += step
    return None


def _same_utterance(reading: Reading, before: Attribution, after: Attribution) -> bool:
    """Whether two stretches are one split quotation: ``"A," said X, "B."``."""
    if before.token == NO_TOKEN or after.speaker != before.speaker:
        return False
    last: Segment = reading.segments[before.segments[-1]]
    first: Segment = reading.segments[after.segments[0]]
    text = reading.text
    between = text[last.outer_end : first.outer_start]
    if len(between) > _BETWEEN or "\n" in between:
        return False
    # Only the attribution may stand between them: a mention and its verb, no second sentence.
    at, stop = reading.own[before.segments[-1]] + 1, reading.own[after.segments[0]]
    kinds = [kind for kind, _, _ in reading.tokens[at:stop]]
    spoken = text[last.end - 1] in ",.!?…—–-" and before.kind is QuotationKind.DIRECT
    inside = at <= before.token < stop or at <= after.token < stop
    few = sum(kind <= LAST_CANDIDATE for kind in kinds) <= 3
    return spoken and inside and few and kinds.count(STOP) <= 1 and STRONG in kinds


