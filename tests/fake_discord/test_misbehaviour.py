"""What a bot must not do, done once each by the real discord.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from .constants import Permissions

if TYPE_CHECKING:
    from .records import User
    from .sample_bot import SampleBot
    from .server import FakeDiscord


async def test_late_acknowledgement_is_refused(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    hold = server.hold("POST", "/interactions/*")
    await server.slash(ann, "form")
    await hold.arrived()
    server.clock.advance(3.5)
    hold.release()

    error = await bot.failures.get()
    assert isinstance(error, discord.NotFound)
    assert error.code == 10062
    (violation,) = server.violations
    assert violation.limit == "acknowledge"
    assert violation.status == 404


async def test_the_second_acknowledgement_is_refused(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    @bot.tree.command(description="Acknowledge twice")
    async def twice(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        # discord.py would stop it by itself, had it not forgotten: as after a restart.
        interaction.response._response_type = None
        await interaction.response.send_message("again")

    await bot.tree.sync()
    await server.slash(ann, "twice")
    error = await bot.failures.get()
    assert isinstance(error, discord.HTTPException)
    assert error.code == 40060
    assert [violation.limit for violation in server.violations] == ["acknowledge.twice"]


async def test_tokens_die_after_fifteen_minutes(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    @bot.tree.command(description="Take a quarter of an hour")
    async def slow(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        server.clock.advance(15 * 60 + 1)
        await interaction.followup.send("at last")

    await bot.tree.sync()
    await server.slash(ann, "slow")
    error = await bot.failures.get()
    assert isinstance(error, discord.HTTPException)
    assert (error.status, error.code) == (401, 50027)
    assert [violation.limit for violation in server.violations] == ["token"]


async def test_after_a_public_deferral_nothing_is_private(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    @bot.tree.command(description="Say it to everybody by mistake")
    async def leak(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        await interaction.followup.send("secret", ephemeral=True)

    await bot.tree.sync()
    message = await (await server.slash(ann, "leak")).response()
    assert message.content == "secret"
    assert not message.ephemeral
    assert [violation.limit for violation in server.violations] == ["defer.private"]


async def test_an_app_of_the_users_own_follows_up_five_times(
    server: FakeDiscord, bot: SampleBot
) -> None:
    @bot.tree.command(description="Follow up without end")
    async def chatter(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("0")
        for i in range(1, 7):
            await interaction.followup.send(str(i))

    await bot.tree.sync()
    bob = server.add_user("Bob", permissions=Permissions.SEND_MESSAGES)
    interaction = await server.slash(bob, "chatter", install="user")
    error = await bot.failures.get()
    assert isinstance(error, discord.HTTPException)
    assert error.code == 40094
    assert [message.content for message in interaction.messages] == ["0", "1", "2", "3", "4", "5"]
    assert all(message.ephemeral for message in interaction.messages)


async def test_deleting_the_answer(server: FakeDiscord, bot: SampleBot, ann: User) -> None:
    @bot.tree.command(description="Take it back")
    async def regret(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("oh")
        await interaction.delete_original_response()
        await interaction.delete_original_response()

    await bot.tree.sync()
    interaction = await server.slash(ann, "regret")
    error = await bot.failures.get()
    assert isinstance(error, discord.NotFound)
    assert error.code == 10008
    assert interaction.original is not None
    assert interaction.original.deleted
    assert server.violations == []
