"""A posted text beside its source, as a diff of exact stretches of both."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.document import Span
from corpus.folding import fold
from index.standing import same_gap
from index.verdict import Change, Operation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.reading import Reading
    from index.stretch import Posted, Stretch


def diff(posted: Posted, stretches: Sequence[tuple[Stretch, Reading]]) -> tuple[Change, ...]:
    """What was done to the sources of ``stretches`` (in posted order, disjoint) to get the post.

    The posted stretches of the changes make up the posted text; those of the source are gapless
    within one stretch. Equal parts are equal after the fold.
    """
    making = _Making(posted)
    for stretch, source in stretches:
        _lead(making, stretch, source)
        making.take(stretch, source)
        _trail(making, stretch, source)
    making.insert_to(len(posted.text))
    return tuple(_merged(making.changes))


@dataclass(slots=True)
class _Making:
    """A diff in the making; ``at`` is how far of the posted text it has come."""

    posted: Posted
    at: int = 0
    changes: list[Change] = field(default_factory=list)

    def insert_to(self, end: int) -> None:
        """What stands in the post up to ``end`` has no source."""
        if end > self.at:
            self.changes.append(Change(Operation.INSERT, Span(self.at, end), None, None))
            self.at = end

    def add(self, operation: Operation, end: int, source: Span | None, document_id: str) -> None:
        """The post up to ``end`` and ``source`` belong together."""
        here = Span(self.at, end) if end > self.at else None
        if here or source:
            self.changes.append(Change(operation, here, source, document_id if source else None))
        self.at = max(end, self.at)

    def take(self, stretch: Stretch, source: Reading) -> None:
        """A whole stretch: its equal words, and what is between them in both texts."""
        there = source.span(stretch.source[0], stretch.source[0] + 1).start
        before = (stretch.posted[0] - 1, stretch.source[0] - 1)
        for pair in stretch.pairs:
            if self.posted.reading.word(pair[0]) != source.word(pair[1]):
                continue
            start, end = self.posted.word(pair[0])
            word = source.span(pair[1], pair[1] + 1)
            adjacent = pair == (before[0] + 1, before[1] + 1)
            same = adjacent and pair[0] and same_gap(self.posted.reading, pair[0], source, pair[1])
            self.between(start, (there, word.start), source, stretch.document_id, same=bool(same))
            self.add(Operation.EQUAL, end, word, stretch.document_id)
            there, before = word.end, pair
        start, end = self.posted.word(stretch.posted[1] - 1)
        last = source.span(stretch.source[1] - 1, stretch.source[1]).end
        self.between(end, (there, last), source, stretch.document_id, same=False)

    def between(
        self, end: int, there: tuple[int, int], source: Reading, document_id: str, *, same: bool
    ) -> None:
        """The post up to ``end`` against ``source.text[there[0]:there[1]]``.

        What both begin or end with goes to equal parts, but no word is cut; ``same`` says that
        they are equal however they are set.
        """
        here, other = self.posted.text[self.at : end], source.text[slice(*there)]
        if same or (here and other and fold(here).text == fold(other).text):
            self.add(Operation.EQUAL, end, _span(*there), document_id)
            return
        head = common_head(here, other)
        tail = common_head(here[head:][::-1], other[head:][::-1])
        left, right = there[0] + head, there[1] - tail
        self.add(Operation.EQUAL, self.at + head, _span(there[0], left), document_id)
        middle = _span(left, right)
        operation = _operation(end - tail > self.at, middle is not None)
        self.add(operation, end - tail, middle, document_id)
        self.add(Operation.EQUAL, end, _span(right, there[1]), document_id)


def common_head(one: str, other: str) -> int:
    """How many code points, none of a word, both begin with."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs or mine.isalnum():
            break
        count += 1
    return count


def _lead(making: _Making, stretch: Stretch, source: Reading) -> None:
    """What stands in the post before a stretch: inserted, but for what the source has there too."""
    start = making.posted.word(stretch.posted[0])[0]
    place = source.span(stretch.source[0], stretch.source[0] + 1).start
    here = making.posted.text[making.at : start]
    shared = common_head(here[::-1], source.text[max(0, place - len(here)) : place][::-1])
    making.insert_to(start - shared)
    making.add(Operation.EQUAL, start, _span(place - shared, place), stretch.document_id)


def _trail(making: _Making, stretch: Stretch, source: Reading) -> None:
    """What the post and the source both have right after a stretch, marks and stops."""
    place = source.span(stretch.source[1] - 1, stretch.source[1]).end
    limit = len(making.posted.text)
    if stretch.posted[1] < len(making.posted.reading):
        limit = making.posted.word(stretch.posted[1])[0]
    here = making.posted.text[making.at : limit]
    shared = common_head(here, source.text[place : place + len(here)])
    making.add(
        Operation.EQUAL, making.at + shared, _span(place, place + shared), stretch.document_id
    )


def _operation(here: bool, there: bool) -> Operation:
    if here and there:
        return Operation.REPLACE
    return Operation.INSERT if here else Operation.DELETE


def _span(start: int, end: int) -> Span | None:
    return Span(start, end) if end > start else None


def _merged(changes: Sequence[Change]) -> Iterator[Change]:
    """Equal parts that touch in both texts, as one."""
    last: Change | None = None
    for change in changes:
        joined = last and _joined(last, change)
        if joined:
            last = joined
            continue
        if last:
            yield last
        last = change
    if last:
        yield last


def _joined(one: Change, other: Change) -> Change | None:
    if one.operation != other.operation or one.document_id != other.document_id:
        return None
    if one.source and other.source and one.source.end != other.source.start:
        return None
    if one.operation is Operation.EQUAL and not (one.source and other.source):
        return None
    return Change(
        one.operation, _both(one.posted, other.posted), _both(one.source, other.source),
        one.document_id,
    )  # fmt: skip


def _both(one: Span | None, other: Span | None) -> Span | None:
    return one.joined(other) if one and other else one or other
