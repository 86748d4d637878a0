"""Options of every type, as discord.py hands them to a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest
from discord import app_commands

from .records import Upload
from .routes import Routes

if TYPE_CHECKING:
    from .records import Channel, Guild, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord


@pytest.fixture
async def group(bot: SampleBot) -> list[tuple[Any, ...]]:
    """/corpus2 with a command in a group in it; what it was called with comes in the list."""
    seen: list[tuple[Any, ...]] = []
    outer: app_commands.Group = app_commands.Group(name="corpus2", description="d")
    inner: app_commands.Group = app_commands.Group(name="from", description="d", parent=outer)

    async def suggest(interaction: discord.Interaction[Any], typed: str) -> Any:
        other = interaction.namespace
        name = f"{typed} {other.times} {other.where.name if other.where else None}"
        return [app_commands.Choice(name=name, value="v")]

    @inner.command(name="file", description="d")
    @app_commands.autocomplete(title=suggest)
    @app_commands.choices(kind=[app_commands.Choice(name="Letter", value="letter")])
    async def file(  # noqa: PLR0917 -- one parameter an option
        interaction: discord.Interaction[Any],
        file: discord.Attachment,
        where: discord.TextChannel,
        times: app_commands.Range[int, 1, 5] = 1,
        ratio: app_commands.Range[float, 0.0, 1.0] = 0.5,
        loud: bool = False,
        kind: str = "letter",
        title: str = "",
        who: discord.Member | discord.User | None = None,
        role: discord.Role | None = None,
    ) -> None:
        content = await file.read()
        seen.append(
            (content, file.content_type, where.name, times, ratio, loud, kind, title, who, role)
        )
        await interaction.response.send_message("done")

    bot.tree.add_command(outer)
    await bot.tree.sync()
    return seen


async def test_every_type_of_option(
    server: FakeDiscord,
    bot: SampleBot,
    group: list[tuple[Any, ...]],
    ann: User,
    guild: Guild,
    channel: Channel,
) -> None:
    mods = server.add_role(guild, "Mods", members=[ann])
    letter = Upload("a letter.txt", "“No.”".encode())
    sent: dict[str, Any] = {"file": letter, "where": channel, "times": 5, "ratio": 1, "loud": True}
    rest: dict[str, Any] = {"kind": "letter", "title": "t", "who": ann, "role": mods}
    await (await server.slash(ann, "corpus2 from file", {**sent, **rest})).response()
    ((*plain, who, role),) = group
    text = (letter.content, "text/plain; charset=utf-8")
    assert tuple(plain) == (*text, "general", 5, 1.0, True, "letter", "t")
    assert isinstance(who, discord.Member)
    assert [one.name for one in who.roles] == ["@everyone", "Mods"]
    assert role.id == mods.id
    assert bot.errors == []
    assert server.violations == []


async def test_while_typing_the_other_options_are_there(
    server: FakeDiscord, bot: SampleBot, group: list[Any], ann: User, channel: Channel
) -> None:
    filled: dict[str, Any] = {"where": channel, "times": 2}
    typed = await server.autocomplete(ann, "corpus2 from file", "title", "cur", filled)
    assert [choice.name for choice in await typed.choices()] == ["cur 2 general"]
    assert group == []
    assert bot.errors == []


@pytest.mark.usefixtures("group")
async def test_what_no_option_takes(
    server: FakeDiscord, ann: User, guild: Guild, channel: Channel
) -> None:
    good: dict[str, Any] = {"file": Upload("a", b"a"), "where": channel}
    foreign = server.add_channel(server.add_guild("Abroad"))
    wrong: list[dict[str, Any]] = [
        {"times": 0},
        {"times": 6},
        {"times": 2.5},
        {"times": True},
        {"ratio": 1.5},
        {"loud": 1},
        {"kind": "e-mail"},
        {"title": "x" * 6001},
        {"who": channel},
        {"role": ann},
        {"where": foreign},
        {"where": server.add_thread(channel)},
        {"file": "a.txt"},
    ]
    for changed in wrong:
        with pytest.raises(ValueError, match=r"option|nothing|gone"):
            await server.slash(ann, "corpus2 from file", {**good, **changed})
    with pytest.raises(ValueError, match="only a group"):
        await server.slash(ann, "corpus2 from", good)
    with pytest.raises(ValueError, match="no subcommand"):
        await server.slash(ann, "corpus2 from url", good)
    assert server.add_role(guild, "New") is not None


async def test_a_file_that_cannot_be_fetched(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    server.fail("GET", Routes.DOWNLOAD, 404)
    await server.slash(ann, "upload", {"file": Upload("a.txt", b"a")})
    error = await bot.failures.get()
    assert isinstance(error, discord.NotFound)
    server.cut("GET", Routes.DOWNLOAD)
    asked = await server.slash(ann, "upload", {"file": Upload("a.txt", b"a" * 100)})
    assert not isinstance(await bot.failures.get(), discord.HTTPException)
    assert not asked.answered
