"""What was not answered as Discord messages: alike questions together, within every limit."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.answers import MAX_CONTENT, MAX_DESCRIPTION, MAX_EMBEDS_TOTAL, size
from bot.messages.markdown import block_quotes
from bot.messages.unanswered import Group, unanswered_pages
from bot.state.unanswered import Feedback, Unanswered
from index.types import Outcome
from tests.bot.discord_syntax import HOSTILE, live_forms

DAY, LATER = date(2024, 5, 1), date(2024, 5, 3)


def asked(question: str, count: int = 1, last: date = DAY) -> Unanswered:
    return Unanswered(question, Outcome.NOTHING, count, DAY, last)


def test_groups_come_by_how_often_they_were_asked() -> None:
    rare = Group((asked("zebras"),))
    others = [asked(one) for one in ("owl", "an owl", "the owl")]
    often = Group((asked("owls", 3), asked("barn owls", 2, LATER), *others))
    (page,) = unanswered_pages([rare, often], more=7, dates="iso")
    assert page.content == (
        "**Not answered**: asked 9 times, in 6 wordings, alike ones together."
        " 7 rarer questions are in the CSV alone."
    )
    assert page.embeds[0].description == (
        "**8×** owls\n-# also: barn owls · owl · an owl · and 1 more\n"
        "-# nothing, last on 2024-05-03\n"
        "**1×** zebras\n-# nothing, last on 2024-05-01"
    )


def test_reasons_stand_on_the_first_page_newest_first() -> None:
    reasons = [
        Feedback(f"question {n}", Outcome.ANSWERED, "" if n == 6 else "why", DAY) for n in range(7)
    ]
    first, *rest = unanswered_pages([Group((asked(f"q {n}"),)) for n in range(9)], reasons)
    assert "**Not helpful** (7), the newest first:\nquestion 6\n" in first.embeds[1].description
    assert "1 May 2024: no reason given" in first.embeds[1].description
    assert "question 1\n" not in first.embeds[1].description
    assert [len(page.embeds) for page in rest] == [1]


def test_nothing_is_said_as_nothing() -> None:
    (page,) = unanswered_pages([])
    assert page.embeds == ()
    assert page.content.startswith("**Nothing is unanswered**")


@given(
    st.lists(st.lists(st.text("a*_<@#`:[", max_size=400), min_size=1, max_size=5), max_size=20),
    st.lists(st.text("a*_<@", max_size=400), max_size=8),
)
def test_every_page_fits_and_no_question_is_lost(
    groups: list[list[str]], reasons: list[str]
) -> None:
    given_groups = [Group(tuple(asked(one) for one in group)) for group in groups]
    feedback = [Feedback(one, Outcome.RELATED, one, DAY) for one in reasons]
    pages = unanswered_pages(given_groups, feedback)
    for number, page in enumerate(pages):
        assert (page.number, page.count) == (number, len(pages))
        assert len(page.content) <= MAX_CONTENT
        assert size(list(page.embeds)) <= MAX_EMBEDS_TOTAL
        assert all(0 < len(embed.description) <= MAX_DESCRIPTION for embed in page.embeds)
        assert all(block_quotes(embed.description) == () for embed in page.embeds)
    shown = "".join(embed.description for page in pages for embed in page.embeds)
    assert shown.count("×** ") == len(groups)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_of_a_question_is_alive(text: str) -> None:
    (page,) = unanswered_pages([Group((asked(text), asked(f"or {text}")))])
    shown = re.sub(r"(\\.)|\*\*|(?m:^-# )", lambda mark: mark[1] or "", page.embeds[0].description)
    assert live_forms(shown) == {}
