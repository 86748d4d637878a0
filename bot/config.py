"""``config.toml`` and ``METQUOTE_*`` to frozen settings: parsed once, passed down."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

import platformdirs

from corpus.errors import ConfigError
from index.answer import AnswerSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX = "METQUOTE_"
_FILE = "config.toml"


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Where things lie; relative paths are counted from the folder of ``config.toml``."""

    documents: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """``model`` is a sentence-transformers model: a name or a folder."""

    model: str = "all-MiniLM-L6-v2"


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """The bot. ``token_file`` is read where ``METQUOTE_DISCORD_TOKEN`` is not set.

    ``api_base`` and ``gateway`` are addresses other than Discord's own, for tests.
    """

    token_file: str = ""
    excerpts_per_page: int = 3
    searches_at_once: int = 2
    cooldown_seconds: float = 3.0
    kept_days: int = 30
    api_base: str = ""
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; ``folder`` is what relative paths are counted from."""

    folder: Path
    paths: PathSettings = field(default_factory=PathSettings)
    encoder: EncoderSettings = field(default_factory=EncoderSettings)
    answer: AnswerSettings = field(default_factory=AnswerSettings)
    discord: DiscordSettings = field(default_factory=DiscordSettings)

    @property
    def documents(self) -> Path:
        """The folder of documents; by default those that come with the program."""
        if self.paths.documents:
            return _below(self.folder, self.paths.documents)
        return Path(str(resources.files("corpus").joinpath("documents")))

    @property
    def data(self) -> Path:
        """The folder of all that is written; by default the platform's own for programs."""
        if self.paths.data:
            return _below(self.folder, self.paths.data)
        return Path(platformdirs.user_data_dir("metquote", appauthor=False))


_SECTIONS = {
    "paths": PathSettings, "encoder": EncoderSettings, "answer": AnswerSettings,
    "discord": DiscordSettings,
}  # fmt: skip
_WANTED: dict[type[Any], str] = {str: "text", int: "a whole number", float: "a number"}
# The least and the most that make sense; both inclusive.
_RANGES: dict[str, tuple[float, float]] = {
    "answer.answered_at": (0, 1),
    "answer.related_at": (0, 1),
    "answer.excerpt_characters": (80, 1500),
    "discord.excerpts_per_page": (1, 5),
    "discord.searches_at_once": (1, 64),
    "discord.cooldown_seconds": (0, 3600),
    "discord.kept_days": (1, 3650),
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
    for section in values:
        if section not in _SECTIONS:
            raise ConfigError(
                f"{chosen}: unknown section [{section}]; the sections are {', '.join(_SECTIONS)}"
            )
    built = {
        name: _section(name, kind, values.get(name, {}), environment, str(chosen))
        for name, kind in _SECTIONS.items()
    }
    settings = replace(Settings(chosen.absolute().parent), **built)
    if settings.answer.related_at > settings.answer.answered_at:
        raise ConfigError("answer.related_at must not be above answer.answered_at")
    return settings


def token(settings: Settings, environment: Mapping[str, str] | None = None) -> str:
    """The bot's token, from ``METQUOTE_DISCORD_TOKEN`` or the configured file.

    Raises:
        ConfigError: there is none; the message says how to get one.
    """
    environment = os.environ if environment is None else environment
    found = environment.get(f"{_PREFIX}DISCORD_TOKEN", "").strip()
    if not found and settings.discord.token_file:
        path = _below(settings.folder, settings.discord.token_file)
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


def _below(folder: Path, path: str) -> Path:
    try:
        return folder / Path(path).expanduser()
    except RuntimeError as error:
        raise ConfigError(f"{path}: nobody of that name has a home folder here") from error


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


def _from_text(variable: str, kind: type[Any], text: str) -> Any:  # noqa: ANN401 - str, int or float
    try:
        return kind(text)
    except ValueError as error:
        raise ConfigError(f"{variable} must be {_WANTED[kind]}, not {text!r}") from error


def _checked(name: str, kind: type[Any], value: Any) -> Any:  # noqa: ANN401 - str, int or float
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
