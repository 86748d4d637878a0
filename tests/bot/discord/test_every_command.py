"""Everything that the bot can be asked to do: by strangers, everywhere, and in every trouble."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.discord.client import MetquoteClient
from bot.state import State
from tests.bot.discord.every_command import COMMANDS, EVERY, PRESSES, ROUTES, Use, Where, Who
from tests.bot.discord.every_stage import Theatre, acted, ended, posted, shape, theatre
from tests.bot.discord.stage import PATIENCE_S
from tests.fake_discord import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from bot.service import Service
    from tests.bot.discord.every_stage import Expected
    from tests.conftest import TinyData
    from tests.fake_discord import Message

pytestmark = pytest.mark.asyncio(loop_scope="module")
every_use = pytest.mark.parametrize("use", EVERY, ids=str)
_USUAL: dict[str, Expected] = {}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def serving(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Theatre]:
    async with theatre(tmp_path_factory.mktemp("every"), _tiny_built) as found:
        yield found
        # Nothing came twice, however late.
        for what, scene, sent, expected, notices in found.kept:
            there, usually = shape(scene, sent), expected()
            assert usually[0] <= there[0] <= usually[0] + notices, what
            assert there[1:] == usually[1:], what


@pytest_asyncio.fixture(loop_scope="module")
async def stage(serving: Theatre) -> AsyncIterator[Theatre]:
    read = len(serving.stage.log)
    yield serving
    server = serving.stage.server
    server._scripts._scripts.clear()
    # Whether a form is open nobody can tell whose line was cut; to say so is worth a try.
    broken = [one for one in server.violations if "with MODAL" not in one.detail]
    # Each test answers for itself.
    server._state.violations.clear()
    assert broken == []
    assert "Traceback" not in serving.stage.log[read:]


async def usual(stage: Theatre, use: Use) -> Expected:
    """What comes of it where nothing goes wrong."""
    if str(use) not in _USUAL:
        scene = stage.scene(use)
        sent = await acted(use, scene, await use.ready(scene))
        _USUAL[str(use)] = partial(shape, scene, sent)
    return _USUAL[str(use)]


def is_same(before: Message | None, versions: int) -> bool:
    """Whether nothing was done to the message that was pressed."""
    return before is None or len(before.versions) == versions


async def test_the_table_is_whole(
    stage: Theatre, service_of: Callable[[], Service], tmp_path: Path
) -> None:
    registered = set()
    for command in stage.stage.server.commands:
        parts = [one for one in command.get("options") or () if one["type"] == 1]
        registered |= {f"{command['name']} {one['name']}" for one in parts} or {command["name"]}
    assert {use.name for use in COMMANDS} == registered
    state = State(tmp_path / "state.sqlite")
    assert {use.name for use in PRESSES} == set(MetquoteClient(service_of(), state).actions)
    state.close()
    assert len({str(use) for use in EVERY}) == len(EVERY)


@every_use
async def test_who_may_not_is_told_privately_and_nothing_is_done(stage: Theatre, use: Use) -> None:
    scene, server = stage.scene(use), stage.stage.server
    if use.stranger is None and use.who is Who.MEMBER:
        await usual(stage, use)
        return
    ready = await use.ready(scene)
    versions = 0 if ready.message is None else len(ready.message.versions)
    before, somebody = posted(scene), scene.person
    if scene.role is not None:
        # Whoever was allowed a moment ago, and no longer is.
        server.take_role(scene.person, scene.role)
        if not use.press:
            assert scene.channel.guild is not None
            server.permit_command(use.name.split()[0], scene.person, scene.channel.guild)
    else:
        somebody = stage.stage.person("Stranger")
    told = await (await ready.act(somebody)).response()
    assert told.private_to == somebody
    assert told.content.startswith(use.stranger or "?")
    assert "\n" not in told.content
    assert not told.embeds
    assert posted(scene) == before
    assert is_same(ready.message, versions)


@pytest.mark.parametrize("where", [Where.DIRECT, Where.ABROAD], ids=lambda one: one.value)
@every_use
async def test_in_every_place_it_works_or_is_not_offered(
    stage: Theatre, use: Use, where: Where
) -> None:
    scene = stage.scene(use, where)
    try:
        ready = await use.ready(scene)
        sent = await ready.act(scene.person)
    except (PermissionError, LookupError):
        assert where not in use.where
        return
    if where in use.where:
        await ended(use, sent)
        assert not any(one.content.startswith("That did not work") for one in sent.messages)
    else:
        told = await sent.response()
        assert told.private_to == scene.person
        assert not told.embeds


@every_use
async def test_a_rate_limit_on_every_route_delays_it_and_doubles_nothing(
    stage: Theatre, use: Use
) -> None:
    expected, scene, server = await usual(stage, use), stage.scene(use), stage.stage.server
    ready = await use.ready(scene)
    for method, route in (*ROUTES, ("POST", Routes.MESSAGES)):
        server.limit_rate(method, route, retry_after=0.01)
    sent = await acted(use, scene, ready)
    stage.kept.append((f"429 {use}", scene, sent, expected, 0))


@every_use
async def test_what_discord_forgot_is_shown_to_nobody_else(stage: Theatre, use: Use) -> None:
    scene, server = stage.scene(use), stage.stage.server
    ready = await use.ready(scene)
    before, since = posted(scene), len(server.requests)
    server.fail("POST", Routes.CALLBACK, code=10062)
    sent = await ready.act(scene.person)
    if use.public and not use.press:
        # A public answer goes into the channel by itself.
        await server.wait_for(lambda: posted(scene)[len(before) :], "answer", PATIENCE_S)
        return
    await server.wait_for(
        lambda: any(one.status == 404 for one in server.requests[since:]), "refusal", PATIENCE_S
    )
    # What discord.py tries again may still be told to the person alone.
    stage.kept.append((f"10062 {use}", scene, sent, lambda: (0, 0, 0), 2))
    assert posted(scene) == before


@every_use
async def test_what_was_acknowledged_before_is_answered_once(stage: Theatre, use: Use) -> None:
    """The first of two requests was heeded, and its answer lost: 40060 comes of the second."""
    expected, scene, server = await usual(stage, use), stage.scene(use), stage.stage.server
    ready = await use.ready(scene)
    server.fail("POST", Routes.CALLBACK, code=40060, acted=True)
    sent = await acted(use, scene, ready)
    stage.kept.append((f"40060 {use}", scene, sent, expected, 0))


@pytest.mark.parametrize("what", ["acknowledgement", "answer"])
@every_use
async def test_a_line_cut_in_the_middle_of_an_answer(stage: Theatre, use: Use, what: str) -> None:
    expected, scene, server = await usual(stage, use), stage.scene(use), stage.stage.server
    ready = await use.ready(scene)
    for method, route in ROUTES[:1] if what == "acknowledgement" else ROUTES[1:]:
        server.cut(method, route)
    sent = await ready.act(scene.person)
    if use.press and use.follows:
        await sent.followup()
    else:
        await ended(use, sent)
    # Where nobody can tell whether it was shown, the person is told so.
    stage.kept.append((f"cut {what} {use}", scene, sent, expected, 1))


@pytest.mark.parametrize("use", [use for use in EVERY if use.public], ids=str)
async def test_what_automod_refuses_is_told_privately(stage: Theatre, use: Use) -> None:
    scene, server = stage.scene(use), stage.stage.server
    ready = await use.ready(scene)
    versions = 0 if ready.message is None else len(ready.message.versions)
    before = posted(scene)
    assert scene.channel.guild is not None
    server.forbid_words(scene.channel.guild, "*e*")
    sent = await ready.act(scene.person)

    def told() -> bool:
        return any(one.ephemeral and "AutoMod" in one.content for one in sent.messages)

    await server.wait_for(told, "word on AutoMod", PATIENCE_S)
    assert [one for one in posted(scene) if one not in before and not one.loading] == []
    assert is_same(ready.message, versions) or ready.message.ephemeral  # type: ignore[union-attr]
