"""Found quotations as Discord messages: whole, exact, within every limit."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.answers import MAX_CONTENT, MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, size
from bot.messages.markdown import block_quotes
from bot.messages.quotations import quote_pages, quotes_on_page, whole
from bot.pages import DISCLAIMER
from corpus.document import Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.quotes import FoundQuote, QuoteQuery
from tests.bot.answers import URL, document
from tests.bot.discord_syntax import HOSTILE, as_seen, live_forms
from tests.bot.found import found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages.answers import Page
    from corpus.document import Document

LONG_NAME = "Chief Superintendent " + "Wolfeschlegelsteinhausen*[x](https://evil.example) " * 40


def pages(
    *pairs: tuple[FoundQuote, Document], query: QuoteQuery | None = None, per_page: int = 3
) -> tuple[Page, ...]:
    """The pages, each held against Discord's limits and against the documents."""
    sources = {source.id: source for _, source in pairs}
    one_after_another = quote_pages(
        query or QuoteQuery(), [one for one, _ in pairs], sources.__getitem__, per_page
    )
    for number, page in enumerate(one_after_another):
        assert (page.number, page.count) == (number, len(one_after_another))
        assert 0 < len(page.content) <= MAX_CONTENT
        assert len(page.embeds) <= per_page
        assert size(list(page.embeds)) <= MAX_EMBEDS_TOTAL
        for embed in page.embeds:
            assert 0 < len(embed.description) <= MAX_DESCRIPTION
            assert len(embed.footer) <= 2_048
            for block in block_quotes(embed.description):
                assert block == sliced(embed.footer, sources)
    return one_after_another


def span_of(footer: str) -> tuple[str, int, int]:
    name, place = footer.rsplit(" ", 1)
    start, end = place.split("–")
    return name, int(start), int(end)


def sliced(footer: str, sources: dict[str, Document]) -> str:
    name, start, end = span_of(footer)
    return sources[name].text[start:end]


def spans(shown: Sequence[Page]) -> list[tuple[str, int, int]]:
    return [span_of(embed.footer) for page in shown for embed in page.embeds]


SHORT = document("Ms Brook said: “We will report in May.” Then she left.", name="short", url=URL)
PAIR = found(SHORT, "We will report in May.", context="Ms Brook said: “We will report in May.”")


def test_a_quotation_stands_bold_in_its_sentence() -> None:
    (page,) = pages((PAIR, SHORT))
    assert page.content == f"**1 quotation**, the newest first.\n-# {DISCLAIMER}"
    (embed,) = page.embeds
    first, who, about, link = embed.description.split("\n")
    assert first == "> Ms Brook said: “**We will report in May.**”"
    assert who == "— **Dame Ada Brook, Commissioner, Harbour Police**"
    assert about.endswith("· date unknown")
    assert link.startswith(f"[Open at these words](<{URL}#:~:text=")
    assert embed.footer == "short 0–39"


def test_what_was_asked_is_said_again_dead() -> None:
    everything = " ".join(HOSTILE.values())
    for text in (*HOSTILE.values(), everything, "x" * 4_000):
        query = QuoteQuery(text, text, date(2020, 1, 2), date(2020, 3, 4))
        (page,) = pages((PAIR, SHORT), query=query)
        asked, _ = page.content.split("\n")
        assert live_forms(asked.removeprefix("**1 quotation**")) == {}
        assert "since 2020-01-02 until 2020-03-04, by relevance." in as_seen(asked)
        assert "\u202e" not in asked


def test_nothing_found_is_said() -> None:
    (page,) = pages(query=QuoteQuery("Nobody"))
    assert page.content.startswith("**No quotation** by Nobody, the newest first.")
    assert "try a shorter name" in page.content
    assert page.embeds == ()


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_words_are_exact_and_dead(form: str) -> None:
    source = document(f"He said: “{HOSTILE[form]}” and left.", title=HOSTILE[form], publisher=form)
    speaker = Speaker(HOSTILE[form], HOSTILE[form], HOSTILE[form])
    (page,) = pages((found(source, HOSTILE[form], speaker=speaker), source))
    (embed,) = page.embeds
    quoted = [line[2:] for line in embed.description.split("\n") if line.startswith("> ")]
    ours = [line for line in embed.description.split("\n") if not line.startswith("> ")]
    assert "\n".join(block_quotes(embed.description)) == source.text
    assert set(live_forms("\n".join(quoted))) <= {"star"}, "our own bold, and no more"
    assert set(live_forms("\n".join(ours))) <= {"star"}


def test_pages_hold_so_many_and_say_which_they_are() -> None:
    shown = pages(*[(PAIR, SHORT)] * 7, per_page=3)
    assert [len(page.embeds) for page in shown] == [3, 3, 1]
    assert shown[1].content.startswith("**7 quotations** · page 2 of 3, the newest first.")


