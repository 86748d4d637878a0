"""Words that a question may use for those of a document."""

from __future__ import annotations

from index.thesaurus import Entry, entries, longest_phrase
from index.words import fold


def test_every_line_of_the_file_is_well_formed() -> None:
    for phrase, entry in entries().items():
        assert phrase
        assert all(word == fold(word) for word in phrase)
        assert entry.rewritten
        assert entry.rewritten == entry.rewritten.strip()
        assert entry.stems
        assert all(entry.stems)


def test_an_entry_says_what_to_encode_and_what_to_match() -> None:
    assert entries()["coppers",] == Entry("police officers", ("polic", "offic"))
    assert entries()["cop", "shop"].rewritten == "police station"


def test_phrases_of_several_words_are_as_long_as_the_longest_says() -> None:
    assert longest_phrase() == max(len(phrase) for phrase in entries())
    assert longest_phrase() >= 3
