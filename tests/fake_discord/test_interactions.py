"""Slash commands, buttons, forms and menus, by the real discord.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest

from .constants import CallbackType, MessageFlags, MessageType, Permissions
from .records import Choice, Upload

if TYPE_CHECKING:
    from .records import Channel, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord


def assert_well_behaved(server: FakeDiscord, bot: SampleBot) -> None:
    assert bot.errors == []
    assert server.violations == []
    assert server.pings == []
    assert server.unguarded == []


async def test_commands_are_registered(server: FakeDiscord, bot: SampleBot) -> None:
    names = {command["name"] for command in server.commands}
    assert names == {"ask", "now", "form", "upload", "choose", "Verify", "Quotes", "corpus"}
    assert_well_behaved(server, bot)


async def test_slash_deferral_and_followup(server: FakeDiscord, bot: SampleBot, ann: User) -> None:
    interaction = await server.slash(ann, "ask", {"question": "Was it safe?"})

    assert await interaction.acknowledged() is CallbackType.DEFERRED_CHANNEL_MESSAGE
    assert interaction.acknowledged_after is not None
    assert 0 < interaction.acknowledged_after < 10
    message = await interaction.response()
    assert message.content == "Was it safe?"
    assert message.embeds[0]["description"] == "“It was safe.”"
    assert message.type is MessageType.CHAT_INPUT_COMMAND
    assert [version.content for version in message.versions] == ["", "Was it safe?"]
    assert interaction.messages == [message]
    assert not message.ephemeral
    assert_well_behaved(server, bot)


async def test_a_dynamic_button_edits_its_message(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    first = await (await server.slash(ann, "ask", {"question": "Why?"})).response()

    click = await server.click(first, first.button("Next"), ann)

    assert await click.response() is first
    assert click.callback is CallbackType.UPDATE_MESSAGE
    assert first.content == "Why?"
    assert first.button("Next").custom_id == "page:3"
    await (await server.click(first, "page:3", ann)).response()
    titles = [version.embeds[0]["title"] for version in first.versions[1:]]
    assert titles == ["Page 1", "Page 2", "Page 3"]
    assert_well_behaved(server, bot)


async def test_a_button_that_is_gone_cannot_be_clicked(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    message = await (await server.slash(ann, "ask", {"question": "Why?"})).response()
    with pytest.raises(LookupError, match="page:7"):
        await server.click(message, "page:7", ann)
    with pytest.raises(LookupError, match="Previous"):
        message.button("Previous")
    assert_well_behaved(server, bot)


async def test_private_answers_are_seen_by_the_asker_alone(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    bob = server.add_user("Bob")
    interaction = await server.slash(ann, "ask", {"question": "Why?", "private": True})
    message = await interaction.response()

    assert MessageFlags.EPHEMERAL in message.now.flags
    assert message.visible_to(ann)
    assert not message.visible_to(bob)
    with pytest.raises(PermissionError):
        await server.click(message, message.button("Next"), bob)
    await (await server.click(message, message.button("Next"), ann)).response()
    assert message.ephemeral
    assert_well_behaved(server, bot)


async def test_answer_at_once_then_edit_and_follow_up(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    interaction = await server.slash(ann, "now")
    second = await interaction.followup()

    original = await interaction.response()
    assert original.content == f"now, as {original.id}"
    assert original.ephemeral
    assert second.content == "and then"
    assert not second.ephemeral
    assert interaction.messages == [original, second]
    assert_well_behaved(server, bot)


async def test_autocompletion(server: FakeDiscord, bot: SampleBot, ann: User) -> None:
    interaction = await server.autocomplete(ann, "ask", "speaker", "cress")
    assert await interaction.choices() == (Choice("Cressida Dick", "Cressida Dick"),)
    nothing = await server.autocomplete(ann, "ask", "speaker", "x", {"question": "Why?"})
    assert await nothing.choices() == ()
    with pytest.raises(ValueError, match="no autocompletion"):
        await server.autocomplete(ann, "ask", "question", "x")
    assert_well_behaved(server, bot)


async def test_select(server: FakeDiscord, bot: SampleBot, ann: User) -> None:
    message = await (await server.slash(ann, "choose")).response()
    picked = await server.select(message, "speaker", ["Dick"], ann)
    assert (await picked.response()).content == "Dick!"
    assert picked.callback is CallbackType.DEFERRED_UPDATE_MESSAGE
    assert message.components == ()
    assert_well_behaved(server, bot)


async def test_fifty_at_once(server: FakeDiscord, bot: SampleBot) -> None:
    people = [server.add_user(f"User{i}") for i in range(50)]
    asked = [await server.slash(user, "ask", {"question": user.name}) for user in people]
    answers = [await interaction.response() for interaction in asked]
    assert [answer.content for answer in answers] == [user.name for user in people]
    assert_well_behaved(server, bot)


async def test_modal(server: FakeDiscord, bot: SampleBot, ann: User) -> None:
    opened = await server.slash(ann, "form")
    form = await opened.modal()
    (field,) = (row["components"][0]["custom_id"] for row in form["components"])

    submitted = await server.modal_submit(opened, {field: "thanks"})

    assert (await submitted.response()).content == "noted: thanks"
    with pytest.raises(ValueError, match="20 characters"):
        await server.modal_submit(opened, {field: "x" * 21})
    with pytest.raises(ValueError, match="no such input"):
        await server.modal_submit(opened, {"other": "x"})
    assert_well_behaved(server, bot)


async def test_context_menus(
    server: FakeDiscord, bot: SampleBot, ann: User, channel: Channel
) -> None:
    posted = await server.say(ann, channel, "“It was safe,” he said.")

    on_message = await server.context_menu(ann, "Verify", posted)
    assert (await on_message.response()).content == "verified: “It was safe,” he said."
    on_user = await server.context_menu(ann, "Quotes", ann)
    assert (await on_user.response()).content == "quotes of Ann"
    assert (await on_user.response()).type is MessageType.CONTEXT_MENU_COMMAND
    assert_well_behaved(server, bot)


async def test_subcommand_and_direct_messages(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    dm = await server.direct_message(ann, "hello")
    interaction = await server.slash(ann, "corpus list", channel=dm.channel)
    assert (await interaction.response()).content == "four documents"
    assert interaction.original is not None
    assert interaction.original.channel.recipient == ann
    assert_well_behaved(server, bot)


async def test_files_come_and_go(server: FakeDiscord, bot: SampleBot, ann: User) -> None:
    sent = Upload("letter.txt", "“Curly” \x00 bytes".encode())
    message = await (await server.slash(ann, "upload", {"file": sent})).response()

    (attachment,) = message.attachments
    assert attachment.filename == "letter.txt"
    assert attachment.content == sent.content
    assert attachment.description == "as it came"
    (request,) = server.calls("POST", "/webhooks/{webhook_id}/{webhook_token}")
    assert request.uploads == (Upload("letter.txt", sent.content, "as it came"),)
    assert_well_behaved(server, bot)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({}, "required"),
        ({"question": "x" * 301}, "length"),
        ({"question": 3}, "takes"),
        ({"question": "Why?", "colour": "red"}, "no such option"),
    ],
)
async def test_what_people_cannot_send(
    server: FakeDiscord, bot: SampleBot, ann: User, options: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        await server.slash(ann, "ask", options)
    with pytest.raises(LookupError, match="not registered"):
        await server.slash(ann, "answer")
    assert_well_behaved(server, bot)


async def test_commands_hidden_from_members(server: FakeDiscord, bot: SampleBot) -> None:
    @bot.tree.command(description="For those who manage")
    @discord.app_commands.default_permissions(manage_guild=True)
    @discord.app_commands.guild_only()
    async def settings(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(str(interaction.permissions.manage_guild))

    await bot.tree.sync()
    member = server.add_user("Member")
    manager = server.add_user("Manager", permissions=Permissions.MANAGE_GUILD)
    with pytest.raises(PermissionError, match="hidden"):
        await server.slash(member, "settings")
    dm = await server.direct_message(manager, "hello")
    with pytest.raises(PermissionError, match="direct"):
        await server.slash(manager, "settings", channel=dm.channel)
    assert (await (await server.slash(manager, "settings")).response()).content == "True"
    assert_well_behaved(server, bot)


async def test_a_wait_in_vain_tells_what_happened(
    server: FakeDiscord, bot: SampleBot, ann: User
) -> None:
    interaction = await server.slash(ann, "form")
    await interaction.modal()
    with pytest.raises(TimeoutError, match=r"no answer to APPLICATION_COMMAND 'form'[^~]*callback"):
        await interaction.response(within=0)
    assert_well_behaved(server, bot)
