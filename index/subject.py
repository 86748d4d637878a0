"""What somebody's message is about: the words to search for; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.words import STOPWORDS, words

if TYPE_CHECKING:
    from collections.abc import Callable

# A message of so many words or fewer is searched for as it stands.
_SHORT = 25
_MOST_TERMS = 12


def subject(message: str, frequency: Callable[[str], int]) -> str | None:
    """What to search for to find what ``message`` is about; ``None`` if it is about nothing.

    A short message is taken as it is. Of a long one, the words that the fewest passages have, in
    the order of the message; words that none has tell nothing. ``frequency`` says how many
    passages have a stem.
    """
    content = [word for word in words(message) if word.form not in STOPWORDS]
    if not content:
        return None
    if len(message.split()) <= _SHORT:
        return message
    known = {word.stem: frequency(word.stem) for word in content}
    rare = sorted((count, stem) for stem, count in known.items() if count > 0)[:_MOST_TERMS]
    chosen = {stem for _, stem in rare}
    first: dict[str, str] = {}
    for word in content:
        if word.stem in chosen:
            first.setdefault(word.stem, message[word.start : word.end])
    return " ".join(first.values()) or None
