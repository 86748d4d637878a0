"""Corrections, retractions and erasures that reach what was posted before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.messages.corrections import CHANGED, TAKEN_OUT
from tests.bot.discord.growing_stage import GrowingStage, growing, text_of
from tests.bot.discord.stage import quoted
from tests.fake_discord import Permissions, Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.conftest import TinyData
    from tests.fake_discord import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True, slots=True)
class Posted:
    """Everything that shows a document's words, by what it is."""

    document: str
    word: str
    messages: dict[str, Message]

    @property
    def text(self) -> str:
        return text_of(self.word)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def serving(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[GrowingStage]:
    """A bot that looks ten times a second."""
    folder = tmp_path_factory.mktemp("corrections")
    async with growing(folder, _tiny_built, METQUOTE_DISCORD_EXCERPTS_PER_PAGE="1") as staged:
        await staged.start()
        yield staged
        assert await staged.stop() == 0, staged.log


async def everything(stage: GrowingStage, word: str) -> Posted:
    """A new document, and each kind of message that shows it."""
    server, ann = stage.server, stage.person()
    await stage.follow(word)
    document = f"of-{word}"
    stage.add(document, text_of(word), f"title: The {word}", "published: 2021-05-02")
    await stage.until(stage.posted, "what is followed")
    (followed,) = stage.posted()
    answer = await stage.ask(f"What did the {word} cost?")
    asked = {"speaker": word.title()}
    quotation = await server.slash(ann, "quote", asked, channel=stage.channel)
    private = await stage.ask(f"What did the {word} cost?", by=ann, private=True)
    click = await server.click(private, private.button("Share"), ann)
    await click.response()
    await stage.until(lambda: len(stage.posted()) == 2, "the shared answer")
    messages = {
        "follow": followed,
        "answer": answer,
        "quotation": await quotation.response(),
        "share": stage.posted()[-1],
    }
    for message in messages.values():
        assert {one.document for one in quoted(message.now)} == {document}, message.embeds
    return Posted(document, word, messages)


def described(message: Message) -> str:
    return "\n".join(embed["description"] for embed in message.embeds)


async def test_a_correction_puts_the_new_words_in_the_place_of_the_old(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    posted = await everything(stage, next(words))
    buttons = {kind: one.buttons for kind, one in posted.messages.items()}
    text = posted.text.replace("nine pounds", "ten pounds").replace("kind were", "sort were")
    stage.correct(posted.document, text, f"title: The {posted.word}", reason="a <@1> *slip*")
    await stage.settled()
    for kind, message in posted.messages.items():
        said = described(message)
        assert "; the words now read:**" in said, kind
        assert "(a \\<\\@1\\> \\*slip\\*)" in said
        assert "nine pounds" not in said
        assert "kind were" not in said
        assert quoted(message.now), kind
        assert all(one.text in text for one in quoted(message.now))
        assert message.content.endswith(CHANGED)
        assert message.buttons == buttons[kind]
    (told,) = stage.posted(stage.moderators)
    assert told.content.startswith(f"**{posted.document} was corrected on ")
    assert "4 messages of mine now say so:" in told.content
    for message in posted.messages.values():
        assert f"/{message.channel.id}/{message.id}>" in told.content


async def test_words_that_stand_unchanged_are_said_to(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    posted = await everything(stage, next(words))
    stage.correct(posted.document, posted.text + "\n\nIt was late.", reason="more")
    await stage.settled()
    for message in posted.messages.values():
        assert "these words stand in it as they did:" in described(message)
        assert quoted(message.now)
    # And again: what is corrected twice says the last of it.
    stage.correct(posted.document, "Nothing of the kind was ever said.", reason="all wrong")
    await stage.settled()
    for message in posted.messages.values():
        assert "these words are no longer in it and were taken out" in described(message)
        assert quoted(message.now) == []
        assert message.content.count(CHANGED) == 1
    assert len(stage.posted(stage.moderators)) == 2


@pytest.mark.parametrize("action", ["retract", "erase"])
async def test_words_that_are_withdrawn_are_taken_out(
    stage: GrowingStage, words: Iterator[str], action: str
) -> None:
    posted = await everything(stage, next(words))
    getattr(stage.corpus, action)(posted.document, "the force withdrew it")
    stage.tiny.build()
    await stage.settled()
    for message in posted.messages.values():
        said = described(message)
        assert f"**This source was {action.removesuffix('e')}ed on" in said
        assert "(the force withdrew it); its words were taken out.**" in said
        assert posted.word not in said
        assert quoted(message.now) == []
    (told,) = stage.posted(stage.moderators)
    assert "4 messages of mine now say so:" in told.content


async def test_what_automod_refuses_loses_its_words(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    posted = await everything(stage, next(words))
    guild = stage.channel.guild
    assert guild is not None
    stage.server.forbid_words(guild, "eleven pounds", "sort were")
    text = posted.text.replace("nine", "eleven").replace("kind were", "sort were")
    stage.correct(posted.document, text)
    await stage.settled()
    for message in posted.messages.values():
        assert message.content == TAKEN_OUT
        assert message.embeds == ()


async def test_what_may_not_even_be_emptied_is_deleted(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    posted = await everything(stage, next(words))
    guild = stage.channel.guild
    assert guild is not None
    stage.server.forbid_words(guild, "eleven pounds", "sort were", "taken out")
    text = posted.text.replace("nine", "eleven").replace("kind were", "sort were")
    stage.correct(posted.document, text)
    await stage.settled()
    assert all(message.deleted for message in posted.messages.values())


async def test_what_the_bot_may_not_reach_is_told_to_the_moderators(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    posted = await everything(stage, next(words))
    stage.server.overwrite(stage.channel, stage.server.bot, deny=Permissions.VIEW_CHANNEL)
    stage.corpus.retract(posted.document)
    stage.tiny.build()
    await stage.settled()
    (told,) = stage.posted(stage.moderators)
    assert "I could not correct these; please see to them:" in told.content
    assert told.content.count("I lack a permission there") == 4


async def test_what_was_deleted_is_forgotten(stage: GrowingStage, words: Iterator[str]) -> None:
    posted = await everything(stage, next(words))
    await stage.server.delete(posted.messages["answer"])
    stage.server.fail("GET", Routes.MESSAGE, code=10008)
    stage.server.fail("GET", Routes.MESSAGE, 502, times=1, after=1)
    stage.corpus.retract(posted.document)
    stage.tiny.build()
    await stage.settled()
    assert len([one for one in posted.messages.values() if quoted(one.now)]) == 2
    (told,) = stage.posted(stage.moderators)
    assert "2 messages of mine now say so:" in told.content
    state = stage.open_state()
    left = {kind: state.posts.of_message(one.id) for kind, one in posted.messages.items()}
    assert left["answer"] is None
    assert not any(one.excerpts for one in left.values() if one is not None)
    state.close()


async def test_a_deleted_channel_is_forgotten(stage: GrowingStage, words: Iterator[str]) -> None:
    posted = await everything(stage, next(words))
    stage.server.delete_channel(stage.channel)
    stage.corpus.retract(posted.document)
    stage.tiny.build()
    await stage.settled()
    state = stage.open_state()
    assert not any(state.posts.of_message(one.id) for one in posted.messages.values())
    state.close()


async def test_what_is_posted_while_its_source_changes_is_corrected_too(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    """The change comes after the words were found and before they stand in the channel."""
    word = next(words)
    document = f"of-{word}"
    stage.add(document, text_of(word), f"title: The {word}")
    hold = stage.server.hold("PATCH", Routes.ORIGINAL)
    asked = await stage.server.slash(
        stage.person(), "ask", {"question": f"What did the {word} cost?"}, channel=stage.channel
    )
    await hold.arrived()
    before = len(stage.server.calls("GET", Routes.MESSAGE))
    stage.corpus.retract(document)
    await stage.until(
        lambda: stage.server.calls("GET", Routes.MESSAGE)[before:], "look at what is on its way"
    )
    hold.release()
    message = await asked.response()
    await stage.until(lambda: not quoted(message.now), "a correction")
    assert "This source was retracted" in described(message)
