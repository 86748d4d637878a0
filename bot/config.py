"""``config.toml`` and ``METQUOTE_*`` to frozen settings: parsed once, passed down."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from bot.settings import (
    DiscordSettings,
    EncoderSettings,
    FeedSettings,
    FetchSettings,
    PathSettings,
    Settings,
    StateSettings,
    below,
)
from corpus.document import Kind
from corpus.errors import ConfigError
from index.answer import AnswerSettings

__all__ = ["DiscordSettings", "FeedSettings", "PathSettings", "Settings", "load", "token"]

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX = "METQUOTE_"
_FILE = "config.toml"


_SECTIONS = {
    "paths": PathSettings, "encoder": EncoderSettings, "answer": AnswerSettings,
    "discord": DiscordSettings, "state": StateSettings, "fetch": FetchSettings,
}  # fmt: skip
_FEEDS = "feeds"
_HOSTS, _IDS = tuple[str, ...], tuple[int, ...]
_WANTED: dict[Any, str] = {
    str: "text", int: "a whole number", float: "a number", bool: "true or false",
    _HOSTS: "a list of texts", _IDS: "a list of whole numbers",
}  # fmt: skip
_SAID = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}
# The least and the most that make sense; both inclusive.
_RANGES: dict[str, tuple[float, float]] = {
    "answer.answered_at": (0, 1),
    "answer.related_at": (0, 1),
    "answer.excerpt_characters": (80, 1500),
    "answer.old_after_days": (0, 36_500),
    "discord.excerpts_per_page": (1, 5),
    "discord.searches_at_once": (1, 64),
    "discord.questions_waiting": (1, 10_000),
    "discord.cooldown_seconds": (0, 3600),
    "discord.channel_cooldown_seconds": (0, 3600),
    "discord.guild_cooldown_seconds": (0, 3600),
    "discord.kept_days": (1, 3650),
    "discord.look_every_seconds": (0.05, 3600),
    "discord.shard_id": (0, 10_000),
    "discord.shard_count": (0, 10_000),
    "fetch.sync_minutes": (0, 10_080),
    "fetch.pause_seconds": (0, 60),
}


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of ``path``, or of ``config.toml`` here if there is one, or the defaults.

    ``METQUOTE_SECTION_KEY`` in the environment wins over the file.

    Raises:
        ConfigError: the file cannot be read, or a key is unknown or has a bad value.
    """
    environment = os.environ if environment is None else environment
    named = path or (Path(p) if (p := environment.get(f"{_PREFIX}CONFIG")) else None)
    chosen = named or Path(_FILE)
    values = _read(chosen) if named is not None or chosen.is_file() else {}
    known = (*_SECTIONS, _FEEDS)
    for section in values:
        if section not in known:
            raise ConfigError(
                f"{chosen}: unknown section [{section}]; the sections are {', '.join(known)}"
            )
    built = {
        name: _section(name, kind, values.get(name, {}), environment, str(chosen))
        for name, kind in _SECTIONS.items()
    }
    feeds = _feeds(values.get(_FEEDS, []), str(chosen))
    file = chosen.absolute() if values else None
    settings = replace(Settings(chosen.absolute().parent, file=file), **built, feeds=feeds)
    if settings.answer.related_at > settings.answer.answered_at:
        raise ConfigError("answer.related_at must not be above answer.answered_at")
    if settings.discord.shard_id >= max(settings.discord.shard_count, 1):
        raise ConfigError("discord.shard_id must be below discord.shard_count, counted from 0")
    return settings


