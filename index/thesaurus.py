"""Words that a question may use for those of a document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from index.words import STOPWORDS, words


@dataclass(frozen=True, slots=True)
class Entry:
    """``rewritten`` takes the place of the phrase; any of ``stems`` counts as a match of it."""

    rewritten: str
    stems: tuple[str, ...]


@lru_cache(maxsize=1)
def entries() -> dict[tuple[str, ...], Entry]:
    """Every phrase of ``thesaurus.txt``, as folded words, with what it stands for."""
    found: dict[tuple[str, ...], Entry] = {}
    lines = resources.files("index").joinpath("thesaurus.txt").read_text("utf-8").splitlines()
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        asked, _, written = line.partition("=>")
        phrases = [phrase.strip() for phrase in written.split(",")]
        stems = dict.fromkeys(
            word.stem for phrase in phrases for word in words(phrase) if word.form not in STOPWORDS
        )
        for phrase in asked.split(","):
            key = tuple(word.form for word in words(phrase))
            found[key] = Entry(phrases[0], tuple(stems))
    return found


def like(phrase: tuple[str, ...]) -> Entry | None:
    """What the folded words of ``phrase`` stand for, if they are a phrase of the thesaurus."""
    return entries().get(phrase)


@lru_cache(maxsize=1)
def longest_phrase() -> int:
    """The number of words of the longest phrase."""
    return max(len(key) for key in entries())
