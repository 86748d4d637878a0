"""What stands around an excerpt, and where it is from: exact slices, within Discord's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.answers import MAX_CONTENT, MAX_DESCRIPTION, MAX_EMBEDS_TOTAL
from bot.messages.context import context_pages, source_pages, surroundings
from bot.messages.markdown import block_quotes
from corpus.document import Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.permalink import permalink
from tests.bot.answers import URL, document, excerpt
from tests.bot.discord.stage import places_of
from tests.bot.discord_syntax import HOSTILE, live_forms

if TYPE_CHECKING:
    from bot.messages.answers import Embed, Page
    from corpus.document import Document

_TEXT = (
    "The first paragraph is far away.\n\n"
    "It was a warm night. Many came.\n\n"
    "A party began at nine. One was *hurt* at ten. Police came at eleven.\n\n"
    "Nobody was arrested.\n\n"
    "The last paragraph is far away, too."
)
_SOURCE = document(_TEXT, title="A night", publisher="The Met", published="2020-06-26", url=URL)
_HURT = excerpt(_SOURCE, "One was *hurt* at ten.")


def slices(embed: Embed, source: Document) -> list[tuple[str, str]]:
    """Each quoted block with the slice that the footer names for it."""
    places = places_of({"footer": {"text": embed.footer}})
    blocks = block_quotes(embed.description)
    assert len(blocks) in (0, len(places))
    return [(block, source.text[s:e]) for block, (_, s, e) in zip(blocks, places, strict=False)]


def checked(pages: tuple[tuple[int, Page], ...], source: Document) -> list[Embed]:
    embeds = [embed for _, page in pages for embed in page.embeds]
    for _, page in pages:
        assert 0 < len(page.content) <= MAX_CONTENT
        assert sum(len(e.description) + len(e.footer) for e in page.embeds) <= MAX_EMBEDS_TOTAL
    for embed in embeds:
        assert 0 < len(embed.description) <= MAX_DESCRIPTION
        assert all(block == meant for block, meant in slices(embed, source))
    return embeds


def test_the_paragraphs_around_are_shown_with_the_excerpt_apart() -> None:
    (embed,) = checked(context_pages([[(_HURT, _SOURCE)]]), _SOURCE)
    assert block_quotes(embed.description) == (
        "It was a warm night. Many came.\n\nA party began at nine.",
        "One was *hurt* at ten.",
        "Police came at eleven.\n\nNobody was arrested.",
    )
    assert [line for line in embed.description.split("\n") if line.startswith("-# ")] == [
        "-# Before it", "-# The excerpt", "-# After it",
    ]  # fmt: skip
    assert embed.description.endswith("*A night* · The Met · 26 June 2020")
    assert [shown.span for shown in embed.shows][1] == _HURT.span


def test_at_the_ends_of_a_document_there_is_less() -> None:
    alone = document("One was hurt.")
    (embed,) = checked(context_pages([[(excerpt(alone), alone)]]), alone)
    assert block_quotes(embed.description) == ("One was hurt.",)
    first = excerpt(_SOURCE, "The first paragraph is far away.")
    (embed,) = checked(context_pages([[(first, _SOURCE)]]), _SOURCE)
    assert len(block_quotes(embed.description)) == 2


def test_far_sentences_are_left_out_whole_where_there_is_too_much() -> None:
    sentences = [f"This is sentence number {n} of a very long paragraph." for n in range(200)]
    long = document(" ".join(sentences))
    (embed,) = checked(context_pages([[(excerpt(long, sentences[100]), long)]]), long)
    before, shown, after = block_quotes(embed.description)
    assert shown == sentences[100]
    assert before.endswith(sentences[99])
    assert after.startswith(sentences[101])
    assert all(part.startswith("This is") and part.endswith(".") for part in (before, after))
    assert len(before) + len(after) < 1_600


def test_a_source_has_all_that_a_citation_needs() -> None:
    said = Quotation((_HURT.span,), QuotationKind.DIRECT, Speaker("Ann", "PC"))
    quoted = excerpt(_SOURCE, "One was *hurt* at ten.", quotations=(said,))
    (embed,) = checked(source_pages([[(quoted, _SOURCE)]], "iso"), _SOURCE)
    span = _HURT.span
    assert embed.description.split("\n") == [
        "> One was \\*hurt\\* at ten.",
        "— **Ann, PC**",
        "*A night* · The Met · 2020-06-26",
        f"Document a-letter, characters {span.start}–{span.end}",
        f"SHA-256 of its text `{_SOURCE.sha256}`",
        f"Permalink `{permalink(_SOURCE, span)}`",
        f"<{URL}#:~:text=One%20was%20%2Ahurt%2A%20at%20ten.>",
    ]


@pytest.mark.parametrize("show", [context_pages, source_pages])
def test_a_source_that_changed_is_not_quoted(show: object) -> None:
    ((_, page),) = show([[(_HURT, None)]])  # type: ignore[operator]
    (embed,) = page.embeds
    assert "changed or removed" in embed.description
    assert block_quotes(embed.description) == ()
    assert embed.footer == f"a-letter {_HURT.span.start}–{_HURT.span.end}"


@pytest.mark.parametrize("show", [context_pages, source_pages])
def test_each_page_of_the_answer_has_pages_of_its_own(show: object) -> None:
    one, other = (_HURT, _SOURCE), (excerpt(_SOURCE, "Many came."), _SOURCE)
    pages = show([[one, other, one, other], [other]])  # type: ignore[operator]
    assert [number for number, _ in pages] == [0, 0, 1]
    assert [page.number for _, page in pages] == [0, 1, 2]
    assert all(page.count == 3 for _, page in pages)
    assert "2 of 3" in pages[1][1].content


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_metadata_is_dead(form: str) -> None:
    text = HOSTILE[form]
    source = document(_TEXT, title=text, publisher=text)
    for pages in (context_pages([[(_HURT, source)]]), source_pages([[(_HURT, source)]])):
        (embed,) = checked(pages, source)
        (title,) = [line for line in embed.description.split("\n") if line.endswith("unknown")]
        assert {*live_forms(title)} == {"star"}


@given(
    st.text(min_size=1, max_size=6_000).filter(str.strip),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_no_text_breaks_a_limit(text: str, ends: tuple[float, float]) -> None:
    source = document(text)
    start, end = sorted(int(at * (len(text) - 1)) for at in ends)
    one = excerpt(source)
    cut = type(one)(source.id, Span(start, min(end + 1, start + 1_500)), 0.5, (), ())
    for span in surroundings(source, cut.span):
        assert span is None or not span.overlaps(cut.span)
    checked(context_pages([[(cut, source)] * 3]), source)
    checked(source_pages([[(cut, source)] * 3]), source)