def test_a_page_names_the_quotations_that_it_shows() -> None:
    sources = {
        f"d{at}": document(f"“Words {at}. {'We saw it. ' * 130 * (at == 1)}”", name=f"d{at}")
        for at in range(4)
    }
    pairs = [found(source) for source in sources.values()]
    shown = quote_pages(QuoteQuery(), pairs, sources.__getitem__, 2)
    for number, page in enumerate(shown):
        there = quotes_on_page(pairs, sources.__getitem__, 2, number)
        named = [span_of(embed.footer)[0] for embed in page.embeds]
        assert [one.document_id for one in there] == list(dict.fromkeys(named))
    last = quotes_on_page(pairs, sources.__getitem__, 2, len(shown) - 1)
    assert quotes_on_page(pairs, sources.__getitem__, 2, 999) == last
    assert quotes_on_page([], sources.__getitem__, 2, 0) == ()


def test_a_quotation_of_several_stretches_is_whole_with_what_stands_between() -> None:
    source = document("“They were few,” she added, “and the nights were long.”")
    one = found(source, "They were few,", "and the nights were long.")
    assert source.text_at(whole(one)) == source.text.strip("“”")


def test_a_long_quotation_goes_on_over_embeds_and_loses_only_space() -> None:
    paragraphs = [
        f"“Paragraph {at}. " + "We saw it all and wrote it down. " * 30 for at in range(9)
    ]
    source = document("\n\n".join(paragraphs).rstrip() + "”", name="long")
    words = [paragraph[1:].rstrip() for paragraph in paragraphs]
    shown = pages((found(source, *words), source))
    places = spans(shown)
    assert places[0][1] == 0
    assert places[-1][2] == len(source.text)
    for (_, _, end), (_, start, _) in pairwise(places):
        between = source.text[end:start]
        assert between.isspace() or between == ""
    bold = sum(embed.description.count("**") for page in shown for embed in page.embeds)
    assert bold >= 2 * len(words)
    for page in shown:
        for embed in page.embeds:
            end = span_of(embed.footer)[2]
            assert source.text[end - 1] in ".”", "it is split where a sentence ends"


ADVERSARIAL = {
    "punctuation": "*_`~|[]()<>@#\\-+.!" * 700,
    "no space": "x" * 20_000,
    "line ends": "a\n" * 5_000 + "b",
    "empty lines": "a" + "\n" * 3_000 + "b",
    "lists": "- *a*\n1. b\n# c\n> d\n" * 500,
    "links": "[a](https://evil.example/b) " * 400,
    "emoji": "👮🏽‍♀️" * 2_000,
    "backslashes": "\\" * 9_000,
    "spaces": "a" + " " * 5_000 + "b",
}


@pytest.mark.parametrize("text", ADVERSARIAL.values(), ids=ADVERSARIAL.keys())
@pytest.mark.parametrize("per_page", [1, 5])
def test_adversarial_texts_keep_every_limit(text: str, per_page: int) -> None:
    metadata = {"title": text, "publisher": text, "url": URL + "?" + "y" * 3_000}
    source = document(text.rstrip(), name="n" * 200, **metadata)
    speaker = Speaker(LONG_NAME, LONG_NAME + "x", LONG_NAME + "y")
    shown = pages((found(source, speaker=speaker), source), per_page=per_page)
    places = spans(shown)
    assert (places[0][1], places[-1][2]) == (0, len(source.text))
    for (_, _, end), (_, start, _) in pairwise(places):
        assert source.text[end:start].strip() == ""


def test_a_hundred_long_quotations_are_all_there() -> None:
    sources = [
        document(("*Words* of many. " * 500).strip(), name=f"source-{at}") for at in range(100)
    ]
    shown = pages(*[(found(source), source) for source in sources], per_page=5)
    assert {name for name, _, _ in spans(shown)} == {source.id for source in sources}
    assert shown[0].content.startswith("**100 quotations**")


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([*"*_\\`>#-+ \n.“”", "\n\n", "1. ", "<@1>", "https://e.example", "words "])
        | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
        min_size=1,
        max_size=60,
    ).map("".join),
    st.integers(1, 60),
    st.data(),
)
def test_any_words_are_shown_whole(text: str, times: int, data: st.DataObject) -> None:
    text = f"x{text * times}x"
    source = document(text)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quotation = Quotation((Span(start, end),), QuotationKind.DIRECT)
    one = FoundQuote(source.id, quotation, Span(0, len(text)))
    places = spans(pages((one, source)))
    covered = {at for _, first, last in places for at in range(first, last)}
    assert all(text[at].isspace() for at in set(range(len(text))) - covered)
