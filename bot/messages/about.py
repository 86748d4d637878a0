"""What the bot says of itself; pure, but for the version that is installed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

from bot.dates import BRITISH, spoken
from bot.messages.markdown import escape
from bot.pages import DISCLAIMER
from bot.state.forgetting import Retention

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.state.forgetting import Forgotten
    from corpus.document import PartialDate

# The most that one message holds.
_MOST = 2_000
_NAMES = {
    "answers": "answer", "lookups": "look-up", "views": "preview",
    "outbox": "message to be sent", "posts": "public message",
}  # fmt: skip
_HOW = (
    "Ask in your own words with **/ask**, by mentioning me, or in a direct message. I answer with "
    "the exact words of published documents, each with its source and date, or say that they do "
    "not tell. **Context** shows the paragraphs around, **Source** what to cite, **Share** makes "
    "a private answer public, **Not helpful** tells us why. Reply to my answer to go on: “and who "
    "said that?”, “when?”, “and in Hackney?”. Words such as “latest” and “now” put the newest "
    "first."
)


@dataclass(frozen=True, slots=True)
class About:
    """The corpus as it is. ``looked`` is when the feeds were looked at last (UTC), if known."""

    documents: int
    newest: PartialDate | None
    looked: datetime | None
    kept_days: int


def about_text(about: About, dates: str = BRITISH) -> str:
    """What this is, what it holds, and what it keeps about people."""
    newest = f"; the newest is from {spoken(about.newest, dates)}" if about.newest else ""
    documents = f"{about.documents:,} document{'' if about.documents == 1 else 's'}"
    looked = (
        f" The feeds were last looked at on {about.looked:%Y-%m-%d} at {about.looked:%H:%M} UTC."
        if about.looked
        else ""
    )
    questions = Retention().questions
    kept = (
        "**What is kept.** Your answers and look-ups, with your Discord id, so that their "
        f"buttons work: {about.kept_days} days. Questions that were not answered, and what "
        f"people write under Not helpful, without any name: {questions} days. Which excerpts "
        "my public messages show, so that corrections reach them, and who shared an answer: "
        "until **/forget-me**, which deletes all that names you. I do not keep messages, and "
        "read only those that are meant for me."
    )
    return "\n".join(
        (
            f"**metquote {version('metquote')}**. {DISCLAIMER}",
            f"I hold {documents}{newest}.{looked}",
            kept,
        )
    )


def help_text(
    everybody: Sequence[tuple[str, str]],
    moderators: Sequence[tuple[str, str]],
    menus: Sequence[str],
) -> str:
    """How to ask, and the commands with what they do; ``moderators`` are empty for others.

    ``menus`` are names in the menu of a message.
    """
    lines = [_HOW, "", *_commands(everybody)]
    if menus:
        names = ", ".join(f"**{escape(name)}**" for name in menus)
        lines.append(f"In the menu of a message, under Apps: {names}")
    if moderators:
        lines += ["", "For moderators:", *_commands(moderators)]
    while len("\n".join(lines)) > _MOST:
        lines.pop()
    return "\n".join(lines)


def forgotten_text(done: Forgotten, left: int) -> str:
    """What was deleted, what lost the person's name, counted; ``left`` messages name it still."""
    deleted, unnamed = _counted(done.deleted), _counted(done.unnamed)
    text = f"Deleted: {deleted or 'nothing, there was nothing of yours'}."
    if unnamed:
        text += f" Your name was taken off: {unnamed}."
    if left:
        text += (
            f" Of {left} of the messages on Discord I could not take it off, since I may not edit "
            "there; ask the moderators to delete them."
        )
    return text


def _commands(commands: Sequence[tuple[str, str]]) -> list[str]:
    return [f"**/{name}** {escape(text)}" for name, text in sorted(commands)]


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(
        f"{count} {_NAMES.get(name, name)}{'' if count == 1 else 's'}"
        for name, count in counts.items()
        if count
    )
