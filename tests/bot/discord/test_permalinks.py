"""The permalinks of what was found; citations in every place and through every trouble."""

from __future__ import annotations

import pytest

from bot.state import State
from tests.bot.discord.cite_stage import GATE, CiteStage
from tests.bot.discord.stage import quoted
from tests.bot.discord_syntax import as_seen
from tests.fake_discord import Permissions, Routes

pytestmark = pytest.mark.asyncio(loop_scope="module")
STYLES = {"Plain": "plain", "Markdown": "markdown", "BibTeX": "bibtex", "Inline": "inline"}


async def test_the_permalinks_of_a_look_up_are_for_whoever_asks_in_any_style(
    desk: CiteStage,
) -> None:
    ann, bob = desk.stage.person("Ann"), desk.stage.person("Bob")
    message = await desk.command("quote", ann, speaker="Ivy Lane")
    before = message.now
    told = await desk.click(message, "Permalink", bob)
    assert told.private_to == bob
    assert not told.visible_to(ann)
    assert {one.text for one in quoted(told.now)} == {
        "The fair went well.", "Nobody was hurt at the fair,",
    }  # fmt: skip
    for label, style in STYLES.items():
        if style != "plain":
            assert await desk.click(told, label, bob) is told
        assert told.button(label).disabled
        assert [b.label for b in told.buttons if b.disabled] == [label]
        (file,) = told.attachments
        text = file.content.decode("utf-8")
        assert text.count("Nobody was hurt at the fair,") >= 1
        for embed in told.embeds:
            shown = as_seen(embed["description"]).split(f"Citation, {style}:\n")[1]
            assert shown in text
    assert message.now == before
    link = told.embeds[0]["description"].split("`")[1]
    assert quoted((await desk.cite(link)).now)[0] == quoted(told.now)[0]


async def test_the_permalinks_are_of_the_page_that_is_shown(desk: CiteStage) -> None:
    ann = desk.stage.person()
    message = await desk.command("quote", ann, since="2020")
    await desk.click(message, "Next", ann)
    page = quoted(message.now)
    told = await desk.click(message, "Permalink", ann)
    for one in quoted(told.now):
        assert any(
            one.document == other.document and one.start < other.end and other.start < one.end
            for other in page
        )


async def test_the_permalinks_of_a_verdict_open_the_sources_words(desk: CiteStage) -> None:
    ann, bob = desk.stage.person("Ann"), desk.stage.person("Bob")
    message = await desk.command("verify", ann, text=GATE.replace("20", "200"), private=False)
    told = await desk.click(message, "Permalink", bob)
    assert told.private_to == bob
    assert [one.document for one in quoted(told.now)] == ["gate"]
    absent = await desk.command("verify", ann, text="Bananas hum whenever elephants juggle.")
    assert absent.buttons == ()


async def test_one_lost_permalink_does_not_take_the_others_along(desk: CiteStage) -> None:
    state = State(desk.stage.folder / "data" / "state.sqlite")
    ann = desk.stage.person()
    message = await desk.command("verify", ann, text=GATE)
    kept = str(message.button("Permalink").custom_id).split(":")[2]
    good, lost = desk.link("gate", GATE), "mq-4f1c29d0a6b3e875-120-209-k3w9vd"
    state.views.change(kept, {"links": [lost, good]})
    told = await desk.click(message, "Permalink", ann)
    assert [one.text for one in quoted(told.now)] == [GATE]
    assert "That permalink is mistyped" in told.content
    state.views.change(kept, {"links": [lost, lost]})
    told = await desk.click(message, "Permalink", ann)
    assert (told.embeds, told.attachments) == ((), ())
    assert "That permalink is mistyped" in told.content
    state.views.take(kept, "links")
    state.close()
    told = await desk.click(message, "Permalink", ann)
    assert told.content == "These quotations are no longer kept; look for them again."


async def test_it_works_in_direct_messages_and_where_only_a_user_has_the_app(
    desk: CiteStage,
) -> None:
    server, ann = desk.stage.server, desk.stage.person()
    guild = server.add_guild("Abroad", with_bot=False)
    abroad = server.add_channel(guild)
    said = await server.direct_message(ann, "hello")
    for channel in (said.channel, abroad, server.add_group(ann, desk.stage.person("Bob"))):
        link = {"id": desk.link("gate", GATE)}
        message = await (await server.slash(ann, "cite", link, channel=channel)).response()
        assert quoted(message.now)[0].text == GATE
        assert quoted((await desk.click(message, "Context", ann)).now)
        assert (await desk.click(message, "Citation", ann)).attachments


