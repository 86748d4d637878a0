"""Forms with every kind of input, by the real discord.py, and what they refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord
import pytest

from .records import Upload
from .routes import Routes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .conftest import Http
    from .forms import FormValue
    from .interaction import Interaction
    from .records import Channel, Guild, User
    from .sample_bot import SampleBot
    from .server import FakeDiscord


def options(*names: str) -> list[discord.SelectOption]:
    return [discord.SelectOption(label=name, value=name.lower()) for name in names]


class Everything(discord.ui.Modal, title="Everything"):
    intro: discord.ui.TextDisplay[Any] = discord.ui.TextDisplay("Fill it in.")
    kind: discord.ui.Label[Any] = discord.ui.Label(
        text="Kind",
        component=discord.ui.Select(
            options=options("Letter", "Speech"), max_values=2, required=True
        ),
    )
    who: discord.ui.Label[Any] = discord.ui.Label(
        text="Who", component=discord.ui.MentionableSelect(required=False)
    )
    where: discord.ui.Label[Any] = discord.ui.Label(
        text="Where",
        component=discord.ui.ChannelSelect(channel_types=[discord.ChannelType.text], required=True),
    )
    file: discord.ui.Label[Any] = discord.ui.Label(
        text="File", component=discord.ui.FileUpload(max_values=2, required=False)
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        parts: list[Any] = [one.component for one in (self.kind, self.who, self.where, self.file)]
        kind, who, where, file = parts
        contents = [(await one.read()).decode() for one in file.values]
        said = [kind.values, [str(one) for one in who.values], [c.name for c in where.values]]
        await interaction.response.send_message(f"{said} {contents}")


class Ticks(discord.ui.Modal, title="Ticks"):
    tone: discord.ui.Label[Any] = discord.ui.Label(
        text="Tone",
        component=discord.ui.RadioGroup(
            options=[discord.RadioGroupOption(label=n, value=n) for n in ("kind", "stern")]
        ),
    )
    days: discord.ui.Label[Any] = discord.ui.Label(
        text="Days",
        component=discord.ui.CheckboxGroup(
            required=False,
            options=[discord.CheckboxGroupOption(label=n, value=n) for n in ("Mon", "Tue")],
        ),
    )
    sure: discord.ui.Label[Any] = discord.ui.Label(text="Sure", component=discord.ui.Checkbox())
    note: discord.ui.Label[Any] = discord.ui.Label(
        text="Note", component=discord.ui.TextInput(min_length=3, required=False)
    )

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        parts: list[Any] = [one.component for one in (self.tone, self.days, self.sure, self.note)]
        tone, days, sure, note = parts
        answer = f"{tone.value} {days.values} {sure.value} {note.value!r}"
        await interaction.response.send_message(answer)


@pytest.fixture
async def opened(server: FakeDiscord, bot: SampleBot, ann: User) -> Interaction:
    """The form of everything, shown to Ann."""

    @bot.tree.command(description="Everything")
    async def everything(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(Everything())

    await bot.tree.sync()
    return await server.slash(ann, "everything")


async def test_selects_and_files_in_a_form(
    server: FakeDiscord, opened: Interaction, guild: Guild, channel: Channel, ann: User
) -> None:
    mods = server.add_role(guild, "Mods")
    bob = server.add_user("Bob")
    values: dict[str, FormValue] = {
        "Kind": ["letter", "Speech"],
        "Who": [mods],
        "Where": [channel],
        "File": [Upload("a.txt", "“A”".encode()), Upload("b.txt", b"B")],
    }
    sent = await server.modal_submit(opened, values)
    text = (await sent.response()).content
    assert text == "[['letter', 'speech'], ['Mods'], ['general']] ['“A”', 'B']"
    values = {"Kind": "speech", "Who": [bob], "Where": [channel]}
    with pytest.raises(LookupError, match="closed"):
        await server.modal_submit(opened, values)
    again = await server.modal_submit(await server.slash(ann, "everything"), values)
    assert (await again.response()).content == "[['speech'], ['bob'], ['general']] []"
    assert server.violations == []


async def test_ticks_in_a_form(server: FakeDiscord, bot: SampleBot, ann: User) -> None:
    @bot.tree.command(description="Ticks")
    async def ticks(interaction: discord.Interaction[Any]) -> None:
        await interaction.response.send_modal(Ticks())

    await bot.tree.sync()
    opened = await server.slash(ann, "ticks")
    sent = await server.modal_submit(opened, {"Tone": "kind", "Days": ["Mon"], "Sure": True})
    assert (await sent.response()).content == "kind ['Mon'] True ''"
    opened = await server.slash(ann, "ticks")
    sent = await server.modal_submit(opened, {"Tone": "stern", "Note": "yes"})
    assert (await sent.response()).content == "stern [] False 'yes'"
    for wrong in ({}, {"Tone": "rude"}, {"Tone": "kind", "Note": "no"}, {"Tone": ["kind"] * 2}):
        with pytest.raises(ValueError, match=r"takes|offers"):
            await server.modal_submit(opened, wrong)
    assert bot.errors == []
    assert server.violations == []


async def test_what_a_form_does_not_take(
    server: FakeDiscord, opened: Interaction, guild: Guild, channel: Channel, ann: User
) -> None:
    good: Mapping[str, FormValue] = {"Kind": ["letter"], "Where": [channel]}
    elsewhere = server.add_channel(server.add_guild("Elsewhere"))
    gone = server.add_role(guild, "Gone")
    server.delete_role(gone)
    file = Upload("a.txt", b"a")
    wrong: list[Mapping[str, FormValue]] = [
        {"Kind": []},
        {"Kind": ["e-mail"]},
        {"Kind": ["letter", "letter"]},
        {"Where": []},
        {"Where": [ann]},
        {"Where": [elsewhere]},
        {"Where": [server.add_thread(channel)]},
        {"Who": ["Ann"]},
        {"Who": [gone]},
        {"File": [file, file, file]},
        {"Nothing": ["x"]},
    ]
    for change in wrong:
        with pytest.raises(ValueError, match=r"takes|offers|gone|no such"):
            await server.modal_submit(opened, {**good, **change})
    with pytest.raises(PermissionError):
        await server.modal_submit(opened, good, server.add_user("Bob"))


def text_input(**changed: Any) -> dict[str, Any]:
    return {"type": 4, "custom_id": "f", "style": 1, **changed}


def label(component: dict[str, Any], **changed: Any) -> dict[str, Any]:
    return {"type": 18, "label": "l", "component": component, **changed}


def row(component: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": [component]}


SELECT = {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}]}
REFUSED: list[tuple[str, list[dict[str, Any]]]] = [
    ("modal.components", []),
    ("modal.label", [row(text_input())]),
    ("modal.label", [label(text_input(label="twice"))]),
    ("modal.label", [label(text_input(), label="x" * 46)]),
    ("modal.description", [label(text_input(), description="x" * 101)]),
    ("modal.length", [label(text_input(min_length=5, max_length=4))]),
    ("modal.value", [label(text_input(value="abc", max_length=2))]),
    ("modal.value", [label(text_input(value="abc", min_length=4))]),
    ("custom_id.duplicate", [label(text_input()), label(text_input())]),
    ("modal.disabled", [label({**SELECT, "disabled": True})]),
    ("select.range", [label({**SELECT, "max_values": 2})]),
    ("select.options", [label({**SELECT, "options": []})]),
    ("schema", [row(SELECT)]),
    ("schema", [label({"type": 2, "style": 1, "custom_id": "b"})]),
    ("schema", [text_input(label="l")]),
]


@pytest.mark.parametrize(("limit", "components"), REFUSED)
async def test_forms_that_discord_would_not_show(
    server: FakeDiscord, http: Http, opened: Interaction, limit: str, components: list[Any]
) -> None:
    if server.description is None and limit == "schema":
        pytest.skip(server.validation)
    await opened.modal()
    # What was shown before has nothing to do with it: the body is refused before that.
    body = {"type": 9, "data": {"custom_id": "m", "title": "t", "components": components}}
    path = f"/interactions/{opened.id}/{opened.token}/callback"
    assert (await http("POST", path, body))[0] == 400
    assert [violation.limit for violation in server.violations] == [limit]
    assert len(server.calls("POST", Routes.CALLBACK)) == 2
