"""Databases that cannot be used, and how that is told."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, text

from bot.state import State
from corpus.errors import ConfigError, StorageError
from tests.bot.state.test_answers import KEPT
from tests.bot.state.test_lookups import PREVIEW, QUERY

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine.interfaces import DBAPIConnection

    from tests.bot.state.conftest import Place
    from tests.postgres import Server


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "state.sqlite"


def test_a_file_that_is_no_database_is_told(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"this is no database" * 400)
    with pytest.raises(StorageError, match=r"state\.sqlite cannot be used .*set paths\.data"):
        State(path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be used"):
        State(tmp_path / "file" / "state.sqlite")


def test_a_file_damaged_meanwhile_is_told(path: Path) -> None:
    state = State(path)
    answer_id = state.answers.keep(KEPT, days=30)
    state.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StorageError, match="cannot be used"):
        State(path).answers.kept(answer_id)


def test_a_write_that_fails_is_told(place: Place) -> None:
    """Read-only to the database, as on a read-only disk, whoever runs the tests."""
    state = place.open()
    state.facts.put("a", "b")

    def refuse(connection: DBAPIConnection, *_: object) -> None:
        is_sqlite = isinstance(connection, sqlite3.Connection)
        on = "PRAGMA query_only = ON" if is_sqlite else "SET default_transaction_read_only = on"
        cursor = connection.cursor()
        cursor.execute(on)
        cursor.close()
        if not is_sqlite:
            connection.commit()

    state._store.engine.dispose()
    event.listen(state._store.engine, "connect", refuse)
    with pytest.raises(StorageError, match="cannot be used"):
        state.answers.keep(KEPT, days=30)
    with pytest.raises(StorageError, match="cannot be used"):
        state.facts.put("a", "c")
    assert state.facts.get("a") == "b"


@pytest.mark.parametrize("spoiled", ["{", "{}", "[]", "spoiled"])
def test_what_cannot_be_read_is_told(place: Place, spoiled: str) -> None:
    state = place.open()
    answer_id = state.answers.keep(KEPT, days=30)
    lookup_id = state.lookups.keep(1, QUERY, days=30)
    view_id = state.views.keep(PREVIEW, days=30)
    state.guilds.change(5, private=True)
    with state._store.write() as connection:
        for column in (
            "answers.answer",
            "lookups.lookup",
            "views.payload",
            "guild_settings.settings",
        ):
            table, name = column.split(".")
            connection.execute(text(f"UPDATE {table} SET {name} = :new"), {"new": spoiled})
    with pytest.raises(StorageError, match="an answer in"):
        state.answers.kept(answer_id)
    if spoiled != "{}":
        with pytest.raises(StorageError, match="settings of a server"):
            state.guilds.settings(5)
        with pytest.raises(StorageError, match="a look-up in"):
            state.lookups.kept(lookup_id)
    if spoiled in ("{", "spoiled"):
        with pytest.raises(StorageError, match="a view in"):
            state.views.kept(view_id, PREVIEW.kind)


def test_a_closed_state_says_so(place: Place) -> None:
    state = place.open()
    state.close()
    with pytest.raises(StorageError, match="is closed"):
        state.facts.get("a")


def test_a_broken_connection_is_made_anew(postgres: Server) -> None:
    database = postgres.make()
    state = State(postgres.url(database))
    with postgres.connect() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (database,)
        )
    state.facts.put("a", "b")
    assert state.facts.get("a") == "b"
    state.close()
    postgres.drop(database)


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://u:s3cret@h/d", "sqlite://", "sqlite:///:memory:", "", "://"]
)
def test_a_url_of_something_else_is_a_mistake_of_the_configuration(url: str) -> None:
    with pytest.raises(ConfigError, match="PASSWORD@HOST") as told:
        State(url)
    assert "s3cret" not in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://metquote:s3cr%40et@/none?host={socket}",
        "postgresql://metquote:s3cr%40et@/none?host=/nowhere",
        "postgresql+psycopg://metquote:s3cr%40et@127.0.0.1:1/none",
        "postgresql+psycopg://metquote:s3cr%40et@/none?s3cr%40et=1",
    ],
)
def test_a_server_that_cannot_be_used_is_one_sentence_without_the_password(
    postgres: Server, url: str
) -> None:
    with pytest.raises(StorageError, match=r"cannot be used .* state\.url is right") as told:
        State(url.format(socket=postgres.socket))
    for shown in (str(told.value), str(told.value.__cause__)):
        assert "\n" not in str(told.value)
        assert "s3cr%40et" not in shown.replace("%40et=1", "")
    assert "s3cr@et" not in str(told.value)


def test_what_people_typed_is_not_in_errors(empty_place: Place) -> None:
    state = empty_place.open()
    with state._store.write() as connection:
        connection.execute(text("DROP TABLE facts"))
    with pytest.raises(StorageError) as told:
        state.facts.put("name", "a private question")
    assert "private question" not in f"{told.value} {told.value.__cause__}"


def test_a_sqlite_file_may_be_named_by_a_url(path: Path) -> None:
    State(f"sqlite:///{path}").close()
    assert path.exists()
