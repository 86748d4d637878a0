"""A timeline as Discord messages: every entry in its own words, in pages."""

from __future__ import annotations

import re

import pytest

from bot.dates import ISO
from bot.messages.answers import MAX_CONTENT, MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, Page, size
from bot.messages.markdown import block_quotes
from bot.messages.posted import PostedExcerpt
from bot.messages.timeline import PICTURE, picture_page, timeline_pages
from bot.timeline import Entry, Timeline
from corpus.document import Document, Span
from corpus.quotations.types import Speaker
from index.permalink import permalink
from tests.bot.answers import URL, document
from tests.bot.discord_syntax import HOSTILE, live_forms
from tests.bot.found import BROOK


def made(*sources: Document, speaker: Speaker | None = None, topic: str = "violence") -> Timeline:
    entries = tuple(
        Entry(
            one.id, Span(0, len(one.text)), one.metadata.published, one.metadata.kind,
            one.metadata.publisher, speaker,
        )
        for one in sources
    )  # fmt: skip
    return Timeline(topic, entries)


def pages(found: Timeline, *sources: Document, per_page: int = 3) -> tuple[Page, ...]:
    texts = {one.id: one for one in sources}
    shown = timeline_pages(found, lambda entry: texts[entry.document_id], per_page)
    for number, page in enumerate(shown):
        assert (page.number, page.count) == (number, len(shown))
        assert 0 < len(page.content) <= MAX_CONTENT
        assert len(page.embeds) <= per_page
        assert size(list(page.embeds)) <= MAX_EMBEDS_TOTAL
        for embed in page.embeds:
            assert len(embed.description) <= MAX_DESCRIPTION
            name, place = embed.footer.split(" ")
            start, end = map(int, place.split("–"))
            assert block_quotes(embed.description) in ((texts[name].text[start:end],), ())
    return shown


def test_an_entry_says_when_what_who_and_its_permalink() -> None:
    one = document("Words.", name="a", published="2020-06", publisher="The Met", title="A", url=URL)
    (page,) = pages(made(one, speaker=BROOK), one)
    assert page.content.startswith("**Timeline** of violence: 1 document.\n-# ")
    assert page.embeds[0].description == (
        "**June 2020** · news · The Met · A\n> Words.\n"
        "— **Dame Ada Brook, Commissioner, Harbour Police**\n"
        f"[Open at these words](<{URL}#:~:text=Words.>)\n`{permalink(one, Span(0, 6))}`"
    )
    assert page.embeds[0].shows == (PostedExcerpt("a", one.sha256, Span(0, 6)),)


def test_dates_are_in_the_language_that_was_chosen_or_unknown() -> None:
    one, bare = document("Words.", name="a", published="2020-06"), document("More.", name="b")
    texts = {"a": one, "b": bare}
    (page,) = timeline_pages(made(one, bare), lambda entry: texts[entry.document_id], 3, ISO)
    first, second = (embed.description for embed in page.embeds)
    assert first.startswith("**2020-06** · ")
    assert second.startswith("**date unknown** · news · publisher unknown · More.")


def test_pages_are_split_between_entries_and_none_is_lost() -> None:
    many = [document(f"{at} words. " * 60, name=f"d{at}") for at in range(10)]
    shown = pages(made(*many), *many)
    assert len(shown) == 4
    assert [e.footer.split(" ")[0] for page in shown for e in page.embeds] == [d.id for d in many]
    assert "10 documents, 10 of them undated · page 2 of 4." in shown[1].content


def test_an_empty_timeline_says_so() -> None:
    (page,) = pages(made())
    assert page.embeds == ()
    assert "No document. Try other words, or fewer." in page.content


def test_words_that_do_not_fit_or_are_gone_are_told() -> None:
    long = document("*_" * 3_000, name="a")
    (page,) = pages(made(long), long)
    assert block_quotes(page.embeds[0].description) == ()
    assert permalink(long, Span(0, 6_000)) in page.embeds[0].description
    ((embed,),) = (page.embeds for page in timeline_pages(made(long), lambda _: None, 3))
    assert "was changed or removed" in embed.description
    assert (embed.footer, embed.shows) == ("a 0–6000", ())


def test_a_picture_is_to_change_with_every_document_that_it_names() -> None:
    one, bare = document("Words.", name="a", published="2020"), document("More.", name="b")
    texts = {"a": one, "b": bare}
    page = picture_page(made(one, bare), texts.__getitem__)
    (embed,) = page.embeds
    assert embed.image == PICTURE
    assert block_quotes(embed.description) == ()
    assert embed.shows == (PostedExcerpt("a", one.sha256, Span(0, 6)),)


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_words_are_exact_and_dead(form: str) -> None:
    text = HOSTILE[form]
    one = document(text, name="a", title=text, publisher=text)
    (page,) = pages(made(one, speaker=Speaker(text, text), topic=text), one)
    assert block_quotes(page.embeds[0].description) == (text,)
    lines = [*page.content.split("\n"), *page.embeds[0].description.split("\n")]
    ours = "\n".join(line for line in lines if not line.startswith("> "))
    assert live_forms(re.sub(r"(\\.)|\*{2}|(?m:^-# )|`mq-\S+`", r"\1", ours)) == {}
