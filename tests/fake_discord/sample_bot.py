"""A small bot, written with the real discord.py, for the fake to be tried with."""

from __future__ import annotations

import asyncio
import warnings
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

import yarl

with warnings.catch_warnings():
    # discord.py's voice support imports audioop, which Python 3.11 announces the end of.
    warnings.simplefilter("ignore", DeprecationWarning)
    import discord
    from discord import app_commands
    from discord.gateway import DiscordWebSocket
    from discord.http import Route

if TYPE_CHECKING:
    import re
    from collections.abc import AsyncIterator

    import pytest

    from .server import FakeDiscord


class PageButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"page:(?P<page>\d+)"):
    """A button that outlives the process that made it."""

    def __init__(self, page: int) -> None:
        self.page = page
        super().__init__(discord.ui.Button(label="Next", custom_id=f"page:{page}"))

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 -- what discord.py calls it with
        item: discord.ui.Item[Any],  # noqa: ARG003
        match: re.Match[str],
    ) -> Self:
        return cls(int(match["page"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(embed=page_embed(self.page), view=page_view(self))


def page_embed(page: int) -> discord.Embed:
    return discord.Embed(title=f"Page {page}", description="  “It was safe.”  ")


def page_view(button: PageButton) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    view.add_item(PageButton(button.page + 1))
    return view


class NoteForm(discord.ui.Modal, title="A note"):
    note: discord.ui.TextInput[Self] = discord.ui.TextInput(label="Note", max_length=20)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"noted: {self.note.value}", ephemeral=True)


class SpeakerSelect(discord.ui.Select[Any]):
    def __init__(self) -> None:
        options = [discord.SelectOption(label=name) for name in ("Dick", "Rowley")]
        super().__init__(custom_id="speaker", options=options)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content=f"{self.values[0]}!", view=None)


class Tree(app_commands.CommandTree["SampleBot"]):
    async def on_error(
        self,
        interaction: discord.Interaction[Any],  # noqa: ARG002 -- what discord.py calls it with
        error: app_commands.AppCommandError,
    ) -> None:
        cause = getattr(error, "original", error)
        self.client.errors.append(cause)
        self.client.failures.put_nowait(cause)


class SampleBot(discord.Client):
    """Asks for no privileged intent; what goes wrong in a command is in `errors`."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("intents", discord.Intents.default())
        options.setdefault("allowed_mentions", discord.AllowedMentions.none())
        # on_ready waits this long for further guilds; nobody here waits for on_ready.
        super().__init__(guild_ready_timeout=0.01, **options)
        self.tree = Tree(self)
        self.errors: list[BaseException] = []
        self.failures: asyncio.Queue[BaseException] = asyncio.Queue()
        self.heard: list[discord.Message] = []
        self.resumed = 0
        for add in (add_questions, add_forms, add_menus):
            add(self.tree)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(PageButton)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """discord.py waits 5 s here before a second session; nobody here has that long."""

    async def on_resumed(self) -> None:
        self.resumed += 1

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        self.heard.append(message)
        await message.reply(f"heard: {message.content!r}")


def add_questions(tree: Tree) -> None:
    async def suggest(_: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        names = ("Cressida Dick", "Mark Rowley")
        return [app_commands.Choice(name=n, value=n) for n in names if typed in n.lower()]

    @tree.command(description="Ask a question")
    @app_commands.autocomplete(speaker=suggest)
    async def ask(
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 1, 300],
        speaker: str | None = None,
        private: bool = False,
    ) -> None:
        await interaction.response.defer(ephemeral=private)
        await interaction.followup.send(
            f"{question} {speaker or ''}", embed=page_embed(1), view=page_view(PageButton(1))
        )

    @tree.command(description="Answer at once")
    async def now(interaction: discord.Interaction[Any]) -> None:
        answer = await interaction.response.send_message("now", ephemeral=True)
        await interaction.edit_original_response(content=f"now, as {answer.message_id}")
        await interaction.followup.send("and then")


def add_forms(tree: Tree) -> None:
    @tree.command(description="A form")
    async def form(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(NoteForm())

    @tree.command(description="A file")
    async def upload(interaction: discord.Interaction[Any], file: discord.Attachment) -> None:
        await interaction.response.defer()
        await interaction.followup.send(file=await file.to_file(description="as it came"))

    @tree.command(description="A choice")
    async def choose(interaction: discord.Interaction[Any]) -> None:
        view = discord.ui.View()
        view.add_item(SpeakerSelect())
        await interaction.response.send_message("Who?", view=view)


def add_menus(tree: Tree) -> None:
    @tree.context_menu(name="Verify")
    async def verify(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        await interaction.response.send_message(f"verified: {message.content}")

    @tree.context_menu(name="Quotes")
    async def quotes(interaction: discord.Interaction[Any], user: discord.User) -> None:
        await interaction.response.send_message(f"quotes of {user.display_name}")

    corpus: app_commands.Group = app_commands.Group(name="corpus", description="The corpus")

    @corpus.command(name="list", description="List it")
    async def list_(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_message("four documents")

    tree.add_command(corpus)


@asynccontextmanager
async def running(
    server: FakeDiscord, monkeypatch: pytest.MonkeyPatch, client: discord.Client
) -> AsyncIterator[None]:
    """The real client, connected to the fake by nothing but its base addresses."""
    monkeypatch.setattr(Route, "BASE", server.api_base)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(server.gateway_url))
    task = asyncio.create_task(client.start(server.token))
    try:
        ready = asyncio.create_task(server.wait_ready())
        done, _ = await asyncio.wait((task, ready), return_when=asyncio.FIRST_COMPLETED)
        for finished in done:
            finished.result()
        yield
    finally:
        await client.close()
        await task
