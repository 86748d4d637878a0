"""States on both databases: what holds on one holds on the other."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from bot.state import State
from bot.state.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres import Server

DAY = 86_400.0


@dataclass(slots=True)
class Clock:
    """A clock that goes when it is told to."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(slots=True)
class Place:
    """A database of one test's own, and the states that the test opened there."""

    where: Path | str
    clock: Clock = field(default_factory=Clock)
    opened: list[State] = field(default_factory=list)

    @property
    def is_sqlite(self) -> bool:
        return not isinstance(self.where, str)

    def open(self, *, real_clock: bool = False) -> State:
        """A state, as another process would have it, by the test's clock or the real one."""
        self.opened.append(State(self.where, clock=None if real_clock else self.clock))
        return self.opened[-1]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A database without any table."""
    if request.param == "sqlite":
        place = Place(tmp_path / "data" / "state.sqlite")
        yield place
    else:
        server: Server = request.getfixturevalue("postgres")
        name = server.make()
        place = Place(server.url(name))
        yield place
    for state in place.opened:
        state.close()
    if not place.is_sqlite:
        server.drop(name)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "state.sqlite"
    State(path).close()
    return path


@pytest.fixture(scope="session")
def _postgres_shared(postgres: Server) -> str:
    """A database that tests may fill: making one takes thirty times as long as emptying it."""
    name = postgres.make()
    State(postgres.url(name)).close()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A database with today's tables, and nothing in them; the tables are not to be changed."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("_sqlite_template")
        shutil.copy(template, tmp_path)
        place = Place(tmp_path / template.name)
        yield place
    else:
        server: Server = request.getfixturevalue("postgres")
        name: str = request.getfixturevalue("_postgres_shared")
        with server.connect(name) as connection:
            for table in reversed(METADATA.sorted_tables):
                connection.execute(f"DELETE FROM {table.name}".encode())
        place = Place(server.url(name))
        yield place
    for state in place.opened:
        state.close()


@pytest.fixture
def clock(place: Place) -> Clock:
    return place.clock


@pytest.fixture
def state(place: Place) -> State:
    return place.open()


@pytest.fixture
def other(place: Place) -> State:
    """A second process's, as far as the database can tell."""
    return place.open()
