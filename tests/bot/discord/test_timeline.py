"""``/timeline``: a picture and a list of what was said when."""

from __future__ import annotations

import io
import shutil
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from PIL import Image

from bot.state import State
from tests.bot.discord.cite_stage import post_of
from tests.bot.discord.stage import quoted, staged
from tests.bot.discord_syntax import HOSTILE, as_seen, live_forms
from tests.conftest import TinyData
from tests.fake_discord import Routes
from tests.recorded import RecordedCorpus

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.bot.discord.stage import Stage
    from tests.fake_discord import Channel, Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")
_FILE = "timeline.png"
_TOPIC = "the carnival patrols"
_YEARS = range(2011, 2018)
HOSTILE_TITLE = "[x](https://evil.example) @everyone <@1> $\\frac{"


class Topic:
    """The stage, its corpus, and what people ask there."""

    def __init__(self, stage: Stage, corpus: RecordedCorpus) -> None:
        self.stage, self.corpus = stage, corpus

    async def ask(
        self,
        topic: str,
        by: User | None = None,
        where: Channel | None = None,
        **options: str | bool,
    ) -> tuple[Message, Message]:
        """The picture's message, and the list's."""
        server, channel = self.stage.server, where or self.stage.channel
        before = len(server.messages)
        asked = {"topic": topic, **options}
        asked_by = by or self.stage.person()
        response = await server.slash(asked_by, "timeline", asked, channel=channel)
        picture = await response.response()
        found = await server.wait_for(
            lambda: next(
                (m for m in list(server.messages)[before:] if quoted(m.now) and not m.loading), None
            ),
            "list",
        )
        return picture, found

    async def alone(self, topic: str, by: User | None = None, **options: str | bool) -> Message:
        """The only message that an answer has."""
        asked = {"topic": topic, **options}
        response = await self.stage.server.slash(
            by or self.stage.person(), "timeline", asked, channel=self.stage.channel
        )
        return await response.response()

    async def click(self, message: Message, label: str, by: User) -> Message:
        pressed = await self.stage.server.click(message, message.button(label), by)
        return await pressed.response()


@asynccontextmanager
async def timeline_stage(folder: Path, built: TinyData) -> AsyncIterator[Topic]:
    shutil.copytree(built.data, folder / "data")
    corpus = RecordedCorpus(folder)
    texts = {
        f"patrol-{year}": f"The carnival patrols of {year} began.\n\nMore later." for year in _YEARS
    }
    for year, (name, text) in zip(_YEARS, texts.items(), strict=True):
        corpus.add(name, text, f"published: {year}-08-0{year % 9 + 1}", "publisher: The Met")
    texts["undated"] = "Nobody dated the carnival patrols here."
    corpus.add("undated", texts["undated"])
    texts["zebras"] = "Zebras grazed quietly beside a river @everyone."
    title = f"title: '{HOSTILE_TITLE}'"
    corpus.add("zebras", texts["zebras"], title, "published: 2020-01", "publisher: The Met")
    texts["mercury"] = "Mercury boils hotly within sealed flasks."
    corpus.add("mercury", texts["mercury"])
    TinyData(folder / "data", corpus.documents, built.model).build()
    settings = {
        "METQUOTE_PATHS_DOCUMENTS": str(corpus.documents),
        "METQUOTE_ENCODER_MODEL": str(built.model),
    }
    async with staged(folder, folder / "data", texts, **settings) as stage:
        await stage.start()
        yield Topic(stage, corpus)
        stage.check()


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
    picture, listed = await topic.ask(_TOPIC, ann)
    assert picture.public
    assert listed.public
    file = picture.file(_FILE)
    assert Image.open(io.BytesIO(file.content)).format == "PNG"
    assert str(file.description).startswith(f"Timeline of “{_TOPIC}”: ")
    assert "news, The Met" in str(file.description)
    assert picture.embeds[0]["image"]["url"].endswith(_FILE)
    assert picture.content.startswith(f"**Timeline** of {_TOPIC}: ")
    assert picture.buttons == ()
    found = await pages(topic, listed, ann)
    patrols = [f"patrol-{year}" for year in _YEARS]
    assert [name for name in found if name in patrols] == patrols
    assert found[-1] == "undated"
    first = listed.versions[0].embeds[0]["description"]
    assert first.startswith("**5 August 2011** · news · The Met · ")


async def test_both_messages_are_remembered_with_what_they_show(topic: Topic) -> None:
    picture, listed = await topic.ask(_TOPIC)
    drawn = await post_of(topic.stage, picture)
    shown = await post_of(topic.stage, listed)
    assert drawn.kind == "timeline-picture"
    assert {one.document_id for one in drawn.excerpts} >= {f"patrol-{year}" for year in _YEARS}
    assert "undated" not in {one.document_id for one in drawn.excerpts}
    assert [one.document_id for one in shown.excerpts] == [
        one.document for one in quoted(listed.now)
    ]


