"""What reporters have: the commands and the buttons that quote, verify and cite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.discord import cards, citing, quoting, timeline
from bot.discord.citing import cite_command
from bot.discord.quoting import quote_command
from bot.discord.timeline import timeline_command
from bot.discord.verifying import check_menu, verify_command

if TYPE_CHECKING:
    from bot.discord.buttons import Actions
    from bot.discord.client import MetquoteClient

ACTIONS: Actions = quoting.ACTIONS | citing.ACTIONS | cards.ACTIONS | timeline.ACTIONS


def add_commands(client: MetquoteClient) -> None:
    """Add them to the client's tree."""
    client.tree.add_command(quote_command(client))
    client.tree.add_command(verify_command(client))
    client.tree.add_command(check_menu(client))
    client.tree.add_command(cite_command(client))
    client.tree.add_command(timeline_command(client))
