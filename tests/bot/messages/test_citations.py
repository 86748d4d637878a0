"""Cited words as Discord messages: exact, whole, their standing said, within every limit."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.citations import STYLES, citation, standing
from bot.dates import AMERICAN
from bot.messages.answers import MAX_CONTENT, MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, Page, size
from bot.messages.citations import (
    MOST_EMBEDS,
    Opened,
    card_page,
    choice_page,
    citations_name,
    citations_page,
    citations_text,
    cited_page,
    context_page,
)
from bot.messages.markdown import block_quotes
from bot.messages.posted import PostedExcerpt
from corpus.document import Document, PartialDate, Span, Status, StatusKind
from corpus.quotations.types import Speaker
from index.permalink import Cited, permalink
from index.revision import restated
from tests.bot.answers import URL, document
from tests.bot.discord_syntax import HOSTILE, as_seen, live_forms
from tests.bot.found import BROOK

WORDS = "More than 20 officers were hurt."
TEXT = f"It was dark. {WORDS} They went home.\n\nNothing else was said."
SOURCE = document(TEXT, name="a", title="A title", publisher="The Met", published="2020-06-26")
SPAN = Span(TEXT.index(WORDS), TEXT.index(WORDS) + len(WORDS))
OLD = replace(
    SOURCE,
    id="a@1",
    status=Status(
        StatusKind.CORRECTED, PartialDate(2020, 6, 26), date(2021, 5, 2), "*a* slip", "a"
    ),
)


def opened(source: Document, span: Span | None = None, speaker: Speaker | None = BROOK) -> Opened:
    return Opened(Cited(source, span or Span(0, len(source.text))), speaker)


def corrected(new: str) -> Opened:
    """The words of an earlier version, of which ``new`` is the current text."""
    later = document(new, name="a", title="A title", published="2020-06-26")
    return Opened(Cited(OLD, SPAN, restated(OLD, SPAN, later)), BROOK)


def held(page: Page, *sources: Document) -> Page:
    """The page, held against Discord's limits and against the documents."""
    texts = {source.id: source.text for source in sources}
    assert 0 < len(page.content) <= MAX_CONTENT
    assert len(page.embeds) <= 10
    assert size(list(page.embeds)) <= MAX_EMBEDS_TOTAL
    assert block_quotes(page.content) == ()
    for embed in page.embeds:
        assert 0 < len(embed.description) <= MAX_DESCRIPTION
        name, place = embed.footer.rsplit(" ", 1)
        start, end = map(int, place.split("–"))
        for block in block_quotes(embed.description):
            assert block == texts[name][start:end]
    return page


def test_words_that_stand_are_shown_with_who_where_and_when() -> None:
    page = held(cited_page(opened(SOURCE, SPAN)), SOURCE)
    assert page.content.startswith("**These words stand.**")
    (embed,) = page.embeds
    assert embed.description == (
        f"> {WORDS}\n— **Dame Ada Brook, Commissioner, Harbour Police**\n"
        f"*A title* · The Met · 26 June 2020\n`{permalink(SOURCE, SPAN)}`"
    )
    assert embed.footer == f"a {SPAN.start}–{SPAN.end}"
    assert embed.shows == (PostedExcerpt("a", SOURCE.sha256, SPAN),)


def test_a_date_is_written_as_the_server_has_it() -> None:
    page = cited_page(opened(SOURCE, SPAN), None, AMERICAN)
    assert "June 26, 2020" in page.embeds[0].description


def test_corrected_words_come_with_those_that_took_their_place() -> None:
    one = corrected(TEXT.replace("More than 20", "Nearly 30"))
    now = one.cited.now
    assert now is not None
    assert now.span is not None
    page = held(cited_page(one), OLD, now.document)
    assert as_seen(page.content).startswith(
        "**Corrected since.** These words are of the version of 26 June 2020, "
        "since corrected on 2 May 2021 (*a* slip). The words now read:"
    )
    old, new = page.embeds
    assert block_quotes(old.description) == (WORDS,)
    assert block_quotes(new.description) == ("Nearly 30 officers were hurt.",)
    assert (old.footer, new.footer) == (
        f"a@1 {SPAN.start}–{SPAN.end}", f"a {now.span.start}–{now.span.end}"
    )  # fmt: skip
    assert permalink(now.document, now.span) in new.description
    assert old.colour != new.colour
    assert old.shows == (PostedExcerpt("a@1", OLD.sha256, SPAN),)
    assert new.shows == (PostedExcerpt("a", now.document.sha256, now.span),)