async def test_dates_narrow_it_and_undated_documents_are_counted(topic: Topic) -> None:
    ann = topic.stage.person()
    picture, listed = await topic.ask(_TOPIC, ann, since="2012", until="2014-12")
    names = await pages(topic, listed, ann)
    assert [name for name in names if name.startswith("patrol")] == [
        "patrol-2012", "patrol-2013", "patrol-2014",
    ]  # fmt: skip
    assert "undated left out by the date filter" in picture.content


async def test_a_private_timeline_is_for_the_asker_alone(topic: Topic) -> None:
    ann, bob = topic.stage.person("Ann"), topic.stage.person("Bob")
    for message in await topic.ask(_TOPIC, ann, private=True):
        assert message.private_to == ann
        assert not message.visible_to(bob)


async def test_the_asker_turns_pages_and_nobody_else(topic: Topic) -> None:
    ann, bob = topic.stage.person("Ann"), topic.stage.person("Bob")
    _, listed = await topic.ask(_TOPIC, ann)
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
    there = server.add_channel(topic.stage.channel.guild)
    assert there.guild is not None
    state = State(topic.stage.folder / "data" / "state.sqlite")
    state.guilds.change_channel(there.guild.id, there.id, left_out=("the met",))
    state.close()
    asked = await server.slash(topic.stage.person(), "timeline", {"topic": _TOPIC}, channel=there)
    message = await asked.response()
    assert message.attachments == ()
    assert {one.document for one in quoted(message.now)} == {"mercury", "undated"}
    assert "2 documents, 2 of them undated" in message.content


async def test_nothing_on_the_topic_is_an_honest_answer(topic: Topic) -> None:
    message = await topic.alone(_TOPIC, until="1901")
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
    assert HOSTILE_TITLE[:40] in str(picture.file(_FILE).description)
    assert "January 2020" in shown[0]
    assert listed.now.guarded


@pytest.mark.parametrize("form", HOSTILE)
async def test_a_hostile_topic_is_shown_dead(topic: Topic, form: str) -> None:
    message = await topic.alone(HOSTILE[form][:1_000])
    line = message.content.split("\n")[0].removeprefix("**Timeline**")
    assert live_forms(line) == {}
    assert message.now.guarded


async def test_pages_stay_those_of_the_picture_and_lose_what_was_withdrawn(
    told: Topic, topic: Topic
) -> None:
    """A restart and a retraction in the middle of paging."""
    ann = topic.stage.person()
    _, listed = await topic.ask(_TOPIC, ann)
    told.corpus.retract("patrol-2017", "in error")
    assert await told.stage.stop() == 0
    await topic.stage.server.wait_gone()
    await topic.stage.start()
    names = await pages(topic, listed, ann)
    assert [f"patrol-{year}" for year in _YEARS[:-1]] == [n for n in names if n in names[:6]][:6]
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
    _, listed = await topic.ask(_TOPIC, ann)
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
        picture, listed = await topic.ask(_TOPIC, ann, channel)
        assert picture.channel == listed.channel == channel
        assert picture.file(_FILE).description
        await topic.click(listed, "Next", ann)
        assert "page 2 of" in listed.content


async def test_rate_limits_delay_and_lose_nothing(topic: Topic) -> None:
    server = topic.stage.server
    for method, route in (
        ("POST", Routes.CALLBACK), ("PATCH", Routes.ORIGINAL), ("POST", Routes.FOLLOW_UP),
    ):  # fmt: skip
        server.limit_rate(method, route, retry_after=0.01)
    picture, listed = await topic.ask(_TOPIC)
    assert picture.file(_FILE)
    assert quoted(listed.now)


async def test_what_automod_refuses_is_told_privately(topic: Topic) -> None:
    server, ann = topic.stage.server, topic.stage.person()
    for method, route in (("PATCH", Routes.ORIGINAL), ("POST", Routes.FOLLOW_UP)):
        server.fail(method, route, code=200000)
        before = len(server.messages)
        asked = {"topic": _TOPIC}
        await server.slash(ann, "timeline", asked, channel=topic.stage.channel)
        refusal = await server.wait_for(
            lambda before=before: next(  # type: ignore[misc]
                (m for m in list(server.messages)[before:] if "AutoMod" in m.content), None
            ),
            "refusal",
        )
        assert refusal.private_to == ann
        assert (refusal.embeds, refusal.attachments) == ((), ())
