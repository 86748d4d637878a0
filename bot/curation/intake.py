"""From a text that was read to a document: what a person sees, is asked, and is told."""

from __future__ import annotations

import re
import select
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, get_args

import typer

from bot.terminal.console import print_plainly
from bot.terminal.preview import print_near, print_preview
from corpus.document import Kind, PartialDate
from corpus.duplicates import Suggestion, near
from corpus.errors import AlreadyKnown, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from corpus.curator import Curator
    from corpus.document import Metadata
    from corpus.draft import Draft
    from corpus.duplicates import Near
    from corpus.sketches import Sketches

UPDATED = "the publisher updated it"
# How long a person who leaves with Ctrl-C may wait for it.
_LOOK_UP_SECONDS = 0.2
_ANSWERS = {"y": "yes", "n": "no", "v": "version", "c": "copy", "s": "separate"}


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the user states of a document in the place of what it states of itself.

    ``None`` leaves it, an empty text makes it unknown.
    """

    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    kind: str | None = None
    rights: str | None = None

    def applied(self, draft: Draft) -> Draft:
        """``draft`` with these in place.

        Raises:
            InputError: one of them cannot be.
        """
        given: dict[str, Any] = {
            name: _checked(name, value)
            for name in ("title", "publisher", "author", "url", "rights")
            if (value := getattr(self, name)) is not None
        }
        metadata = replace(draft.metadata, **given)
        if self.kind is not None:
            if self.kind not in get_args(Kind):
                raise InputError(
                    f"--kind must be one of {', '.join(get_args(Kind))}, not {self.kind!r}"
                )
            metadata = replace(metadata, kind=self.kind)  # type: ignore[arg-type]
        if self.published is not None:
            metadata = replace(metadata, published=_date(self.published))
        return replace(draft, metadata=metadata)


class Outcome(StrEnum):
    """What became of a draft."""

    ADDED = "added"
    UPDATED = "updated"
    """It is the newest version of a document now."""
    SAME = "same"
    LEFT_OUT = "left out"
    """The user said no."""


@dataclass(slots=True)
class Intake:
    """Brings drafts in, one after the other.

    ``yes`` asks nothing and takes what is suggested; ``wanted`` is what the user said that the
    text is to the document ``of``. Where it is ``brief`` only what was done is shown.
    """

    curator: Curator
    sketches: Sketches
    out: Console
    yes: bool = False
    document_id: str | None = None
    wanted: Suggestion | None = None
    of: str | None = None
    again: bool = False
    brief: bool = False
    counts: Counter[Outcome] = field(default_factory=Counter)
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def changes(self) -> int:
        """How often the corpus was changed."""
        return self.counts[Outcome.ADDED] + self.counts[Outcome.UPDATED]

    def take(self, draft: Draft) -> Outcome:
        """Show ``draft``, ask, and bring it in.

        Raises:
            AlreadyKnown: the text was withdrawn or erased before.
            InputError: it cannot be brought in so.
            StorageError: the corpus cannot be written.
        """
        outcome = self._taken(draft)
        self.counts[outcome] += 1
        return outcome

    def _taken(self, draft: Draft) -> Outcome:
        known = self.curator.known(draft)
        if known is not None and known.status == "current":
            print_plainly(self.out, f"{draft.source}: {known.sentence}")
            return Outcome.SAME
        if known is not None and known.is_gone and not self.again:
            raise AlreadyKnown(
                f"{draft.source}: {known.sentence}", id=known.id, status=known.status
            )
        found = () if self.wanted else self._near(draft)
        if not self.brief:
            self._show(draft, found)
        what = self._decided(found)
        if what is None:
            print_plainly(self.out, "left out")
            return Outcome.LEFT_OUT
        return self._brought(draft, what, self.of or (found[0].id if found else None))

    def _near(self, draft: Draft) -> tuple[Near, ...]:
        curator = self.curator
        return near(draft, curator.library, self.sketches, curator.texts)

    def _show(self, draft: Draft, found: Sequence[Near]) -> None:
        print_preview(self.out, draft)
        for one in found[:1]:
            is_version = one.suggestion is Suggestion.VERSION
            new = inheriting(draft, one.document.metadata) if is_version else draft
            print_near(self.out, new, one)
        if len(found) > 1:
            print_plainly(self.out, f"  near, too: {', '.join(one.id for one in found[1:])}")

    def _decided(self, found: Sequence[Near]) -> Suggestion | None:
        """What the text is to be; ``None`` to leave it out."""
        if self.wanted is not None or not found:
            wanted = self.wanted or Suggestion.SEPARATE
            if self.yes:
                return wanted
            answer = asked("add it? [y]es / [n]o", "yn", self.stopped)
            return wanted if answer == "yes" else None
        suggestion = found[0].suggestion
        if self.yes:
            return suggestion
        answer = asked(
            f"add it as [v]ersion, [c]opy, [s]eparate, or [n]o? (suggested: {suggestion})",
            "vcsn",
            self.stopped,
        )
        return None if answer == "no" else Suggestion(answer)

    def _brought(self, draft: Draft, what: Suggestion, of: str | None) -> Outcome:
        if what is Suggestion.VERSION and of is not None:
            earlier = update(self.curator, of, draft)
            print_plainly(self.out, f"added as the newest version of {of}, after {earlier}")
            return Outcome.UPDATED
        copy_of = of if what is Suggestion.COPY else None
        name = self.curator.add(
            draft, document_id=self.document_id, copy_of=copy_of, again=self.again
        )
        print_plainly(self.out, f"added {name}" + (f", a copy of {copy_of}" if copy_of else ""))
        return Outcome.ADDED


def inheriting(draft: Draft, old: Metadata) -> Draft:
    """``draft`` with what it does not state taken from the version before."""
    stated = draft.metadata
    unknown = {
        name: getattr(old, name)
        for name in ("title", "published", "publisher", "author", "url", "rights")
        if getattr(stated, name) is None
    }
    kind = old.kind if stated.kind == "other" else stated.kind
    return replace(draft, metadata=replace(stated, kind=kind, **unknown))


def update(writer: Curator, document_id: str, draft: Draft) -> str:
    """Make ``draft`` the newest version of a document; the id of the version before it.

    Raises:
        InputError: it cannot be corrected so.
        StorageError: the corpus cannot be written.
    """
    old = writer.correctable(document_id)
    return writer.correct(document_id, inheriting(draft, old.metadata), UPDATED, seen=old)


def can_ask() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin is not None and sys.stdin.isatty()


def asked(question: str, answers: str, stopped: threading.Event | None = None) -> str:
    """What a person answers: the word for one of the letters of ``answers``.

    ``stopped`` is set by whoever does not wait for the answer any longer.

    Raises:
        typer.Abort: they left instead, or it was stopped.
    """
    while True:
        sys.stdout.flush()
        sys.stderr.write(f"{question}: ")
        sys.stderr.flush()
        while not select.select([sys.stdin], [], [], _LOOK_UP_SECONDS)[0]:
            if stopped is not None and stopped.is_set():
                raise typer.Abort
        line = sys.stdin.readline()
        if not line:
            raise typer.Abort
        answer = line.strip().lower()
        for letter in answers:
            if answer in (letter, _ANSWERS[letter]):
                return _ANSWERS[letter]


def must_ask(*, yes: bool, what: str = "what was understood is shown and asked about") -> None:
    """See that there is somebody to ask, unless nothing is asked.

    Raises:
        InputError: standard input is no terminal.
    """
    if not yes and not can_ask():
        raise InputError(f"{what}, and standard input is no terminal; give --yes to go on unasked")


def _checked(name: str, value: str) -> str | None:
    value = " ".join(value.split())
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"--{name} is not UTF-8; set the terminal to UTF-8") from error
    if not value:
        return None
    if name == "url" and not re.fullmatch(r"https?://[^\s<>]+", value):
        raise InputError(f"--url must begin with http:// or https://, not {value!r}")
    return value


def _date(value: str) -> PartialDate | None:
    if not value.strip():
        return None
    try:
        return PartialDate.parse(value)
    except ValueError as error:
        raise InputError(f"--published: {error}") from error