def test_where_new_words_are_not_shown_it_is_said_how_to_see_them() -> None:
    one = corrected(TEXT.replace("More than 20", "Nearly 30"))
    for page in (
        card_page(one, preview=False), citations_page([one], "plain"), context_page(one.cited)[0]
    ):  # fmt: skip
        held(page, OLD)
        assert "Other words took their place: open the permalink with /cite." in page.content
        assert "now read" not in page.content


def test_words_that_a_correction_left_alone_are_shown_once() -> None:
    one = corrected(TEXT + " More.")
    now = one.cited.now
    assert now is not None
    assert now.span is not None
    page = held(cited_page(one), OLD)
    assert "read the same now" in page.content
    (embed,) = page.embeds
    assert embed.shows == (
        PostedExcerpt("a@1", OLD.sha256, SPAN),
        PostedExcerpt("a", now.document.sha256, now.span),
    )


def test_words_that_are_gone_are_known_by_their_version() -> None:
    one = corrected("It was sunny, and nobody came to any harm at all.")
    page = held(cited_page(one), OLD)
    assert "Nothing like them stands in the text now" in page.content
    assert page.embeds[0].shows == (PostedExcerpt("a@1", OLD.sha256, SPAN),)


def test_words_of_a_retracted_document_say_so_first() -> None:
    status = Status(StatusKind.RETRACTED, PartialDate(2020), date(2021, 5, 3), "<@1> **wrong**")
    page = held(cited_page(opened(replace(SOURCE, status=status), SPAN)), SOURCE)
    assert page.content.startswith("**Retracted.** These words are of the version of 2020,")
    assert live_forms(page.content.split("\n")[0].removeprefix("**Retracted.**")) == {}
    assert page.embeds[0].shows == (PostedExcerpt("a@", SOURCE.sha256, SPAN),)


def test_new_words_that_do_not_fit_are_told_and_not_cut() -> None:
    long = "*_" * 2_040 + "."
    later = document(TEXT.replace(WORDS, f"More than 20 {long}"), name="a")
    now = restated(OLD, SPAN, later)
    page = held(cited_page(Opened(Cited(OLD, SPAN, replace(now, span=Span(13, 4_100))), None)), OLD)
    assert len(page.embeds) == 2
    assert block_quotes(page.embeds[1].description) == ()
    assert "do not fit" in page.embeds[1].description
    assert permalink(later, Span(13, 4_100)) in page.embeds[1].description


@pytest.mark.parametrize("style", STYLES)
def test_a_citation_is_shown_as_it_is_to_be_copied(style: str) -> None:
    page = held(cited_page(opened(SOURCE, SPAN), style), SOURCE)
    shown = page.embeds[0].description.split(f"Citation, {style}:\n", 1)[1]
    assert live_forms(shown) == {}
    assert as_seen(shown) == citation(style, SOURCE, SPAN, BROOK)


@pytest.mark.parametrize("style", STYLES)
def test_the_file_has_every_citation_to_the_byte(style: str) -> None:
    many = [opened(SOURCE, SPAN), opened(OLD, SPAN, None)]
    assert citations_text(many, style) == (
        f"{citation(style, SOURCE, SPAN, BROOK)}\n\n{citation(style, OLD, SPAN)}\n"
    )
    assert re.fullmatch(r"citations\.(txt|md|bib)", citations_name(style))


def test_what_does_not_fit_is_counted_and_in_the_file() -> None:
    sources = [document(f"{at} " + "Words, *many*. " * 60, name=f"d{at}") for at in range(12)]
    page = held(citations_page([opened(one) for one in sources], "bibtex"), *sources)
    left = 12 - len(page.embeds)
    assert left > 0
    assert f"{left} more did not fit here; the file has all of them." in page.content
    few = held(citations_page([opened(SOURCE, SPAN)] * 11, "inline"), SOURCE)
    assert len(few.embeds) == MOST_EMBEDS


def test_what_was_lost_and_what_was_corrected_is_said_once() -> None:
    page = citations_page([opened(OLD, SPAN)] * 2, "plain", ["It was erased."] * 2)
    assert page.content.count("It was erased.") == 1
    assert page.content.count("Corrected since") == 1
    assert str(standing(OLD)) in as_seen(page.content)


