"""The database behind the state: connections, transactions, errors, the time."""

from __future__ import annotations

import json
import secrets
import threading
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, cast, create_engine, event, func, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from corpus.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Engine, Select, Table
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_BUSY_MS = 30_000
_CONNECT_SECONDS = 10
# A machine that died in a transaction must not hold its locks for the two hours of TCP.
_SESSION = "SET lock_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'"
_WRITES = "metquote_writes"
_EXAMPLE = "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE"


class Store:
    """One database, SQLite or PostgreSQL. Safe to use from several threads and processes.

    ``holder`` names this store in leases and claims; no two stores have the same.
    """

    def __init__(self, where: Path | str, clock: Callable[[], float] | None = None) -> None:
        """``where`` is a file or a URL; see `bot.state.State`."""
        self.holder = secrets.token_hex(8)
        self.url = _url(where)
        self._clock, self._closed = clock, False
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # SQLite lets one write at a time; here they queue fairly instead of looking again.
        self._writing = threading.Lock() if self.is_sqlite else nullcontext()
        # The connection of this thread's `together`, while one goes on.
        self._shared = threading.local()
        try:
            self.engine = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        except ModuleNotFoundError as error:
            raise ConfigError(
                "state.url names PostgreSQL, and its driver is not installed; "
                "install metquote[postgresql]"
            ) from error

    @property
    def name(self) -> str:
        """What people know the database by; never with its password."""
        return self.url.database or "" if self.is_sqlite else self.url.render_as_string()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads.

        Raises:
            StorageError: the database cannot be used.
        """
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write: all of it happens, or nothing does.

        Raises:
            StorageError: the database cannot be used.
        """
        shared: Connection | None = getattr(self._shared, "connection", None)
        if shared is not None:
            with self._told(), shared.begin_nested():
                yield shared
            return
        with self._told(), self._writing, self.engine.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    def together(self, works: Iterable[Callable[[], Any]]) -> list[Any]:
        """Do each of ``works``, whose `write` transactions become one; what each gave.

        Of one that fails nothing is written, and its exception is in its place.

        Raises:
            StorageError: the database cannot be used; nothing of any is written.
        """
        results: list[Any] = []
        with self.write() as connection:
            self._shared.connection = connection
            try:
                for work in works:
                    try:
                        results.append(work())
                    except Exception as error:  # noqa: BLE001 - it belongs to one of many
                        results.append(error)
            finally:
                self._shared.connection = None
        return results

    def now(self, connection: Connection) -> float:
        """Unix seconds, by the database's clock where several machines may share it."""
        if self._clock is not None:
            return self._clock()
        if self.is_sqlite:
            return time.time()
        return float(connection.scalar(select(func.extract("epoch", func.clock_timestamp()))) or 0)

    def insert(self, table: Table) -> sqlite.Insert | postgresql.Insert:
        """An insertion that may name what happens on a conflict."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def listed(self, rows: Sequence[Sequence[Any]], *columns: ColumnElement[Any]) -> Select[Any]:
        """A selection of ``rows``, which have a value for each of ``columns``, in one parameter.

        PostgreSQL's driver is slow to put thousands of parameters into a statement.
        """
        found = [list(row) for row in rows]
        cells: list[ColumnElement[Any]]
        if self.is_sqlite:
            each = func.json_each(json.dumps(found)).table_valued("value")
            cells = [func.json_extract(each.c.value, f"$[{at}]") for at in range(len(columns))]
        else:
            each = func.json_array_elements(literal(found, JSON)).table_valued("value")
            cells = [each.c.value.op("->>")(at) for at in range(len(columns))]
        # With a condition SQLite does not take what follows for a join's.
        return select(
            *(cast(cell, column.type) for cell, column in zip(cells, columns, strict=True))
        ).where(true())

    def close(self) -> None:
        """Close every connection; what comes later is refused."""
        self._closed = True
        self.engine.dispose()

    def failure(self, error: Exception) -> StorageError:
        """What to tell a person of ``error``."""
        reason = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
        password = self.url.password
        if isinstance(password, str) and password:
            reason = reason.replace(password, "***")
        todo = (
            "make room or set paths.data"
            if self.is_sqlite
            else "see that PostgreSQL runs there and that state.url is right"
        )
        return StorageError(f"{self.name} cannot be used ({reason}); {todo}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        if self._closed:
            raise StorageError(f"{self.name} is closed; start the program again")
        try:
            yield
        except DBAPIError as error:
            raise self.failure(error) from error
        except SQLAlchemyError as error:
            # What the library says of itself may hold the statement and its values.
            raise StorageError(f"{self.name} cannot be used ({type(error).__name__})") from error


def _url(where: Path | str) -> URL:
    if isinstance(where, Path):
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError) as error:
        raise ConfigError(f"state.url is no address of a database; write {_EXAMPLE}") from error
    if backend == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    if backend not in ("postgresql", "postgres"):
        raise ConfigError(f"state.url must name a PostgreSQL database: {_EXAMPLE}")
    return url.set(drivername="postgresql+psycopg")


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def connected(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        del entry
        # Transactions begin where we say so, and not where Python's driver thinks best.
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        # What is deleted is not to be found in the file any more.
        connection.execute("PRAGMA secure_delete = ON")

    @event.listens_for(engine, "begin")
    def began(connection: Connection) -> None:
        # A transaction that reads first and writes later could be refused in the middle.
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "application_name": "metquote"},
    )

    @event.listens_for(engine, "connect")
    def connected(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        del entry
        cursor = connection.cursor()
        cursor.execute(_SESSION)
        cursor.close()
        connection.commit()

    return engine
