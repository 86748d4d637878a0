"""The document: text that is never edited, and the only way to slice it."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Literal

_ISO_PARTIAL = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")

Kind = Literal["announcement", "news", "letter", "other"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of Unicode code points of ``Document.text``.

    ``start`` is inclusive, ``end`` exclusive, and ``0 <= start < end``.

    Raises:
        ValueError: the range is empty, reversed or negative.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}:{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one code point."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside; equal spans contain each other."""
        return self.start <= other.start and other.end <= self.end

    def joined(self, other: Span) -> Span:
        """The smallest span that holds both and what stands between them."""
        return Span(min(self.start, other.start), max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as precise as its source: a day, a month or a year.

    Raises:
        ValueError: no such day exists, or a day is given without a month.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError("a day needs a month")
        date(self.year, self.month or 1, self.day or 1)

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read ``2020-06-26``, ``2020-06`` or ``2020``.

        Raises:
            ValueError: the text has another form, or no such date exists.
        """
        found = _ISO_PARTIAL.fullmatch(text.strip())
        if found is None:
            raise ValueError(f"{text!r} is not a date such as 2020-06-26, 2020-06 or 2020")
        return cls(*(int(part) if part else None for part in found.groups()))  # type: ignore[arg-type]

    @property
    def first_day(self) -> date:
        """The earliest day it can mean, inclusive."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """The latest day it can mean, inclusive."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        """ISO 8601, as long as the precision: ``2020-06-26``, ``2020-06``, ``2020``."""
        month = "" if self.month is None else f"-{self.month:02}"
        return f"{self.year:04}{month}" + ("" if self.day is None else f"-{self.day:02}")

    @property
    def spoken(self) -> str:
        """As a person in London writes it: ``26 June 2020``, ``June 2020``, ``2020``."""
        parts = (self.day, self.month and calendar.month_name[self.month], self.year)
        return " ".join(str(part) for part in parts if part)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a document states of itself. ``None`` means that it does not say."""

    kind: Kind
    title: str | None = None
    published: PartialDate | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    rights: str | None = None
    retrieved: PartialDate | None = None
    trimmed: tuple[str, ...] = ()


class StatusKind(StrEnum):
    """What has become of a document since it was recorded."""

    CURRENT = "current"
    CORRECTED = "corrected"
    """A later version took its place."""
    RETRACTED = "retracted"
    """It was withdrawn, and nothing took its place."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where a document stands; all but ``kind`` is of one that is no longer current.

    ``version`` is the day the version is known by: of its publication, or else of its recording.
    ``changed`` is the day it was corrected or retracted, ``reason`` why, and ``now`` the id under
    which the text that took its place is found.
    """

    kind: StatusKind = StatusKind.CURRENT
    version: PartialDate | None = None
    changed: date | None = None
    reason: str | None = None
    now: str | None = None


CURRENT = Status()


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document. ``text`` is as it was read; ``sha256`` is of its UTF-8 bytes.

    Raises:
        ValueError: ``sha256`` is not the hash of ``text``.
    """

    id: str
    metadata: Metadata
    text: str
    sha256: str
    status: Status = CURRENT

    def __post_init__(self) -> None:
        if text_sha256(self.text) != self.sha256:
            raise ValueError(f"the text of {self.id} is not the one that was hashed")

    @classmethod
    def of(cls, id: str, metadata: Metadata, text: str) -> Document:  # noqa: A002 - the field's name
        """A document of ``text``, hashed here."""
        return cls(id, metadata, text, text_sha256(text))

    def text_at(self, span: Span) -> str:
        """The words at ``span``: the only slicer, and the source of every quoted word.

        Raises:
            ValueError: the span ends beyond the text.
        """
        if span.end > len(self.text):
            raise ValueError(f"{span.start}:{span.end} ends beyond the text of {self.id}")
        return self.text[span.start : span.end]


def text_sha256(text: str) -> str:
    """The hex SHA-256 of the text's UTF-8 bytes."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