def token(settings: Settings, environment: Mapping[str, str] | None = None) -> str:
    """The bot's token, from ``METQUOTE_DISCORD_TOKEN`` or the configured file.

    Raises:
        ConfigError: there is none; the message says how to get one.
    """
    environment = os.environ if environment is None else environment
    found = environment.get(f"{_PREFIX}DISCORD_TOKEN", "").strip()
    if not found and settings.discord.token_file:
        path = below(settings.folder, settings.discord.token_file)
        try:
            found = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            # Its name may be the token itself, put there by mistake.
            raise ConfigError("the file named in discord.token_file cannot be read") from error
    if any(character.isspace() for character in found):
        raise ConfigError("the Discord token holds white space; copy it again, and nothing else")
    if not found:
        raise ConfigError(
            "no Discord token: make an application and its bot at "
            "https://discord.com/developers/applications, then set METQUOTE_DISCORD_TOKEN or "
            "name a file that holds the token as discord.token_file in config.toml"
        )
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error


def _section(
    name: str,
    kind: type[Any],
    given: Any,  # noqa: ANN401 - TOML
    environment: Mapping[str, str],
    source: str,
) -> Any:  # noqa: ANN401 - one of the settings classes
    if not isinstance(given, dict):
        raise ConfigError(f"{source}: {name} must be a section, [{name}]")
    types = get_type_hints(kind)
    known = [item.name for item in fields(kind)]
    for key in given:
        if key not in known:
            raise ConfigError(
                f"{source}: unknown key {key!r} in [{name}]; the keys are {', '.join(known)}"
            )
    values: dict[str, Any] = {}
    for key in known:
        variable = f"{_PREFIX}{name}_{key}".upper()
        if variable in environment:
            values[key] = _from_text(variable, types[key], environment[variable])
        elif key in given:
            values[key] = _checked(f"{source}: {name}.{key}", types[key], given[key])
        if key in values:
            _in_range(f"{name}.{key}", values[key])
    return kind(**values)


def _feeds(given: Any, source: str) -> tuple[FeedSettings, ...]:  # noqa: ANN401 - TOML
    """The feeds, each with an address of its own and a kind that there is."""
    if not isinstance(given, list):
        raise ConfigError(f"{source}: feeds must be sections, each [[{_FEEDS}]]")
    feeds: list[FeedSettings] = []
    for number, values in enumerate(given, 1):
        where = f"{source}: feed {number}"
        feed: FeedSettings = _section(_FEEDS, FeedSettings, values, {}, source)
        if not re.fullmatch(r"https?://[^\s<>]+", feed.url, re.IGNORECASE):
            raise ConfigError(f"{where}: url must begin with http:// or https://")
        if feed.kind not in get_args(Kind):
            raise ConfigError(
                f"{where}: kind must be one of {', '.join(get_args(Kind))}, not {feed.kind!r}"
            )
        if feed.url in {other.url for other in feeds}:
            raise ConfigError(f"{where}: {feed.url} stands there twice")
        feeds.append(feed)
    return tuple(feeds)


def _from_text(variable: str, kind: Any, text: str) -> Any:  # noqa: ANN401 - one of _WANTED
    try:
        if kind is bool:
            return _SAID[text.strip().lower()]
        if kind in (_HOSTS, _IDS):
            parts = tuple(part.strip() for part in text.split(",") if part.strip())
            return parts if kind == _HOSTS else tuple(int(part) for part in parts)
        return kind(text)
    except (ValueError, KeyError) as error:
        raise ConfigError(f"{variable} must be {_WANTED[kind]}, not {text!r}") from error


def _checked(name: str, kind: Any, value: Any) -> Any:  # noqa: ANN401 - one of _WANTED
    if kind in (_HOSTS, _IDS) and isinstance(value, list):
        if all(type(one) is get_args(kind)[0] for one in value):
            return tuple(value)
        raise ConfigError(f"{name} must be {_WANTED[kind]}, not {value!r}")
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not kind:
        raise ConfigError(f"{name} must be {_WANTED[kind]}, not {value!r}")
    if kind is str and "\0" in value:
        raise ConfigError(f"{name} must not hold a NUL character")
    return value


def _in_range(name: str, value: Any) -> None:  # noqa: ANN401 - str, int or float
    if name in _RANGES:
        least, most = _RANGES[name]
        if not least <= value <= most:
            raise ConfigError(f"{name} must be between {least} and {most}, not {value}")
