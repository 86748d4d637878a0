"""The one promise: whatever was shown as somebody's words is a slice of a stored document."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

_QUESTIONS = Path(__file__).parents[2] / "data" / "questions.jsonl"
_EVERY = 3


async def turn_everything(stage: Stage, question: str) -> None:
    """Ask, and turn to the last page."""
    person = stage.person()
    message = await stage.ask(question, by=person)
    while message.buttons and not message.button("Next").disabled:
        await (await stage.server.click(message, message.button("Next"), person)).response()


async def test_every_version_of_every_message_keeps_it(stage: Stage) -> None:
    lines = _QUESTIONS.read_text("utf-8").splitlines()[::_EVERY]
    questions = [json.loads(line)["question"] for line in lines]
    await asyncio.gather(*(turn_everything(stage, question) for question in questions))
    found = stage.promised()
    assert len(found) > 400
    assert {one.document for one in found} == set(stage.texts)
    lengths = {len(one.text) for one in found}
    assert min(lengths) < 60
    assert max(lengths) > 300


async def test_the_check_would_notice(stage: Stage) -> None:
    """A character more, or one place further, and the promise is broken."""
    await stage.ask("Who was hurt in Brixton?")
    (one, *_) = stage.promised()
    whole = stage.texts
    for spoiled in (f" {whole[one.document]}", whole[one.document].replace("e", "é")):
        stage.texts = {**whole, one.document: spoiled}
        with pytest.raises(AssertionError, match=one.document):
            stage.promised()
    stage.texts = whole
