"""``/unanswered``: questions and counts, alike ones together, and nobody's name."""

from __future__ import annotations

import csv
import io
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from tests.bot.discord.people import command, guild_of, moderator, press, pressed
from tests.fake_discord import CallbackType

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Channel, Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")
ASKED = (
    "How many xylophones does the band own?",
    "how many xylophones does the band own",
    "How many xylophones has the band got?",
    '=HYPERLINK("https://evil.example","zebra crossings of Saturn")',
)


def elsewhere(stage: Stage) -> Channel:
    """A channel of another server, where nothing was asked yet."""
    return stage.server.add_channel(stage.server.add_guild("Elsewhere"))


async def unanswered(stage: Stage, by: User, where: Channel, **options: Any) -> Message:
    return await command(stage, by, "unanswered", options, channel=where)


async def asked(stage: Stage, where: Channel) -> list[User]:
    """The questions asked, each by somebody else; who they are."""
    people = [stage.person(name) for name in ("Ann", "Bob", "Cyd", "Dan")]
    for person, question in zip(people, ASKED, strict=True):
        answer = await command(stage, person, "ask", {"question": question}, channel=where)
        assert not answer.content.startswith("**Answered")
    return people


async def test_nothing_asked_is_said(stage: Stage) -> None:
    message = await unanswered(stage, moderator(stage), elsewhere(stage))
    assert message.content.startswith("**Nothing is unanswered**")


async def test_alike_questions_stand_together_without_names(stage: Stage) -> None:
    where = elsewhere(stage)
    people = await asked(stage, where)
    await command(stage, people[0], "ask", {"question": "Who was hurt in Brixton?"}, channel=where)
    mo = moderator(stage)
    message = await unanswered(stage, mo, where)
    assert message.private_to == mo
    assert "asked 4 times, in 3 wordings" in message.content
    (embed,) = message.embeds
    assert embed["description"].startswith("**3×** how many xylophones does the band own\n")
    assert "also: how many xylophones has the band got" in embed["description"]
    assert "Brixton" not in embed["description"]
    for person in people:
        assert person.name not in embed["description"]
        assert str(person.id) not in str(message.embeds) + message.content
    other = await unanswered(stage, mo, elsewhere(stage))
    assert other.content.startswith("**Nothing is unanswered**")


async def test_they_are_exported_and_no_cell_is_a_formula(stage: Stage) -> None:
    where, mo = elsewhere(stage), moderator(stage)
    await asked(stage, where)
    message = await unanswered(stage, mo, where)
    sent = await press(stage, message, "Export CSV", mo)
    answer = await sent.response()
    assert sent.callback is CallbackType.DEFERRED_CHANNEL_MESSAGE
    assert answer.private_to == mo
    content = answer.file("unanswered.csv").content
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["count"] for row in rows] == ["2", "1", "1"]
    assert not any(row["question"].startswith("=") for row in rows)
    assert any(row["question"].startswith("'=hyperlink") for row in rows)


async def test_pages_are_turned_after_a_restart(stage: Stage, serving: Stage) -> None:
    where, mo = elsewhere(stage), moderator(stage)
    await asked(stage, where)
    assert where.guild is not None
    with sqlite3.connect(stage.folder / "data" / "state.sqlite", timeout=30) as store:
        store.executemany(
            "INSERT INTO unanswered VALUES (?, ?, 'nothing', '2020-01-01', ?, 1)",
            [
                (where.guild.id, f"{number:064x}", f"{chr(ord('a') + number) * 9}")
                for number in range(26)
            ],
        )
    store.close()
    message = await unanswered(stage, mo, where)
    assert "page 1 of" in message.content
    assert await serving.stop() == 0
    await stage.server.wait_gone()
    await stage.start()
    await pressed(stage, message, "Next", mo)
    assert "page 2 of" in message.content
    since = await unanswered(stage, mo, where, since="2021")
    assert "in 3 wordings" in since.content


async def test_strangers_are_refused(stage: Stage) -> None:
    ann = stage.person()
    with pytest.raises(PermissionError):
        await unanswered(stage, ann, stage.channel)
    stage.server.permit_command("unanswered", ann, guild_of(stage))
    message = await unanswered(stage, ann, stage.channel)
    assert message.private_to == ann
    assert message.content.startswith("That is for the moderators of this server")


async def test_a_date_that_is_none_is_told(stage: Stage) -> None:
    message = await unanswered(stage, moderator(stage), stage.channel, since="never")
    assert message.content.startswith("Since: 'never' is not a date")
