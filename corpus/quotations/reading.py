"""A text as the scorer sees it: its units of quotation and the candidates for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from corpus.quotations.candidates import nobody, walk
from corpus.quotations.features import AFTER_SIDE, BEFORE_SIDE, RUNNING_SIDE
from corpus.quotations.marks import find_segments
from corpus.quotations.stream import NAME, PRONOUN, ROLE, STRONG, read_stream
from corpus.quotations.surroundings import local_features, unit_features
from corpus.speakers import Roster, gather, parse_run
from corpus.speakers.words import ORGANISATION_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.quotations.marks import Segment
    from corpus.quotations.stream import Token
    from corpus.speakers import Person

NO_TOKEN: Final = -1
"""Stands for "nobody" where a token's index is expected."""

_OPENINGS: Final = frozenset(("", ".", "!", "?", ":"))
# In code points of the quotation: who is named beyond it is rarely its speaker's business.
_INSIDE: Final = 600


@dataclass(frozen=True, slots=True)
class Unit:
    """Segments ``first`` to ``last``, both inclusive, that one pair of marks holds together."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text, its segments, the tokens around them, and each segment's own token.

    ``counts`` tells for a name's last word how often it stands near quotations, and how often
    right beside a verb of saying.
    """

    text: str
    segments: tuple[Segment, ...]
    units: tuple[Unit, ...]
    tokens: tuple[Token, ...]
    own: tuple[int, ...]
    counts: dict[str, tuple[int, int]]
    roster: Roster
    local: dict[int, tuple[int, ...]] = field(default_factory=dict)
    people: dict[str, Person | None] = field(default_factory=dict)


def read(text: str) -> Reading:
    """Find the quotations of ``text`` (its line breaks line feeds) and what surrounds them."""
    segments = find_segments(text)
    tokens, own = read_stream(text, segments)
    units: list[Unit] = []
    for index, segment in enumerate(segments):
        if segment.continues:
            units[-1] = Unit(units[-1].first, index)
        else:
            units.append(Unit(index, index))
    roster = gather(text) if units else Roster((), {}, {}, {})
    return Reading(text, segments, tuple(units), tokens, own, _counts(text, tokens), roster)


def who(reading: Reading, index: int) -> Person | None:
    """The person whom the name token ``index`` means, if the document names them in full."""
    kind, start, end = reading.tokens[index]
    if kind != NAME:
        return None
    words = reading.text[start:end]
    if words not in reading.people:
        run = parse_run(reading.text, start, end)
        reading.people[words] = reading.roster.named(run, start)
    return reading.people[words]


def person_class(reading: Reading, index: int) -> int:
    """How far a token is shown to be a person.

    0 not at all, 1 a name that is nobody known, 2 an organisation's, 3 somebody named in full,
    4 and certain, 5 and with a role.
    """
    kind, start, end = reading.tokens[index]
    if kind != NAME:
        return 0
    person = who(reading, index)
    if person is None:
        words = reading.text[start:end].split()
        return 2 if any(word in ORGANISATION_WORDS for word in words) else 1
    return 5 if person.role else 4 if person.certain else 3


def _counts(text: str, tokens: Sequence[Token]) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for index, (kind, start, end) in enumerate(tokens):
        if kind in (NAME, ROLE):
            key = mention_key(text, (kind, start, end))
            beside = any(
                tokens[at][0] == STRONG and 0 <= gap <= 1
                for at, gap in (
                    (index - 1, start - tokens[index - 1][2]),
                    (
                        min(index + 1, len(tokens) - 1),
                        tokens[min(index + 1, len(tokens) - 1)][1] - end,
                    ),
                )
            )
            seen, cued = counts.get(key, (0, 0))
            # A word that is capitalised only where a sentence opens may be any word.
            opens = text[max(0, start - 2) : start].strip(' \n\xa0“”"') in _OPENINGS
            counts[key] = (seen + (not opens), cued + beside)
    return counts


def mention_key(text: str, token: Token) -> str:
    """The word that two mentions of one person share: a name's last."""
    return text[token[1] : token[2]].rsplit(None, 1)[-1]


def vectors(reading: Reading, unit: Unit, previous: int) -> list[tuple[int, tuple[int, ...]]]:
    """The candidates for a unit: each one's token, ``NO_TOKEN`` for nobody, and its features.

    ``previous`` is the token that was chosen for the unit before, or ``NO_TOKEN``.
    """
    text, tokens = reading.text, reading.tokens
    own = reading.own[unit.first], reading.own[unit.last]
    ends = reading.segments[unit.first], reading.segments[unit.last]
    about = unit_features(text, tokens, own, ends)
    pairs = walk(text, tokens, own[0], BEFORE_SIDE) + walk(text, tokens, own[1], AFTER_SIDE)
    if previous != NO_TOKEN and all(pair[0] != previous for pair in pairs):
        pairs.append((previous, (RUNNING_SIDE, 8, 3, about[8], 1, 0, 0, 0, 0, 0), (0, 0)))
    said = text[ends[0].start : min(ends[1].end, ends[0].start + _INSIDE)]
    key = "" if previous == NO_TOKEN else mention_key(text, tokens[previous]).lower()
    found = []
    before = None if previous == NO_TOKEN else who(reading, previous)
    for index, pair, cues in pairs:
        local = reading.local.get(index)
        if local is None:
            known = person_class(reading, index)
            local = local_features(text, tokens, index, reading.counts, known)
            reading.local[index] = local
        own_key = mention_key(text, tokens[index])
        same = 1 if index == previous else 2 if own_key.lower() == key else 0
        if not same and before is not None and tokens[index][0] == NAME:
            same = 3 if who(reading, index) is before else 4
        inside = int(tokens[index][0] != PRONOUN and own_key in said)
        found.append((index, (*pair, same, inside, *cues, *local, *about)))
    found.append((NO_TOKEN, (*nobody(), *about)))
    return found
