"""Discord's troubles and our own: every question is still answered, or told why not."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import aiohttp
import pytest

from tests.bot.conftest import add_document
from tests.bot.discord.stage import quoted
from tests.fake_discord import CallbackType

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage
    from tests.conftest import TinyData

_QUESTION = "police officers injured in London"
_CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
_ORIGINAL = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
_CREATE = "/channels/{channel_id}/messages"
# For tests that share a process.
in_one = pytest.mark.asyncio(loop_scope="module")


@in_one
async def test_an_interaction_that_discord_forgot_is_answered_in_the_channel(
    tiny_serving: Stage,
) -> None:
    server, ann = tiny_serving.server, tiny_serving.person()
    before = len(server.messages)
    server.fail("POST", _CALLBACK, status=404, code=10062, message="Unknown interaction")
    await server.slash(ann, "ask", {"question": _QUESTION}, channel=tiny_serving.channel)
    message = await server.wait_for(lambda: next(iter(server.messages[before:]), None), "answer")
    assert message.public
    assert message.channel == tiny_serving.channel
    assert quoted(message.now)
    await (await server.click(message, message.button("Next"), ann)).response()
    assert "page 2 of" in message.content


@in_one
async def test_a_private_question_that_discord_forgot_stays_private(tiny_serving: Stage) -> None:
    server, ann = tiny_serving.server, tiny_serving.person()
    before, calls = len(server.messages), len(server.calls("POST", _CALLBACK))
    server.fail("POST", _CALLBACK, status=404, code=10062, message="Unknown interaction")
    secret: dict[str, str | bool] = {"question": _QUESTION, "private": True}
    await server.slash(ann, "ask", secret, channel=tiny_serving.channel)
    await server.wait_for(lambda: server.calls("POST", _CALLBACK)[calls:], "first acknowledgement")
    wrong = {"question": _QUESTION, "since": "never"}
    server.fail("POST", _CALLBACK, status=404, code=10062, message="Unknown interaction")
    await server.slash(ann, "ask", wrong, channel=tiny_serving.channel)
    await server.wait_for(
        lambda: server.calls("POST", _CALLBACK)[calls + 1 :], "second acknowledgement"
    )
    message = await tiny_serving.ask("drugs", by=ann)
    mine = [one for one in server.messages[before:] if one.author == server.bot]
    assert mine == [message]
    assert "Traceback" not in tiny_serving.log


@in_one
async def test_an_interaction_acknowledged_twice_is_answered(tiny_serving: Stage) -> None:
    """As when an acknowledgement arrived, and Discord's answer to it did not: 40060."""
    server = tiny_serving.server
    calls = len(server.calls("POST", _CALLBACK))
    hold = server.hold("POST", _CALLBACK)
    asked = await server.slash(
        tiny_serving.person(), "ask", {"question": _QUESTION}, channel=tiny_serving.channel
    )
    await hold.arrived()
    url = f"{server.api_base}/interactions/{asked.id}/{asked.token}/callback"
    async with aiohttp.ClientSession() as session:
        first = asyncio.create_task(session.post(url, json={"type": 5}))
        await server.wait_for(lambda: hold.waiting == 2, "acknowledgement in the bot's stead")
        hold.release()
        (await first).release()
    message = await asked.response()
    assert quoted(message.now)
    assert max(request.status for request in server.calls("POST", _CALLBACK)[calls:]) == 400
    # Ours came first or second: either way one of the two was too many, and none was the bot's.
    (violation,) = server.violations
    assert violation.limit == "acknowledge.twice"
    server._state.violations.clear()


@in_one
async def test_a_rate_limit_delays_an_answer_and_loses_nothing(tiny_serving: Stage) -> None:
    server = tiny_serving.server
    calls = len(server.calls("PATCH", _ORIGINAL))
    server.limit_rate("PATCH", _ORIGINAL, times=2, retry_after=0.01)
    assert quoted((await tiny_serving.ask(_QUESTION)).now)
    assert [r.status for r in server.calls("PATCH", _ORIGINAL)[calls:]] == [429, 429, 200]
    server.limit_rate("POST", _CREATE, retry_after=0.01)
    said = await server.direct_message(tiny_serving.person(), _QUESTION)
    assert quoted((await server.answer_to(said)).now)
    server.limit_rate("POST", _CALLBACK, retry_after=0.01, everywhere=True)
    assert quoted((await tiny_serving.ask(_QUESTION)).now)


@in_one
async def test_a_lost_connection_is_resumed(tiny_serving: Stage) -> None:
    server, ann = tiny_serving.server, tiny_serving.person()
    before = len(server.gateway.log)
    await server.drop_connection()
    missed = await server.slash(ann, "ask", {"question": _QUESTION}, channel=tiny_serving.channel)
    assert quoted((await missed.response()).now)
    await server.request_reconnect()
    missed = await server.slash(ann, "ask", {"question": _QUESTION}, channel=tiny_serving.channel)
    assert quoted((await missed.response()).now)
    assert server.gateway.log[before:] == ["resume", "resume"]


