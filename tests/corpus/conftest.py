"""What tests of fetching share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.publisher import Publisher
from tests.publisher.connections import connections
from tests.publisher.world import World

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with Publisher.open() as publisher:
        yield publisher


@pytest.fixture
def connected() -> Iterator[list[str]]:
    with connections() as heard:
        yield heard


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with Publisher.open() as publisher:
        yield World(publisher, tmp_path / "data" / "feeds.sqlite")
