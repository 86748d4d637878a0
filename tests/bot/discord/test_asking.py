"""Questions by command, by mention and in direct messages, and their answers."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.messages.emergency import ADVICE
from bot.pages import DISCLAIMER
from tests.bot.discord.stage import quoted
from tests.bot.discord_syntax import HOSTILE, as_seen, live_forms
from tests.fake_discord import CallbackType

if TYPE_CHECKING:
    from tests.bot.discord.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

_QUESTION = "How many officers were hurt in Brixton?"
_BRIXTON = "extra-officers-after-brixton-street-party"
_QUESTIONS = Path(__file__).parents[2] / "data" / "questions.jsonl"
_CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"


async def test_a_question_is_answered_in_the_sources_words(stage: Stage) -> None:
    message = await stage.ask(_QUESTION)
    assert message.public
    first, asked, disclaimer = message.content.split("\n")
    assert first.startswith("**Answered** · confidence 0.")
    assert asked == f"-# Asked: {_QUESTION}"
    assert disclaimer == f"-# {DISCLAIMER}"
    assert quoted(message.now)
    brixton = [e for e in message.embeds if e["footer"]["text"].startswith(_BRIXTON)]
    assert "26 June 2020" in brixton[0]["description"]


async def test_it_is_acknowledged_within_three_seconds_and_before_the_search(stage: Stage) -> None:
    person = stage.person()
    hold = stage.server.hold("POST", _CALLBACK)
    asked = await stage.server.slash(person, "ask", {"question": _QUESTION}, channel=stage.channel)
    await hold.arrived()
    assert asked.messages == [], "nothing is written before the acknowledgement"
    hold.release()
    assert await asked.acknowledged() is CallbackType.DEFERRED_CHANNEL_MESSAGE
    message = await asked.response()
    assert len(message.versions) == 2
    again = await stage.server.slash(person, "ask", {"question": "Drugs?"}, channel=stage.channel)
    await again.response()
    assert again.acknowledged_after is not None
    assert again.acknowledged_after < 3


async def test_a_private_answer_is_for_the_asker_alone(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    message = await stage.ask(_QUESTION, by=ann, private=True)
    assert message.ephemeral
    assert message.visible_to(ann)
    assert not message.visible_to(bob)
    assert quoted(message.now)


async def test_dates_narrow_the_answer(stage: Stage) -> None:
    message = await stage.ask("Who was hurt?", since="2020-06", until="2020")
    assert {one.document for one in quoted(message.now)} == {_BRIXTON}
    assert "1 document has no date and was left out by the date filter" in message.content
    nothing = await stage.ask("Who was hurt?", until="1999-12-31")
    assert "**Not in the corpus**" in nothing.content
    assert nothing.embeds == ()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"question": "x", "since": "yesterday"}, "Since: 'yesterday' is not a date such as"),
        ({"question": "x", "until": "2020-02-30"}, "Until: day is out of range for month"),
        ({"question": "x", "since": "2021", "until": "2020"}, "Since is later than until"),
        ({"question": "   "}, "The question is empty; ask something"),
        ({"question": "\u200b\u202e"}, "The question is empty; ask something"),
        ({"question": "x" * 4_001}, "The question has 4,001 characters and the most is 4,000"),
        ({"question": "x " * 3_000}, "The question has 6,000 characters and the most is 4,000"),
    ],
)
async def test_wrong_input_is_told_to_the_asker_alone(
    stage: Stage, options: dict[str, str], complaint: str
) -> None:
    asked = await stage.server.slash(stage.person(), "ask", options, channel=stage.channel)
    message = await asked.response()
    assert message.ephemeral
    assert as_seen(message.content).startswith(complaint)
    assert message.content.endswith((".", "?"))


async def test_a_mention_is_answered_by_a_reply(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    said = await server.say(ann, stage.channel, _QUESTION, mentions=[server.bot])
    message = await server.answer_to(said)
    assert message.reference is said
    assert f"-# Asked: {_QUESTION}" in message.content
    assert quoted(message.now)


async def test_a_bare_mention_is_told_how_to_ask(stage: Stage) -> None:
    server = stage.server
    said = await server.say(stage.person(), stage.channel, server.bot.mention)
    message = await server.answer_to(said)
    assert message.content.startswith("Ask me what the Metropolitan Police said")
    assert message.embeds == ()


async def test_a_direct_message_is_a_question(stage: Stage) -> None:
    ann = stage.person()
    said = await stage.server.direct_message(ann, _QUESTION)
    message = await stage.server.answer_to(said)
    assert quoted(message.now)
    long = await stage.server.direct_message(ann, "why " * 500)
    assert "**" in (await stage.server.answer_to(long)).content


async def test_a_reply_to_the_bots_message_is_a_question(stage: Stage) -> None:
    server, ann = stage.server, stage.person()
    said = await server.say(ann, stage.channel, _QUESTION, mentions=[server.bot])
    message = await server.answer_to(said)
    more = await server.say(ann, stage.channel, "And what about drugs?", reply_to=message)
    assert "-# Asked: And what about drugs?" in (await server.answer_to(more)).content


async def test_other_bots_and_other_talk_are_left_alone(stage: Stage) -> None:
    server, robot = stage.server, stage.server.add_user("Robot", bot=True)
    before = len(server.messages)
    await server.say(robot, stage.channel, _QUESTION, mentions=[server.bot])
    await server.say(stage.person(), stage.channel, _QUESTION)
    await server.say(stage.person(), stage.channel, f"{_QUESTION} @everyone")
    # What was sent after them has been answered: they were read, and left alone.
    await stage.ask(_QUESTION)
    assert len(server.messages) == before + 4


async def test_an_emergency_hears_of_999_first(stage: Stage) -> None:
    message = await stage.ask("Help, somebody is breaking into my house right now!")
    assert message.content.startswith(ADVICE)
    wrong = await stage.ask("I am being attacked", since="now")
    assert wrong.content.startswith(ADVICE)
    said = await stage.server.direct_message(stage.person(), "call the police now")
    assert (await stage.server.answer_to(said)).content.startswith(ADVICE)


@pytest.mark.parametrize("form", HOSTILE)
async def test_a_hostile_question_is_shown_dead(stage: Stage, form: str) -> None:
    question = f"Who was hurt? {HOSTILE[form]}"
    message = await stage.ask(question)
    (asked,) = [line for line in message.content.split("\n") if line.startswith("-# Asked: ")]
    assert live_forms(asked.removeprefix("-# ")) == {}
    said = await stage.server.direct_message(stage.person(), question)
    assert asked in (await stage.server.answer_to(said)).content


async def test_a_hostile_mention_pings_nobody(stage: Stage) -> None:
    server, bob = stage.server, stage.person("Bob")
    text = f"@everyone @here {bob.mention} <@&1> [x](https://evil.example) who was hurt?"
    said = await server.say(stage.person(), stage.channel, text, mentions=[server.bot])
    message = await server.answer_to(said)
    assert message.now.guarded
    (asked,) = [line for line in message.content.split("\n") if line.startswith("-# Asked: ")]
    assert live_forms(asked.removeprefix("-# ")) == {}


async def test_a_very_long_message_is_told(stage: Stage) -> None:
    said = await stage.server.direct_message(stage.person(), "why? " * 2_000)
    message = await stage.server.answer_to(said)
    assert message.content.startswith("The question has 9,999 characters and the most is 4,000")


async def test_fifty_questions_at_once_are_all_answered(stage: Stage) -> None:
    lines = _QUESTIONS.read_text("utf-8").splitlines()[:50]
    questions = [json.loads(line)["question"] for line in lines]
    answers = await asyncio.gather(*(stage.ask(question) for question in questions))
    for question, message in zip(questions, answers, strict=True):
        assert question[:40] in as_seen(message.content)
    assert sum(len(quoted(message.now)) for message in answers) > 50


async def test_no_privileged_intent_is_asked_for(stage: Stage) -> None:
    (session,) = stage.server.gateway.sessions.values()
    privileged = (1 << 1) | (1 << 8) | (1 << 15)
    assert session.intents & privileged == 0
    assert "ask" in {command["name"] for command in stage.server.commands}
