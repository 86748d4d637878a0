"""Which words there are, and which of them a misspelt one was meant to be."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.thesaurus import like

if TYPE_CHECKING:
    from index.catalogue import Catalogue
    from index.thesaurus import Entry
    from index.types import Encoder

# Below four letters nearly every word is one slip from another.
_SHORTEST = 4
# Two slips only where enough is left to recognise the word by.
_TWO_SLIPS_FROM = 7


class CorpusVocabulary:
    """The words of the corpus, and beside them those the encoder's model knows whole.

    A word that either knows is taken as meant: "petrol" is not corrected to "patrol".
    """

    def __init__(self, catalogue: Catalogue, encoder: Encoder) -> None:
        self._catalogue, self._encoder = catalogue, encoder
        # A garbled question asks for the same lengths again and again.
        self._of_length = lru_cache(maxsize=32)(catalogue.words_of_length)

    def has(self, form: str) -> bool:
        """Whether the folded word stands in the corpus."""
        return self._catalogue.has_word(form)

    def like(self, phrase: tuple[str, ...]) -> Entry | None:
        """What a phrase, as folded words, may be called in documents; see ``thesaurus.txt``."""
        return like(phrase)

    def nearest(self, form: str) -> str | None:
        """The word of the corpus that ``form`` is a likely misspelling of, or ``None``.

        Distance is optimal string alignment: a swap of neighbours is one slip.
        """
        if len(form) < _SHORTEST or not form.isalpha() or self._encoder.knows(form):
            return None
        slips = 2 if len(form) >= _TWO_SLIPS_FROM else 1
        words = self._of_length(len(form) - slips, len(form) + slips)
        found = process.extract(form, words, scorer=OSA.distance, score_cutoff=slips, limit=None)
        if not found:
            return None
        # Ties go to the word that begins alike: first letters are seldom mistyped.
        return min(found, key=lambda hit: (hit[1], hit[0][0] != form[0], hit[0]))[0]
