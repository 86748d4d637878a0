"""Pages that the asker turns: after a restart too, and never with words that are gone."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from tests.bot.conftest import add_document
from tests.bot.discord.stage import quoted, texts_of
from tests.fake_discord import CallbackType

if TYPE_CHECKING:
    from tests.bot.discord.stage import Quoted, Stage
    from tests.conftest import TinyData
    from tests.fake_discord import Message, User

_QUESTION = "police officers injured in London"
# For tests that share a process.
in_one = pytest.mark.asyncio(loop_scope="module")


async def turned(stage: Stage, message: Message, label: str, by: User) -> Message:
    click = await stage.server.click(message, message.button(label), by)
    return await click.response()


@in_one
async def test_the_asker_turns_every_page(tiny_serving: Stage) -> None:
    ann = tiny_serving.person()
    message = await tiny_serving.ask(_QUESTION, by=ann)
    assert "page 1 of 4" in message.content
    assert message.button("Previous").disabled
    pages = [quoted(message.now)]
    while not message.button("Next").disabled:
        assert await turned(tiny_serving, message, "Next", ann) is message
        pages.append(quoted(message.now))
        assert f"page {len(pages)} of 4" in message.content
    assert [len(page) for page in pages] == [3, 3, 3, 1]
    everything = [one for page in pages for one in page]
    assert len({(one.document, one.start) for one in everything}) == 10
    for expected in (pages[2], pages[1], pages[0]):
        await turned(tiny_serving, message, "Previous", ann)
        assert quoted(message.now) == expected
    assert message.button("Previous").disabled


@in_one
async def test_nobody_else_turns_them(tiny_serving: Stage) -> None:
    ann, bob = tiny_serving.person("Ann"), tiny_serving.person("Bob")
    message = await tiny_serving.ask(_QUESTION, by=ann)
    before = message.now
    click = await tiny_serving.server.click(message, message.button("Next"), bob)
    told = await click.response()
    assert told is not message
    assert told.private_to == bob
    assert told.content.startswith("Only the person who asked can turn these pages.")
    assert message.now == before
    assert click.callback is CallbackType.DEFERRED_UPDATE_MESSAGE


@in_one
async def test_private_answers_have_pages_too(tiny_serving: Stage) -> None:
    ann = tiny_serving.person()
    message = await tiny_serving.ask(_QUESTION, by=ann, private=True)
    await turned(tiny_serving, message, "Next", ann)
    assert message.ephemeral
    assert "page 2 of 4" in message.content


@in_one
async def test_a_mentions_answer_has_pages_too(tiny_serving: Stage) -> None:
    server, ann = tiny_serving.server, tiny_serving.person()
    said = await server.say(ann, tiny_serving.channel, _QUESTION, mentions=[server.bot])
    message = await server.answer_to(said)
    await turned(tiny_serving, message, "Next", ann)
    assert "page 2 of 4" in message.content


@in_one
async def test_buttons_work_after_a_restart_without_registering_again(tiny_serving: Stage) -> None:
    ann = tiny_serving.person()
    message = await tiny_serving.ask(_QUESTION, by=ann)
    assert await tiny_serving.stop() == 0
    await tiny_serving.server.wait_gone()
    registered = len(tiny_serving.server.calls("PUT", "/applications/*/commands"))
    await tiny_serving.start()
    await turned(tiny_serving, message, "Next", ann)
    assert "page 2 of 4" in message.content
    assert registered == 1
    assert len(tiny_serving.server.calls("PUT", "/applications/*/commands")) == 1


async def test_a_source_that_changed_is_not_quoted(tiny_stage: Stage, tiny: TinyData) -> None:
    """The corpus changes while the bot runs: new words for new questions, no false old ones."""
    await tiny_stage.start()
    ann = tiny_stage.person()
    message = await tiny_stage.ask(_QUESTION, by=ann)
    before = quoted(message.now)
    changed = tiny.documents / f"{before[0].document}.md"
    changed.write_text(changed.read_text("utf-8") + "\nA zebra was seen.\n", "utf-8")
    tiny.build()

    new = await tiny_stage.ask("zebra seen")
    # The text has only grown, so that every old slice is one of the new text too.
    tiny_stage.texts = texts_of(tiny.documents)
    assert tiny_stage.promised()
    assert "A zebra was seen." in {one.text for one in quoted(new.now)}
    await turned(tiny_stage, message, "Next", ann)
    await turned(tiny_stage, message, "Previous", ann)
    after = quoted(message.now)
    assert after == [one for one in before if one.document != before[0].document]
    notices = [e for e in message.embeds if "changed or removed" in e["description"]]
    assert len(notices) == len(before) - len(after) > 0
    assert places(notices) == [place(one) for one in before if one not in after]


def places(embeds: list[dict[str, dict[str, str]]]) -> list[str]:
    return [embed["footer"]["text"] for embed in embeds]


def place(one: Quoted) -> str:
    return f"{one.document} {one.start}–{one.end}"


async def test_a_source_that_was_removed_is_not_quoted(tiny_stage: Stage, tiny: TinyData) -> None:
    add_document(tiny.documents, "zebra", "A zebra was injured by police officers in London.")
    tiny.build()
    tiny_stage.texts = texts_of(tiny.documents)
    await tiny_stage.start(METQUOTE_DISCORD_EXCERPTS_PER_PAGE="1")
    ann = tiny_stage.person()
    message = await tiny_stage.ask("zebra", by=ann)
    assert quoted(message.now)[0].document == "zebra"
    (tiny.documents / "zebra.md").unlink()
    tiny.build()
    await turned(tiny_stage, message, "Next", ann)
    await turned(tiny_stage, message, "Previous", ann)
    assert quoted(message.now) == []
    assert "changed or removed" in message.embeds[0]["description"]


@in_one
async def test_pages_that_are_gone_are_told(tiny_serving: Stage) -> None:
    ann = tiny_serving.person()
    message = await tiny_serving.ask(_QUESTION, by=ann)
    store = sqlite3.connect(tiny_serving.folder / "data" / "state.sqlite", timeout=30)
    with store:
        store.execute("DELETE FROM answers")
    store.close()
    told = await turned(tiny_serving, message, "Next", ann)
    assert told.private_to == ann
    assert told.content == "These pages are no longer kept; ask again with /ask."


@in_one
async def test_a_page_that_cannot_be_read_is_told(tiny_serving: Stage) -> None:
    ann = tiny_serving.person()
    message = await tiny_serving.ask(_QUESTION, by=ann)
    store = sqlite3.connect(tiny_serving.folder / "data" / "state.sqlite", timeout=30)
    with store:
        store.execute("UPDATE answers SET answer = 'spoiled'")
    store.close()
    told = await turned(tiny_serving, message, "Next", ann)
    assert told.private_to == ann
    assert told.content.startswith("The answer could not be looked up")


@in_one
async def test_what_is_kept_otherwise_than_this_version_reads_it_is_told(
    tiny_serving: Stage,
) -> None:
    server, ann = tiny_serving.server, tiny_serving.person()
    words = " ".join(next(iter(tiny_serving.texts.values())).split()[:12])
    checked = await server.slash(ann, "verify", {"text": words}, channel=tiny_serving.channel)
    verdict = await checked.response()
    store = sqlite3.connect(tiny_serving.folder / "data" / "state.sqlite", timeout=30)
    with store:
        store.execute("UPDATE views SET payload = '{}'")
    store.close()
    told = await turned(tiny_serving, verdict, "Permalink", ann)
    assert told.private_to == ann
    assert told.content.startswith("The answer could not be looked up")
    assert quoted((await tiny_serving.ask(_QUESTION)).now)
