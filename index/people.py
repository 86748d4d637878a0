"""One person under many forms of a name: "Ms Dick", "Dame Cressida Dick", "the Commissioner"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.words import words

if TYPE_CHECKING:
    from corpus.document import PartialDate

# What stands before a name and is no part of it: forms of address, honours and ranks.
_TITLES = frozenset(
    "a an the mr mrs ms miss mx dr prof professor sir dame lord lady baroness rt hon rev "
    "commissioner commander deputy assistant chief detective superintendent supt inspector insp "
    "sergeant sgt constable pc dc ds di dci dsu dac ac mayor minister secretary president".split()
)
# A description that speaks for somebody else is another speaker than they are.
_FOR = frozenset("for of".split())
_SAME = {"met": "metropolitan", "mps": "metropolitan", "spokesman": "spokesperson"}


@dataclass(frozen=True, slots=True)
class Office:
    """What somebody was called in a document of some date; ``None`` where it does not say."""

    role: str | None
    organisation: str | None
    document_id: str
    published: PartialDate | None


@dataclass(frozen=True, slots=True)
class Person:
    """A speaker across documents: the fullest name, every form of it, every office, the count.

    ``offices`` are in order of date, undated ones last: a "Commissioner" of 2018 need not be
    the one of 2024.
    """

    key: str
    name: str
    aliases: tuple[str, ...]
    offices: tuple[Office, ...]
    quotations: int


def person_key(name: str) -> str:
    """What all forms of a full name have in common: its folded words without titles in front."""
    found = [_SAME.get(word.form, word.form) for word in words(name)]
    while len(found) > 1 and found[0] in _TITLES:
        found.pop(0)
    return " ".join(found)


def is_asked_for(asked: str, name: str, role: str | None, organisation: str | None) -> bool:
    """Whether ``asked`` (a name, a part of one, or an office) means this speaker.

    Each of its words must be one of theirs; "Khan" does not mean a spokesperson for Khan.
    """
    wanted = set(person_key(asked).split())
    own = person_key(name).split()
    if any(word in _FOR for word in own):
        at = next(i for i, word in enumerate(own) if word in _FOR)
        if not wanted & set(own[:at]):
            return False
    known = {*own, *person_key(role or "").split(), *_all_words(role), *_all_words(organisation)}
    return bool(wanted) and wanted <= known


def _all_words(text: str | None) -> set[str]:
    return {_SAME.get(word.form, word.form) for word in words(text or "")}
