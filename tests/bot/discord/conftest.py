"""A bot that serves for a whole module, and one for a single test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.bot.discord.cite_stage import CiteStage, cite_stage
from tests.bot.discord.growing_stage import WORDS
from tests.bot.discord.stage import Stage, staged, texts_of
from tests.conftest import STARTER, TinyData, copied

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def serving(
    starter_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """The bot over the starter documents, one process for all tests of a module."""
    folder = tmp_path_factory.mktemp("serving")
    data = copied(starter_data, folder / "data")
    async with staged(folder, data, texts_of(STARTER)) as stage:
        await stage.start()
        yield stage
        assert await stage.stop() == 0, stage.log
        stage.check()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(serving: Stage) -> AsyncIterator[Stage]:
    """The same, with what must always hold checked after each test."""
    serving.begin_test()
    yield serving
    serving.check()
    assert "Traceback" not in serving.log


@pytest.fixture
def tiny_settings(tiny: TinyData) -> dict[str, str]:
    """The bot's settings for the tiny index, of which something is always shown."""
    return _settings(tiny)


def _settings(tiny: TinyData) -> dict[str, str]:
    return {
        "METQUOTE_PATHS_DOCUMENTS": str(tiny.documents),
        "METQUOTE_ENCODER_MODEL": str(tiny.model),
        "METQUOTE_ANSWER_ANSWERED_AT": "0",
        "METQUOTE_ANSWER_RELATED_AT": "0",
    }


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tiny_serving(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    """The bot over the tiny index, one process for those tests of a module that change nothing.

    They run in the loop of their module.
    """
    folder = tmp_path_factory.mktemp("tiny-serving")
    data = copied(_tiny_built.data, folder / "data")
    texts = texts_of(_tiny_built.documents)
    async with staged(folder, data, texts, **_settings(_tiny_built)) as stage:
        await stage.start()
        yield stage
        stage.check()


@pytest_asyncio.fixture
async def tiny_stage(
    tiny: TinyData, tiny_settings: dict[str, str], tmp_path: Path
) -> AsyncIterator[Stage]:
    """A bot over documents that a test may change; the test starts it."""
    texts = texts_of(tiny.documents)
    async with staged(tmp_path, tiny.data, texts, **tiny_settings) as stage:
        yield stage
        stage.check()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def citing(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[CiteStage]:
    """The bot over documents to be cited, one process for all tests of a module."""
    async with cite_stage(tmp_path_factory.mktemp("citing"), _tiny_built) as cited:
        yield cited
        assert await cited.stage.stop() == 0, cited.stage.log


@pytest_asyncio.fixture(loop_scope="module")
async def desk(citing: CiteStage) -> AsyncIterator[CiteStage]:
    """The same, with what must always hold checked after each test."""
    yield citing
    citing.stage.check()
    assert "Traceback" not in citing.stage.log


@pytest.fixture(scope="module")
def words() -> Iterator[str]:
    """Words that no document of a growing corpus has; see `growing_stage.text_of`."""
    return iter(WORDS.split())
