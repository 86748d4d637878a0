"""What the bot remembers, in SQLite or PostgreSQL, for one process or for several."""

from bot.state.answers import KeptAnswer
from bot.state.state import State

__all__ = ["KeptAnswer", "State"]