@in_one
async def test_a_session_that_ends_during_an_answer(tiny_serving: Stage) -> None:
    """Op 9: the bot begins a new session; the answer under way arrives all the same."""
    server, ann = tiny_serving.server, tiny_serving.person()
    hold = server.hold("PATCH", _ORIGINAL)
    asked = await server.slash(ann, "ask", {"question": _QUESTION}, channel=tiny_serving.channel)
    await hold.arrived()
    await server.invalidate_session()
    await server.wait_ready()
    hold.release()
    assert quoted((await asked.response()).now)
    assert quoted((await tiny_serving.ask("drugs")).now)
    assert server.gateway.log[0] == "identify"
    assert server.gateway.log[-1] == "identify"
    assert len(server.calls("PUT", "/applications/*/commands")) == 1


async def test_a_spoiled_new_index_is_not_served(tiny_stage: Stage, tiny: TinyData) -> None:
    await tiny_stage.start()
    good = quoted((await tiny_stage.ask(_QUESTION)).now)
    add_document(tiny.documents, "zebra", "A zebra was seen in Brixton.")
    tiny.build()
    path = tiny.snapshot / "catalogue.sqlite"
    content = bytearray(path.read_bytes())
    path.unlink()
    path.write_bytes(content.replace(b"zebra", b"horse"))
    assert quoted((await tiny_stage.ask(_QUESTION)).now) == good
    (tiny.data / "current").write_bytes(b"\xff")
    assert quoted((await tiny_stage.ask(_QUESTION)).now) == good
    (tiny.data / "current").unlink()
    assert quoted((await tiny_stage.ask(_QUESTION)).now) == good
    assert "Traceback" not in tiny_stage.log


async def test_altered_words_are_never_shown(tiny_stage: Stage, tiny: TinyData) -> None:
    """The catalogue of the index in use is overwritten in place: an old answer, or none."""
    await tiny_stage.start()
    assert quoted((await tiny_stage.ask(_QUESTION)).now)
    path = tiny.snapshot / "catalogue.sqlite"
    content = path.read_bytes()
    with path.open("r+b") as stream:
        stream.write(content.replace(b"police", b"poodle").replace(b"Police", b"Poodle"))
    for question in (_QUESTION, "drugs", "carnival", "armed patrols", "recovery operators"):
        message = await tiny_stage.ask(question)
        for one in quoted(message.now):
            assert one.text == tiny_stage.texts[one.document][one.start : one.end]
        if not message.embeds:
            assert message.content.startswith("The answer could not be looked up")
    message = await tiny_stage.ask("somebody is breaking into my house right now")
    assert "999" in message.content


async def test_a_cooldown_is_told_to_the_asker_alone(tiny_stage: Stage) -> None:
    await tiny_stage.start(METQUOTE_DISCORD_COOLDOWN_SECONDS="3600")
    ann, bob = tiny_stage.person("Ann"), tiny_stage.person("Bob")
    assert quoted((await tiny_stage.ask(_QUESTION, by=ann)).now)
    told = await tiny_stage.ask(_QUESTION, by=ann)
    assert told.ephemeral
    assert told.content.startswith("One question at a time, please: ask again in 60 min.")
    emergency = await tiny_stage.ask("I am being attacked", by=ann)
    assert "999" in emergency.content
    assert quoted((await tiny_stage.ask(_QUESTION, by=bob)).now)


@in_one
async def test_a_callback_that_fails_for_good_is_logged_and_the_bot_goes_on(
    tiny_serving: Stage,
) -> None:
    server = tiny_serving.server
    server.fail("POST", _CALLBACK, status=403, code=50013, message="Missing Permissions")
    calls = len(server.calls("POST", _CALLBACK))
    lost = await server.slash(
        tiny_serving.person(), "ask", {"question": _QUESTION}, channel=tiny_serving.channel
    )
    await server.wait_for(lambda: server.calls("POST", _CALLBACK)[calls:], "refusal")
    assert quoted((await tiny_serving.ask(_QUESTION)).now)
    assert lost.callback in (None, CallbackType.CHANNEL_MESSAGE)


@in_one
async def test_a_state_that_fails_is_told_to_whoever_mentions_the_bot(tiny_serving: Stage) -> None:
    server, ann = tiny_serving.server, tiny_serving.person()
    guild = server.add_guild()
    channel = server.add_channel(guild)

    def renamed(old: str, new: str) -> None:
        path = tiny_serving.folder / "data" / "state.sqlite"
        with closing(sqlite3.connect(path, timeout=30)) as store, store:
            store.execute(f"ALTER TABLE {old} RENAME TO {new}")

    renamed("facts", "away")
    try:
        said = await server.say(ann, channel, _QUESTION, mentions=[server.bot])
        message = await server.answer_to(said)
    finally:
        renamed("away", "facts")
    assert message.content.startswith("The answer could not be looked up")
    said = await server.say(ann, channel, _QUESTION, mentions=[server.bot])
    assert quoted((await server.answer_to(said)).now)
