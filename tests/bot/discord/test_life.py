"""Starting, stopping, and being refused: a sentence each, and never the token."""

from __future__ import annotations

import os
import signal
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests.bot.discord.stage import quoted

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage

_QUESTION = "police officers injured in London"
# An orchestrator kills after ten; it takes a fraction of one.
_SOON_S = 8
_WRONG = "wrong-token-of-nobody"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_when_told(tiny_stage: Stage, number: signal.Signals) -> None:
    tiny_stage.cold = True
    await tiny_stage.start()
    assert quoted((await tiny_stage.ask(_QUESTION)).now)
    told = time.monotonic()
    assert await tiny_stage.stop(number) == 0
    assert time.monotonic() - told < _SOON_S
    assert tiny_stage.log.rstrip().endswith("told to stop")
    # 1000 is meant; discord.py's own reader is often quicker, and says 4000.
    assert tiny_stage.server.gateway.closes[-1] in (1000, 4000)
    assert "Traceback" not in tiny_stage.log


async def test_it_stops_while_it_answers(tiny_stage: Stage) -> None:
    await tiny_stage.start()
    server = tiny_stage.server
    hold = server.hold("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original")
    await server.slash(
        tiny_stage.person(), "ask", {"question": _QUESTION}, channel=tiny_stage.channel
    )
    await hold.arrived()
    assert await tiny_stage.stop() == 0


async def test_commands_are_registered_once_and_after_a_change(tiny_stage: Stage) -> None:
    for _ in range(2):
        await tiny_stage.start()
        assert await tiny_stage.stop() == 0
        await tiny_stage.server.wait_gone()
    assert len(tiny_stage.server.calls("PUT", "/applications/*/commands")) == 1
    (tiny_stage.folder / "data" / "state.sqlite").unlink()
    await tiny_stage.start()
    assert len(tiny_stage.server.calls("PUT", "/applications/*/commands")) == 2


async def test_a_wrong_token_is_one_sentence(tiny_stage: Stage) -> None:
    tiny_stage.cold = True
    await tiny_stage.launch(METQUOTE_DISCORD_TOKEN=_WRONG)
    assert await tiny_stage.ended() == 2
    assert tiny_stage.log.startswith("metquote: Discord refused the token; copy it again")
    assert tiny_stage.log.count("\n") == 1
    assert _WRONG not in tiny_stage.log
    tiny_stage.server._state.violations.clear()


async def test_no_token_is_one_sentence(tiny_stage: Stage) -> None:
    await tiny_stage.launch(METQUOTE_DISCORD_TOKEN="")
    assert await tiny_stage.ended() == 2
    assert tiny_stage.log.startswith("metquote: no Discord token: make an application")
    assert tiny_stage.log.count("\n") == 1
    assert tiny_stage.server.requests == ()


async def test_a_token_from_a_file(tiny_stage: Stage) -> None:
    path = tiny_stage.folder / "token"
    path.write_text(f" {tiny_stage.server.token}\n")
    await tiny_stage.start(METQUOTE_DISCORD_TOKEN="", METQUOTE_DISCORD_TOKEN_FILE=str(path))
    assert quoted((await tiny_stage.ask(_QUESTION)).now)


async def test_an_unreachable_discord_is_one_sentence(tiny_stage: Stage) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # taken, and nobody listens
        base = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v10"
        await tiny_stage.launch(METQUOTE_DISCORD_API_BASE=base)
        assert await tiny_stage.ended() == 1
    assert tiny_stage.log.startswith("metquote: Discord cannot be reached (")
    assert tiny_stage.log.count("\n") == 1


async def test_an_unreachable_gateway_is_told(tiny_stage: Stage) -> None:
    """The HTTP API answers, and the gateway does not."""
    await tiny_stage.launch(METQUOTE_DISCORD_GATEWAY=tiny_stage.server.gateway_url + "-nowhere")
    assert await tiny_stage.ended() == 1
    last = tiny_stage.log.rstrip().splitlines()[-1]
    assert last == "metquote: Discord cannot be reached (its gateway); try again"


async def test_a_state_that_cannot_be_used_is_one_sentence(tiny_stage: Stage) -> None:
    (tiny_stage.folder / "data" / "state.sqlite").write_bytes(os.urandom(8_192))
    await tiny_stage.launch()
    assert await tiny_stage.ended() == 1
    assert "state.sqlite cannot be used" in tiny_stage.log
    assert tiny_stage.log.count("\n") == 1
