"""``/cite``: exact words, across corrections, retractions and erasures."""

from __future__ import annotations

import pytest

from bot.citations import citation
from bot.state import State
from corpus.document import Span
from corpus.quotations.types import Speaker
from tests.bot.discord.cite_stage import DOCUMENTS, GATE, TOO_LONG, CiteStage, post_of
from tests.bot.discord.quote_stage import HOSTILE_WORDS
from tests.bot.discord.stage import quoted
from tests.bot.discord_syntax import as_seen

pytestmark = pytest.mark.asyncio(loop_scope="module")
STYLES = ("plain", "markdown", "bibtex", "inline")
JAVID = Speaker("Bas Javid", "Commander")


def cited_in(desk: CiteStage, style: str) -> str:
    source = desk.corpus.library.get("gate")
    start = source.text.index(GATE)
    return citation(style, source, Span(start, start + len(GATE)), JAVID)


async def test_a_permalink_opens_for_everybody_with_who_where_and_when(desk: CiteStage) -> None:
    link = desk.link("gate", GATE)
    message = await desk.cite(f" `{link.upper()}` ")
    assert message.public
    (one,) = quoted(message.now)
    assert (one.text, one.document) == (GATE, "gate")
    description = message.embeds[0]["description"]
    assert "— **Bas Javid, Commander**" in description
    assert "*The gate* · Met · 26 June 2020" in as_seen(description)
    assert f"`{link}`" in description
    assert message.content.startswith("**These words stand.**")
    post = await post_of(desk.stage, message)
    assert [(e.document_id, e.span.start) for e in post.excerpts] == [("gate", one.start)]


async def test_a_permalink_can_be_opened_privately(desk: CiteStage) -> None:
    ann, bob = desk.stage.person("Ann"), desk.stage.person("Bob")
    message = await desk.cite(desk.link("gate", GATE), ann, private=True)
    assert message.private_to == ann
    assert not message.visible_to(bob)


async def test_where_a_server_keeps_answers_private_so_are_citations(desk: CiteStage) -> None:
    server = desk.stage.server
    guild = desk.stage.channel.guild
    assert guild is not None
    there = server.add_channel(guild)
    state = State(desk.stage.folder / "data" / "state.sqlite")
    state.guilds.change_channel(guild.id, there.id, private=True)
    state.close()
    ann = desk.stage.person()
    asked = await server.slash(ann, "cite", {"id": desk.link("gate", GATE)}, channel=there)
    assert (await asked.response()).private_to == ann


@pytest.mark.parametrize("style", STYLES)
async def test_a_citation_is_shown_and_attached_to_the_byte(desk: CiteStage, style: str) -> None:
    message = await desk.cite(desk.link("gate", GATE), style=style)
    (file,) = message.attachments
    text = cited_in(desk, style)
    assert file.content.decode("utf-8") == text + "\n"
    assert as_seen(message.embeds[0]["description"]).endswith(f"Citation, {style}:\n{text}")


async def test_an_unknown_style_is_not_offered(desk: CiteStage) -> None:
    with pytest.raises(ValueError, match="one of"):
        await desk.cite(desk.link("gate", GATE), style="apa")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mq-4f1c29d0a6b3e875-120-209-k3w9vd", "That permalink is mistyped; copy it again, whole."),
        ("<@1> @everyone", "That is no permalink; one looks like mq-"),
        ("x" * 200, "That is no permalink"),
    ],
)
async def test_a_mistyped_permalink_is_told_privately(
    desk: CiteStage, typed: str, told: str
) -> None:
    ann = desk.stage.person()
    message = await desk.cite(typed, ann)
    assert message.private_to == ann
    assert as_seen(message.content).startswith(told)
    assert message.embeds == ()


async def test_a_changed_digit_is_a_slip_and_never_other_words(desk: CiteStage) -> None:
    link = desk.link("gate", GATE)
    for slip in (link.replace(link[5], "0" if link[5] != "0" else "1", 1), link[:-1] + "z"):
        if slip != link:
            message = await desk.cite(slip)
            assert message.ephemeral
            assert quoted(message.now) == []


async def test_corrected_words_come_with_their_standing_and_what_they_read_now(
    desk: CiteStage,
) -> None:
    words = "The bridge was not safe."
    link = desk.link("bridge", words)
    desk.correct("bridge", DOCUMENTS["bridge"].replace("not safe", "safe by noon"), "*a* <@1> slip")
    message = await desk.cite(link)
    content = as_seen(message.content)
    assert content.startswith("**Corrected since.** These words are of the version of 26 June 2020")
    assert "(*a* <@1> slip). The words now read:" in content
    old, new = quoted(message.now)
    assert (old.text, old.document) == (words, "bridge@1")
    assert new.document == "bridge"
    assert "The bridge was safe by noon." in new.text
    again = await desk.click(message, "Context", desk.stage.person())
    assert [one.document for one in quoted(again.now)] == ["bridge@1"]
    assert "Corrected since" in again.content


