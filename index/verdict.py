"""What is said of a posted quotation. Spans and offsets only; words come from the documents."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.document import Span, Status
    from corpus.folding import Difference
    from corpus.quotations.types import Speaker


class Finding(StrEnum):
    """Whether a posted quotation is true to its source."""

    VERBATIM = "verbatim"
    """It stands there, equal after the fold, and nobody else is said to have said it."""
    ALTERED = "altered"
    """It is close to one passage, and differs from it in words or punctuation."""
    MISATTRIBUTED = "misattributed"
    """It stands there, and is not the words of whom it was attributed to."""
    STITCHED = "stitched"
    """It joins stretches that do not stand together, and does not show it."""
    ABSENT = "absent"
    """Nothing like it stands in the corpus."""


class Operation(StrEnum):
    """What was done to the source on the way to the post."""

    EQUAL = "equal"
    DELETE = "delete"
    """The source has it, the post has not."""
    INSERT = "insert"
    """The post has it, the source has not."""
    REPLACE = "replace"


class Flag(StrEnum):
    """A change that may turn what was said into something else."""

    NEGATION = "negation"
    NUMBER = "number"
    NAME = "name"
    MODAL = "modal"
    INSERTION = "insertion"
    """Every difference is in square brackets that the poster put there."""


class Attribution(StrEnum):
    """What the document says to the attribution that came with the post."""

    CONFIRMED = "confirmed"
    UNCONFIRMED = "unconfirmed"
    """It does not tell, or too uncertainly."""
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: one span, or one for each fragment, in order, half-open.

    ``omitted`` is what stands between the fragments where the post left words out.
    """

    document_id: str
    spans: tuple[Span, ...]
    omitted: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a diff: a stretch of the posted text and one of a document, half-open.

    ``posted`` is ``None`` where the post has nothing, ``source`` where the document has nothing;
    ``document_id`` goes with ``source``.
    """

    operation: Operation
    posted: Span | None
    source: Span | None
    document_id: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of ``posted``.

    ``checked`` is the stretch of it that was compared: quotation marks around it and an
    attribution outside them are left out. ``places`` is every place at which a verbatim text
    stands (at most 100, the one that fits the attribution first; ``count`` says how many there
    are, at least if not ``counted_all``), the closest one of an altered text, the stretches of a
    stitched one in posted order. ``speaker``, ``before`` and ``after`` are of the first place;
    the latter two are what stands beside it.

    ``attributed_to`` is as it was given or, failing that, as it was typed beside the marks.
    ``differences`` are what only the fold made equal. The posted stretches of ``changes`` make
    up the posted text; those of the source are in order, and gapless within one stretch.
    ``related`` is of an absent text: the nearest passages, none of them a match. ``status`` is
    what became of the document of the first place, where no current one has these words.
    """

    posted: str
    checked: Span
    finding: Finding
    places: tuple[Place, ...] = ()
    count: int = 0
    counted_all: bool = True
    speaker: Speaker | None = None
    attributed_to: str | None = None
    attribution: Attribution | None = None
    before: Span | None = None
    after: Span | None = None
    differences: tuple[Difference, ...] = ()
    changes: tuple[Change, ...] = ()
    flags: tuple[Flag, ...] = ()
    same_words: bool = False
    related: tuple[Place, ...] = ()
    status: Status | None = None

    @property
    def differing(self) -> tuple[Change, ...]:
        """The changes of what was checked: what was typed around the quotation is left out."""
        return tuple(
            change
            for change in self.changes
            if change.operation is not Operation.EQUAL
            and (change.posted is None or change.posted.overlaps(self.checked))
        )
