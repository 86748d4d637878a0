"""The gateway lost, resumed and begun anew: whatever was asked is answered, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.bot.discord.people import choose, moderator, new_channel, posted_in, press
from tests.bot.discord.stage import quoted, staged, texts_of
from tests.conftest import STARTER, copied
from tests.fake_discord import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.bot.discord.stage import Stage
    from tests.conftest import TinyData
    from tests.fake_discord import FakeDiscord

pytestmark = pytest.mark.asyncio(loop_scope="module")
QUESTION = "police officers injured in London"


async def _dropped(server: FakeDiscord) -> None:
    await server.drop_connection()


async def _asked_back(server: FakeDiscord) -> None:
    await server.request_reconnect()


async def _invalid(server: FakeDiscord) -> None:
    await server.invalidate_session()


async def _resumable(server: FakeDiscord) -> None:
    await server.invalidate_session(resumable=True)


async def _forgotten(server: FakeDiscord) -> None:
    await server.forget_session()


TROUBLES: dict[str, Callable[[FakeDiscord], Awaitable[None]]] = {
    "dropped": _dropped, "op 7": _asked_back, "op 9": _invalid, "op 9, resumable": _resumable,
    "RESUME refused": _forgotten,
}  # fmt: skip
# A session that is gone takes with it what Discord wanted to tell it.
RESUMED = ("dropped", "op 7", "op 9, resumable")
every_trouble = pytest.mark.parametrize("trouble", TROUBLES)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def serving(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    folder = tmp_path_factory.mktemp("gateway")
    settings = {
        "METQUOTE_PATHS_DOCUMENTS": str(_tiny_built.documents),
        "METQUOTE_ENCODER_MODEL": str(_tiny_built.model),
        "METQUOTE_ANSWER_ANSWERED_AT": "0",
        "METQUOTE_ANSWER_RELATED_AT": "0",
    }
    data = copied(_tiny_built.data, folder / "data")
    async with staged(folder, data, texts_of(STARTER), **settings) as stage:
        await stage.start()
        yield stage
        assert await stage.stop() == 0, stage.log


@pytest_asyncio.fixture(loop_scope="module")
async def stage(serving: Stage) -> AsyncIterator[Stage]:
    yield serving
    serving.server._scripts.release_all()
    serving.server._scripts._scripts.clear()
    serving.check()
    assert "Traceback" not in serving.log


def of(stage: Stage, interaction_id: int) -> int:
    """How many messages came of an interaction."""
    there = [one for one in stage.server.messages if not one.deleted]
    return sum(m.interaction is not None and m.interaction.id == interaction_id for m in there)


@pytest.mark.parametrize("trouble", RESUMED)
async def test_a_question_asked_meanwhile_is_answered_once(stage: Stage, trouble: str) -> None:
    """Discord keeps what happens for the session, and tells it when it is resumed."""
    server, ann = stage.server, stage.person()
    await TROUBLES[trouble](server)
    asked = await server.slash(ann, "ask", {"question": QUESTION}, channel=stage.channel)
    assert quoted((await asked.response()).now)
    assert of(stage, asked.id) == 1


@every_trouble
async def test_whatever_is_under_way_arrives_once(stage: Stage, trouble: str) -> None:
    """Questions before and after their acknowledgement, a direct message, a summary's Post."""
    server, ann, mo = stage.server, stage.person(), moderator(stage)
    news, where = new_channel(stage, "news"), stage.channel
    topic = {"topic": "police London disorder officers"}
    preview = await (await server.slash(mo, "summary", topic, channel=where)).response()
    await choose(stage, preview, news, mo)
    meant = quoted(preview.now)
    originals = server.hold("PATCH", Routes.ORIGINAL)
    answered = await server.slash(ann, "ask", {"question": QUESTION}, channel=where)
    await originals.arrived()
    messages = server.hold("POST", Routes.MESSAGES)
    posting = await press(stage, preview, "Post", mo)
    said = await server.direct_message(stage.person(), QUESTION)
    await server.wait_for(lambda: messages.waiting == len(("post", "reply")), "held messages")
    callbacks = server.hold("POST", Routes.CALLBACK)
    asked = await server.slash(stage.person(), "ask", {"question": QUESTION}, channel=where)
    await callbacks.arrived()

    await TROUBLES[trouble](server)
    await server.wait_ready()
    for hold in (originals, messages, callbacks):
        hold.release()

    for question in (answered, asked):
        assert quoted((await question.response()).now)
        assert of(stage, question.id) == 1
    turned = await (await press(stage, await answered.response(), "Next", ann)).response()
    assert turned is await answered.response()
    assert quoted((await server.answer_to(said)).now)
    assert len(posted_in(stage, said.channel)) == len((said, "its answer"))
    await posting.response()
    (post,) = posted_in(stage, news)
    assert quoted(post.now) == meant
    assert quoted((await stage.ask(QUESTION)).now)


async def test_the_commands_were_registered_once(stage: Stage) -> None:
    assert len(stage.server.calls("PUT", Routes.COMMANDS)) == 1
