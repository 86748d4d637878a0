"""Quotation cards: previewed privately, shared once, refused rather than cut."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from bot.pictures.card import HEIGHT, WIDTH
from bot.state import State
from tests.bot.discord.cite_stage import GATE, TOO_LONG, CiteStage, post_of
from tests.bot.discord.quote_stage import HOSTILE_WORDS
from tests.bot.discord.stage import quoted
from tests.fake_discord import Routes

if TYPE_CHECKING:
    from tests.fake_discord import Attachment, Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")
_FILE = "quotation.png"


async def preview(desk: CiteStage, by: User, name: str = "gate", words: str = GATE) -> Message:
    """The private card of words that somebody cites."""
    message = await desk.cite(desk.link(name, words), by)
    return await desk.click(message, "Card", by)


async def shared(desk: CiteStage, card: Message, by: User) -> Message:
    """The public message that a press of Share makes."""
    before = {message.id for message in desk.stage.server.messages}
    await desk.press(card, "Share", by)
    return await desk.stage.server.wait_for(
        lambda: next(
            (
                message
                for message in desk.stage.server.messages
                if message.id not in before and message.author == desk.stage.server.bot
            ),
            None,
        ),
        "shared card",
    )


def assert_card(file: Attachment, words: str) -> None:
    """A picture of the right size whose alt text has the words, in the file too."""
    picture = Image.open(io.BytesIO(file.content))
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert file.description is not None
    assert f"“{words}”" in file.description
    assert picture.info["Description"] == file.description


async def test_a_card_is_previewed_privately_with_alt_text(desk: CiteStage) -> None:
    ann, bob = desk.stage.person("Ann"), desk.stage.person("Bob")
    message = await desk.cite(desk.link("gate", GATE), ann)
    card = await desk.click(message, "Card", bob)
    assert card.private_to == bob
    assert_card(card.file(_FILE), GATE)
    assert "Bas Javid, Commander" in str(card.file(_FILE).description)
    assert quoted(card.now)[0].text == GATE
    assert "Only you see this card." in card.content
    assert [button.label for button in card.buttons] == ["Share"]


async def test_a_card_is_shared_once_with_the_name_of_who_did(desk: CiteStage) -> None:
    ann = desk.stage.person("Ann")
    card = await preview(desk, ann)
    public = await shared(desk, card, ann)
    assert public.public
    assert public.content.endswith("Shared by Ann")
    assert "Only you" not in public.content
    assert_card(public.file(_FILE), GATE)
    assert public.file(_FILE).content == card.file(_FILE).content
    (one,) = quoted(public.now)
    await desk.stage.server.wait_for(lambda: not card.buttons or None, "button taken away")
    post = await post_of(desk.stage, public)
    assert (post.kind, post.person) == ("card", ann.id)
    assert [(e.document_id, e.span.start, e.span.end) for e in post.excerpts] == [
        (one.document, one.start, one.end)
    ]


async def test_two_presses_at_once_share_one_card(desk: CiteStage) -> None:
    ann = desk.stage.person("Ann")
    card = await preview(desk, ann)
    before = len([message for message in desk.stage.server.messages if message.public])
    presses = [await desk.press(card, "Share", ann) for _ in range(3)]
    told = await desk.stage.server.wait_for(
        lambda: (
            found
            if len(found := [m for m in desk.stage.server.messages
                             if m.private_to == ann and "shared already" in m.content]) == 2
            else None
        ),
        "two refusals",
    )  # fmt: skip
    assert len(presses) == 3
    assert all(message.embeds == () for message in told)
    await desk.stage.server.wait_for(lambda: not card.buttons or None, "button taken away")
    public = [message for message in desk.stage.server.messages if message.public]
    assert len(public) == before + 1


async def test_a_strangers_press_shares_nothing(desk: CiteStage) -> None:
    """Discord shows a private card to nobody else; a press that comes all the same is refused."""
    server, ann, bob = desk.stage.server, desk.stage.person("Ann"), desk.stage.person("Bob")
    card = await preview(desk, ann)
    with pytest.raises(PermissionError):
        await server.click(card, card.button("Share"), bob)
    card.private_to = bob
    told = await (await server.click(card, card.button("Share"), bob)).response()
    assert told.private_to == bob
    assert told.content.startswith("Only the person who asked for this card can share it.")
    card.private_to = ann
    assert (await shared(desk, card, ann)).public


async def test_where_a_server_keeps_answers_private_no_card_is_shared(desk: CiteStage) -> None:
    server, ann = desk.stage.server, desk.stage.person()
    guild = desk.stage.channel.guild
    assert guild is not None
    there = server.add_channel(guild)
    state = State(desk.stage.folder / "data" / "state.sqlite")
    state.guilds.change_channel(guild.id, there.id, private=True)
    state.close()
    asked = {"id": desk.link("gate", GATE)}
    message = await (await server.slash(ann, "cite", asked, channel=there)).response()
    card = await desk.click(message, "Card", ann)
    told = await desk.click(card, "Share", ann)
    assert told.private_to == ann
    assert told.content.startswith("In this channel what I find is shown privately")


async def test_words_that_do_not_fit_are_refused_privately_and_never_cut(desk: CiteStage) -> None:
    ann = desk.stage.person()
    told = await preview(desk, ann, "long", TOO_LONG.strip())
    assert told.private_to == ann
    assert "do not fit on a card; choose fewer of the words." in told.content
    assert (told.attachments, told.embeds) == ((), ())


async def test_words_that_cannot_be_drawn_are_refused_privately(desk: CiteStage) -> None:
    told = await preview(desk, desk.stage.person(), "drawn", "The \u4e2d gate was not shut at all.")
    assert told.ephemeral
    assert "\u4e2d" in told.content or "U+4E2D" in told.content
    assert told.attachments == ()


async def test_of_several_quotations_one_is_chosen_by_its_number(desk: CiteStage) -> None:
    ann, bob = desk.stage.person("Ann"), desk.stage.person("Bob")
    message = await desk.command("quote", ann, speaker="Ivy Lane")
    choice = await desk.click(message, "Card", bob)
    assert choice.private_to == bob
    assert [button.label for button in choice.buttons] == ["1", "2"]
    assert "Mayor Ivy Lane" in choice.content or "Ivy Lane, Mayor" in choice.content
    texts = set()
    for label in ("1", "2"):
        card = await desk.click(choice, label, bob)
        assert card.private_to == bob
        (one,) = quoted(card.now)
        assert_card(card.file(_FILE), one.text)
        texts.add(one.text)
    assert texts == {"The fair went well.", "Nobody was hurt at the fair,"}


async def test_a_single_quotation_is_drawn_at_once(desk: CiteStage) -> None:
    ann = desk.stage.person()
    message = await desk.command("quote", ann, speaker="Bas Javid", private=True)
    assert_card((await desk.click(message, "Card", ann)).file(_FILE), GATE)
    verdict = await desk.command("verify", ann, text=GATE)
    card = await desk.click(verdict, "Card", ann)
    assert_card(card.file(_FILE), quoted(card.now)[0].text)


async def test_a_hostile_card_pings_nobody(desk: CiteStage) -> None:
    ann = desk.stage.person()
    card = await preview(desk, ann, "hostile", HOSTILE_WORDS)
    assert_card(card.file(_FILE), HOSTILE_WORDS)
    public = await shared(desk, card, ann)
    assert public.now.guarded
    assert quoted(public.now)[0].text == HOSTILE_WORDS


async def test_a_card_of_corrected_words_says_so(desk: CiteStage) -> None:
    ann, words = desk.stage.person(), "The bridge was not safe."
    card = await preview(desk, ann, "bridge", words)
    desk.correct("bridge", desk.texts["bridge"] + " More was said later.")
    public = await shared(desk, card, ann)
    assert "Corrected since" in public.content
    assert "since corrected on" in str(public.file(_FILE).description)
    assert [one.document for one in quoted(public.now)] == ["bridge@1"]


async def test_a_card_of_erased_words_is_not_shared(desk: CiteStage) -> None:
    ann = desk.stage.person()
    card = await preview(desk, ann, "market", "The market stays open on Sundays.")
    desk.corpus.erase("market")
    before = len(desk.stage.server.messages)
    await desk.press(card, "Share", ann)
    told = await desk.stage.server.wait_for(
        lambda: list(desk.stage.server.messages)[before:] or None, "refusal"
    )
    assert told[0].private_to == ann
    assert "was erased" in told[0].content
    assert told[0].attachments == ()


async def test_a_card_is_shared_after_a_restart(citing: CiteStage, desk: CiteStage) -> None:
    ann = desk.stage.person()
    card = await preview(desk, ann)
    assert await citing.stage.stop() == 0
    await desk.stage.server.wait_gone()
    await desk.stage.start()
    assert_card((await shared(desk, card, ann)).file(_FILE), GATE)


async def test_a_card_works_in_direct_messages_and_as_a_users_own_app(desk: CiteStage) -> None:
    server, ann = desk.stage.server, desk.stage.person()
    abroad = server.add_channel(server.add_guild("Abroad", with_bot=False))
    said = await server.direct_message(ann, "hello")
    for channel in (said.channel, abroad):
        asked = {"id": desk.link("gate", GATE)}
        message = await (await server.slash(ann, "cite", asked, channel=channel)).response()
        card = await desk.click(message, "Card", ann)
        public = await shared(desk, card, ann)
        assert (public.channel, public.ephemeral) == (channel, False)
        assert_card(public.file(_FILE), GATE)


async def test_a_card_that_discord_refuses_is_told_privately(desk: CiteStage) -> None:
    server, ann = desk.stage.server, desk.stage.person()
    card = await preview(desk, ann)
    server.fail("POST", Routes.FOLLOW_UP, code=200000)
    before = len(server.messages)
    await desk.press(card, "Share", ann)
    told = await server.wait_for(lambda: list(server.messages)[before:] or None, "refusal")
    assert told[0].private_to == ann
    assert "AutoMod" in told[0].content
    # One that Discord forgot is not shared, and can be pressed again.
    card = await preview(desk, ann)
    calls = len(server.calls("POST", Routes.CALLBACK))
    server.fail("POST", Routes.CALLBACK, code=10062)
    await desk.press(card, "Share", ann)
    await server.wait_for(lambda: server.calls("POST", Routes.CALLBACK)[calls:] or None, "refusal")
    assert_card((await shared(desk, card, ann)).file(_FILE), GATE)


async def test_rate_limits_delay_a_card_and_lose_nothing(desk: CiteStage) -> None:
    server, ann = desk.stage.server, desk.stage.person()
    server.limit_rate("POST", Routes.FOLLOW_UP, times=2, retry_after=0.01)
    assert_card((await preview(desk, ann)).file(_FILE), GATE)
