"""Choose each quotation's speaker, kind and cue, and join segments of one utterance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from corpus.quotations.model import load_model
from corpus.quotations.reading import NO_TOKEN, vectors
from corpus.quotations.resolve import resolve
from corpus.quotations.types import QuotationKind
from corpus.quotations.utterance import (
    Attribution,
    crosses_paragraph,
    cue_of,
    described,
    in_heading,
    is_nickname,
    reported_speaker,
    same_utterance,
)

if TYPE_CHECKING:
    from corpus.quotations.reading import Reading, Unit
    from corpus.quotations.resolve import Mention

# In words: an unattributed stretch longer than this is somebody's speech, not a term.
_TERM_WORDS: Final = 6
# The confidence of a nickname's being nobody's words, a matter of form alone.
_SURE: Final = 0.95
# Below this a speaker whom no verb of saying ties to the words is not given.
_WITHHELD: Final = 0.4
# The same for words inside a sentence when the speaker stands in another paragraph.
_WITHHELD_APART: Final = 0.75
# Reported speech that goes on without its verb: likelier than not, and no more.
_REPORTED: Final = 0.6
# The most that a speaker carried over from an earlier paragraph is given.
_RUNNING: Final = 0.7


def attribute(reading: Reading) -> tuple[Attribution, ...]:
    """Every utterance of the text, in the order of their first segments."""
    if not reading.units:
        return ()
    found: list[Attribution] = []
    previous, running = NO_TOKEN, None
    for unit in reading.units:
        token, confidence = _choose(reading, unit, previous)
        if token == NO_TOKEN:
            found.append(_unattributed(reading, unit, confidence))
            continue
        mention = resolve(reading, token, running)
        if mention.speaker is None and cue_of(reading, unit, token) is None:
            # "Our message": a pronoun that names nobody, and no verb that makes it speak.
            found.append(_unattributed(reading, unit, 1 - confidence))
            continue
        running = mention.person or running
        previous = token
        one = _attributed(reading, unit, token, mention, confidence)
        if found and same_utterance(reading, found[-1], one):
            found[-1] = replace(
                found[-1],
                segments=found[-1].segments + one.segments,
                confidence=min(found[-1].confidence, one.confidence),
            )
        else:
            found.append(one)
    return tuple(found)


def _choose(reading: Reading, unit: Unit, previous: int) -> tuple[int, float]:
    """The token of the likeliest speaker, ``NO_TOKEN`` for nobody, and how sure that is."""
    if is_nickname(reading, unit):
        return NO_TOKEN, _SURE
    model = load_model()
    choices = vectors(reading, unit, previous)
    shares = model.shares([vector for _, vector in choices])
    best = max(range(len(choices)), key=shares.__getitem__)
    token, confidence = choices[best][0], model.confidence(shares[best])
    if token == NO_TOKEN:
        reported = reported_speaker(reading, unit)
        return (token, confidence) if reported == NO_TOKEN else (reported, _REPORTED)
    token = described(reading, token)
    if cue_of(reading, unit, token) is None:
        inline = _kind(reading, unit) is QuotationKind.PARTIAL
        apart = inline and crosses_paragraph(reading, unit, token)
        least = _WITHHELD_APART if apart else _WITHHELD
        if confidence < least or in_heading(reading, unit, token):
            return NO_TOKEN, 1 - confidence
    return token, confidence


def _attributed(
    reading: Reading, unit: Unit, token: int, mention: Mention, confidence: float
) -> Attribution:
    cue = cue_of(reading, unit, token)
    if cue is None and crosses_paragraph(reading, unit, token):
        confidence = min(confidence, _RUNNING)
    segments = tuple(range(unit.first, unit.last + 1))
    kind = _kind(reading, unit)
    return Attribution(segments, kind, mention.speaker, mention.span, cue, confidence, token)


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
