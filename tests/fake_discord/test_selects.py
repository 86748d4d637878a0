"""Select menus of every kind in messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest

if TYPE_CHECKING:
    from .conftest import Http
    from .message import Message
    from .records import Channel, Guild, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord


class Menus(discord.ui.View):
    @discord.ui.select(
        custom_id="kinds",
        max_values=2,
        options=[discord.SelectOption(label=n.title(), value=n) for n in ("letter", "speech")],
    )
    async def kinds(self, interaction: discord.Interaction[Any], menu: Any) -> None:
        await interaction.response.send_message(", ".join(menu.values), ephemeral=True)

    @discord.ui.select(cls=discord.ui.UserSelect, custom_id="users", min_values=0, max_values=3)
    async def users(self, interaction: discord.Interaction[Any], menu: Any) -> None:
        named = [(type(user).__name__, user.display_name) for user in menu.values]
        await interaction.response.send_message(str(named))

    @discord.ui.select(cls=discord.ui.RoleSelect, custom_id="roles")
    async def roles(self, interaction: discord.Interaction[Any], menu: Any) -> None:
        await interaction.response.send_message(menu.values[0].name)

    @discord.ui.select(
        cls=discord.ui.ChannelSelect, custom_id="places", channel_types=[discord.ChannelType.text]
    )
    async def places(self, interaction: discord.Interaction[Any], menu: Any) -> None:
        place = menu.values[0]
        may = place.permissions.send_messages
        await interaction.response.send_message(f"{place.name} {may}")


@pytest.fixture
async def shown(server: FakeDiscord, bot: SampleBot, ann: User) -> Message:
    @bot.tree.command(description="Menus")
    async def menus(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("Pick.", view=Menus())

    await bot.tree.sync()
    return await (await server.slash(ann, "menus")).response()


async def test_what_is_picked_arrives(
    server: FakeDiscord, bot: SampleBot, shown: Message, ann: User, guild: Guild
) -> None:
    bob, left = server.add_user("Bob"), server.add_user("Left")
    server.leave(left, guild)
    mods, news = server.add_role(guild, "Mods"), server.add_channel(guild, "news")

    picked = await server.select(shown, "kinds", ["Letter", "speech"], ann)
    assert (await picked.response()).content == "letter, speech"
    picked = await server.select(shown, "users", [bob, left], ann)
    assert (await picked.response()).content == "[('Member', 'Bob'), ('User', 'Left')]"
    picked = await server.select(shown, "users", [], ann)
    assert (await picked.response()).content == "[]"
    picked = await server.select(shown, "roles", [mods], ann)
    assert (await picked.response()).content == "Mods"
    picked = await server.select(shown, "places", [news], ann)
    assert (await picked.response()).content == "news True"
    assert shown.select("kinds")["max_values"] == 2
    assert bot.errors == []
    assert server.violations == []


async def test_what_nobody_can_pick(
    server: FakeDiscord, shown: Message, ann: User, guild: Guild, channel: Channel
) -> None:
    mods = server.add_role(guild, "Mods")
    foreign = server.add_role(server.add_guild("Abroad"), "Foreign")
    wrong: list[tuple[str, list[Any]]] = [
        ("kinds", []),
        ("kinds", ["e-mail"]),
        ("kinds", ["letter", "Letter"]),
        ("users", [mods]),
        ("users", [server.add_user(name) for name in "abcd"]),
        ("roles", [ann]),
        ("roles", [foreign]),
        ("places", ["general"]),
        ("places", [server.add_thread(channel)]),
    ]
    for custom_id, values in wrong:
        with pytest.raises(ValueError, match=r"takes|offers|gone"):
            await server.select(shown, custom_id, values, ann)
    with pytest.raises(LookupError, match="nothing with custom id"):
        await server.select(shown, "other", ["x"], ann)
    with pytest.raises(LookupError, match="type 3"):
        await server.click(shown, "kinds", ann)


@pytest.mark.parametrize(
    ("limit", "changed"),
    [
        ("select.range", {"max_values": 3}),
        ("select.range", {"min_values": 2}),
        ("select.options", {"options": []}),
        ("select.duplicate", {"options": [{"label": n, "value": "v"} for n in "ab"]}),
    ],
)
async def test_menus_that_discord_would_not_show(
    server: FakeDiscord, http: Http, channel: Channel, limit: str, changed: dict[str, Any]
) -> None:
    choices = [{"label": n, "value": n} for n in "ab"]
    menu = {"type": 3, "custom_id": "s", "options": choices, **changed}
    body = {"content": "c", "components": [{"type": 1, "components": [menu]}]}
    assert (await http("POST", f"/channels/{channel.id}/messages", body))[0] == 400
    assert [violation.limit for violation in server.violations] == [limit]
