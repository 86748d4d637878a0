"""``/settings``: what moderators choose, and that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from tests.bot.discord.people import command, guild_of, moderator, new_channel
from tests.bot.discord.stage import quoted
from tests.fake_discord import Permissions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Channel, Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")
QUESTION = "What did Cressida Dick say about armed foot patrols?"


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def nothing_chosen(stage: Stage) -> AsyncIterator[None]:
    yield
    mo = moderator(stage)
    await change(stage, mo, "reset", what="everything")


async def change(stage: Stage, by: User, name: str, /, **options: Any) -> Message:
    return await command(stage, by, f"settings {name}", options)


async def asked(stage: Stage, channel: Channel | None = None, **options: Any) -> Message:
    return await command(
        stage, stage.person(), "ask", {"question": QUESTION, **options}, channel=channel
    )


async def test_what_was_chosen_is_shown_privately(stage: Stage) -> None:
    mo = moderator(stage)
    message = await change(stage, mo, "show")
    assert message.private_to == mo
    assert "Answers in: every channel" in message.content
    assert "as the operator chose" in message.content
    role = stage.server.add_role(guild_of(stage), "Ed*itors")
    message = await change(
        stage, mo, "server", private=True, dates="iso", moderator_role=role,
        moderators_channel=stage.channel, time_zone="Europe/Dublin", digest_hour=7,
        digest_day=4, person_seconds=1.5, channel_seconds=0, server_seconds=0,
    )  # fmt: skip
    for line in (
        "Answers are private by default", "Dates: iso", "the role \\@Ed\\*itors",
        f"Moderators' channel: <#{stage.channel.id}>", "at 7:00, weekly on Friday, Europe/Dublin",
        "one person: 1.5 s",
    ):  # fmt: skip
        assert line in message.content
    assert message.content.removeprefix("Done. ") == (await change(stage, mo, "show")).content
    assert "1.5" not in (await change(stage, mo, "reset", what="cooldowns")).content


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "Nothing was chosen"),
        ({"time_zone": "Mars/Olympus"}, "'Mars/Olympus' is no time zone"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    stage: Stage, options: dict[str, Any], told: str
) -> None:
    message = await change(stage, moderator(stage), "server", **options)
    assert message.content.startswith(told)


async def test_strangers_are_refused_privately(stage: Stage) -> None:
    ann = stage.person()
    with pytest.raises(PermissionError):
        await change(stage, ann, "show")
    stage.server.permit_command("settings", ann, guild_of(stage))
    for what, options in (("show", {}), ("server", {"private": True}), ("sources", {})):
        message = await change(stage, ann, what, **options)
        assert message.private_to == ann
        assert message.content.startswith("That is for the moderators of this server")


async def test_the_moderator_role_moderates(stage: Stage) -> None:
    server, guild, editor = stage.server, guild_of(stage), stage.person("Editor")
    role = server.add_role(guild, "Editors", members=[editor])
    server.permit_command("settings", role, guild)
    assert (await change(stage, editor, "show")).content.startswith("That is for the moderators")
    await change(stage, moderator(stage), "server", moderator_role=role)
    assert "This server" in (await change(stage, editor, "show")).content
    server.take_role(editor, role)
    with pytest.raises(PermissionError):
        await change(stage, editor, "show")


async def test_where_the_bot_does_not_answer_it_says_where_it_does(stage: Stage) -> None:
    mo, quiet = moderator(stage), new_channel(stage, "quiet")
    hidden = new_channel(stage, "staff")
    stage.server.overwrite(hidden, guild_of(stage), deny=Permissions.VIEW_CHANNEL)
    stage.server.overwrite(hidden, mo, allow=Permissions.VIEW_CHANNEL)
    for channel in (stage.channel, hidden):
        await change(stage, mo, "answers", where="in this one too", channel=channel)
    message = await asked(stage, quiet)
    assert message.ephemeral
    assert message.content == (
        "I do not answer in this channel; ask me in \\#general, or write to me directly."
    )
    assert quoted((await asked(stage)).now)
    assert quoted((await asked(stage, stage.server.add_thread(stage.channel))).now)
    await change(stage, mo, "channel", channel=quiet, answers="yes")
    assert quoted((await asked(stage, quiet)).now)
    await change(stage, mo, "channel", channel=quiet, answers="as the server")
    assert (await asked(stage, quiet)).ephemeral
    await change(stage, mo, "answers", where="no longer in this one", channel=hidden)
    await change(stage, mo, "answers", where="in every channel")
    assert quoted((await asked(stage, quiet)).now)


async def test_one_channel_alone_can_be_left_out(stage: Stage) -> None:
    mo, quiet = moderator(stage), new_channel(stage, "silent")
    await change(stage, mo, "answers", where="no longer in this one", channel=quiet)
    message = await asked(stage, quiet)
    assert message.content.startswith("I do not answer in this channel; ask me in another one")
    quotes = await command(stage, stage.person(), "quote", {"speaker": "Dick"}, channel=quiet)
    assert quotes.content == message.content
    assert quoted((await asked(stage)).now)
    await change(stage, mo, "answers", where="in this one too", channel=quiet)
    assert quoted((await asked(stage, quiet)).now)
    assert quoted((await asked(stage)).now)
    told = await change(stage, mo, "answers", where="in this one too")
    assert told.content == "Name the channel."


async def test_private_by_default_unless_somebody_asks_otherwise(stage: Stage) -> None:
    mo = moderator(stage)
    await change(stage, mo, "server", private=True)
    assert (await asked(stage)).ephemeral
    assert (await asked(stage, private=False)).public
    await change(stage, mo, "channel", channel=stage.channel, private="no")
    assert (await asked(stage)).public
    assert (await asked(stage, private=True)).ephemeral
    await change(stage, mo, "reset", what="everything", channel=stage.channel)


async def sources(stage: Stage, by: User, preferred: str = "", left_out: str = "") -> Message:
    opened = await stage.server.slash(by, "settings sources", {}, channel=stage.channel)
    sent = await stage.server.modal_submit(opened, {"preferred": preferred, "left_out": left_out})
    return await sent.response()


def documents(message: Message) -> list[str]:
    return [one.document for one in quoted(message.now)]


async def test_sources_left_out_are_quoted_nowhere(stage: Stage) -> None:
    before = documents(await asked(stage))
    mo = moderator(stage)
    known = stage.texts
    message = await sources(stage, mo, left_out="nobody at all")
    assert message.content.startswith("No document is of 'nobody at all'; there are those of")
    chosen = message.content.partition("there are those of ")[2].rstrip(".")
    publisher = chosen.split(" and ")[0].split(", ")[0]
    message = await sources(stage, mo, left_out=publisher.upper())
    assert "Sources left out: " + publisher in message.content
    gone = {name for name in known if f"publisher: {publisher}" in document_file(stage, name)}
    assert gone
    after = documents(await asked(stage))
    assert not gone & set(after)
    assert before
    quotes = await command(stage, stage.person(), "quote", {"about": "armed patrols"})
    assert not gone & set(documents(quotes))
    summary = await command(stage, mo, "summary", {"topic": "armed foot patrols"})
    assert not gone & set(documents(summary))
    assert "cannot come first" in (await sources(stage, mo, publisher, publisher)).content


def document_file(stage: Stage, name: str) -> str:
    from tests.conftest import STARTER  # noqa: PLC0415

    del stage
    return (STARTER / f"{name}.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en-GB", "9 August 2024"), ("en-US", "August 9, 2024"), ("iso", "2024-08-09")],
)
async def test_dates_are_written_as_chosen(stage: Stage, language: str, shown: str) -> None:
    mo = moderator(stage)
    await change(stage, mo, "server", dates=language)
    ask = "letter to recovery operators on disorder"
    message = await command(stage, stage.person(), "ask", {"question": ask})
    descriptions = [embed["description"] for embed in message.embeds]
    assert any(shown in one for one in descriptions)
    summary = await command(stage, mo, "summary", {"topic": ask})
    assert any(shown in embed["description"] for embed in summary.embeds)


async def test_cooldowns_hold_and_are_told_privately(stage: Stage) -> None:
    mo = moderator(stage)
    await change(stage, mo, "channel", channel=stage.channel, channel_seconds=3600)
    await asked(stage)
    message = await asked(stage)
    assert message.ephemeral
    assert message.content == ("This channel takes one question every 60 min: ask again in 60 min.")
    assert quoted((await asked(stage, new_channel(stage, "elsewhere"))).now)
    await change(stage, mo, "reset", what="everything", channel=stage.channel)
    assert quoted((await asked(stage)).now)


async def test_time_zones_are_completed(stage: Stage) -> None:
    interaction = await stage.server.autocomplete(
        moderator(stage), "settings server", "time_zone", "dub", channel=stage.channel
    )
    assert [choice.value for choice in await interaction.choices()] == [
        "Europe/Dublin",
        "Asia/Dubai",
    ]
