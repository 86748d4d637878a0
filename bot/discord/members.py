"""What every member can do: ask, look closer, share, go on; and what the bot says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.discord import about, answers, context, sharing
from bot.discord.commands import ask_command, subject_menu

if TYPE_CHECKING:
    from bot.discord.buttons import Actions
    from bot.discord.client import MetquoteClient
    from bot.discord.outbox import Renderers

ACTIONS: Actions = {**answers.ACTIONS, **context.ACTIONS, **sharing.ACTIONS, **about.ACTIONS}
RENDERERS: Renderers = {**sharing.RENDERERS}


def add_commands(client: MetquoteClient) -> None:
    """Add the commands to the client's tree."""
    client.tree.add_command(ask_command(client))
    client.tree.add_command(subject_menu(client))
    client.tree.add_command(about.about_command(client))
    client.tree.add_command(about.help_command(client))
    client.tree.add_command(about.forget_command(client))
