"""``/verify`` and the message menu "Check quotations": each verdict, and whose eyes it is for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.bot.discord.quote_stage import HOSTILE_WORDS, SURNAMES, quote_stage
from tests.bot.discord.stage import places_of, quoted
from tests.bot.discord_syntax import HOSTILE, as_seen, live_forms

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.bot.discord.stage import Stage
    from tests.conftest import TinyData
    from tests.fake_discord import Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")

_MENU = "Check quotations"
_FELL = "Burglary fell by 12% this year, and it must not rise."
_UNSAFE = "The harbour was not safe at night."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def verifying(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    async with quote_stage(tmp_path_factory.mktemp("verifying"), _tiny_built) as stage:
        yield stage
        assert await stage.stop() == 0, stage.log


@pytest_asyncio.fixture(loop_scope="module")
async def stage(verifying: Stage) -> AsyncIterator[Stage]:
    yield verifying
    verifying.check()
    assert "Traceback" not in verifying.log


async def verify(stage: Stage, text: str, by: User | None = None, **options: str | bool) -> Message:
    asked = await stage.server.slash(
        by or stage.person(), "verify", {"text": text, **options}, channel=stage.channel
    )
    return await asked.response()


async def check(stage: Stage, text: str, by: User | None = None) -> Message:
    """What the menu answers of a message that somebody wrote."""
    said = await stage.server.say(stage.person("Bob"), stage.channel, text)
    asked = await stage.server.context_menu(by or stage.person(), _MENU, said)
    return await asked.response()


def findings(message: Message) -> list[str]:
    """The first word of each verdict."""
    pattern = r"\*\*(Verbatim|Altered|Misattributed|Stitched|Absent): "
    found = [re.match(pattern, embed["description"]) for embed in message.embeds]
    return [one.group(1).lower() if one else "?" for one in found]


def ours(message: Message) -> str:
    """The message without quoted lines and without our own list marks, bold and italics."""
    lines = "\n".join([message.content, *(embed["description"] for embed in message.embeds)])
    kept = [line for line in lines.split("\n") if not line.startswith("> ")]
    kept = [re.sub(r"^(?:-# |- )", "", line) for line in kept]
    # A link of ours has a label of ours, and its address in angle brackets.
    kept = [line for line in kept if not line.startswith("[Open at these words](<")]
    return re.sub(r"(\\.)|\*{1,2}", lambda mark: mark.group(1) or "", "\n".join(kept))


async def test_verbatim_words_are_shown_with_their_place(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    message = await verify(stage, f"“{_FELL}”", ann)
    assert message.private_to == ann
    assert not message.visible_to(bob)
    assert message.content.startswith("**1 quotation checked.**")
    assert findings(message) == ["verbatim"]
    (one,) = quoted(message.now)
    assert (one.text, one.document) == (_FELL.removesuffix("."), "burglary")
    assert "— **Ada Brook, Commissioner**" in message.embeds[0]["description"]


async def test_a_verdict_can_be_for_everybody(stage: Stage) -> None:
    message = await verify(stage, _UNSAFE.upper(), private=False, speaker="Dame Ada Brook")
    assert message.public
    assert findings(message) == ["verbatim"]
    description = message.embeds[0]["description"]
    assert "The source gives these words to Dame Ada Brook too." in description
    assert "Only marks, case or spacing differ from the source." in description
    assert "(<https://harbour.example/news#:~:text=" in description


@pytest.mark.parametrize(
    ("posted", "flag", "difference"),
    [
        (_FELL.replace("not ", ""), "a negation", "- left out: “not”"),
        (_FELL.replace("12", "21"), "a number", "the post “21"),
        (_FELL.replace("must", "may"), "what must, may or will be", "the source has “must”"),
    ],
)
async def test_altered_words_are_told_with_what_changed(
    stage: Stage, posted: str, flag: str, difference: str
) -> None:
    message = await verify(stage, posted)
    assert findings(message) == ["altered"]
    description = message.embeds[0]["description"]
    (flags,) = re.findall("Mind what changed: (.*)", description)
    assert flag in flags
    assert difference in as_seen(description)
    assert quoted(message.now)[0].document == "burglary"


async def test_words_of_somebody_else_are_given_back(stage: Stage) -> None:
    message = await verify(stage, _UNSAFE, speaker="Sadiq Khan")
    assert findings(message) == ["misattributed"]
    description = message.embeds[0]["description"]
    assert "The source does not give these words to Sadiq Khan." in description
    assert "— **Dame Ada Brook" in description


async def test_stitched_words_are_named_each(stage: Stage) -> None:
    message = await verify(stage, f"{_UNSAFE} {_FELL}")
    assert findings(message) == ["stitched"]
    assert {one.document for one in quoted(message.now)} == {"harbour", "burglary"}


async def test_an_ellipsis_shows_what_was_left_out(stage: Stage) -> None:
    message = await verify(stage, "They were few … and the nights were long")
    assert findings(message) in (["verbatim"], ["stitched"])
    (embed,) = message.embeds
    assert "Left out between them in the source:" in embed["description"]
    assert len(quoted(message.now)) == len(places_of(embed)) == 3


async def test_words_of_nobody_are_absent(stage: Stage) -> None:
    message = await verify(stage, "Bananas hum quietly whenever elephants juggle marmalade.")
    assert findings(message) == ["absent"]
    near = await verify(stage, "The harbour master painted every boat orange before the regatta.")
    assert findings(near) == ["absent"]
    for one in (message, near):
        description = one.embeds[0]["description"]
        assert ("none of them a match" in description) == bool(quoted(one.now))


async def test_a_long_quotation_is_verified_to_its_end(stage: Stage) -> None:
    text = stage.texts["long"]
    posted = text[text.index("Part 0") : text.index("Part 5")].replace("\n\n“", " ").strip()
    message = await verify(stage, posted)
    assert findings(message) == ["verbatim"]
    assert "The source's words do not fit here" in message.embeds[0]["description"]
    assert quoted(message.now) == []
    assert places_of(message.embeds[0])[0][0] == "long"


@pytest.mark.parametrize("text", ["?!", "…", "\u200b\u202e", "🚔🚔"])
async def test_a_text_without_words_is_told_to_the_asker_alone(stage: Stage, text: str) -> None:
    message = await verify(stage, text, private=True)
    assert message.ephemeral
    assert message.content.startswith("There are no words to verify")
    assert message.embeds == ()


async def test_discord_takes_no_longer_text_and_no_longer_name(stage: Stage) -> None:
    with pytest.raises(ValueError, match="'text' takes nothing as large"):
        await verify(stage, "x" * 6_001)
    with pytest.raises(ValueError, match="100"):
        await verify(stage, "x", speaker="x" * 101)
    for most in ("word " * 1_200, "x" * 6_000, "“" * 6_000, "*_" * 3_000):
        message = await verify(stage, most.strip())
        assert message.ephemeral
        assert message.content


@pytest.mark.parametrize("form", HOSTILE)
async def test_hostile_posts_are_shown_dead(stage: Stage, form: str) -> None:
    message = await verify(stage, f"They said {HOSTILE[form]} indeed", speaker=HOSTILE[form][:100])
    assert live_forms(ours(message)) == {}
    assert message.now.guarded


async def test_the_menu_checks_every_quotation_of_a_message(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    text = (
        f"Look: Commissioner Ada Brook said: “{_FELL}”\n\nSadiq Khan said: “{_UNSAFE}”\n\n"
        "Ada Brook said: “Burglary fell by 30% this year, and it must not rise.”\n\n"
        "Tom Marsh said: “Purple bananas juggle marmalade every single Thursday.”"
    )
    message = await check(stage, text, ann)
    assert message.private_to == ann
    assert not message.visible_to(bob)
    assert message.content.startswith("**4 quotations checked.**")
    assert findings(message) == ["verbatim", "misattributed", "altered", "absent"]


async def test_a_split_quotation_is_checked_as_one(stage: Stage) -> None:
    message = await check(
        stage, "“They were few,” Dame Ada Brook said, “and the nights were long.”"
    )
    assert message.content.startswith("**1 quotation checked.**")
    assert findings(message) == ["verbatim"]


@pytest.mark.parametrize(
    "text",
    ["Nobody said a word.", "She said “no thanks”.", "“", "“”", "“A”, “b c”", "https://x.example"],
)
async def test_a_message_without_quotations_is_told_privately(stage: Stage, text: str) -> None:
    ann = stage.person()
    message = await check(stage, text, ann)
    assert message.private_to == ann
    assert message.content == "There is no quotation of three words or more in that message."


async def test_a_message_of_nothing_but_a_picture_has_none(stage: Stage) -> None:
    assert (await check(stage, "\u200b")).content.startswith("There is no quotation")


@pytest.mark.parametrize("form", HOSTILE)
async def test_a_hostile_message_pings_nobody_and_links_nowhere(stage: Stage, form: str) -> None:
    bob = stage.person("Bob")
    text = (
        f"{HOSTILE[form]}\n\nInspector Eve Hall said: “{HOSTILE_WORDS}” and then she said: "
        f"“It is {bob.mention} {HOSTILE[form]} indeed, all of it.” @everyone"
    )
    message = await check(stage, text)
    assert "verbatim" in findings(message), message.embeds
    assert message.now.guarded
    assert message.now.mentions == ()
    assert live_forms(ours(message)) == {}


async def test_thirty_quotations_are_checked_and_those_that_do_not_fit_counted(
    stage: Stage,
) -> None:
    text = "\n".join(
        f"Mary {name} said: “The choir of number {at} sang well.”"
        for at, name in enumerate(SURNAMES)
    )
    message = await check(stage, text)
    assert message.content.startswith("**30 quotations checked.**")
    assert f"{30 - len(message.embeds)} more did not fit here" in message.content
    assert set(findings(message)) == {"verbatim"}
    assert 0 < len(message.embeds) <= 10


async def test_every_block_of_every_verdict_is_a_slice(stage: Stage) -> None:
    """`Stage.promised` holds each against the pair that the footer names; here: they are many."""
    sentences = [
        sentence.strip("“” \n")
        for text in stage.texts.values()
        for sentence in re.split(r"(?<=[.!?])\s", text)[:30:3]
        if len(sentence.split()) > 5
    ]
    before = len(stage.promised())
    for one, other in zip(sentences, [*sentences[7:], *sentences[:7]], strict=True):
        await verify(stage, f"“{one}”")
        await verify(stage, f"{one} {other}", speaker="Sadiq Khan")
        await check(stage, f"They said: “{one[:-9]} … {other}” and “{other} Not.”")
    found = stage.promised()
    assert len(found) - before > 100
    assert {one.document for one in found} == set(stage.texts)
