"""Pages of Discord messages, within Discord's limits whatever the words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.answers import (
    MAX_CONTENT,
    MAX_DESCRIPTION,
    MAX_EMBEDS_TOTAL,
    pages,
    shared_by,
    unnamed,
)
from bot.messages.emergency import ADVICE
from bot.messages.markdown import block_quotes
from bot.pages import DISCLAIMER
from corpus.document import Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.types import Excerpt, Outcome
from tests.bot.answers import URL, answer, document, excerpt
from tests.bot.discord_syntax import HOSTILE, live_forms

if TYPE_CHECKING:
    from bot.messages.answers import Page
    from corpus.document import Document
    from index.types import Answer

_SOURCE = document("One was hurt. Two were hurt. Three were hurt. Four were hurt.", url=URL)
_PUNCTUATION = "*_`~|[]()<>@#:"


def excerpts(source: Document = _SOURCE) -> list[Excerpt]:
    return [excerpt(source, f"{words}.") for words in source.text.rstrip(".").split(". ")]


def pages_of(
    told: Answer, source: Document | None = _SOURCE, per_page: int = 3
) -> tuple[Page, ...]:
    return pages(told, lambda _: source, per_page)


def assert_within_limits(shown: tuple[Page, ...]) -> None:
    for page in shown:
        assert 0 < len(page.content) <= MAX_CONTENT
        assert len(page.embeds) <= 10
        total = 0
        for embed in page.embeds:
            assert 0 < len(embed.description) <= MAX_DESCRIPTION
            assert 0 < len(embed.footer) <= 2048
            total += len(embed.description) + len(embed.footer)
        assert total <= MAX_EMBEDS_TOTAL


def test_a_page_says_what_it_is() -> None:
    (page,) = pages_of(answer(excerpts()[0]))
    first, asked, disclaimer = page.content.split("\n")
    assert first == "**Answered** · confidence 0.75. These are the words of the sources."
    assert asked == "-# Asked: Who was hurt?"
    assert disclaimer == f"-# {DISCLAIMER}"


def test_nothing_is_one_page_without_excerpts() -> None:
    (page,) = pages_of(answer(outcome=Outcome.NOTHING))
    assert page.embeds == ()
    assert "Not in the corpus" in page.content
    assert "confidence" not in page.content


def test_an_excerpt_is_a_quotation_with_its_place() -> None:
    said = Quotation((Span(14, 28),), QuotationKind.DIRECT, Speaker("Ann", "PC"))
    source = document(_SOURCE.text, title="A *title*", publisher="The Met", url=URL)
    one = excerpt(source, "Two were hurt.", highlighted=("Two",), quotations=(said,))
    (page,) = pages_of(answer(one), source)
    (embed,) = page.embeds
    assert embed.description.split("\n") == [
        "> **Two** were hurt.",
        "— **Ann, PC**",
        "*A \\*title\\** · The Met · date unknown",
        f"[Open at these words](<{URL}#:~:text=Two%20were%20hurt.>)",
    ]
    assert embed.footer == "a-letter 14–28"


@pytest.mark.parametrize(("per_page", "sizes"), [(1, [1, 1, 1, 1]), (3, [3, 1]), (5, [4])])
def test_pages_are_split_between_excerpts(per_page: int, sizes: list[int]) -> None:
    shown = pages_of(answer(*excerpts()), per_page=per_page)
    assert [len(page.embeds) for page in shown] == sizes
    assert [(page.number, page.count) for page in shown] == [
        (number, len(sizes)) for number in range(len(sizes))
    ]
    words = [text for page in shown for e in page.embeds for text in block_quotes(e.description)]
    assert words == [_SOURCE.text_at(one.span) for one in excerpts()]
    assert ("page 1 of" in shown[0].content) == (len(sizes) > 1)


def test_a_source_that_changed_is_not_quoted() -> None:
    first, second, *_ = excerpts()
    told = answer(first, second)
    (page,) = pages(told, lambda one: None if one is first else _SOURCE, 3)
    changed, whole = page.embeds
    assert "changed or removed" in changed.description
    assert block_quotes(changed.description) == ()
    assert changed.footer == "a-letter 0–13"
    assert block_quotes(whole.description) == ("Two were hurt.",)


def test_a_note_and_the_order_stand_after_what_the_answer_is() -> None:
    told = replace(answer(excerpts()[0]), by_date=True, undated=2)
    (page,) = pages(told, lambda _: _SOURCE, 3, note="It is old.")
    assert page.content.split("\n")[0].endswith(
        "sources. In order of date, the newest first. 2 documents have no date and come last. "
        "It is old."
    )


def test_one_undated_document_is_one_and_nothing_has_no_order() -> None:
    (page,) = pages_of(replace(answer(excerpts()[0]), by_date=True, undated=1))
    assert "1 document has no date and comes last." in page.content
    (page,) = pages_of(replace(answer(outcome=Outcome.NOTHING), by_date=True))
    assert "In order of date" not in page.content


@pytest.mark.parametrize("form", HOSTILE)
def test_who_shared_it_is_named_dead_and_can_be_unnamed(form: str) -> None:
    (page,) = pages_of(answer(excerpts()[0]))
    shared = shared_by(page, HOSTILE[form] * 3)
    line = shared.content.split("\n")[-1]
    assert line.startswith("-# Shared by ")
    assert live_forms(line.removeprefix("-# ")) == {}
    assert len(line) < 600
    assert unnamed(shared.content) == page.content
    assert shared.embeds == page.embeds


def test_an_emergency_is_told_first() -> None:
    told = answer(excerpts()[0], question="Help, I'm being attacked right now!")
    (page,) = pages_of(told)
    assert page.content.startswith(ADVICE)
    assert "999" in ADVICE
    assert "101" in ADVICE


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_questions_and_metadata_are_dead(form: str) -> None:
    text = HOSTILE[form]
    speaker = Quotation((Span(0, 4),), QuotationKind.DIRECT, Speaker(text, text, text))
    source = document(_SOURCE.text, title=text, publisher=text, author=text)
    told = answer(excerpt(source, "One was hurt.", quotations=(speaker,)), question=text)
    (page,) = pages_of(told, source)
    asked = page.content.split("\n")[1].removeprefix("-# ")
    assert live_forms(asked) == {}
    _, who, title = page.embeds[0].description.split("\n")
    assert live_forms(who.removeprefix("— **").removesuffix("**")) == {}
    assert {*live_forms(title)} == {"star"}
    assert title.startswith("*")


LONG = {
    "punctuation": _PUNCTUATION * 107,
    "backslashes": "\\" * 1500,
    "lines of lists": "- *\n" * 375,
    "letters": "a" * 1500,
    "emoji": "👮" * 1500,
}


@pytest.mark.parametrize("words", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize("per_page", [1, 3, 5])
def test_long_words_with_long_company_keep_the_limits(words: str, per_page: int) -> None:
    """Sentences of 1,500 characters: half as many again as the index cuts."""
    speaker = Quotation((Span(0, 4),), QuotationKind.DIRECT, Speaker("*S*" * 900, "_R_" * 900))
    source = document(
        f"{words.strip()}\n\n" * 4, title="[T]" * 900, publisher="`P`" * 900, url=URL + "x" * 3000
    )
    length = len(words.strip())
    starts = [number * (length + 2) for number in range(4)]
    found = [
        Excerpt(source.id, Span(at, at + length), 0.5, (Span(at, at + 1),), (speaker,))
        for at in starts
    ]
    shown = pages_of(replace(answer(*found), undated_left_out=12), source, per_page)
    assert_within_limits(shown)
    words_shown = [t for page in shown for e in page.embeds for t in block_quotes(e.description)]
    assert words_shown == [words.strip()] * 4


def test_words_that_do_not_fit_are_not_cut() -> None:
    source = document("*" * 4000, title="T")
    (page,) = pages_of(answer(excerpt(source)), source)
    (embed,) = page.embeds
    assert block_quotes(embed.description) == ()
    assert "do not fit" in embed.description
    assert embed.footer == "a-letter 0–4000"
    assert_within_limits((page,))


@given(
    question=st.text(min_size=1, max_size=4000),
    text=st.text(min_size=1, max_size=1500).filter(str.strip),
    title=st.none() | st.text(min_size=1, max_size=600).filter(str.strip),
)
def test_no_text_breaks_a_limit(question: str, text: str, title: str | None) -> None:
    source = document(text, title=title)
    shown = pages_of(answer(excerpt(source), excerpt(source), question=question), source)
    assert_within_limits(shown)
    for page in shown:
        for embed in page.embeds:
            assert block_quotes(embed.description) == (text,)
