"""Summaries as Discord messages: every block a slice, what disagrees together, the note apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.answers import MAX_CONTENT, MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, size
from bot.messages.kept_summaries import as_it_stands, summary_of, values_of
from bot.messages.markdown import block_quotes, unescape
from bot.messages.posted import PostedExcerpt
from bot.messages.summaries import NOTE_CHARACTERS, note_embed, summary_pages
from corpus.document import Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.disagreements import Contrast
from index.summary import Disagreement, Summary, SummaryItem
from index.types import Outcome, Query
from tests.bot.answers import document
from tests.bot.discord_syntax import HOSTILE, live_forms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.messages.answers import Page
    from corpus.document import Document


def whole(source: Document, *others: int) -> SummaryItem:
    return SummaryItem(source.id, Span(0, len(source.text)), 0.5, (), others)


def summary(
    sources: Sequence[Document],
    disagreements: tuple[Disagreement, ...] = (),
    topic: str = "officers hurt",
) -> Summary:
    pairs = [{one.first, one.second} for one in disagreements]
    items = tuple(
        whole(source, *sorted({other for pair in pairs if n in pair for other in pair - {n}}))
        for n, source in enumerate(sources)
    )
    return Summary(Query(topic), Outcome.ANSWERED, 0.75, items, disagreements)


def pages(
    of: Summary, sources: Sequence[Document], *, note: str = "", dates: str = "en-GB"
) -> tuple[Page, ...]:
    """The pages, each held against Discord's limits and against the documents."""
    by_id = {source.id: source for source in sources}
    made = summary_pages(of, by_id.__getitem__, note=note, dates=dates)
    for number, page in enumerate(made):
        assert (page.number, page.count) == (number, len(made))
        assert len(page.content) <= MAX_CONTENT
        assert len(page.embeds) <= 10
        assert size(list(page.embeds)) <= MAX_EMBEDS_TOTAL
        for embed in page.embeds:
            assert 0 < len(embed.description) <= MAX_DESCRIPTION
            blocks = block_quotes(embed.description)
            assert len(blocks) in (0, len(embed.shows))
            for block, place, one in zip(
                blocks, embed.footer.split(" · "), embed.shows, strict=False
            ):
                source = by_id[one.document_id]
                assert block == source.text_at(one.span)
                assert place == f"{source.id} {one.span.start}–{one.span.end}"
                assert one.text_sha256 == source.sha256
    return made


TWENTY = document("More than 20 officers were hurt.", name="first", published="2020-06-26")
THIRTY = document("Nearly 30 officers were hurt.", name="second", published="2020-06-27")
CALM = document("The party ended at midnight.", name="third")
FIGURES = Disagreement(0, 1, Contrast.FIGURES, Span(0, 12), Span(0, 9))


def test_what_disagrees_stands_in_one_box_and_says_so() -> None:
    (page,) = pages(summary((TWENTY, THIRTY, CALM), (FIGURES,)), (TWENTY, THIRTY, CALM))
    both, alone = page.embeds
    assert block_quotes(both.description) == (TWENTY.text, THIRTY.text)
    assert "“More than 20” here, “Nearly 30” there" in both.description
    assert both.footer == "first 0–32 · second 0–29"
    assert both.shows == (
        PostedExcerpt("first", TWENTY.sha256, Span(0, 32)),
        PostedExcerpt("second", THIRTY.sha256, Span(0, 29)),
    )
    assert block_quotes(alone.description) == (CALM.text,)
    assert "date unknown" in alone.description


@pytest.mark.parametrize(
    ("dates", "shown"),
    [("en-GB", "26 June 2020"), ("en-US", "June 26, 2020"), ("iso", "2020-06-26")],
)
def test_dates_are_written_in_the_language_asked_for(dates: str, shown: str) -> None:
    (page,) = pages(summary((TWENTY,)), (TWENTY,), dates=dates)
    assert f" · {shown}" in page.embeds[0].description


def test_the_note_has_a_box_of_its_own_and_another_colour() -> None:
    note = "  We post this because “it was calm”.\n> Not so?  "
    (page,) = pages(summary((TWENTY,)), (TWENTY,), note=note)
    ours, theirs = page.embeds
    assert ours.colour != theirs.colour
    assert ours.shows == ()
    assert ours.footer == "no source"
    assert block_quotes(ours.description) == ()
    assert unescape(ours.description).endswith(note.strip())
    assert "it was calm" not in theirs.description
    (page,) = pages(summary((TWENTY,)), (TWENTY,), note=" \n ")
    assert len(page.embeds) == 1


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_of_a_note_is_alive(text: str) -> None:
    for note in (text, f"> {text}", f"*a*\n{text}"):
        _, said = note_embed(note).description.split("\n", 1)
        assert live_forms(said) == {}
        assert unescape(said) == note.strip()


