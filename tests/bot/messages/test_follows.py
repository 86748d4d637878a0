"""Messages about followed topics."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.messages.answers import MAX_CONTENT, MAX_EMBEDS_TOTAL, size
from bot.messages.follows import DIGEST_SIZE, Told, began, digest_page, follow_page, following
from bot.messages.markdown import block_quotes
from bot.state.digests import Follow, Mode
from corpus.document import Document, Metadata, Span
from tests.bot.discord_syntax import HOSTILE, live_forms

FOLLOW = Follow(5, 6, "knife crime", Mode.AT_ONCE, id=1)
TEXT = "Knives were found. The street was quiet. More knives were found."
LETTER = Document.of("letter", Metadata("letter", "A letter"), TEXT)
FOUND = (Span(41, 64), Span(0, 18))


def test_passages_are_shown_in_the_order_of_the_text() -> None:
    page = follow_page(FOLLOW, Told(FOUND, LETTER))
    assert [block_quotes(one.description) for one in page.embeds] == [
        ("Knives were found.",),
        ("More knives were found.",),
    ]
    assert [one.footer for one in page.embeds] == ["letter 0–18", "letter 41–64"]
    assert [one.shows[0].span for one in page.embeds] == sorted(FOUND)
    assert "Corrected" not in page.embeds[0].description


def test_a_later_version_is_said_to_be_one() -> None:
    page = follow_page(FOLLOW, Told(FOUND, LETTER, is_version=True))
    notes = ["**Corrected:**" in one.description for one in page.embeds]
    assert notes == [True, False]


def test_a_digest_shows_the_nearest_passage_of_each_announcement() -> None:
    told = [Told(FOUND, LETTER), Told((Span(0, 18),), None), Told((Span(19, 40),), LETTER)]
    page = digest_page(replace(FOLLOW, mode=Mode.DAILY), told, 1, 3, 11)
    assert page.content.startswith(
        "**Daily digest: knife crime** · 11 announcements · message 2 of 3\n"
    )
    assert [one.footer for one in page.embeds] == ["letter 41–64", "letter 19–40"]


def test_what_a_message_says_of_itself_does_not_depend_on_the_documents() -> None:
    """By it a message is known that a process sent and did not come to note."""
    gone = Told(FOUND, None)
    assert (
        follow_page(FOLLOW, gone).content
        == follow_page(FOLLOW, Told(FOUND, LETTER, is_version=True)).content
    )
    weekly = replace(FOLLOW, mode=Mode.WEEKLY)
    assert (
        digest_page(weekly, [gone], 0, 1, 1).content
        == digest_page(weekly, [Told(FOUND, LETTER)], 0, 1, 1).content
    )


def test_words_that_do_not_fit_are_not_cut() -> None:
    long = Document.of("long", Metadata("news", "Long"), "*word* " * 2_000)
    spans = tuple(Span(at * 1_000, at * 1_000 + 999) for at in range(DIGEST_SIZE))
    told = [Told((span,), long) for span in spans]
    page = digest_page(FOLLOW, told, 0, 1, DIGEST_SIZE)
    assert size(list(page.embeds)) <= MAX_EMBEDS_TOTAL
    assert len(page.embeds) == DIGEST_SIZE
    for embed, span in zip(page.embeds, spans, strict=True):
        blocks = block_quotes(embed.description)
        assert blocks in ((), (long.text_at(span),))
        assert bool(blocks) == bool(embed.shows)
    assert any(block_quotes(one.description) for one in page.embeds)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_topics_do_nothing(hostile: str) -> None:
    follow = replace(FOLLOW, topic=hostile)
    for text in (follow_page(follow, Told(FOUND, LETTER)).content, following([follow])[0]):
        ours = text.replace("**", "").replace("-# ", "").replace("<#6>", "").removeprefix("- ")
        assert live_forms("\n".join(line.removeprefix("- ") for line in ours.split("\n"))) == {}


def test_follows_are_listed_in_as_many_messages_as_it_takes() -> None:
    assert following([]) == ("Nothing is followed in this server. Begin with /follow.",)
    daily = replace(FOLLOW, mode=Mode.DAILY, kind="news", next_digest=1_700_000_000.5)
    (text,) = following([FOLLOW, daily])
    assert text.split("\n") == [
        "**Followed in this server: 2**",
        "- **knife crime** in <#6> · at once",
        "- **knife crime** in <#6> · news · daily · next <t:1700000000:f>",
    ]
    many = following([replace(FOLLOW, topic="knives " * 40)] * 100)
    assert len(many) > 1
    assert all(len(text) <= MAX_CONTENT for text in many)
    assert sum(text.count("<#6>") for text in many) == 100


def test_a_moderator_is_told_when_the_first_digest_comes() -> None:
    weekly = replace(FOLLOW, mode=Mode.WEEKLY, next_digest=1_700_000_000.0)
    assert "in a digest every week, next <t:1700000000:f>. /unfollow" in began(weekly)
    assert "as soon as they are in the index. /unfollow" in began(FOLLOW)
