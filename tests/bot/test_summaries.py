"""Summaries as Markdown, JSON and lines of a terminal: words as they are, the rest apart."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from bot import summaries
from bot.messages.markdown import block_quotes
from bot.terminal.summary_screen import print_summary
from corpus.document import Document, Span
from corpus.quotations.types import Quotation, QuotationKind, Speaker
from index.disagreements import Contrast
from index.summary import Disagreement, Summary, SummaryItem
from index.types import Outcome, Query
from tests.bot.answers import URL, document
from tests.bot.discord_syntax import HOSTILE, live_forms

if TYPE_CHECKING:
    from collections.abc import Callable

TWENTY = document(
    "More than 20 officers were hurt.",
    name="first",
    published="2020-06-26",
    title="A party",
    publisher="The Met",
    url=URL,
)
THIRTY = document("Nearly 30 officers were hurt, it said.", name="second")


def item(source: Document, *others: int, words: str | None = None) -> SummaryItem:
    start = source.text.index(words) if words else 0
    span = Span(start, start + len(words or source.text))
    speaker = Speaker("Bas Javid", "Commander")
    quotation = Quotation((span,), QuotationKind.DIRECT, speaker)
    return SummaryItem(source.id, span, 0.5, (quotation,) if not others else (), others)


def summary(
    *items: SummaryItem,
    outcome: Outcome = Outcome.ANSWERED,
    disagreements: tuple[Disagreement, ...] = (),
    topic: str = "officers hurt",
    undated_left_out: int = 0,
) -> Summary:
    return Summary(Query(topic), outcome, 0.75, items, disagreements, undated_left_out)


def kept(*documents: Document) -> Callable[[str], Document]:
    return {one.id: one for one in documents}.__getitem__


DIFFERING = summary(
    item(TWENTY, 1),
    item(THIRTY, 0),
    disagreements=(Disagreement(0, 1, Contrast.FIGURES, Span(0, 12), Span(0, 9)),),
)
BOTH = kept(TWENTY, THIRTY)

MARKDOWN = """\
**Summary: officers hurt**
2 sentences of 2 documents, word for word, in order of date. What has no date stands last. \
Sources that differ stand side by side.

> **More than 20** officers were hurt.

\\[1\\] *A party* · The Met · 26 June 2020 · first 0–32 · \
<https://www.met.police.uk/news/1#:~:text=More%20than%2020%20officers%20were>
*Differs from \\[2\\]: “More than 20” here, “Nearly 30” there.*

> **Nearly 30** officers were hurt, it said.

\\[2\\] *Nearly 30 officers were hurt, it said.* · date unknown · second 0–38
*Differs from \\[1\\]: “Nearly 30” here, “More than 20” there.*
"""


def test_the_markdown_that_a_moderator_pastes() -> None:
    assert summaries.markdown(DIFFERING, BOTH) == MARKDOWN


def test_a_speaker_stands_in_the_citation() -> None:
    text = summaries.markdown(summary(item(TWENTY)), BOTH)
    assert "\\[1\\] **Bas Javid, Commander** · *A party* · The Met" in text


def test_a_denial_is_said_in_the_bots_words() -> None:
    denied = summary(
        item(TWENTY, 1),
        item(THIRTY, 0),
        disagreements=(Disagreement(0, 1, Contrast.DENIAL, Span(0, 12), Span(0, 9)),),
    )
    (line,) = summaries.sentences(denied, BOTH)[1].differs
    assert line == "Differs from [1]: one says what the other denies."


def test_nothing_says_so() -> None:
    nothing = summary(outcome=Outcome.NOTHING, topic="sourdough", undated_left_out=2)
    assert summaries.markdown(nothing, BOTH) == (
        "**Not in the corpus: sourdough**\nThe documents say nothing of this topic. Try other "
        "words. 2 documents have no date and were left out by the date filter.\n"
    )
    assert summaries.summary_json(nothing, BOTH)["sentences"] == []


def test_what_is_only_related_says_so() -> None:
    related = summary(item(TWENTY), outcome=Outcome.RELATED, undated_left_out=1)
    assert summaries.heading(related) == "Related only: officers hurt"
    assert summaries.explanation(related, BOTH) == (
        "The closest sentences; the documents may not speak of this topic. 1 sentence of 1 "
        "document, word for word, in order of date. 1 document has no date and was left out by "
        "the date filter."
    )


def test_json_has_slices_and_what_differs() -> None:
    values = summaries.summary_json(DIFFERING, BOTH)
    assert values["schema"] == 1
    assert (values["topic"], values["outcome"]) == ("officers hurt", "answered")
    for sentence in values["sentences"]:
        text = BOTH(sentence["document"]).text
        assert text[sentence["start"] : sentence["end"]] == sentence["text"]
    assert [one["disagrees_with"] for one in values["sentences"]] == [[1], [0]]
    assert [one["published"] for one in values["sentences"]] == ["2020-06-26", None]
    assert values["disagreements"] == [
        {"kind": "figures", "first": 0, "second": 1, "first_span": [0, 12], "second_span": [0, 9]}
    ]


def test_places_that_differ_from_several_are_marked_once() -> None:
    three = summary(
        item(TWENTY, 1, 2),
        item(THIRTY, 0),
        item(TWENTY, 0, words="20 officers"),
        disagreements=(
            Disagreement(0, 1, Contrast.FIGURES, Span(0, 12), Span(0, 9)),
            Disagreement(0, 2, Contrast.FIGURES, Span(5, 12), Span(10, 12)),
        ),
    )
    first = summaries.sentences(three, BOTH)[0]
    assert first.shown.highlights == ((0, 12),)
    assert len(first.differs) == 2


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_of_a_source_or_a_topic_comes_alive(text: str) -> None:
    hostile = document(text, name="one", title=text, publisher=text)
    found = summaries.markdown(summary(item(hostile), topic=text), kept(hostile))
    assert block_quotes(found) == (text,)
    ours = "\n".join(line for line in found.split("\n") if not line.startswith("> "))
    assert not live_forms(ours.replace("**", "").replace("*", ""))


@settings(max_examples=40)
@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip() != ""))
def test_the_quoted_block_is_the_slice(text: str) -> None:
    one = document(text, name="one", title="A title")
    found = summaries.markdown(summary(item(one)), kept(one))
    assert block_quotes(found) == (text,)


def printed(*, terminal: bool, capsys: pytest.CaptureFixture[str]) -> str:
    out = io.StringIO()
    print_summary(
        Console(file=out, force_terminal=terminal, width=80, color_system=None), DIFFERING, BOTH
    )
    return out.getvalue() + capsys.readouterr().out


def test_on_a_screen_and_piped(capsys: pytest.CaptureFixture[str]) -> None:
    screen = printed(terminal=True, capsys=capsys)
    assert all(len(line) <= 80 for line in screen.splitlines())
    assert "[1] More than 20 officers were hurt." in screen
    piped = printed(terminal=False, capsys=capsys)
    assert "\x1b" not in piped
    assert "Differs from [2]: “More than 20” here, “Nearly 30” there.\n" in piped
