"""Who said the words of a page, and when: as the sources say it, and exact."""

from __future__ import annotations

import pytest

from bot.messages.answers import MAX_DESCRIPTION
from bot.messages.followups import when_page, who_page
from bot.messages.markdown import block_quotes
from corpus.document import Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from tests.bot.answers import URL, document, excerpt
from tests.bot.discord_syntax import HOSTILE, live_forms

_SOURCE = document(
    "One was hurt. “Two,” she said.", title="A night", publisher="The Met", published="2020-06",
    url=URL,
)  # fmt: skip
_SAID = Quotation((Span(15, 18),), QuotationKind.DIRECT, Speaker("Ann Bell", "Chief"))
_OWN, _QUOTED = excerpt(_SOURCE, "One was hurt."), excerpt(
    _SOURCE, "“Two,” she said.", quotations=(_SAID,)
)  # fmt: skip


def test_speakers_are_named_as_their_documents_name_them() -> None:
    page = who_page([(_QUOTED, _SOURCE), (_OWN, _SOURCE)], "and who *said* that?")
    assert page.content.startswith("**Who said that**, as the sources name them.")
    assert "-# Asked: and who \\*said\\* that?" in page.content
    quoted, own = page.embeds
    assert block_quotes(quoted.description) == ("“Two,” she said.",)
    assert "— **Ann Bell, Chief**" in quoted.description
    assert "— the document's own words" in own.description
    assert [embed.footer for embed in page.embeds] == ["a-letter 14–30", "a-letter 0–13"]
    assert quoted.shows[0].span == _QUOTED.span


def test_where_nobody_is_quoted_that_is_said() -> None:
    page = who_page([(_OWN, _SOURCE)], "who?")
    assert page.content.startswith("The sources name no speaker")


@pytest.mark.parametrize(("dates", "date"), [("en-GB", "June 2020"), ("iso", "2020\\-06")])
def test_dates_are_given_in_the_language_of_the_place(dates: str, date: str) -> None:
    (embed,) = when_page([(_OWN, _SOURCE)], "when?", dates).embeds
    assert embed.description.split("\n")[:2] == [
        "> One was hurt.",
        f"**{date.replace(chr(92), '')}**",
    ]
    assert f"[Open at these words](<{URL}" in embed.description
    undated = document("Nobody came.")
    (embed,) = when_page([(excerpt(undated), undated)], "when?").embeds
    assert "**date unknown**" in embed.description


def test_a_source_that_changed_is_not_quoted() -> None:
    for page in (who_page([(_OWN, None)], "who?"), when_page([(_OWN, None)], "when?")):
        (embed,) = page.embeds
        assert "changed or removed" in embed.description
        assert block_quotes(embed.description) == ()


def test_words_that_do_not_fit_are_not_cut() -> None:
    long = document("*" * 4_000)
    (embed,) = who_page([(excerpt(long), long)], "who?").embeds
    assert "do not fit" in embed.description
    assert block_quotes(embed.description) == ()
    assert len(embed.description) <= MAX_DESCRIPTION


@pytest.mark.parametrize("form", HOSTILE)
def test_hostile_names_are_dead(form: str) -> None:
    text = HOSTILE[form]
    source = document("One was hurt.", title=text, publisher=text)
    said = Quotation((Span(0, 3),), QuotationKind.DIRECT, Speaker(text, text))
    (embed,) = who_page([(excerpt(source, quotations=(said,)), source)], text).embeds
    _, who, title = embed.description.split("\n")
    assert live_forms(who.removeprefix("— **").removesuffix("**")) == {}
    assert {*live_forms(title)} == {"star"}
