"""The fold: what it removes, what it keeps, and the way back to the source."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.folding import Difference, differences, fold

# Letters, what folds, what joins, and what becomes several code points.
_ALPHABET = (
    "abcABC 12.,:!?\n\r\t\u00a0\u2009\u3000-‐‑–—−'\"’‘“”«»`´…⋯\u00ad\u200b\ufeff\ufe0f"
    "éÉßİﬁ½²①™％Ａ한\u1100\u1161\u0301\u0327[]()_%£"
)
TEXTS = st.text(st.sampled_from(_ALPHABET) | st.characters(), max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("“We’re here,” she said", '"we\'re here," SHE said'),
        ("‘quoted’ «quoted» „quoted‟", '\'quoted\' "quoted" "quoted"'),
        ("“‘both’”", "'both'"),
        ("criminals – They're", "criminals—They're"),
        ("criminals -- They're", "criminals - They're"),
        ("well\u2011known", "well-known"),
        ("risk... and so on", "risk… and so on"),
        ("risk . . . and so on", "risk … and so on"),
        ("the end. ... Next", "the end…next"),
        ("no\u00a0break \u2009 here\r\n\r\nor there", "no break here or there"),
        ("vio\u00adlence\u200b", "violence"),
        ("\ufeffﬁrst ＡＢＣ １２", "first abc 12"),
        ("cafe\u0301", "CAFÉ"),
        ("Straße", "STRASSE"),
        ("\u1112\u1161\u11ab", "한"),
    ],
)
def test_typography_folds_away(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10²", "102"),
        ("1½", "11⁄2"),
        ("the Met's", "the Mets"),
        ("re-sign", "resign"),
        ("it is", "itis"),
        ("a - b", "a b"),
        ("was -5", "was 5"),
        ("Is it?", "Is it."),
        ("cannot", "can not"),
        ("13,193", "13193"),
        ("a, b", "a b"),
        ("résumé", "resume"),
    ],
)
def test_nothing_else_does(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


def test_a_dash_keeps_white_space_that_it_has_on_one_side() -> None:
    assert fold("fell by –5 to").text == "fell by -5 to"
    assert fold("fell – 5 to").text == "fell-5 to"
    assert fold("fell– 5 to").text == "fell- 5 to"


def test_offsets_lead_back_to_the_character() -> None:
    text = "Ab “‘c’”  –\n d\u00ad e…ﬁ"
    folded = fold(text)
    assert folded.text == "ab 'c'-d e…fi"
    where = {"c": "c", "-": "  –\n ", "d": "d", "e": "e", "…": "…", "f": "ﬁ"}
    for character, source in where.items():
        at = folded.text.index(character)
        assert text[folded.start(at) : folded.end(at + 1)] == source
    assert folded.end(len(folded.text)) == len(text)


def test_the_way_forth_skips_what_folds_to_nothing() -> None:
    folded = fold("a\u00ad\u200bb")
    assert [folded.at(offset) for offset in range(5)] == [0, 1, 1, 1, 2]
    assert fold("").at(0) == 0


@given(TEXTS)
def test_every_folded_character_stands_for_a_stretch_of_the_source(text: str) -> None:
    folded = fold(text)
    last = 0
    for at in range(len(folded.text)):
        start, end = folded.start(at), folded.end(at + 1)
        assert last <= start < end <= len(text)
        assert folded.at(start) <= at
        last = start


@given(TEXTS, TEXTS)
def test_words_fold_alike_wherever_they_stand(before: str, after: str) -> None:
    """A slice at white space folds as it does in the whole: verification rests on it."""
    folded = fold(f"{before} x We’ve — said… “so” x {after}").text
    assert "x we've-said…'so' x" in folded


@given(st.text(st.sampled_from("aB cD1.,'\"“”–- \n…ﬁ½²é"), max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once


@given(TEXTS)
def test_case_and_marks_never_matter(text: str) -> None:
    plain = text.translate(str.maketrans("“”‘’«»", "''''''"))
    assert fold(text).text == fold(plain).text
    assert fold(text.replace("é", "É")).text == fold(text).text


@pytest.mark.parametrize(
    ("posted", "source", "expected"),
    [
        ("We remain", "We remain", ()),
        ("WE remain", "we remain", (Difference.CASE,)),
        ("'so'", "“so”", (Difference.MARKS,)),
        ("a-b", "a – b", (Difference.DASHES,)),
        ("a... b", "a… b", (Difference.ELLIPSES,)),
        ("a  b", "a\nb", (Difference.WHITE_SPACE,)),
        ("vio\u00adlence", "violence", (Difference.HIDDEN,)),
        ("ﬁrst", "first", (Difference.COMPATIBILITY,)),
        ("‘A  b’", '"a b"', (Difference.CASE, Difference.MARKS, Difference.WHITE_SPACE)),
    ],
)
def test_what_the_fold_removed_is_named(
    posted: str, source: str, expected: tuple[Difference, ...]
) -> None:
    assert differences(posted, source) == expected


@given(TEXTS)
def test_texts_with_many_scripts_fold_as_their_characters_do(text: str) -> None:
    """More than forty kinds of character take another way, to the same end."""
    many = "".join(chr(at) for at in range(0x0410, 0x0450))
    assert fold(f"{many} {text}").text == fold(many).text + fold(f" {text}").text


@pytest.mark.parametrize(
    "repeated", [" ", "- ", ". ", '"', "…", "\u00ad", "a\u0301", "' ", " -", ".. ", "\n\n", "–\n"]
)
def test_repetition_takes_no_longer(repeated: str) -> None:
    """A megabyte of what could make an expression look back again and again."""
    text = repeated * (1_000_000 // len(repeated))
    start = time.process_time()
    fold(text)
    assert time.process_time() - start < 5