async def test_retracted_words_say_so_first(desk: CiteStage) -> None:
    link = desk.link("tower", "The tower is closed")
    desk.corpus.retract("tower", "in error")
    message = await desk.cite(link, private=True)
    assert message.content.startswith("**Retracted.** These words are of the version of 26 June")
    assert "(in error)" in message.content
    assert [one.document for one in quoted(message.now)] == ["tower"]


async def test_erased_words_are_told_of_and_never_shown(desk: CiteStage) -> None:
    ann = desk.stage.person()
    link = desk.link("market", "The market stays open on Sundays.")
    before = await desk.cite(link, ann, private=True)
    desk.corpus.erase("market", "on request")
    message = await desk.cite(link)
    assert as_seen(message.content).startswith("The document with those words, market, was erased")
    assert "(on request); its text is not kept." in message.content
    assert (message.embeds, message.buttons, message.attachments) == ((), (), ())
    for label in ("Context", "Citation", "Card"):
        told = await desk.click(before, label, ann)
        assert told.private_to == ann
        assert "was erased" in told.content
        assert (told.embeds, told.attachments) == ((), ())


async def test_versions_that_were_cited_stay_until_they_are_erased(desk: CiteStage) -> None:
    """A later change of the corpus reaches what was posted, but not what was said of a version."""
    froze, burned = "The canal froze over.", "The depot burned down."
    canal, depot = desk.link("canal", froze), desk.link("depot", burned)
    desk.correct("canal", desk.texts["canal"].replace("froze over", "froze over at last"))
    desk.corpus.retract("depot", "in error")
    ann = desk.stage.person()
    corrected, retracted = await desk.cite(canal, ann), await desk.cite(depot, ann)
    card = await desk.click(corrected, "Card", ann)
    for message, names in ((corrected, ["canal@1", "canal"]), (retracted, ["depot@"])):
        post = await post_of(desk.stage, message)
        assert [one.document_id for one in post.excerpts] == names
    share = await desk.press(card, "Share", ann)
    assert share.id
    await desk.stage.server.wait_for(lambda: not card.buttons or None, "button taken away")
    public = [m for m in desk.stage.server.messages if m.public and m.attachments][-1]
    assert quoted(public.now)[0].text == froze
    desk.corpus.erase("canal", "on request")
    desk.corpus.erase("depot", "on request")
    for message in (corrected, retracted, public):
        await desk.stage.server.wait_for(
            lambda message=message: quoted(message.now) == [] or None,  # type: ignore[misc]
            "words taken out",
        )
        assert "was erased on" in str(message.embeds)
        earlier = str([version.embeds for version in message.versions])
        assert "This source was corrected" not in earlier
        assert "This source was retracted" not in earlier
        assert message.attachments == ()


async def test_the_context_is_for_whoever_asks_alone(desk: CiteStage) -> None:
    bob = desk.stage.person("Bob")
    message = await desk.cite(desk.link("gate", GATE))
    told = await desk.click(message, "Context", bob)
    assert told.private_to == bob
    (one,) = quoted(told.now)
    assert one.text == DOCUMENTS["gate"].split("\n\n")[0]
    assert f"**{GATE}**" in told.embeds[0]["description"]
    assert told.attachments == ()


async def test_a_long_context_is_whole_in_a_file(desk: CiteStage) -> None:
    bob = desk.stage.person("Bob")
    message = await desk.cite(desk.link("long", "Chief Constable Rob Grey"))
    told = await desk.click(message, "Context", bob)
    assert quoted(told.now)
    if told.attachments:
        assert told.file("context.txt").content.decode("utf-8") == DOCUMENTS["long"]
    else:
        text = " ".join(one.text for one in quoted(told.now))
        assert text.split() == DOCUMENTS["long"].split()


async def test_words_too_long_for_a_message_are_in_the_file(desk: CiteStage) -> None:
    message = await desk.cite(desk.link("long", TOO_LONG.strip()), style="plain")
    assert "it is in the file" in message.embeds[0]["description"]
    assert TOO_LONG.strip() in message.file("citations.txt").content.decode("utf-8")


async def test_hostile_words_are_exact_dead_and_ping_nobody(desk: CiteStage) -> None:
    ann = desk.stage.person()
    link = desk.link("hostile", HOSTILE_WORDS)
    for style in STYLES:
        message = await desk.cite(link, ann, style=style)
        assert quoted(message.now)[0].text == HOSTILE_WORDS
        assert message.now.guarded
        if style != "bibtex":
            assert HOSTILE_WORDS in as_seen(message.embeds[0]["description"])
        for label in ("Context", "Citation"):
            assert (await desk.click(message, label, ann)).now.guarded
