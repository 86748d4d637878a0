"""A server's and a channel's settings in words, and what people type into forms; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.messages.markdown import escape
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.settings import DiscordSettings
    from bot.state.settings import ChannelSettings, GuildSettings, Here

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MOST_PUBLISHERS = 20
_NAMED = 10


def server_lines(
    chosen: GuildSettings, default: DiscordSettings, role: Callable[[int], str]
) -> list[str]:
    """A line for each setting of a server; ``role`` names a role by its id."""
    answers_in = ", ".join(f"<#{one}>" for one in chosen.answers_in) or "every channel"
    channel, day = chosen.moderators_channel, _DAYS[chosen.digest_weekday]
    person = _seconds(chosen.person_cooldown, default.cooldown_seconds)
    beside = _seconds(chosen.channel_cooldown, default.channel_cooldown_seconds)
    everywhere = _seconds(chosen.guild_cooldown, default.guild_cooldown_seconds)
    moderators = "members with Manage Server"
    if chosen.moderator_role is not None:
        moderators += f", and the role {escape(role(chosen.moderator_role))}"
    return [
        f"Answers in: {answers_in}",
        f"Answers are {_shown(private=chosen.private)} by default",
        *_sources(chosen.preferred, chosen.left_out),
        f"Between two questions of one person: {person}",
        f"Between two questions in one channel: {beside}",
        f"Between two questions in the server: {everywhere}",
        f"Dates: {chosen.date_language}",
        f"Moderators: {moderators}",
        f"Moderators' channel: {f'<#{channel}>' if channel is not None else 'none'}",
        f"Digests: at {chosen.digest_hour}:00, weekly on {day}, {escape(chosen.time_zone)}",
    ]


def channel_lines(here: Here, own: ChannelSettings, default: DiscordSettings) -> list[str]:
    """A line for each thing that holds in a channel, its own choices marked."""

    def mark(line: str, value: object) -> str:
        return f"{line} (of this channel)" if value is not None else line

    preferred, left_out = _sources(here.preferred, here.left_out)
    person = _seconds(here.person_cooldown, default.cooldown_seconds)
    channel = _seconds(here.channel_cooldown, default.channel_cooldown_seconds)
    return [
        mark("I answer here" if here.answers else "I do not answer here", own.answers),
        mark(f"Answers are {_shown(private=here.private)} by default", own.private),
        mark(preferred, own.preferred),
        mark(left_out, own.left_out),
        mark(f"Between two questions of one person: {person}", own.person_cooldown),
        mark(f"Between two questions in this channel: {channel}", own.channel_cooldown),
    ]


def publishers(typed: str, known: Sequence[str]) -> tuple[str, ...]:
    """The publishers named on the lines of ``typed``: whole names, or parts that only one has.

    Raises:
        InputError: a line names none of ``known``, or several, or there are too many lines.
    """
    lines = list(dict.fromkeys(" ".join(line.split()) for line in typed.splitlines()))
    found = dict.fromkeys(_publisher(line, known) for line in lines if line)
    if len(found) > _MOST_PUBLISHERS:
        raise InputError(f"name at most {_MOST_PUBLISHERS} sources")
    return tuple(found)


def _publisher(line: str, known: Sequence[str]) -> str:
    folded = line.casefold()
    same = [name for name in known if name.casefold() == folded]
    parts = same or [name for name in known if folded in name.casefold()]
    if len(parts) == 1 or same:
        return parts[0]
    if parts:
        raise InputError(f"{line!r} may be {_listed(parts, 'or')}; write the whole name")
    if not known:
        raise InputError(f"no document names its publisher, so that none is {line!r}")
    raise InputError(f"no document is of {line!r}; there are those of {_listed(known, 'and')}")


def _listed(names: Sequence[str], word: str) -> str:
    shown = [*names[:_NAMED], *(["others"] if len(names) > _NAMED else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {word} {shown[-1]}"


def _sources(preferred: Sequence[str], left_out: Sequence[str]) -> tuple[str, str]:
    return (
        f"Sources preferred: {escape(', '.join(preferred)) or 'none'}",
        f"Sources left out: {escape(', '.join(left_out)) or 'none'}",
    )


def _shown(*, private: bool) -> str:
    return "private" if private else "public"


def _seconds(chosen: float | None, default: float) -> str:
    if chosen is None:
        return f"{default:g} s, as the operator chose"
    return f"{chosen:g} s"
