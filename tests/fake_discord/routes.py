"""The routes that tests arrange troubles on, by name."""

from __future__ import annotations

from . import callbacks, channels, commands, guilds, rest, webhooks


class Routes:
    """Discord's templates, for `fail`, `limit_rate`, `cut`, `hold` and `calls`."""

    CALLBACK = callbacks.ROUTE
    """POST: the acknowledgement of an interaction."""
    FOLLOW_UP = webhooks.WEBHOOK
    """POST: a follow-up, or what fills a deferral."""
    ORIGINAL = webhooks.ORIGINAL
    """GET, PATCH, DELETE: the original answer to an interaction."""
    FOLLOW_UP_MESSAGE = webhooks.MESSAGE
    """GET, PATCH, DELETE: an answer to an interaction, by its id."""
    CHANNEL = channels.CHANNEL
    """GET."""
    MESSAGES = channels.MESSAGES
    """GET: a channel's history; POST: a plain message."""
    MESSAGE = channels.MESSAGE
    """GET, PATCH, DELETE: a message by its id."""
    COMMANDS = commands.GLOBAL
    """GET, PUT, POST: the global commands."""
    GUILD_COMMANDS = commands.GUILD
    """GET, PUT, POST: a guild's own commands."""
    OPEN_DM = "/users/@me/channels"
    """POST."""
    MEMBER = guilds.GUILD + "/members/{user_id}"
    """GET."""
    DOWNLOAD = rest.DOWNLOAD
    """GET: an attachment's bytes."""
