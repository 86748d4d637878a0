"""Who said what stands at a place, and whether that is whom a post says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA

from corpus.document import Span
from corpus.quotations.types import QuotationKind
from corpus.speakers.words import GENERIC, HONORIFICS, RANKS, ROLE_HEADS
from index.verdict import Attribution
from index.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.document import Document
    from corpus.quotations.types import Quotation, Speaker
    from index.catalogue import Catalogue
    from index.verdict import Place

# Below even odds a speaker is a guess: nobody is told that they quote the wrong person for it.
LEAST_CONFIDENCE = 0.5
# Of a text that runs on beyond the marks so much must be inside them to be somebody's words.
_QUOTED_SHARE = 0.5
_TITLES: Final = frozenset(word.lower().rstrip(".") for word in HONORIFICS)
_RANKS: Final = frozenset(word.lower().rstrip(".") for word in RANKS) | ROLE_HEADS
# An office with one of these is another office than the one without.
_QUALIFIERS: Final = frozenset(
    "deputy assistant vice acting former interim ex shadow chief".split()
)
_SMALL: Final = frozenset(
    "the a an of for and from at in on to by its his her their then now s london london's uk "
    "british england".split()
)
_POLICE: Final = frozenset("met metropolitan police mps scotland yard service force new".split())
_POLICE_RANKS: Final = frozenset(
    "commissioner commander superintendent supt inspector insp sergeant sgt constable pc dc ds di "
    "dci dcs dac ac cdr officer detective".split()
)
_SPOKES: Final = ("spokes", "aide", "lawyer", "solicitor")
_SHORT: Final = {
    "dac": "deputy assistant commissioner", "ac": "assistant commissioner", "pc": "constable",
    "dc": "detective constable", "ds": "detective sergeant", "di": "detective inspector",
    "dci": "detective chief inspector", "dcs": "detective chief superintendent",
    "cdr": "commander", "supt": "superintendent", "insp": "inspector", "sgt": "sergeant",
    "spokesman": "spokesperson", "spokeswoman": "spokesperson", "chairman": "chair",
    "chairwoman": "chair", "chairperson": "chair",
}  # fmt: skip
# One slip in a surname of at least so many letters is a slip.
_SLIP_FROM = 5


@dataclass(frozen=True, slots=True)
class Said:
    """Who is said to have said the words at a place.

    ``quoted`` is false where they are the writer's own; ``speaker`` is ``None`` then, and where
    nobody is named or the naming is a guess. ``roles`` is all that the document calls them.
    """

    quoted: bool
    speaker: Speaker | None
    roles: tuple[str, ...] = ()


def said(catalogue: Catalogue, place: Place) -> Said:
    """Who said what stands at ``place``, by the quotations that the catalogue holds.

    Words of which most stand outside quotation marks, or that run over two speakers' words,
    are nobody's quotation.
    """
    document = catalogue.document(place.document_id)
    inside: list[Quotation] = []
    covered = letters = 0
    for span in place.spans:
        letters += _letters(document.text_at(span))
        for quotation in catalogue.quotations(place.document_id, span):
            if quotation.kind is QuotationKind.TERM:
                continue
            inside.append(quotation)
            covered += sum(_letters(_shared(document, span, part)) for part in quotation.spans)
    if not inside or covered < _QUOTED_SHARE * letters:
        return Said(quoted=False, speaker=None)
    sure = [one.speaker for one in inside if one.confidence >= LEAST_CONFIDENCE]
    speakers = {speaker.name: speaker for speaker in sure if speaker is not None}
    if len(speakers) != 1 or len(sure) != len(inside) or None in sure:
        return Said(quoted=len(speakers) <= 1, speaker=None)
    (speaker,) = speakers.values()
    everything = catalogue.quotations(place.document_id)
    roles = (
        one.speaker.role for one in everything if one.speaker and one.speaker.name == speaker.name
    )
    return Said(quoted=True, speaker=speaker, roles=tuple(dict.fromkeys(r for r in roles if r)))


def judged(attributed_to: str, found: Said, document: Document) -> Attribution:
    """Whether the words are by ``attributed_to``, as far as the document tells.

    A writer's own words are the author's and the publisher's; of a text without a publisher
    nobody can tell whether it is an organisation's. They are nobody else's: what a person is
    only reported to have said is not a quotation of them.
    """
    wanted = _Named.of(attributed_to)
    if found.quoted:
        if found.speaker is None:
            return Attribution.UNCONFIRMED
        return wanted.means(found.speaker, found.roles)
    metadata = document.metadata
    if metadata.author and wanted.named_like(metadata.author):
        return Attribution.CONFIRMED
    if metadata.publisher and wanted.same_body(_Named.of(metadata.publisher)):
        return Attribution.CONFIRMED
    if wanted.names or wanted.roles or metadata.publisher:
        return Attribution.CONTRADICTED
    return Attribution.UNCONFIRMED


@dataclass(frozen=True, slots=True)
class _Named:
    """A speaker's words by kind: of the name, of the role, and of the body they speak for."""

    names: tuple[str, ...]
    roles: frozenset[str]
    bodies: frozenset[str]
    speaks_for: bool

    @classmethod
    def of(cls, text: str, known_roles: Iterable[str] = ()) -> _Named:
        """Sort the words of ``text``; words of ``known_roles`` are no names."""
        found = [word.form for word in words(text)]
        found = [part for word in found for part in _SHORT.get(word, word).split()]
        # "The Met chief" is its commissioner; in "chief inspector" the word is another.
        found = [
            "commissioner" if word == "chief" and after not in _RANKS else word
            for word, after in zip(found, [*found[1:], ""], strict=False)
        ]
        roles = {word for word in found if word in _RANKS or word in _QUALIFIERS}
        bodies = {word for word in found if word in _POLICE}
        other = roles | bodies | _TITLES | _SMALL | set(known_roles)
        names = tuple(word for word in found if word not in other)
        speaks_for = any(word.startswith(_SPOKES) for word in found)
        return cls(names, frozenset(roles), frozenset(bodies), speaks_for)

    def named_like(self, name: str) -> bool:
        """Whether the names fit: the surname or the given name alone, or both."""
        own = _Named.of(name).names
        if not own or not self.names:
            return False
        if len(self.names) == 1:
            return _alike(self.names[0], own[-1]) or self.names[0] == own[0]
        if not _alike(self.names[-1], own[-1]):
            return False
        given = self.names[-2]
        return len(own) == 1 or given in own or any(w[0] == given for w in own)

    def means(self, speaker: Speaker, roles: Iterable[str]) -> Attribution:
        """Whether these words are another form of ``speaker``, whom ``roles`` are given."""
        offices = (speaker.role or "", *roles)
        own = _Named.of(speaker.name)
        if self.speaks_for:
            return self._speaks_for_the_same(_Named.of(" ".join((speaker.name, *offices))))
        body = {word.form for word in words(speaker.organisation or "")}
        if self.names and not self.roles and body.issuperset(self.names):
            return Attribution.CONFIRMED
        # "Home" is no name in "Home Secretary".
        office = {word.form for word in words(" ".join(offices))} if self.roles else set()
        names = tuple(name for name in self.names if name not in office)
        if own.speaks_for or names:
            same = not own.speaks_for and replace(self, names=names).named_like(speaker.name)
            return Attribution.CONFIRMED if same else Attribution.CONTRADICTED
        if self.roles - GENERIC:
            return self._holds((speaker.name, *offices))
        return self._speaks_as(speaker, own, " ".join(offices))

    def _speaks_for_the_same(self, own: _Named) -> Attribution:
        """Whether both speak for others, and for the same if both say for whom."""
        same = set(self.names) & set(own.names) or not (self.names and own.names)
        fits = own.speaks_for and same
        return Attribution.CONFIRMED if fits else Attribution.CONTRADICTED

    def _holds(self, roles: Iterable[str]) -> Attribution:
        """Whether one of ``roles`` is the office that is named."""
        offices = [_Named.of(role).roles for role in roles]
        offices = [office for office in offices if office]
        if not offices:
            return Attribution.UNCONFIRMED
        mine = self.roles & _QUALIFIERS
        fits = any(self.roles <= office and office & _QUALIFIERS == mine for office in offices)
        return Attribution.CONFIRMED if fits else Attribution.CONTRADICTED

    def _speaks_as(self, speaker: Speaker, own: _Named, offices: str) -> Attribution:
        """Whether the speaker is, or speaks for, the body that is named."""
        if not (self.roles or self.bodies):
            return Attribution.UNCONFIRMED
        if not own.names:
            same = self.same_body(own)
            return Attribution.CONFIRMED if same else Attribution.CONTRADICTED
        if not speaker.organisation:
            # A commander of no body that is named is one of the police.
            of_police = self.bodies and _Named.of(offices).roles & _POLICE_RANKS
            return Attribution.CONFIRMED if of_police else Attribution.UNCONFIRMED
        same = self.same_body(_Named.of(speaker.organisation))
        return Attribution.CONFIRMED if same else Attribution.CONTRADICTED

    def same_body(self, other: _Named) -> bool:
        """Whether both are the same body: the Met under any of its names, or the same words."""
        if self.names or other.names or self.roles or other.roles:
            return self.names == other.names and self.roles == other.roles
        return bool(self.bodies and other.bodies)


def _alike(one: str, other: str) -> bool:
    if min(len(one), len(other)) < _SLIP_FROM:
        return one == other
    return OSA.distance(one, other, score_cutoff=1) <= 1


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _shared(document: Document, span: Span, part: Span) -> str:
    if not span.overlaps(part):
        return ""
    return document.text_at(Span(max(span.start, part.start), min(span.end, part.end)))
