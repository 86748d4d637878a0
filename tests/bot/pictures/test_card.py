"""Quotation cards: exact words or none."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.pictures.card import HEIGHT, MARGIN, MAX_ALT_TEXT, WIDTH, Card, card
from corpus.document import Document, PartialDate, Span, Status, StatusKind
from corpus.errors import InputError
from corpus.quotations.types import Speaker
from index.permalink import permalink
from tests.bot.answers import document
from tests.bot.found import BROOK

WORDS = "We cannot accept the levels of violence that were directed towards our officers."
CORRECTED = Status(StatusKind.CORRECTED, PartialDate(2020), date(2021, 5, 3), "a slip", "a")
PAPER, INK = (255, 255, 255), (16, 24, 32)


def drawn(text: str, speaker: Speaker | None = BROOK, **metadata: str) -> Card:
    return card(document(text, **metadata), Span(0, len(text)), speaker)


def image(one: Card) -> Image.Image:
    return Image.open(io.BytesIO(one.png)).convert("RGB")


def box_of(picture: Image.Image, colour: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Where pixels are of exactly ``colour``: left, top, right, bottom, the ends exclusive."""
    # Black where there is no difference at all.
    differs = ImageChops.difference(picture, Image.new("RGB", picture.size, colour)).split()
    same = ImageChops.lighter(ImageChops.lighter(*differs[:2]), differs[2]).point([255] + [0] * 255)
    found = same.getbbox()
    assert found is not None
    return found


def test_a_card_is_a_png_of_its_size_with_the_description_inside() -> None:
    one = drawn(WORDS, title="A title", publisher="The Met", published="2020-06-26")
    opened = Image.open(io.BytesIO(one.png))
    assert (opened.format, opened.size) == ("PNG", (WIDTH, HEIGHT))
    assert opened.info["Description"] == one.alt_text
    source = document(WORDS, title="A title", publisher="The Met", published="2020-06-26")
    assert one.alt_text == (
        f"“{WORDS}” — Dame Ada Brook, Commissioner, Harbour Police. "
        f"Source: A title; The Met, 26 June 2020. {permalink(source, Span(0, len(WORDS)))}"
    )


def test_the_lines_are_the_words() -> None:
    one = drawn(WORDS)
    assert len(one.lines) > 1
    assert "".join(one.lines) == WORDS
    assert all(line.strip() for line in one.lines)


def test_paragraphs_and_windows_line_ends_stay() -> None:
    text = "First paragraph.\n\nSecond,\r\nwith a line of its own.  Two spaces."
    one = drawn(text)
    assert "".join(one.lines) == text
    assert one.lines[:2] == ("First paragraph.\n", "\n")


@given(st.lists(st.sampled_from("Officers were hurt in Brixton £5 “so” – naïve\n \n\n".split(" ")),
                min_size=1, max_size=60))  # fmt: skip
@settings(max_examples=10)
def test_lines_joined_are_always_the_words(words: list[str]) -> None:
    text = " ".join(words)
    if text.strip():
        assert "".join(drawn(text).lines) == text


@pytest.mark.parametrize("text", ["on", WORDS, WORDS * 5], ids=["short", "middling", "long"])
def test_everything_is_drawn_inside_the_margins(text: str) -> None:
    one = drawn(text, title="T " * 200, publisher="P " * 30, published="2020-06-26")
    picture = image(one)
    outside = picture.copy()
    outside.paste(PAPER, (MARGIN - 8, 30, WIDTH - MARGIN + 4, HEIGHT - 28))
    outside.paste(PAPER, (0, 0, 16, HEIGHT))
    assert outside.getcolors() == [(WIDTH * HEIGHT, PAPER)]
    left, top, right, bottom = box_of(picture.crop(one.box), INK)
    assert (right - left) > 40
    assert (bottom - top) > 20


def test_the_words_stay_in_their_place() -> None:
    """Nothing of them is drawn over what stands below."""
    one = drawn(WORDS * 5, speaker=None)
    picture = image(one)
    left, _, right, bottom = one.box
    below = picture.crop((left, bottom, right, bottom + 18))
    assert below.getcolors() == [(below.width * below.height, PAPER)]


