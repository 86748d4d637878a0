"""Words of a text, folded and stemmed: what indexing, queries and highlights share."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import Stemmer

# Letters and digits, with apostrophes, points and commas inside: "Met's", "U.K", "32,000", "rufty".
_TOKEN = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s\Z")
_local = threading.local()

# Function words: they say nothing of the subject. Question words steer `query`, not the match.
STOPWORDS = frozenset(
    """a about after again all also am an and any are as at be been before being between both but by
    can could did do does doing done for from further get got had has have having he her here hers
    him his how i if in into is isn it its itself just ll me more most my no nor not of off on once
    only or other our ours out over own please re s same shall she should so some such t tell than
    that the their theirs them then there these they this those through to too under until up us ve
    very was we were what when where which while who whom whose why will with would you your yours
    anyone anything anybody someone something d don didn doesn m im ive know say says said
    saying mean really thing things going many much since happen happened happening""".split()
)

# Words that turn what is said into its opposite, or count.
NEGATIONS = frozenset(
    "not no never none nobody nothing nowhere neither nor without hardly barely scarcely seldom "
    "rarely unable fail fails failed failing refuse refuses refused refusing deny denies denied "
    "denying lack lacks lacked lacking non".split()
)
NUMBERS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred hundreds thousand thousands million millions billion billions dozen dozens half "
    "third thirds first second fourth fifth sixth seventh eighth ninth tenth once twice double "
    "triple".split()
)


class Word(NamedTuple):
    """A word of a text: half-open offsets, its folded form and its stem."""

    start: int
    end: int
    form: str
    stem: str


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Lower case, without accents, possessive, apostrophes and separators in numbers."""
    word = _POSSESSIVE.sub("", word)
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(
        character
        for character in decomposed
        if character not in "'’.," and not unicodedata.combining(character)
    )


@lru_cache(maxsize=65536)
def stem(form: str) -> str:
    """The Porter2 stem of a folded word."""
    # A stemmer keeps state between calls, so each thread has its own.
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english", 0)
    return str(_local.stemmer.stemWord(form))


def words(text: str) -> tuple[Word, ...]:
    """Every word of ``text``, in order, stopwords included."""
    return tuple(
        Word(token.start(), token.end(), form, root)
        for token in _TOKEN.finditer(text)
        for form, root in (_form_and_stem(token.group()),)
        if form
    )


@lru_cache(maxsize=65536)
def _form_and_stem(token: str) -> tuple[str, str]:
    form = fold(token)
    return form, stem(form)


def content_stems(text: str) -> tuple[str, ...]:
    """The stems of the words that are no stopwords, in order, repetitions kept."""
    return tuple(word.stem for word in words(text) if word.form not in STOPWORDS)
