"""Everything that can be set, frozen; `bot.config` reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import platformdirs

from corpus.errors import ConfigError
from corpus.swap import is_unfinished
from index.answer import AnswerSettings


@dataclass(frozen=True, slots=True)
class PathSettings:
    """Where things lie; relative paths are counted from the folder of ``config.toml``."""

    documents: str = ""
    data: str = ""


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """``model`` is a sentence-transformers model: a name or a folder.

    ``reranker`` is a cross-encoder of that library, to read again with in place of the packaged
    reader: a name or a folder, and empty for the packaged one.
    """

    model: str = "all-MiniLM-L6-v2"
    reranker: str = ""


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """The bot. ``token_file`` is read where ``METQUOTE_DISCORD_TOKEN`` is not set.

    Of more than ``questions_waiting`` at once, the later ones are told to come again in a minute.
    Cooldowns are the seconds between two questions of one person, in one channel and in one
    server. ``corpus_users`` and ``corpus_roles`` are the ids of those who may change the corpus.
    Every ``look_every_seconds`` the bot looks for what is to be done: follows, digests,
    corrections. ``shard_id`` of ``shard_count`` is the part of the servers that this process
    serves; a ``shard_count`` of 0 is all of them.
    ``api_base`` and ``gateway`` are addresses other than Discord's own, for tests.
    """

    token_file: str = ""
    excerpts_per_page: int = 3
    searches_at_once: int = 1
    questions_waiting: int = 60
    cooldown_seconds: float = 3.0
    channel_cooldown_seconds: float = 0.0
    guild_cooldown_seconds: float = 0.0
    corpus_users: tuple[int, ...] = ()
    corpus_roles: tuple[int, ...] = ()
    kept_days: int = 30
    look_every_seconds: float = 5.0
    shard_id: int = 0
    shard_count: int = 0
    api_base: str = ""
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class StateSettings:
    """Where the bot keeps what it remembers.

    ``url`` is of a PostgreSQL database, such as ``postgresql+psycopg://USER:PASSWORD@HOST/NAME``;
    without one it is ``state.sqlite`` in the data folder.
    """

    url: str = ""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """What is fetched from the web, and how.

    ``allowed_hosts`` are those whose pages Discord users may submit, with their subdomains;
    ``contact`` is named to the servers that are asked; every ``sync_minutes`` the running bot
    looks at the feeds, 0 for never; ``pause_seconds`` lie between two requests to one host.
    ``loopback`` permits this machine's own addresses, for tests.
    """

    allowed_hosts: tuple[str, ...] = ()
    contact: str = ""
    sync_minutes: int = 60
    pause_seconds: float = 2.0
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """One feed, ``url`` of RSS, Atom or a sitemap.

    ``name`` is what it is called in reports, its URL by default. ``publisher`` and ``kind`` are
    those of its items where they do not say.
    """

    url: str = ""
    name: str = ""
    publisher: str = ""
    kind: str = "announcement"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; ``folder`` is what relative paths are counted from.

    ``file`` is what was read, if anything was.
    """

    folder: Path
    paths: PathSettings = field(default_factory=PathSettings)
    encoder: EncoderSettings = field(default_factory=EncoderSettings)
    answer: AnswerSettings = field(default_factory=AnswerSettings)
    discord: DiscordSettings = field(default_factory=DiscordSettings)
    state: StateSettings = field(default_factory=StateSettings)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    feeds: tuple[FeedSettings, ...] = ()
    file: Path | None = None

    @property
    def documents(self) -> Path:
        """The folder of documents.

        By default it is below the data folder once something was written there, and until then
        those that come with the program.
        """
        if self.paths.documents:
            return below(self.folder, self.paths.documents)
        return self.own_documents if self.has_own_documents else self.packaged_documents

    @property
    def has_own_documents(self) -> bool:
        """Whether there are documents in `own_documents`, if only in a moment."""
        own = self.own_documents
        return own.is_dir() or is_unfinished(own)

    @property
    def own_documents(self) -> Path:
        """Where documents are written to that have no folder configured."""
        return self.data / "corpus" / "documents"

    @property
    def packaged_documents(self) -> Path:
        """The documents that come with the program, which are not written to."""
        return Path(str(resources.files("corpus").joinpath("documents")))

    @property
    def data(self) -> Path:
        """The folder of all that is written; by default the platform's own for programs."""
        if self.paths.data:
            return below(self.folder, self.paths.data)
        return Path(platformdirs.user_data_dir("metquote", appauthor=False))


def below(folder: Path, path: str) -> Path:
    """``path`` counted from ``folder``, or from the home folder that it names.

    Raises:
        ConfigError: it names the home folder of nobody.
    """
    try:
        return folder / Path(path).expanduser()
    except RuntimeError as error:
        raise ConfigError(f"{path}: nobody of that name has a home folder here") from error
