"""Buttons, menus and forms that outlive a restart.

An id says what is to be done, and with what that the store keeps (or with which permalink, which
needs no keeping): ``mq:WHAT:KEPT:AT``, where
``AT`` is a page or another small number (``mqc:`` for menus of channels). One class serves all
buttons, and whoever offers one brings the function that answers its press (see `Actions`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.discord.replies import BROKE, sentence, tell
from corpus.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.discord.client import MetquoteClient

_log = logging.getLogger("metquote")
_REST = r":(?P<what>[a-z-]{1,24}):(?P<kept>[A-Za-z0-9_-]{1,60}):(?P<at>[0-9]{1,6})"
_ID = re.compile(f"mq{_REST}")


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed, a channel chosen from a menu, or a form sent.

    ``kept`` is the id in the store and ``at`` the small number of the button's id; ``values`` are
    what was typed into a form, by field; ``chosen`` the ids of what was chosen from a menu.
    """

    client: MetquoteClient
    interaction: discord.Interaction[discord.Client]
    kept: str
    at: int
    values: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[int, ...] = ()


# What a press of each kind of button does.
Action = Callable[[Press], Awaitable[None]]
Actions = dict[str, Action]


def button_id(what: str, kept: str, at: int = 0) -> str:
    """The id of a button, menu or form."""
    return f"mq:{what}:{kept}:{at}"


class KeptButton(discord.ui.DynamicItem[discord.ui.Button[discord.ui.View]], template=_ID.pattern):
    """A button of the bot's."""

    def __init__(
        self,
        what: str,
        kept: str,
        at: int = 0,
        *,
        label: str = "…",
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
        row: int | None = None,
    ) -> None:
        super().__init__(
            discord.ui.Button(
                label=label,
                style=style,
                custom_id=button_id(what, kept, at),
                disabled=disabled,
                row=row,
            )
        )
        self.what, self.kept, self.at = what, kept, at

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
    ) -> Self:
        """The button of a press, whichever process sent it."""
        del interaction, item
        return cls(match["what"], match["kept"], int(match["at"]))

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Do what the button is for."""
        client: MetquoteClient = interaction.client  # type: ignore[assignment]
        await pressed(self.what, Press(client, interaction, self.kept, self.at))


class KeptChannels(
    discord.ui.DynamicItem[discord.ui.ChannelSelect[discord.ui.View]], template=f"mqc{_REST}"
):
    """A menu of the bot's to choose one text channel from."""

    def __init__(self, what: str, kept: str, *, placeholder: str = "…") -> None:
        super().__init__(
            discord.ui.ChannelSelect(
                custom_id=f"mqc:{what}:{kept}:0",
                placeholder=placeholder,
                channel_types=[discord.ChannelType.text, discord.ChannelType.news],
            )
        )
        self.what, self.kept = what, kept

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[discord.Client],
        item: discord.ui.Item[discord.ui.View],
        match: re.Match[str],
    ) -> Self:
        """The menu of a choice, whichever process sent it."""
        del interaction, item
        return cls(match["what"], match["kept"])

    async def callback(self, interaction: discord.Interaction[discord.Client]) -> None:
        """Do what the menu is for."""
        client: MetquoteClient = interaction.client  # type: ignore[assignment]
        data: Any = interaction.data
        chosen = tuple(int(value) for value in data["values"])
        await pressed(self.what, Press(client, interaction, self.kept, 0, chosen=chosen))


class Form(discord.ui.Modal):
    """A form. What is sent comes to `submitted`, after a restart too."""

    def __init__(self, what: str, kept: str, at: int = 0, *, title: str) -> None:
        super().__init__(title=title, custom_id=button_id(what, kept, at), timeout=None)

    def ask(
        self,
        name: str,
        label: str,
        *,
        most: int,
        required: bool = True,
        long: bool = False,
        default: str | None = None,
    ) -> Self:
        """A field; the form itself, so that several can be asked in a row."""
        style = discord.TextStyle.paragraph if long else discord.TextStyle.short
        self.add_item(
            discord.ui.TextInput(
                label=label, custom_id=name, style=style, max_length=most, required=required,
                default=default,
            )
        )  # fmt: skip
        return self

    async def on_submit(self, interaction: discord.Interaction[discord.Client], /) -> None:
        """Nothing: `submitted` hears of every form, of this process or an earlier one."""


async def submitted(
    client: MetquoteClient, interaction: discord.Interaction[discord.Client]
) -> None:
    """Do what a form is for, if it is one of the bot's."""
    data: Any = interaction.data
    match = _ID.fullmatch(data.get("custom_id", ""))
    if match is None:
        return
    values = dict(_typed(data.get("components", ())))
    press = Press(client, interaction, match["kept"], int(match["at"]), values)
    await pressed(match["what"], press)


async def pressed(what: str, press: Press) -> None:
    """Answer a press; a failure is told to whoever pressed, and never silence."""
    action = press.client.actions.get(what)
    try:
        if action is None:
            await tell(press.interaction, "This button is of an older version; ask again.")
        else:
            await action(press)
    except InputError as error:
        await tell(press.interaction, sentence(error))
    except Exception:  # noqa: BLE001 - the last edge: whoever pressed gets a sentence, the log the reason
        _log.exception("a press of %s could not be answered", what)
        await tell(press.interaction, BROKE)


def view_of(items: Iterable[discord.ui.Item[Any]]) -> discord.ui.View:
    """A view of ``items`` that does not run out."""
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def turning(what: str, kept: str, number: int, count: int) -> list[KeptButton]:
    """Previous and next for page ``number`` (from 0) of ``count``; none for a single page."""
    if count < 2:  # noqa: PLR2004 - one page cannot be turned
        return []
    last = count - 1
    back, on = max(number - 1, 0), min(number + 1, last)
    return [
        KeptButton(what, kept, back, label="Previous", disabled=number == 0, row=0),
        KeptButton(what, kept, on, label="Next", disabled=number == last, row=0),
    ]


def _typed(components: Sequence[Any]) -> Iterator[tuple[str, str]]:
    """The fields of a form, in rows or in labels."""
    for one in components:
        inside = one.get("components") or ([one["component"]] if "component" in one else [])
        yield from _typed(inside)
        if "value" in one and "custom_id" in one:
            yield one["custom_id"], str(one["value"])
