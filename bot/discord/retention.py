"""What has grown old is deleted: when the bot starts, and every day from then on."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.state.forgetting import Retention

if TYPE_CHECKING:
    from bot.settings import DiscordSettings
    from bot.state import State

_log = logging.getLogger("metquote")
_LEASE = "purge"
_LEASE_SECONDS = 600.0
_DAY_SECONDS = 86_400.0


async def purge_daily(state: State, settings: DiscordSettings) -> None:
    """Delete what has grown old, for as long as the bot runs."""
    while True:
        try:
            await asyncio.to_thread(purge, state, settings)
        except Exception:  # noqa: BLE001 - the last edge: tomorrow it is tried again
            _log.exception("what has grown old could not be deleted")
        await asyncio.sleep(_DAY_SECONDS)


def purge(state: State, settings: DiscordSettings) -> int | None:
    """Delete what has grown old; how many rows, ``None`` if another process is at it.

    Raises:
        StorageError: the state cannot be used.
    """
    if not state.leases.take(_LEASE, _LEASE_SECONDS):
        return None
    try:
        return state.purge(Retention(kept=settings.kept_days))
    finally:
        state.leases.release(_LEASE)
