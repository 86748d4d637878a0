"""What moderators and those who look after the corpus can do, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.discord import corpus, drafting, settings, summary, unanswered
from bot.discord.summary_preview import render
from bot.state.outbox import SendingKind

if TYPE_CHECKING:
    from bot.discord.buttons import Actions
    from bot.discord.client import MetquoteClient
    from bot.discord.outbox import Renderers

ACTIONS: Actions = {
    **summary.ACTIONS, **settings.ACTIONS, **unanswered.ACTIONS, **corpus.ACTIONS,
    **drafting.ACTIONS,
}  # fmt: skip
RENDERERS: Renderers = {SendingKind.SUMMARY: render}


def add_commands(client: MetquoteClient) -> None:
    """Add the commands to the client's tree."""
    client.tree.add_command(summary.summary_command(client))
    client.tree.add_command(settings.settings_group(client))
    client.tree.add_command(unanswered.unanswered_command(client))
    client.tree.add_command(corpus.corpus_group(client))
