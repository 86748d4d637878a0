"""Whatever people type and documents hold: it pings nobody, is no link, and stays what it is."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
import yaml

from tests.bot.discord.every_command import EVERY, Use
from tests.bot.discord.every_stage import DOCUMENTS, Theatre, theatre
from tests.bot.discord_syntax import HOSTILE, live_forms, live_links

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.conftest import TinyData
    from tests.fake_discord import Interaction, MessageVersion

pytestmark = pytest.mark.asyncio(loop_scope="module")

_ALL = " ".join(text.replace("\n", " ") for text in HOSTILE.values())
# Each kind of a text as long as Discord lets it be typed: of a form, an option, a name, a file.
TEXTS = {
    "question": f"What did the police say? {_ALL}"[:6_000],
    "speaker": "[Mary](https://evil.example/a) @everyone <@1>"[:100],
    "topic": f"the carnival patrols {_ALL}"[:300],
    "text": f"“The choir of number 3 sang well.” {_ALL}"[:6_000],
    "message": f"Inspector Ada Brook said: “{_ALL[:900]}” {_ALL}"[:2_000],
    "reason": _ALL[:400],
    "note": _ALL[:900],
    "title": "[t](https://evil.example) @everyone *x* \u202e# <@1>",
    "filename": "[f](https:__evil.example) @everyone <@1> *x*.md",
    "file": (
        '---\ntitle: "[t](https://evil.example) @everyone *x* <@1>"\n'
        'publisher: "||P|| `code` <#1>"\nauthor: "<@&2> @here"\nkind: news\n'
        f'url: "https://evil.example/a_b*c*(d)[e]"\n---\nNumber {{number}}. {_ALL}\n\n'
        + "\n\n".join(f"{text}\nSo it was, {{number}}." for text in HOSTILE.values())
    ),
}
_LONG = "x" * 10_000
NAME = "@everyone <@1> [a](https://evil.example) *b*\u202e"
_OF_DISCORD = re.compile(r"https://discord\.com/channels/(?:\d+|@me)/\d+/\d+")
every_use = pytest.mark.parametrize("use", EVERY, ids=str)


def hostile_documents() -> dict[str, str]:
    """The usual documents, with hostile words around what people find in them."""
    found = dict(DOCUMENTS)
    for at, (name, text) in enumerate(DOCUMENTS.items()):
        if name.startswith("patrol"):
            words = list(HOSTILE.values())[at % len(HOSTILE)]
            found[name] = f"{text}\n\nThe carnival patrols: {words}"
    found["everything"] = "\n\n".join(
        f"Police officers injured in London. {text}" for text in HOSTILE.values()
    )
    found["endless"] = f"Police officers injured in London {_LONG} at last."
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def serving(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Theatre]:
    folder = tmp_path_factory.mktemp("hostile")
    async with theatre(folder, _tiny_built, hostile_documents()) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def stage(serving: Theatre) -> AsyncIterator[Theatre]:
    read, seen = len(serving.stage.log), len(serving.stage.server.messages)
    yield serving
    server = serving.stage.server
    assert server.violations == []
    assert server.pings == []
    assert server.unguarded == []
    assert "Traceback" not in serving.stage.log[read:]
    sources = addresses(Path(serving.stage.environment["METQUOTE_PATHS_DOCUMENTS"]))
    for message in server.messages[seen:]:
        if message.author == server.bot:
            for version in message.versions:
                harmless(version, sources)


def addresses(documents: Path) -> set[str]:
    """Where the documents, and those that were handed in here, say that they are found."""
    texts = [TEXTS["file"], *(path.read_text("utf-8") for path in documents.glob("*.md"))]
    stated = [yaml.safe_load(text.split("---\n", 2)[1]) for text in texts if text[:4] == "---\n"]
    return {one["url"] for one in stated if one.get("url")}


def harmless(version: MessageVersion, sources: set[str]) -> None:
    """No mention of anybody, and no link but to a source of ours or into Discord."""
    texts = [version.content, *(embed.get("description") or "" for embed in version.embeds)]
    for text in texts:
        alive = live_forms(text)
        assert not {"user", "role", "everyone", "command", "navigation"} & {*alive}, text
        for line in text.split("\n"):
            links = live_links(line)
            if line.startswith("> "):
                assert links == [], line
            for link in links:
                # A link to the words themselves ends in their place on the page.
                source = link.partition("#:~:text=")[0]
                assert source in sources or _OF_DISCORD.fullmatch(link), (link, line)
    for mention in version.mentions:
        raise AssertionError(mention)


async def settled(use: Use, sent: Interaction) -> None:
    """Wait until it is answered, one way or the other."""
    if use.form:
        await sent.modal()
        return
    await sent.response()


@every_use
async def test_hostile_texts_through_everything(stage: Theatre, use: Use) -> None:
    # Nobody is called so, and what is not found has no buttons.
    typed = {what: text for what, text in TEXTS.items() if what != "speaker" or not use.press}
    scene = replace(stage.scene(use, name=NAME), texts=typed)
    ready = await use.ready(scene)
    sent = await ready.act(scene.person)
    await settled(use, sent)
    for message in sent.messages:
        assert message.content or message.embeds or message.attachments
        assert "That did not work" not in message.content
        assert "could not be looked up" not in message.content


async def test_everything_shown_is_the_slice(stage: Theatre) -> None:
    """All of the quotations above, each found where its footer says."""
    assert len(stage.stage.promised()) > len(EVERY)