def test_a_citation_too_long_for_an_embed_is_in_the_file() -> None:
    source = document("Words. " * 500, name="a")
    page = held(citations_page([opened(source)], "markdown"), source)
    assert block_quotes(page.embeds[0].description) == (source.text,)
    assert "it is in the file" in page.embeds[0].description


def test_a_preview_of_a_card_says_who_sees_it() -> None:
    preview = held(card_page(opened(SOURCE, SPAN), preview=True), SOURCE)
    assert "Only you see this card." in preview.content
    public = held(card_page(opened(SOURCE, SPAN), preview=False), SOURCE)
    assert "Only you" not in public.content
    assert public.embeds[0].shows == (PostedExcerpt("a", SOURCE.sha256, SPAN),)


def test_quotations_to_choose_from_are_numbered_by_who_where_and_when() -> None:
    page = choice_page([opened(SOURCE, SPAN), opened(document("Bare.", name="b"), None, None)])
    _, first, second = page.content.split("\n")
    assert as_seen(first).startswith("**1** · Dame Ada Brook, Commissioner, Harbour Police · A ti")
    assert as_seen(second) == "**2** · Bare. · date unknown · b 0–5"


def test_the_context_is_the_paragraph_with_the_words_bold() -> None:
    page, whole = context_page(opened(SOURCE, SPAN).cited)
    held(page, SOURCE)
    assert whole is None
    assert page.embeds[0].description == f"> It was dark. **{WORDS}** They went home."


def test_a_context_longer_than_a_message_is_whole_in_the_file() -> None:
    text = "\n".join("We saw it all and wrote it down. " * 40 for _ in range(20)) + "The end."
    source = document(text, name="a")
    page, whole = context_page(opened(source, Span(text.index("The end."), len(text))).cited)
    held(page, source)
    assert whole == text
    assert "**The end.**" in page.embeds[0].description
    assert "the file has all of it" in page.content


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_words_titles_and_reasons_are_exact_and_dead(form: str) -> None:
    hostile = HOSTILE[form]
    status = Status(StatusKind.RETRACTED, PartialDate(2020), date(2021, 5, 3), hostile)
    source = replace(document(hostile, name="a", title=hostile, publisher=hostile), status=status)
    one = opened(source, speaker=Speaker(hostile, hostile, hostile))
    for page in (
        *(cited_page(one, style) for style in (None, *STYLES)),
        *(citations_page([one, one], style) for style in STYLES),
        card_page(one, preview=True),
        choice_page([one]),
        context_page(one.cited)[0],
    ):
        held(page, source)
        for embed in page.embeds:
            assert block_quotes(embed.description) == (hostile,)
        lines = [*page.content.split("\n"), *(e.description for e in page.embeds)]
        ours = re.sub(r"(\\.)|\*{1,2}|^-# |`mq-\S+`", r"\1", "\n".join(lines), flags=re.MULTILINE)
        rest = "\n".join(line for line in ours.split("\n") if not line.startswith("> "))
        assert live_forms(rest) == {}, page


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([*"*_\\`>#-+ \n.“”", "\n\n", "1. ", "<@1>", "https://e.example", "words "])
        | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
        min_size=1,
        max_size=60,
    ).map("".join),
    st.integers(1, 40),
    st.data(),
)
def test_any_words_are_shown_whole_or_not_at_all(
    text: str, times: int, data: st.DataObject
) -> None:
    text = f"x{text * times}x"
    source = document(text, name="a", title=text, publisher=text, url=f"{URL}?{'y' * 300}")
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    one = opened(source, Span(start, end), Speaker(text))
    for style in (None, "markdown"):
        page = held(cited_page(one, style), source)
        shown = block_quotes(page.embeds[0].description)
        assert shown in ((text[start:end],), ())
        assert shown or "do not fit" in page.embeds[0].description
    held(card_page(one, preview=True), source)
    held(choice_page([one] * 30), source)
    page, whole = context_page(one.cited)
    held(page, source)
    if whole is None:
        # What is not shown is blank.
        blocks = "".join(block for e in page.embeds for block in block_quotes(e.description))
        assert "".join(blocks.split()) in "".join(text.split())
