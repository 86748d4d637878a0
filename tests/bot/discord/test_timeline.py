"""``/timeline``: a picture and a list of what was said when."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from PIL import Image

from bot.state import State
from tests.bot.discord.cite_stage import post_of
from tests.bot.discord.stage import quoted
from tests.bot.discord.timeline_stage import (
    FILE,
    HOSTILE_TITLE,
    TOPIC,
    YEARS,
    Topic,
    timeline_stage,
)
from tests.bot.discord_syntax import HOSTILE, as_seen, live_forms
from tests.fake_discord import Routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.conftest import TinyData
    from tests.fake_discord import Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Topic]:
    async with timeline_stage(tmp_path_factory.mktemp("timeline"), _tiny_built) as topic:
        yield topic
        assert await topic.stage.stop() == 0, topic.stage.log


@pytest_asyncio.fixture(loop_scope="module")
async def topic(told: Topic) -> AsyncIterator[Topic]:
    yield told
    told.stage.check()
    assert "Traceback" not in told.stage.log


async def pages(topic: Topic, message: Message, by: User) -> list[str]:
    """The documents of every page, turned by whoever asked."""
    found = [one.document for one in quoted(message.now)]
    while message.buttons and not message.button("Next").disabled:
        await topic.click(message, "Next", by)
        found += [one.document for one in quoted(message.now)]
    return found


async def test_a_picture_with_alt_text_and_the_same_as_a_list(topic: Topic) -> None:
    ann = topic.stage.person()
    picture, listed = await topic.ask(TOPIC, ann)
    assert picture.public
    assert listed.public
    file = picture.file(FILE)
    assert Image.open(io.BytesIO(file.content)).format == "PNG"
    assert str(file.description).startswith(f"Timeline of “{TOPIC}”: ")
    assert "news, The Met" in str(file.description)
    assert picture.embeds[0]["image"]["url"].endswith(FILE)
    assert picture.content.startswith(f"**Timeline** of {TOPIC}: ")
    assert picture.buttons == ()
    found = await pages(topic, listed, ann)
    patrols = [f"patrol-{year}" for year in YEARS]
    assert [name for name in found if name in patrols] == patrols
    assert found[-1] == "undated"
    first = listed.versions[0].embeds[0]["description"]
    assert first.startswith("**5 August 2011** · news · The Met · ")


async def test_both_messages_are_remembered_with_what_they_show(topic: Topic) -> None:
    picture, listed = await topic.ask(TOPIC)
    drawn = await post_of(topic.stage, picture)
    shown = await post_of(topic.stage, listed)
    assert drawn.kind == "timeline-picture"
    assert {one.document_id for one in drawn.excerpts} >= {f"patrol-{year}" for year in YEARS}
    assert "undated" not in {one.document_id for one in drawn.excerpts}
    assert [one.document_id for one in shown.excerpts] == [
        one.document for one in quoted(listed.now)
    ]


async def test_dates_narrow_it_and_undated_documents_are_counted(topic: Topic) -> None:
    ann = topic.stage.person()
    picture, listed = await topic.ask(TOPIC, ann, since="2012", until="2014-12")
    names = await pages(topic, listed, ann)
    assert [name for name in names if name.startswith("patrol")] == [
        "patrol-2012", "patrol-2013", "patrol-2014",
    ]  # fmt: skip
    assert "undated left out by the date filter" in picture.content


async def test_a_private_timeline_is_for_the_asker_alone(topic: Topic) -> None:
    ann, bob = topic.stage.person("Ann"), topic.stage.person("Bob")
    for message in await topic.ask(TOPIC, ann, private=True):
        assert message.private_to == ann
        assert not message.visible_to(bob)


async def test_the_asker_turns_pages_and_nobody_else(topic: Topic) -> None:
    ann, bob = topic.stage.person("Ann"), topic.stage.person("Bob")
    _, listed = await topic.ask(TOPIC, ann)
    before = listed.now
    refused = await topic.click(listed, "Next", bob)
    assert refused.private_to == bob
    assert refused.content.startswith("Only the person who asked can turn these pages.")
    assert listed.now == before
    await topic.click(listed, "Next", ann)
    assert "page 2 of" in listed.content
    await topic.click(listed, "Previous", ann)
    assert quoted(listed.now) == quoted(before)


async def test_without_a_date_there_is_a_list_and_no_picture(topic: Topic) -> None:
    """Publishers that a channel leaves out are left out here too."""
    server = topic.stage.server
    guild = topic.stage.channel.guild
    assert guild is not None
    there = server.add_channel(guild)
    state = State(topic.stage.folder / "data" / "state.sqlite")
    state.guilds.change_channel(guild.id, there.id, left_out=("the met",))
    state.close()
    asked = await server.slash(topic.stage.person(), "timeline", {"topic": TOPIC}, channel=there)
    message = await asked.response()
    assert message.attachments == ()
    assert {one.document for one in quoted(message.now)} == {"mercury", "undated"}
    assert "2 documents, 2 of them undated" in message.content


async def test_nothing_on_the_topic_is_an_honest_answer(topic: Topic) -> None:
    message = await topic.alone(TOPIC, until="1901")
    assert "No document; 2 undated left out by the date filter." in message.content
    assert (message.embeds, message.attachments, message.buttons) == ((), (), ())


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"topic": " \u200b "}, "The question is empty"),
        ({"topic": "x", "since": "yesterday"}, "Since: 'yesterday' is not a date"),
        ({"topic": "x", "since": "2021", "until": "2020"}, "Since is later than until"),
    ],
)
async def test_wrong_input_is_told_privately(
    topic: Topic, options: dict[str, str], complaint: str
) -> None:
    ann = topic.stage.person()
    asked = await topic.stage.server.slash(ann, "timeline", options, channel=topic.stage.channel)
    message = await asked.response()
    assert message.private_to == ann
    assert as_seen(message.content).startswith(complaint)


async def test_a_hostile_title_is_shown_dead(topic: Topic) -> None:
    picture, listed = await topic.ask("zebras grazed", since="2020")
    (embed,) = listed.embeds
    shown = embed["description"].split("\n")
    assert as_seen(shown[0]).endswith(HOSTILE_TITLE)
    assert HOSTILE_TITLE[:40] in str(picture.file(FILE).description)
    assert "January 2020" in shown[0]
    assert listed.now.guarded


@pytest.mark.parametrize("form", HOSTILE)
async def test_a_hostile_topic_is_shown_dead(topic: Topic, form: str) -> None:
    message = await topic.alone(HOSTILE[form], until="1901")
    line = message.content.split("\n")[0].removeprefix("**Timeline**")
    assert live_forms(line) == {}
    assert message.now.guarded


async def test_a_hostile_topic_is_drawn_and_described_dead(topic: Topic) -> None:
    everything = " ".join(HOSTILE.values())[:1_000]
    picture, listed = await topic.ask(everything, since="2020")
    assert str(picture.file(FILE).description).startswith("Timeline of “Read [the statement]")
    for message in (picture, listed):
        line = message.content.split("\n")[0].removeprefix("**Timeline**")
        assert live_forms(line) == {}
        assert message.now.guarded


async def test_pages_stay_those_of_the_picture_and_lose_what_was_withdrawn(
    told: Topic, topic: Topic
) -> None:
    """A restart and a retraction in the middle of paging."""
    ann = topic.stage.person()
    _, listed = await topic.ask(TOPIC, ann)
    told.corpus.retract("patrol-2017", "in error")
    assert await told.stage.stop() == 0
    await topic.stage.server.wait_gone()
    await topic.stage.start()
    names = await pages(topic, listed, ann)
    assert [f"patrol-{year}" for year in YEARS[:-1]] == [n for n in names if n in names[:6]][:6]
    assert "patrol-2017" not in names
    gone = [
        embed["description"]
        for version in listed.versions
        for embed in version.embeds
        if "patrol-2017" in embed["footer"]["text"]
    ]
    assert gone
    assert all("was changed or removed" in description for description in gone)


async def test_a_timeline_that_is_no_longer_kept_is_told(topic: Topic) -> None:
    ann = topic.stage.person()
    _, listed = await topic.ask(TOPIC, ann)
    state = State(topic.stage.folder / "data" / "state.sqlite")
    assert state.forget(ann.id).deleted["views"] > 0
    state.close()
    message = await topic.click(listed, "Next", ann)
    assert message.private_to == ann
    assert message.content == "This timeline is no longer kept; ask again with /timeline."


async def test_it_works_in_direct_messages_and_as_a_users_own_app(topic: Topic) -> None:
    server, ann = topic.stage.server, topic.stage.person()
    abroad = server.add_channel(server.add_guild("Abroad", with_bot=False))
    said = await server.direct_message(ann, "hello")
    for channel in (said.channel, abroad):
        picture, listed = await topic.ask(TOPIC, ann, channel)
        assert picture.channel == listed.channel == channel
        assert picture.file(FILE).description
        await topic.click(listed, "Next", ann)
        assert "page 2 of" in listed.content


async def test_rate_limits_delay_and_lose_nothing(topic: Topic) -> None:
    server = topic.stage.server
    for method, route in (
        ("POST", Routes.CALLBACK), ("PATCH", Routes.ORIGINAL), ("POST", Routes.FOLLOW_UP),
    ):  # fmt: skip
        server.limit_rate(method, route, retry_after=0.01)
    picture, listed = await topic.ask(TOPIC)
    assert picture.file(FILE).content.startswith(b"\x89PNG")
    assert quoted(listed.now)


async def test_what_automod_refuses_is_told_privately(topic: Topic) -> None:
    server, ann = topic.stage.server, topic.stage.person()
    for method, route in (("PATCH", Routes.ORIGINAL), ("POST", Routes.FOLLOW_UP)):
        server.fail(method, route, code=200000)
        before = len(server.messages)
        asked = {"topic": TOPIC}
        await server.slash(ann, "timeline", asked, channel=topic.stage.channel)
        refusal = await server.wait_for(
            lambda before=before: next(  # type: ignore[misc]
                (m for m in list(server.messages)[before:] if "AutoMod" in m.content), None
            ),
            "refusal",
        )
        assert refusal.private_to == ann
        assert (refusal.embeds, refusal.attachments) == ((), ())