async def test_where_external_apps_answer_privately_a_citation_does(desk: CiteStage) -> None:
    server, ann = desk.stage.server, desk.stage.person()
    guild = server.add_guild("Strict", with_bot=False)
    strict = server.add_channel(guild)
    server.overwrite(strict, ann, deny=Permissions.USE_EXTERNAL_APPS)
    asked = await server.slash(ann, "cite", {"id": desk.link("gate", GATE)}, channel=strict)
    message = await asked.response()
    assert message.ephemeral
    assert quoted(message.now)


async def test_buttons_work_after_a_restart(citing: CiteStage, desk: CiteStage) -> None:
    ann, bob = desk.stage.person("Ann"), desk.stage.person("Bob")
    cited = await desk.cite(desk.link("gate", GATE), ann)
    found = await desk.command("quote", ann, speaker="Ivy Lane")
    told = await desk.click(found, "Permalink", bob)
    assert await citing.stage.stop() == 0
    await desk.stage.server.wait_gone()
    await desk.stage.start()
    assert quoted((await desk.click(cited, "Context", bob)).now)
    assert len(quoted((await desk.click(found, "Permalink", bob)).now)) == 2
    await desk.click(told, "BibTeX", bob)
    assert told.file("citations.bib").content.startswith(b"@misc{mq-")


async def test_rate_limits_delay_and_lose_nothing(desk: CiteStage) -> None:
    server, ann = desk.stage.server, desk.stage.person()
    for method, route in (
        ("POST", Routes.CALLBACK), ("PATCH", Routes.ORIGINAL), ("POST", Routes.FOLLOW_UP),
    ):  # fmt: skip
        server.limit_rate(method, route, retry_after=0.01)
    message = await desk.cite(desk.link("gate", GATE), ann)
    assert quoted(message.now)
    assert quoted((await desk.click(message, "Context", ann)).now)


async def test_a_public_citation_that_discord_forgot_goes_into_the_channel(
    desk: CiteStage,
) -> None:
    server, ann = desk.stage.server, desk.stage.person()
    before = len(server.messages)
    server.fail("POST", Routes.CALLBACK, code=10062)
    asked = {"id": desk.link("gate", GATE), "style": "inline"}
    await server.slash(ann, "cite", asked, channel=desk.stage.channel)
    await server.wait_for(lambda: len(server.messages) > before or None, "answer")
    message = list(server.messages)[-1]
    assert message.public
    assert quoted(message.now)[0].text == GATE
    assert message.file("citations.txt").content.decode("utf-8").startswith(f"“{GATE}”")
    # What is private can then be told to nobody, and a press is not to be seen by others.
    server.fail("POST", Routes.CALLBACK, code=10062)
    await desk.press(message, "Context", ann)
    assert quoted((await desk.click(message, "Context", ann)).now)


async def test_an_acknowledgement_whose_answer_is_lost_is_sent_again_and_answered(
    desk: CiteStage,
) -> None:
    """Discord says 40060 to the second."""
    server, ann = desk.stage.server, desk.stage.person()
    server.cut("POST", Routes.CALLBACK)
    message = await desk.cite(desk.link("gate", GATE), ann)
    assert quoted(message.now)
    for label in ("Context", "Citation", "Card"):
        server.cut("POST", Routes.CALLBACK)
        told = await desk.click(message, label, ann)
        assert told.private_to == ann
        assert quoted(told.now)
    server._state.violations.clear()


async def test_words_that_automod_refuses_are_told_privately(desk: CiteStage) -> None:
    server, ann = desk.stage.server, desk.stage.person()
    guild = server.add_guild("Moderated")
    channel = server.add_channel(guild)
    server.forbid_words(guild, "gate*")
    try:
        asked = await server.slash(ann, "cite", {"id": desk.link("gate", GATE)}, channel=channel)
        told = await server.wait_for(
            lambda: next((m for m in server.messages if m.private_to == ann), None), "refusal"
        )
        assert "AutoMod" in told.content
        assert told.embeds == ()
        shown = [m for m in server.messages if m.channel == channel and m.public]
        assert [m for m in shown if quoted(m.now) or m.loading] == []
        assert asked.id
    finally:
        server.forbid_words(guild)


async def test_words_that_discord_alters_are_taken_out_with_their_file(desk: CiteStage) -> None:
    server = desk.stage.server
    server.alter_text("officers at", "officers by")
    try:
        message = await desk.cite(desk.link("gate", GATE), style="plain")
        await server.wait_for(lambda: not message.embeds or None, "words taken out")
        assert "Discord altered these words" in message.content
        assert message.attachments == ()
    finally:
        server._state.moderation.alterations.clear()
    # The fake kept the altered version: it is what Discord did, not what was sent.
    message.versions[:] = message.versions[-1:]
