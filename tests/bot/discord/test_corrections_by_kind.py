"""Corrections that reach verdicts, summaries and cards, and those of nothing but a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.state.cursors import Reader
from corpus.document import Span
from index.permalink import permalink
from tests.bot.discord.growing_stage import GrowingStage, growing, text_of
from tests.bot.discord.people import choose, command, press, pressed
from tests.bot.discord.stage import quoted
from tests.fake_discord import Upload

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.conftest import TinyData
    from tests.fake_discord import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def serving(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[GrowingStage]:
    """A bot that looks ten times a second; the moderator is a curator too."""
    async with growing(tmp_path_factory.mktemp("by-kind"), _tiny_built) as staged:
        staged.environment["METQUOTE_DISCORD_CORPUS_USERS"] = str(staged.moderator.id)
        await staged.start()
        yield staged
        assert await staged.stop() == 0, staged.log


def add(stage: GrowingStage, word: str) -> str:
    """A new document about ``word``; its id."""
    name = f"of-{word}"
    stage.add(name, text_of(word), f"title: The {word}", "published: 2021-05-02")
    return name


async def verdict(stage: GrowingStage, word: str) -> Message:
    """A public verdict on its quotation."""
    posted = {"text": f"The {word} cost nine pounds.", "private": False}
    return await command(stage, stage.person(), "verify", posted)


async def summary(stage: GrowingStage, word: str) -> Message:
    """A summary that a moderator posted."""
    topic = {"topic": f"the {word}"}
    preview = await command(stage, stage.moderator, "summary", topic)
    await choose(stage, preview, stage.channel, stage.moderator)
    before = len(stage.posted())
    await (await press(stage, preview, "Post", stage.moderator)).response()
    return stage.posted()[before]


async def card(stage: GrowingStage, word: str) -> Message:
    """A card of its quotation that somebody shared."""
    source = stage.corpus.library.get(f"of-{word}")
    start = source.text.index(f"The {word} cost")
    link = permalink(source, Span(start, start + len(f"The {word} cost nine pounds.")))
    ann = stage.person("Ann")
    cited = await command(stage, ann, "cite", {"id": link, "private": True})
    preview = await pressed(stage, cited, "Card", ann)
    before = {one.id for one in stage.server.messages}
    await press(stage, preview, "Share", ann)

    def shared() -> Message | None:
        found = (one for one in stage.server.messages if one.public and one.id not in before)
        return next(found, None)

    message: Message = await stage.until(shared, "the shared card")
    return message


async def everything(stage: GrowingStage, word: str) -> dict[str, Message]:
    """Each kind of message, and that it shows words of the document."""
    add(stage, word)
    messages = {
        "verdict": await verdict(stage, word),
        "summary": await summary(stage, word),
        "card": await card(stage, word),
    }
    for kind, message in messages.items():
        assert f"of-{word}" in {one.document for one in quoted(message.now)}, kind
        await remembered(stage, message)
    assert messages["card"].attachments
    return messages


async def remembered(stage: GrowingStage, message: Message) -> None:
    """Wait until the bot has noted what a message shows."""
    await stage.kept(lambda state: state.posts.of_message(message.id), "post")


def described(message: Message, document: str = "") -> str:
    """What its boxes say, or those of one document."""
    shown = [one for one in message.embeds if document in one["footer"]["text"]]
    return "\n".join(embed["description"] for embed in shown)


async def test_a_correction_reaches_verdicts_summaries_and_cards(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    word = next(words)
    messages = await everything(stage, word)
    text = text_of(word).replace("nine pounds", "ten pounds")
    stage.correct(f"of-{word}", text, f"title: The {word}", "published: 2021-05-02")
    await stage.settled()
    for kind, message in messages.items():
        assert "; the words now read:**" in described(message), kind
        assert "nine pounds" not in described(message) + message.content, kind
        assert any("ten pounds" in one.text for one in quoted(message.now)), kind
        # A picture of words that no longer stand goes.
        assert message.attachments == (), kind
    (told,) = stage.posted(stage.moderators)
    assert "3 messages of mine now say so:" in told.content


@pytest.mark.parametrize("action", ["retract", "erase"])
async def test_withdrawn_words_leave_verdicts_summaries_and_cards(
    stage: GrowingStage, words: Iterator[str], action: str
) -> None:
    word = next(words)
    messages = await everything(stage, word)
    getattr(stage.corpus, action)(f"of-{word}", "the force withdrew it")
    stage.tiny.build()
    await stage.settled()
    for kind, message in messages.items():
        said = described(message)
        assert f"**This source was {action.removesuffix('e')}ed on" in said, kind
        assert "nine pounds" not in said + message.content, kind
        assert f"of-{word}" not in {one.document for one in quoted(message.now)}, kind
        assert message.attachments == (), kind


async def test_a_corrected_date_reaches_what_was_posted_and_is_no_news(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    word = next(words)
    await stage.follow(word)
    messages = await everything(stage, word)
    messages["answer"] = await stage.ask(f"What did the {word} cost?")
    (messages["follow"],) = [one for one in stage.posted() if "New:" in one.content]
    await remembered(stage, messages["answer"])
    stage.correct(
        f"of-{word}", text_of(word), f"title: The {word}", "published: 2021-04-30", reason="a slip"
    )
    await stage.settled()
    for kind, message in messages.items():
        said = described(message, f"of-{word}")
        assert " (a slip); its date changed, and these words stand in it as they did:" in said
        assert "30 April 2021" in said, kind
        assert f"*The {word}* · 2 May 2021" not in said, kind
        assert any(one.document == f"of-{word}" for one in quoted(message.now)), kind
    assert len([one for one in stage.posted() if "New:" in one.content]) == 1
    (told,) = stage.posted(stage.moderators)
    assert "5 messages of mine now say so:" in told.content
    # What is corrected again says the last of it.
    stage.correct(f"of-{word}", text_of(word), "title: Another", "published: 2021-04")
    await stage.settled()
    for kind, message in messages.items():
        assert "its date and title changed" in described(message), kind
        assert "its date changed" not in described(message), kind


async def test_an_old_date_posted_before_the_index_had_the_new_one_is_corrected_too(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    word = next(words)
    add(stage, word)
    stage.corpus.correct(f"of-{word}", text_of(word), f"title: The {word}", "published: 2021-04-30")
    lines = len(stage.corpus.library.journal.entries())
    await stage.kept(
        lambda state: state.cursors.at(Reader.CORRECTIONS) == lines, "line that was read"
    )
    answer = await stage.ask(f"What did the {word} cost?")
    assert f"of-{word}" in {one.document for one in quoted(answer.now)}
    await remembered(stage, answer)
    stage.tiny.build()
    await stage.until(
        lambda: "30 April 2021" in described(answer, f"of-{word}"), "the date as it is now"
    )
    assert f"*The {word}* · 2 May 2021" not in described(answer)
    await stage.settled()


async def test_days_are_written_as_the_server_chose(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    word, guild = next(words), stage.channel.guild
    assert guild is not None
    state = stage.open_state()
    state.guilds.change(guild.id, date_language="iso")
    try:
        messages = await everything(stage, word)
        stage.correct(
            f"of-{word}", text_of(word).replace("nine", "ten"), "published: 2021-05-02", reason="so"
        )
        await stage.settled()
        day = stage.corpus.library.journal.entries()[-1].at.date().isoformat()
        for kind, message in messages.items():
            assert f"**This source was corrected on {day} (so)" in described(message), kind
            assert " 2021-05-02" in described(message), kind
        (told,) = stage.posted(stage.moderators)
        assert told.content.startswith(f"**of-{word} was corrected on {day}**")
        old = await verdict(stage, word)
        assert "It was in the version of 2021-05-02, since corrected (so)." in (
            old.embeds[0]["description"].replace("\\", "")
        )
        stage.corpus.retract(f"of-{word}", "so")
        stage.tiny.build()
        await stage.settled()
        gone = stage.corpus.library.journal.entries()[-1].at.date().isoformat()
        posted = {"text": f"The {word} cost ten pounds.", "private": False}
        withdrawn = await command(stage, stage.person(), "verify", posted)
        said = withdrawn.embeds[0]["description"].replace("\\", "")
        assert f"It stood in a document that was retracted on {gone}: so." in said
    finally:
        state.guilds.change(guild.id, date_language="en-GB")
        state.close()


async def test_a_preview_of_a_text_that_was_erased_is_gone(
    stage: GrowingStage, words: Iterator[str]
) -> None:
    word, other, mo = next(words), next(words), stage.moderator

    async def preview(of: str) -> Message:
        file = Upload(f"{of}.md", f"---\nkind: news\n---\n\n{text_of(of)}\n".encode())
        return await command(stage, mo, "corpus add", {"file": file})

    mine, kept = await preview(word), await preview(other)
    add(stage, word)
    stage.corpus.erase(f"of-{word}")
    stage.tiny.build()
    await stage.settled()
    told = await pressed(stage, mine, "Discard", mo)
    assert told.content.startswith("This preview is no longer kept")
    await pressed(stage, kept, "Discard", mo)
    assert kept.content == "Discarded; nothing was changed."
    database = (stage.tiny.data / "state.sqlite").read_bytes()
    assert f"the {word} cost nine pounds".encode() not in database.lower()
