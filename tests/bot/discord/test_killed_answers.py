"""A process killed between Discord's taking a message and the note of it: corrections reach it."""

from __future__ import annotations

import asyncio
import signal
import time
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.messages.corrections import CHANGED
from bot.state.cursors import Reader
from corpus.document import Span
from index.permalink import permalink
from tests.bot.discord.growing_stage import GrowingStage, growing, text_of
from tests.bot.discord.people import command, press, pressed
from tests.bot.discord.stage import PATIENCE_S, quoted
from tests.fake_discord import Clock, Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from tests.conftest import TinyData
    from tests.fake_discord import Message
    from tests.fake_discord.scripts import Hold

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(name="built")
def _built(_tiny_built: TinyData) -> TinyData:
    return _tiny_built


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def serving(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[GrowingStage]:
    """A bot that looks ten times a second, and is started again by whoever kills it."""
    folder = tmp_path_factory.mktemp("killed")
    async with growing(folder, _tiny_built, METQUOTE_DISCORD_EXCERPTS_PER_PAGE="1") as staged:
        await staged.start()
        yield staged
        assert await staged.stop() == 0, staged.log


def add(stage: GrowingStage, word: str) -> str:
    """A new document about ``word``; its id."""
    name = f"of-{word}"
    stage.add(name, text_of(word), f"title: The {word}", "published: 2021-05-02")
    return name


async def restarted(stage: GrowingStage) -> None:
    """The process is killed, and another serves."""
    process = stage.processes[-1]
    process.send_signal(signal.SIGKILL)
    assert await asyncio.wait_for(process.wait(), PATIENCE_S) == -signal.SIGKILL
    await stage.server.wait_gone()
    await stage.start()
    stage.forget_claims()


async def answer(stage: GrowingStage, word: str) -> Hold:
    hold = stage.server.hold("PATCH", Routes.ORIGINAL, acted=True)
    asked = {"question": f"What did the {word} cost?"}
    await stage.server.slash(stage.person(), "ask", asked, channel=stage.channel)
    return hold


async def reply(stage: GrowingStage, word: str) -> Hold:
    hold = stage.server.hold("POST", Routes.MESSAGES, acted=True)
    bot, question = stage.server.bot, f"What did the {word} cost?"
    await stage.server.say(stage.person(), stage.channel, question, mentions=[bot])
    return hold


async def card(stage: GrowingStage, word: str) -> Hold:
    source, ann = stage.corpus.library.get(f"of-{word}"), stage.person()
    said = f"The {word} cost nine pounds."
    start = source.text.index(said)
    link = permalink(source, Span(start, start + len(said)))
    cited = await command(stage, ann, "cite", {"id": link, "private": True})
    preview = await pressed(stage, cited, "Card", ann)
    hold = stage.server.hold("POST", Routes.FOLLOW_UP, acted=True)
    await press(stage, preview, "Share", ann)
    return hold


def public(stage: GrowingStage, document: str) -> list[Message]:
    """What everybody sees in the channel of a document's words."""
    return [
        one
        for one in stage.server.messages
        if one.channel == stage.channel and one.public
        and document in {each.document for each in quoted(one.now)}
    ]  # fmt: skip


@pytest.mark.parametrize(("way", "word"), [(answer, "quokka"), (reply, "wombat"), (card, "dingo")])
async def test_what_a_killed_process_posted_is_corrected(
    stage: GrowingStage, way: Callable[[GrowingStage, str], Awaitable[Hold]], word: str
) -> None:
    document = add(stage, word)
    hold = await way(stage, word)
    await hold.arrived()
    (message,) = public(stage, document)
    await restarted(stage)
    hold.release()
    text = text_of(word).replace("nine", "ten")
    stage.correct(document, text, f"title: The {word}", reason="a slip")
    await stage.settled()
    assert message.content.endswith(CHANGED)
    (one,) = [each for each in quoted(message.now) if each.document == document]
    assert "ten pounds" in one.text
    assert "nine pounds" not in message.embeds[0]["description"]
    assert public(stage, document) == [message]
    (told,) = stage.posted(stage.moderators)
    assert "1 message of mine now says so:" in told.content


async def test_a_page_that_a_killed_process_turned_is_corrected(stage: GrowingStage) -> None:
    document, ann = "of-koala", stage.person()
    stage.add(document, "The koala cost nine pounds.", "title: The koala")
    message = await stage.ask("What did the koala cost?", by=ann)
    (first,) = quoted(message.now)
    assert first.document == document
    hold = stage.server.hold("PATCH", Routes.ORIGINAL, acted=True)
    await press(stage, message, "Next", ann)
    await hold.arrived()
    (second,) = quoted(message.now)
    assert second.document != document
    await restarted(stage)
    hold.release()
    stage.correct(second.document, "Nothing of the kind was ever said.", reason="all wrong")
    await stage.settled()
    assert message.content.endswith(CHANGED)
    assert quoted(message.now) == []


async def test_a_correction_waits_for_an_answer_on_its_way(stage: GrowingStage) -> None:
    """It would be written over by the words that the answer was made of."""
    document = add(stage, "numbat")
    hold = stage.server.hold("PATCH", Routes.ORIGINAL)
    asked = await stage.server.slash(
        stage.person(), "ask", {"question": "What did the numbat cost?"}, channel=stage.channel
    )
    await hold.arrived()
    assert asked.original is not None
    message = asked.original
    text = text_of("numbat").replace("nine", "ten")
    stage.correct(document, text, "title: The numbat", reason="a slip")
    path = f"/channels/{message.channel.id}/messages/{message.id}"
    await stage.until(
        lambda: [one for one in stage.server.calls("GET", Routes.MESSAGE) if one.path == path],
        "look at the message",
    )
    assert message.loading
    hold.release()
    await asked.response()
    await stage.settled()
    assert len(message.versions) == 3
    assert "nine pounds" in message.versions[1].embeds[0]["description"]
    assert "ten pounds" in message.embeds[0]["description"]
    assert "nine pounds" not in message.embeds[0]["description"]


async def test_a_restatement_outlives_a_restart(stage: GrowingStage) -> None:
    """The date alone is corrected, and the process killed before the index has it."""
    word = "bilby"
    document = add(stage, word)
    stage.corpus.correct(document, text_of(word), f"title: The {word}", "published: 2021-04-30")
    lines = len(stage.corpus.library.journal.entries())
    await stage.kept(
        lambda state: state.cursors.at(Reader.CORRECTIONS) == lines, "line that was read"
    )
    message = await stage.ask(f"What did the {word} cost?")
    assert f"*The {word}* · 2 May 2021" in message.embeds[0]["description"]
    await restarted(stage)
    stage.tiny.build()
    await stage.until(
        lambda: "30 April 2021" in message.embeds[0]["description"], "the date as it is now"
    )
    assert "2 May 2021" not in message.embeds[0]["description"].replace("is now", "")
    await stage.settled()


async def test_an_answer_that_never_came_is_forgotten(built: TinyData, tmp_path: Path) -> None:
    """Once nothing can come of it any more, there is nothing to correct."""
    start = time.time() - 1_000
    async with growing(tmp_path, built, clock=Clock(lambda: start)) as stage:
        await stage.start()
        document = add(stage, "quoll")
        hold = stage.server.hold("PATCH", Routes.ORIGINAL)
        asked = {"question": "What did the quoll cost?"}
        question = await stage.server.slash(stage.person(), "ask", asked, channel=stage.channel)
        await hold.arrived()
        assert question.original is not None
        number = question.original.id
        await stage.kept(lambda state: state.posts.of_message(number), "post")
        stage.correct(document, "Nothing of the kind was ever said.", reason="all wrong")
        await stage.kept(lambda state: state.posts.of_message(number) is None, "forgotten post")
        await stage.settled()
        assert question.original.loading
        stage.check()
