"""Documents whose words would be Discord's markup: shown, exact, and dead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.bot.conftest import add_document
from tests.bot.discord.stage import quoted, staged, texts_of
from tests.bot.discord_syntax import HOSTILE, live_forms

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.bot.discord.stage import Stage
    from tests.conftest import TinyData

# A word of its own for each form, by which it can be asked for.
_WORDS = dict(
    zip(
        HOSTILE,
        """aardvark badger camel dolphin elephant ferret gazelle hamster iguana jaguar koala lemur
        mongoose narwhal ocelot panther quail rabbit salmon tortoise urchin vulture walrus yak
        zebra alpaca bison cheetah donkey emu falcon gorilla""".split(),
        strict=False,
    )
)
_FRONT = (
    'kind: news\ntitle: "[t](https://evil.example) @everyone *x* \\u202e# <@1>"\n'
    'publisher: "||P|| `code` <#1>"\nurl: "https://evil.example/a_b*c*(d)[e]?f=~~g~~&h=||i||"'
)


def text_of(form: str) -> str:
    """A paragraph with the form in it, and one that begins with it."""
    word = _WORDS[form]
    return f"The {word} spoke to police. {HOSTILE[form]}\n\n{HOSTILE[form]}\nSo said the {word}."


@pytest.fixture
def hostile(tiny: TinyData) -> TinyData:
    for form in HOSTILE:
        add_document(tiny.documents, form.replace(" ", "-"), text_of(form), _FRONT)
    everything = "\n\n".join(f"{HOSTILE[form]} Every {_WORDS[form]}." for form in HOSTILE)
    add_document(tiny.documents, "everything", everything, _FRONT)
    tiny.build()
    return tiny


@pytest_asyncio.fixture
async def hostile_stage(
    hostile: TinyData, tiny_settings: dict[str, str], tmp_path: Path
) -> AsyncIterator[Stage]:
    texts = texts_of(hostile.documents)
    async with staged(tmp_path, hostile.data, texts, **tiny_settings) as stage:
        await stage.start()
        yield stage
        stage.check()


async def test_every_form_is_shown_exact_and_dead(hostile_stage: Stage) -> None:
    """`Stage.check` and `quoted` hold every excerpt against its slice and the model."""
    assert len(_WORDS) == len(HOSTILE)
    shown = ""
    for form, word in _WORDS.items():
        person = hostile_stage.person()
        message = await hostile_stage.ask(f"What did the {word} say?", by=person)
        documents = {one.document for one in quoted(message.now)}
        assert documents & {form.replace(" ", "-"), "everything"}, form
        for embed in message.embeds:
            source = next(line for line in embed["description"].split("\n") if line[:1] == "*")
            assert {*live_forms(source)} == {"star"}, "the title is in italics, and no more"
            assert "\u202e" not in source
        while message.buttons and not message.button("Next").disabled:
            click = await hostile_stage.server.click(message, message.button("Next"), person)
            await click.response()
        shown += "\n".join(one.text for one in hostile_stage.promised())
    missing = [
        form
        for form, text in HOSTILE.items()
        if not any(line.strip() in shown for line in text.split("\n"))
    ]
    assert missing == []
