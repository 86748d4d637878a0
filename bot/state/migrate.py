"""Brings a database to the newest revision of the tables, once, whoever comes first."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Text, column, inspect, select, table, text
from sqlalchemy.exc import DBAPIError

from corpus.errors import StorageError
from corpus.files import FileLock

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.state.store import Store

NEWEST = "0003"
_KNOWN = ("0001", "0002", NEWEST)
_FOLDER = Path(__file__).parent / "migrations"
_VERSION = table("alembic_version", column("version_num", Text))
# Any number will do that no other program takes in the same database.
_ADVISORY_LOCK = 0x6D71_6D69
_PATIENCE_SECONDS = 60.0
_log = logging.getLogger("metquote")


def migrate(store: Store) -> None:
    """Make the tables what this program expects; everything that is kept stays.

    All of it happens in one transaction, so that a program that dies in the middle leaves what
    was there. Processes that start together wait for the one that migrates.

    Raises:
        StorageError: the database cannot be used, or a newer program wrote it.
    """
    if not store.is_sqlite:
        _migrate(store)
        return
    path = Path(store.name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise store.failure(error) from error
    lock = path.with_name(f".{path.name}.lock")
    with FileLock(lock, purpose="opening the bot's state", patience=_PATIENCE_SECONDS):
        _keep_a_log(store)
        _migrate(store)


def _keep_a_log(store: Store) -> None:
    """Readers do not wait for the writer; the file remembers it, and no transaction may be open."""
    try:
        connection = store.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
    except (sqlite3.Error, DBAPIError) as error:
        raise store.failure(error) from error


def _migrate(store: Store) -> None:
    with store.read() as connection:
        if _version(connection, store) == NEWEST:
            return
    with store.write() as connection:
        if not store.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        # Another process may have done it meanwhile.
        found = _version(connection, store)
        if found != NEWEST:
            _upgrade(connection)
            # Of one that has just begun nobody needs to be told.
            if found is not None:
                _log.info("the bot's state is now of version %s", NEWEST)


def _version(connection: Connection, store: Store) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(select(_VERSION.c.version_num))
    if found is not None and found not in _KNOWN:
        raise StorageError(f"{store.name} was written by a newer metquote; update this one")
    return found


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - half a second, and seldom needed
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