def test_a_short_text_is_larger_than_a_long_one() -> None:
    short, long = drawn("on"), drawn(WORDS * 4)
    one, other = (box_of(image(card).crop(card.box), INK) for card in (short, long))
    assert one[3] - one[1] > 0.5 * 72
    assert (other[3] - other[1]) / len(long.lines) < 72


def test_the_same_words_make_the_same_card() -> None:
    assert drawn(WORDS).png == drawn(WORDS).png


def test_words_that_do_not_fit_are_refused_and_not_cut() -> None:
    with pytest.raises(InputError, match="do not fit on a card; choose fewer of the words"):
        drawn(WORDS * 15)
    with pytest.raises(InputError, match="do not fit on a card"):
        drawn("x" * 200)


def test_a_speaker_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="the speaker's name does not fit on a card"):
        drawn(WORDS, Speaker("A very long name " * 30))


@pytest.mark.parametrize(
    ("character", "complaint"),
    [
        ("\u202e", r"U\+202E \(right-to-left override\), which cannot be seen"),
        ("\u2066", "cannot be seen"),
        ("\u200b", "cannot be seen"),
        ("\x07", r"U\+0007, which cannot be seen"),
        ("\ud800", "cannot be seen"),
        ("א", r"U\+05D0 \(hebrew letter alef\), which is read from right to left"),
        ("ع", "right to left"),
        ("🚔", r"U\+1F694 \(oncoming police car\), which the fonts have no sign for"),
        ("警", "no sign for"),
    ],
)
@pytest.mark.parametrize("where", ["words", "speaker", "title"])
def test_what_cannot_be_drawn_as_it_is_is_refused(
    character: str, complaint: str, where: str
) -> None:
    text = f"It was {character} there."
    with pytest.raises(InputError, match=complaint):
        drawn(
            text if where == "words" else WORDS,
            Speaker(text) if where == "speaker" else BROOK,
            title=text if where == "title" else "A title",
        )


def test_a_tab_in_the_words_is_refused() -> None:
    with pytest.raises(InputError, match=r"^the words hold U\+0009, which cannot be seen"):
        drawn("One\ttwo")


def test_the_alt_text_shortens_the_source_and_never_the_words() -> None:
    one = drawn(WORDS * 4, title="A very long title " * 60)
    assert len(one.alt_text) <= MAX_ALT_TEXT
    assert f"“{WORDS * 4}”" in one.alt_text
    assert "[…]" in one.alt_text
    assert "mq-" in one.alt_text


def badge_of(source: Document) -> set[tuple[int, int, int]]:
    picture = image(card(source, Span(0, len(source.text)), BROOK))
    corner = picture.crop((WIDTH // 2, 36, WIDTH - MARGIN, 76))
    return {colour for _, colour in corner.getcolors(100_000) or ()}  # type: ignore[misc]


def test_a_document_that_is_no_longer_current_has_a_badge() -> None:
    source = document(WORDS)
    corrected = replace(source, status=CORRECTED)
    retracted = replace(source, status=replace(CORRECTED, kind=StatusKind.RETRACTED))
    brown, red = (0x8A, 0x4B, 0x00), (0xA4, 0x16, 0x1A)
    assert brown in badge_of(corrected)
    assert red in badge_of(retracted)
    assert not {brown, red} & badge_of(source)
    told = card(corrected, Span(0, len(WORDS)), BROOK).alt_text
    assert told.endswith("since corrected on 3 May 2021 (a slip).")


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """WCAG's ratio of the lighter colour's luminance to the darker's."""

    def luminance(colour: tuple[int, ...]) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (value / 255 for value in colour)
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", ["101820", "43505C", "0B3C6F", "8A4B00", "A4161A"])
def test_colours_have_the_contrast_of_wcag_aa(colour: str) -> None:
    assert contrast(tuple(bytes.fromhex(colour)), PAPER) >= 4.5
