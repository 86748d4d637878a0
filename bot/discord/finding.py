"""An answer looked up: whatever happens, there is a page to show."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.discord.asking import Found
from bot.discord.replies import BROKE, sentence
from bot.emergency import advised
from bot.messages import Page
from corpus.errors import InputError

if TYPE_CHECKING:
    from bot.discord.asking import Asked
    from bot.discord.client import MetquoteClient
    from index.types import Query

_log = logging.getLogger("metquote")


async def found(client: MetquoteClient, query: Query, asked: Asked) -> Found:
    """The answer; a failure is said as one, and never as an empty answer."""
    try:
        return await client.asking.ask(query, asked)
    except InputError as error:
        return _only(advised(query.text, sentence(error)))
    except Exception:  # noqa: BLE001 - the last edge: whoever asked gets a sentence, the log the reason
        _log.exception("a question could not be answered")
        return _only(advised(query.text, BROKE))


def _only(content: str) -> Found:
    return Found(Page(content, (), 0, 1), None)
