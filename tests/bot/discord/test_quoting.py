"""``/quote``: who said what, its pages, its autocompletion and its files."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.discord.quoting import _at_a_word, _choice
from index.people import Office, Person
from tests.bot.discord.quote_stage import HOSTILE_WORDS, SURNAMES, quote_stage
from tests.bot.discord.stage import quoted
from tests.bot.discord_syntax import HOSTILE, as_seen, live_forms
from tests.fake_discord import CallbackType

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.bot.discord.stage import Stage
    from tests.conftest import TinyData
    from tests.fake_discord import Attachment, Message, User

pytestmark = pytest.mark.asyncio(loop_scope="module")
_EXPORTS = {"Export CSV": "csv", "Export JSON": "json", "Export Markdown": "md"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def quoting(
    _tiny_built: TinyData, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stage]:
    async with quote_stage(tmp_path_factory.mktemp("quoting"), _tiny_built) as stage:
        yield stage
        assert await stage.stop() == 0, stage.log


@pytest_asyncio.fixture(loop_scope="module")
async def stage(quoting: Stage) -> AsyncIterator[Stage]:
    yield quoting
    quoting.check()


async def quote(stage: Stage, by: User | None = None, **options: str | bool) -> Message:
    asked = await stage.server.slash(by or stage.person(), "quote", options, channel=stage.channel)
    return await asked.response()


async def click(stage: Stage, message: Message, label: str, by: User) -> Message:
    return await (await stage.server.click(message, message.button(label), by)).response()


async def exported(stage: Stage, message: Message, label: str, by: User) -> Attachment:
    """The file that a click attaches, to nobody but the clicker."""
    answer = await click(stage, message, label, by)
    assert answer is not message
    assert answer.private_to == by
    (file,) = answer.attachments
    assert file.filename == f"quotations.{_EXPORTS[label]}"
    return file


async def test_a_persons_words_come_with_who_and_when(stage: Stage) -> None:
    message = await quote(stage, speaker="Ada Brook")
    assert message.public
    assert message.content.startswith("**3 quotations** by Ada Brook, the newest first.")
    first, split, last = quoted(message.now)
    assert (first.document, split.document, last.document) == ("harbour", "harbour", "burglary")
    assert "“They were few,” she added, “and the nights were long.”" in split.text
    shown = [embed["description"] for embed in message.embeds]
    assert "**The harbour was not safe at night.**" in shown[0]
    assert "— **Dame Ada Brook, chair of the Harbour Inquiry**" in shown[0]
    assert "https://harbour.example/news#:~:text=" in shown[0]
    assert "— **Ada Brook, Commissioner**" in shown[2]
    assert "November 2018" in shown[2]
    assert [button.label for button in message.buttons] == ["Permalink", "Card", *_EXPORTS]


async def test_no_option_shows_the_newest(stage: Stage) -> None:
    message = await quote(stage)
    assert message.content.startswith("**")
    assert "the newest first" in message.content
    assert [one.document for one in quoted(message.now)] == ["hostile", "harbour", "harbour"]


async def test_a_private_look_up_is_for_the_asker_alone(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    message = await quote(stage, ann, speaker="choir", private=True)
    assert message.private_to == ann
    assert not message.visible_to(bob)
    message = await quote(stage, ann, speaker="Mary", private=True)
    turned = await click(stage, message, "Next", ann)
    assert turned is message
    assert "page 2 of 10" in message.content


async def test_options_narrow_the_look_up(stage: Stage) -> None:
    message = await quote(stage, speaker="Brook", since="2018", until="2018-12-31")
    assert [one.document for one in quoted(message.now)] == ["burglary"]
    assert "since 2018-01-01 until 2018-12-31" in as_seen(message.content)
    about = await quote(stage, speaker="Brook", about="the harbour at night")
    assert quoted(about.now)[0].document == "harbour"
    assert "about the harbour at night, by relevance." in about.content
    khan = await quote(stage, speaker="the mayor")
    assert {"Sadiq Khan" in embed["description"] for embed in khan.embeds} == {True}


@pytest.mark.parametrize("options", [{"speaker": "Nobody Known"}, {"until": "1900"}])
async def test_nothing_found_is_said_without_buttons(stage: Stage, options: dict[str, str]) -> None:
    message = await quote(stage, None, **options)
    assert message.content.startswith("**No quotation**")
    assert (message.embeds, message.buttons) == ((), ())


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"since": "yesterday"}, "Since: 'yesterday' is not a date such as"),
        ({"until": "2020-02-30"}, "Until: day is out of range for month"),
        ({"since": "2021", "until": "2020"}, "Since is later than until"),
        ({"about": "  \u200b "}, "The question is empty"),
        ({"speaker": "\u202e"}, "The question is empty"),
    ],
)
async def test_wrong_input_is_told_to_the_asker_alone(
    stage: Stage, options: dict[str, str], complaint: str
) -> None:
    message = await quote(stage, None, **options)
    assert message.ephemeral
    assert as_seen(message.content).startswith(complaint)


@pytest.mark.parametrize("form", HOSTILE)
async def test_hostile_options_are_shown_dead(stage: Stage, form: str) -> None:
    message = await quote(stage, speaker=HOSTILE[form][:100], about=HOSTILE[form])
    asked, _ = message.content.split("\n")
    assert set(live_forms(asked)) <= {"star"}, "our own bold, and no more"


async def test_hostile_words_are_exact_dead_and_ping_nobody(stage: Stage) -> None:
    message = await quote(stage, speaker="Eve Hall")
    assert HOSTILE_WORDS in quoted(message.now)[0].text
    assert message.now.guarded


async def test_the_asker_turns_every_page_and_nobody_else(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    message = await quote(stage, ann, speaker="Mary")
    assert "page 1 of 10" in message.content
    assert message.button("Previous").disabled
    pages = [quoted(message.now)]
    while not message.button("Next").disabled:
        await click(stage, message, "Next", ann)
        pages.append(quoted(message.now))
    assert len({one.start for page in pages for one in page}) == len(SURNAMES) == 30
    before = message.now
    told = await click(stage, message, "Previous", bob)
    assert told.private_to == bob
    assert told.content.startswith("Only the person who looked can turn these pages.")
    assert message.now == before
    await click(stage, message, "Previous", ann)
    assert quoted(message.now) == pages[-2]


async def test_a_long_quotation_is_read_to_its_end(stage: Stage) -> None:
    ann = stage.person()
    message = await quote(stage, ann, speaker="Rob Grey")
    found = quoted(message.now)
    while not message.button("Next").disabled:
        await click(stage, message, "Next", ann)
        found += quoted(message.now)
    assert (found[0].start, found[-1].end) == (0, len(stage.texts["long"]))


async def test_files_have_the_exact_words_for_whoever_clicks(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    message = await quote(stage, ann, speaker="Ada Brook")
    before = message.now
    files = {
        label: await exported(stage, message, label, by) for by in (ann, bob) for label in _EXPORTS
    }
    assert message.now == before
    values: list[dict[str, Any]] = json.loads(files["Export JSON"].content)
    assert [value["document"] for value in values] == ["harbour", "harbour", "burglary"]
    for value in values:
        text = stage.texts[value["document"]]
        slices = [text[start:end] for start, end in value["spans"]]
        assert value["text"] == "\n\n".join(slices)
    content = files["Export CSV"].content
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row["quote"] for row in rows] == [value["text"] for value in values]
    markdown = files["Export Markdown"].content.decode("utf-8")
    for value in values:
        assert "> " + value["text"].replace("\n\n", "\n>\n> ") in markdown


async def test_a_file_has_all_pages(stage: Stage) -> None:
    ann = stage.person()
    message = await quote(stage, ann, speaker="Mary")
    await click(stage, message, "Next", ann)
    file = await exported(stage, message, "Export JSON", ann)
    assert len(json.loads(file.content)) == 30


async def choices(stage: Stage, typed: str) -> dict[str, str]:
    interaction = await stage.server.autocomplete(
        stage.person(), "quote", "speaker", typed, channel=stage.channel
    )
    found = await interaction.choices()
    assert interaction.callback is CallbackType.AUTOCOMPLETE_RESULT
    assert len(found) <= 25
    assert all(1 <= len(choice.name) <= 100 for choice in found)
    assert all(1 <= len(str(choice.value)) <= 100 for choice in found)
    return {choice.name: str(choice.value) for choice in found}


async def test_names_are_completed(stage: Stage) -> None:
    assert await choices(stage, "ada b") == {
        "Dame Ada Brook, chair of the Harbour Inquiry": "Dame Ada Brook"
    }
    assert len(await choices(stage, "")) == 25
    assert len(await choices(stage, "MARY")) == 25
    assert "Mary Underwood" in (await choices(stage, "mary u")).values()
    assert set((await choices(stage, "underw")).values()) == {"Mary Underwood"}
    assert await choices(stage, "zzz") == {}
    assert await choices(stage, "'; DROP TABLE x; -- \\ % _") == {}
    for value in (await choices(stage, "brook")).values():
        assert quoted((await quote(stage, speaker=value)).now)


async def test_long_names_fit_and_still_mean_their_person() -> None:
    name = "A spokesperson for the " + "Association of River Police " * 6
    person = Person("key", name, (name,), (Office("role " * 30, None, "a", None),), 1)
    assert len(_choice(person)) == 100
    value = _at_a_word(name)
    assert len(value) <= 100
    assert name.startswith(value)
    assert set(value.split()) <= set(name.split())
    assert len(_at_a_word("x" * 300)) == 100
    assert _choice(Person("key", "Ann Lee", ("Ann Lee",), (), 1)) == "Ann Lee"


async def test_buttons_work_after_a_restart(quoting: Stage, stage: Stage) -> None:
    ann = stage.person()
    message = await quote(stage, ann, speaker="Mary")
    assert await quoting.stop() == 0
    await stage.server.wait_gone()
    await stage.start()
    await click(stage, message, "Next", ann)
    assert "page 2 of 10" in message.content
    assert len(json.loads((await exported(stage, message, "Export JSON", ann)).content)) == 30


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE lookups SET lookup = 'spoiled'", "The answer could not be looked up"),
        ("UPDATE lookups SET lookup = '{}'", "The answer could not be looked up"),
        ("DELETE FROM lookups", "This look-up is no longer kept; look again with /quote."),
    ],
)
async def test_a_look_up_that_is_lost_is_told(
    quoting: Stage, stage: Stage, statement: str, told: str
) -> None:
    ann = stage.person()
    message = await quote(stage, ann, speaker="Mary")
    store = sqlite3.connect(path_of(quoting), timeout=30)
    with store:
        store.execute(statement)
    store.close()
    for label in ("Next", "Export CSV"):
        answer = await click(stage, message, label, ann)
        assert answer.private_to == ann
        assert answer.content.startswith(told)


def path_of(stage: Stage) -> Path:
    return stage.folder / "data" / "state.sqlite"
