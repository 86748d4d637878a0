"""Writes of many in one transaction."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from bot.discord.writing import Writing
from corpus.errors import StorageError

if TYPE_CHECKING:
    from tests.bot.state.conftest import Place


def test_what_each_gave_comes_back_in_order(place: Place) -> None:
    state = place.open()

    def put(name: str) -> str:
        state.facts.put(name, name)
        return name

    assert state.together([lambda: put("a"), lambda: put("b")]) == ["a", "b"]
    assert (state.facts.get("a"), state.facts.get("b")) == ("a", "b")


def test_one_that_fails_takes_nothing_of_the_others_with_it(place: Place) -> None:
    state = place.open()

    def breaks() -> None:
        with state._store.write() as connection:
            connection.execute(text("INSERT INTO facts (name, value) VALUES ('c', 'c')"))
            connection.execute(text("INSERT INTO facts (name, value) VALUES ('c', 'again')"))

    works: list[Any] = [
        lambda: state.facts.put("a", "1"), breaks, lambda: state.facts.put("b", "2")
    ]  # fmt: skip
    first, second, third = state.together(works)
    assert first is third is None
    assert isinstance(second, StorageError)
    assert [state.facts.get(name) for name in "abc"] == ["1", "2", None]


async def test_what_comes_at_once_is_all_written_and_a_failure_is_its_own(place: Place) -> None:
    state = place.open()
    writing = Writing(state)

    def fails() -> None:
        raise StorageError("no room")

    results = await asyncio.gather(
        *(writing.write(partial(state.facts.put, f"f{n}", str(n))) for n in range(250)),
        writing.write(fails),
        return_exceptions=True,
    )
    writing.close()
    assert results[:250] == [None] * 250
    assert str(results[250]) == "no room"
    assert [state.facts.get(f"f{n}") for n in range(250)] == [str(n) for n in range(250)]


async def test_a_database_that_cannot_be_used_is_told_to_each(empty_place: Place) -> None:
    state = empty_place.open()
    writing = Writing(state)
    with state._store.write() as connection:
        connection.execute(text("DROP TABLE facts"))
    writes = [writing.write(lambda: state.facts.put("a", "b")) for _ in range(3)]
    results = await asyncio.gather(*writes, return_exceptions=True)
    writing.close()
    assert [type(result) for result in results] == [StorageError] * 3
