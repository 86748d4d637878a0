"""Drafts as JSON, and what is shown of them in Discord."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from bot.curation.drafts import draft_of, draft_values, holds
from bot.messages.answers import MAX_CONTENT, MAX_DESCRIPTION
from bot.messages.corpus import draft_page, list_pages, retraction_page, status_page
from bot.messages.markdown import block_quotes
from corpus.document import Metadata, PartialDate, text_sha256
from corpus.draft import Draft
from tests.bot.answers import document
from tests.bot.discord_syntax import HOSTILE, live_forms

_WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
_MAYBE = st.none() | _WORDS
_DATES = st.none() | st.builds(PartialDate, st.integers(1, 9999), st.integers(1, 12))
DRAFTS = st.builds(
    Draft,
    st.builds(
        Metadata,
        st.sampled_from(["announcement", "news", "letter", "other"]),
        title=_MAYBE, published=_DATES, publisher=_MAYBE, author=_MAYBE, url=_MAYBE, rights=_MAYBE,
        retrieved=_DATES, trimmed=st.lists(_WORDS, max_size=2).map(tuple),
    ),
    _WORDS, _WORDS, st.lists(_WORDS, max_size=2).map(tuple),
)  # fmt: skip


def test_a_preview_holds_the_text_of_its_draft_alone() -> None:
    draft = Draft(Metadata("news"), "Erased words.", "some.md", ())
    values = {"act": "add", "draft": draft_values(draft)}
    assert holds(values, {text_sha256("Erased words.")})
    assert not holds(values, {text_sha256("Erased words")})
    assert not holds({"act": "retract", "id": "letter"}, {text_sha256("Erased words.")})


@given(DRAFTS)
def test_a_draft_is_kept_whole(draft: Draft) -> None:
    assert draft_of(json.loads(json.dumps(draft_values(draft)))) == draft


@given(DRAFTS)
def test_a_preview_fits_and_quotes_nothing(draft: Draft) -> None:
    page = draft_page(draft, (), what="Add it?")
    assert len(page.content) <= MAX_CONTENT
    (embed,) = page.embeds
    assert 0 < len(embed.description) <= MAX_DESCRIPTION
    assert embed.footer == "no source"
    assert block_quotes(embed.description) == ()


def test_a_preview_of_hostile_words_is_dead() -> None:
    text = "\n".join(HOSTILE.values())
    metadata = Metadata("news", title=text, publisher=text, author=text)
    page = draft_page(Draft(metadata, text, text), (), what="Add it?")
    # Our own bold and small lines taken away.
    shown = re.sub(r"(\\.)|\*\*|(?m:^-# )", lambda mark: mark[1] or "", page.embeds[0].description)
    assert live_forms(shown) == {}


def test_the_longest_list_and_retraction_fit() -> None:
    stars, lines = "*" * 900, "_" * 900
    documents = [document("Words.", name=f"d{n}", title=stars, publisher=lines) for n in range(25)]
    made = list_pages(documents, "current documents")
    assert [page.number for page in made] == [0, 1, 2]
    assert all(len(page.embeds[0].description) <= MAX_DESCRIPTION for page in made)
    assert "page 3 of 3" in made[2].content
    assert list_pages((), "retracted documents")[0].embeds == ()
    page = retraction_page(documents[0], "*" * 400)
    assert len(page.embeds[0].description) <= MAX_DESCRIPTION


def test_the_status_names_what_there_is() -> None:
    page = status_page({"index": None, "state": "there is none"}, {"documents": 1_204}, None)
    assert page.embeds[0].description == "documents: 1,204\nindex: state: there is none"