def test_the_longest_note_fits() -> None:
    sources = [document("*" * 400 + f" {n}.", name=f"d{n}") for n in range(20)]
    made = pages(summary(sources), sources, note="*" * NOTE_CHARACTERS)
    assert sum(len(page.embeds) for page in made) == 21
    embeds = [embed for page in made for embed in page.embeds]
    blocks = [block for embed in embeds for block in block_quotes(embed.description)]
    assert blocks == [source.text for source in sources]


def test_words_that_fit_nowhere_are_not_cut() -> None:
    long = document("_" * 3_000, name="long")
    made = pages(summary((long, THIRTY), (FIGURES,)), (long, THIRTY))
    embeds = [embed for page in made for embed in page.embeds]
    assert [len(block_quotes(embed.description)) for embed in embeds] == [0, 1]
    assert "do not fit" in embeds[0].description


def test_nothing_found_is_one_page_without_boxes() -> None:
    nothing = Summary(Query("xylophones"), Outcome.NOTHING, 0.0, ())
    (page,) = pages(nothing, ())
    assert page.embeds == ()
    assert page.content.startswith("**Not in the corpus: xylophones**")


@settings(max_examples=60)
@given(
    st.lists(st.text("ab *_>#[]()@<:1\n-", min_size=1, max_size=300), min_size=1, max_size=12),
    st.text(max_size=200),
    st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=3),
)
def test_every_block_is_a_slice_whatever_the_words(
    texts: list[str], note: str, pairs: set[tuple[int, int]]
) -> None:
    sources = [document(f"x{text}x", name=f"d{n}") for n, text in enumerate(texts)]
    disagreements = tuple(
        Disagreement(a, b, Contrast.FIGURES, Span(0, 1), Span(0, 1))
        for a, b in sorted(pairs)
        if a < b < len(sources)
    )
    made = pages(summary(sources, disagreements), sources, note=note)
    shown = [one for page in made for embed in page.embeds for one in embed.shows]
    assert [one.document_id for one in shown] == [source.id for source in sources]


def kept(of: Summary, sources: Sequence[Document]) -> dict[str, object]:
    by_id = {source.id: source for source in sources}
    return values_of(of, [by_id[item.document_id].sha256 for item in of.items])


def test_a_kept_summary_is_the_same_again() -> None:
    of = summary((TWENTY, THIRTY, CALM), (FIGURES,))
    found = summary_of(kept(of, (TWENTY, THIRTY, CALM)))
    assert found.summary == of
    assert found.texts == (TWENTY.sha256, THIRTY.sha256, CALM.sha256)
    assert TWENTY.text not in str(kept(of, (TWENTY, THIRTY, CALM)))


def test_sentences_whose_text_changed_are_left_out_and_the_rest_numbered_anew() -> None:
    later = Disagreement(1, 2, Contrast.DENIAL, Span(0, 6), Span(0, 3))
    of = summary((TWENTY, THIRTY, CALM), (FIGURES, later))
    quotation = Quotation((Span(0, 5),), QuotationKind.DIRECT, Speaker("Ann Lee"))
    there = {one.id: one for one in (THIRTY, CALM)}
    now, changed = as_it_stands(
        summary_of(kept(of, (TWENTY, THIRTY, CALM))),
        lambda name, text: one if (one := there.get(name)) and one.sha256 == text else None,
        lambda name, span: (quotation,) if name == "second" and span else (),
    )
    assert changed == 1
    assert [item.document_id for item in now.items] == ["second", "third"]
    assert [item.disagrees_with for item in now.items] == [(1,), (0,)]
    assert now.items[0].quotations == (quotation,)
    assert [(one.first, one.second) for one in now.disagreements] == [(0, 1)]


@pytest.mark.parametrize("key", ["topic", "items", "disagreements", "outcome"])
def test_what_was_never_kept_is_no_summary(key: str) -> None:
    values = kept(summary((TWENTY,)), (TWENTY,))
    del values[key]
    with pytest.raises(KeyError):
        summary_of(values)
