"""Everybody whom a document names, and who is meant where it says less than the full name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from corpus.speakers.names import FULL_NAME_PATTERN, Run, parse_run
from corpus.speakers.roles import organisation_in, role_after, role_before, sign_off
from corpus.speakers.words import (
    FEMALE_NAMES,
    GENERIC,
    MALE_NAMES,
    ORGANISATION_WORDS,
    ROLE_HEADS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_RUN: Final = re.compile(FULL_NAME_PATTERN)
_SAID: Final = re.compile(
    r",?[ \xa0](?:said|says|told|added|wrote|tweeted|asked|warned|insisted)\b"
)
# How many words a name has at most; a longer run of capitals is a headline.
_LONGEST_NAME: Final = 5
# How many people of one name are told apart: a list that grew with the text would make the
# work grow with its square.
_MOST_ALIKE: Final = 50


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom the document names in full; every word is the document's.

    ``gender`` is 1 for "he", 2 for "she", 0 where nothing tells. ``certain`` says that a title,
    a role or a verb of saying shows that it is a person.
    """

    name: str
    words: tuple[str, ...]
    role: str | None
    organisation: str | None
    gender: int
    certain: bool
    count: int
    first: int


@dataclass(frozen=True, slots=True)
class Roster:
    """The people of one text, and the ways to find them."""

    people: tuple[Person, ...]
    by_surname: dict[str, tuple[Person, ...]]
    by_forename: dict[str, tuple[Person, ...]]
    by_role: dict[str, tuple[Person, ...]]

    def named(self, run: Run, near: int) -> Person | None:
        """Who is meant by a run such as "Ms Dick", "Sir Mark", "Javid", "Bas Javid".

        ``near`` is where the run stands: of several people with one surname the one that is
        named most is meant, and of equals the one who is named first.
        """
        if not run.words:
            return None
        if len(run.words) > 1:
            found = [p for p in self.by_surname.get(run.words[-1], ()) if _fits(p, run)]
            same = [p for p in found if p.words[0] == run.words[0]]
            return _likeliest(same or found[:0], near)
        word = run.words[0]
        found = [p for p in self.by_surname.get(word, ()) if _fits(p, run)]
        if not found and (run.honorific in ("Sir", "Dame", "Lord", "Lady") or not run.gender):
            found = [p for p in self.by_forename.get(word, ()) if _fits(p, run)]
        return _likeliest(found, near)

    def with_role(self, phrase: str, near: int) -> Person | None:
        """Who is meant by "the commissioner" or "the mayor of London"; the latest named one."""
        words = phrase.lower().split()
        head = next((word for word in words if word in ROLE_HEADS), "")
        if not head or head in GENERIC:
            return None
        found = self.by_role.get(head, ())
        wanted = [word for word in words if word not in ("the", "of", head)]
        found = tuple(
            p for p in found if p.role and all(word in p.role.lower().split() for word in wanted)
        )
        before = [p for p in found if p.first < near]
        if before:
            return max(before, key=lambda p: p.first)
        return found[0] if found else None


def _fits(person: Person, run: Run) -> bool:
    return not run.gender or not person.gender or run.gender == person.gender


def _likeliest(found: list[Person], near: int) -> Person | None:
    if not found:
        return None
    return max(found, key=lambda p: (p.certain, p.count, p.first < near, -p.first))


def gather(text: str) -> Roster:
    """Read ``text`` (its line breaks line feeds) once for the people that it names in full."""
    found: dict[tuple[str, str], Person] = {}
    titled: dict[str, int] = {}
    for match in _RUN.finditer(text):
        run = parse_run(text, *match.span())
        if len(run.words) == 1 and run.gender:
            titled[run.words[0]] = run.gender
        if not 1 < len(run.words) <= _LONGEST_NAME:
            continue
        if not run.honorific and any(word in ORGANISATION_WORDS for word in run.words):
            continue
        key = (run.words[0], run.words[-1])
        known = found.get(key)
        person = _person(text, run)
        found[key] = person if known is None else _merged(known, person)
    people = tuple(
        replace(p, gender=p.gender or titled.get(p.words[-1], 0)) for p in found.values()
    )
    return Roster(
        people,
        _index(people, lambda p: (p.words[-1],)),
        _index(people, lambda p: (p.words[0],)),
        _index(people, _role_heads),
    )


def _person(text: str, run: Run) -> Person:
    start, end = run.name
    role = run.role if run.role[0] < run.role[1] else None
    organisation = None
    signed = sign_off(text, start, end)
    if signed is not None:
        role, organisation = signed
    role = role or role_after(text, end) or role_before(text, start)
    if role is not None:
        organisation = organisation or organisation_in(text, *role)
    first = run.words[0]
    gender = run.gender or (1 if first in MALE_NAMES else 2 if first in FEMALE_NAMES else 0)
    certain = bool(role or run.honorific or _SAID.match(text, end))
    return Person(
        text[start:end],
        run.words,
        None if role is None else text[slice(*role)],
        None if organisation is None else text[slice(*organisation)],
        gender,
        certain or first in MALE_NAMES or first in FEMALE_NAMES,
        1,
        start,
    )


def _merged(known: Person, new: Person) -> Person:
    """What two mentions of one person tell; the first role stands, the longer name wins."""
    longer = new if len(new.name) > len(known.name) else known
    with_role = known if known.role else new
    return Person(
        longer.name,
        longer.words,
        with_role.role,
        with_role.organisation or known.organisation or new.organisation,
        known.gender or new.gender,
        known.certain or new.certain,
        known.count + 1,
        known.first,
    )


def _role_heads(person: Person) -> tuple[str, ...]:
    if person.role is None:
        return ()
    return tuple({w for w in person.role.lower().split() if w in ROLE_HEADS})


def _index(
    people: tuple[Person, ...], keys: Callable[[Person], tuple[str, ...]]
) -> dict[str, tuple[Person, ...]]:
    found: dict[str, list[Person]] = {}
    for person in people:
        for key in keys(person):
            alike = found.setdefault(key, [])
            if len(alike) < _MOST_ALIKE:
                alike.append(person)
    return {key: tuple(alike) for key, alike in found.items()}
