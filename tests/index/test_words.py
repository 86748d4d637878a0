"""Words, folded and stemmed the same for documents, questions and highlights."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words import STOPWORDS, Word, content_stems, fold, stem, words


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Met's", "met"), ("Met’s", "met"), ("officers’", "officers"), ("U.K", "uk"),
        ("32,000", "32000"), ("3.5", "35"), ("Élan", "elan"), ("naïve", "naive"),
        ("STRASSE", "strasse"), ("Straße", "strasse"), ("ﬁre", "fire"), ("１２", "12"),
        ("don't", "dont"), ("İ", "i"), ("s", "s"),
    ],
)  # fmt: skip
def test_a_word_is_folded(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("form", "expected"),
    [("patrols", "patrol"), ("patrolling", "patrol"), ("injured", "injur"), ("police", "polic"),
     ("violence", "violenc"), ("32000", "32000"), ("", "")],
)  # fmt: skip
def test_stems_are_porters_second(form: str, expected: str) -> None:
    assert stem(form) == expected


def test_words_are_found_at_their_offsets() -> None:
    assert words("“The Met’s 32,000 officers—ready.”") == (
        Word(1, 4, "the", "the"),
        Word(5, 10, "met", "met"),
        Word(11, 17, "32000", "32000"),
        Word(18, 26, "officers", "offic"),
        Word(27, 32, "ready", "readi"),
    )


@pytest.mark.parametrize("text", ["", " \n", "🚔🚔", "…—“”", "___", "\u202e\u200b"])
def test_what_is_no_word_is_none(text: str) -> None:
    assert words(text) == ()


def test_content_stems_leave_function_words_out_and_keep_repetitions() -> None:
    assert content_stems("The officers and the officer were there") == ("offic", "offic")


def test_stopwords_are_folded_forms() -> None:
    assert {fold(word) for word in STOPWORDS} == STOPWORDS


@given(st.text())
def test_words_are_in_order_disjoint_and_the_fold_of_what_stands_there(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.form == fold(text[word.start : word.end]) != ""
        assert word.stem == stem(word.form)
        end = word.end


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_no_letter_or_digit_is_lost(text: str) -> None:
    assert sum(word.end - word.start for word in words(text)) == len(text)


@given(st.text(), st.text())
def test_words_do_not_depend_on_what_is_beyond_white_space(one: str, other: str) -> None:
    assert content_stems(f"{one} {other}") == content_stems(one) + content_stems(other)


def test_stems_are_the_same_from_many_threads() -> None:
    forms = [f"running{n}" for n in range(200)] + ["patrols", "violence"] * 100
    expected = [stem.__wrapped__(form) for form in forms]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stem.__wrapped__, forms)) == expected
