"""The options by which people state of a document what it does not state of itself."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

# In the order of `bot.curation.intake.Overrides`.
_OPTIONS: dict[str, Any] = {
    "title": typer.Option(help="Its title, where it does not say or is wrong."),
    "published": typer.Option(help="2020-06-26, 2020-06 or 2020."),
    "publisher": typer.Option(help="Who published it."),
    "author": typer.Option(help="Who wrote it."),
    "url": typer.Option(help="Where it is found on the web."),
    "kind": typer.Option(help="announcement, news, letter, other."),
    "rights": typer.Option(help="Under which terms it may be used."),
}
# What was stated, by the names of `Overrides`; ``None`` where it was not.
Stated = dict[str, str | None]


def stating(command: Callable[..., None]) -> Callable[..., None]:
    """A command with these options in the place of its parameter ``stated``, which gets them."""

    @functools.wraps(command)
    def asked(*arguments: Any, **given: Any) -> None:  # noqa: ANN401 - whatever the command takes
        command(*arguments, stated={name: given.pop(name) for name in _OPTIONS}, **given)

    hints = get_type_hints(command, include_extras=True)
    parameters: list[inspect.Parameter] = []
    for name, one in inspect.signature(command).parameters.items():
        if name == "stated":
            parameters += [
                one.replace(name=each, default=None, annotation=Annotated[str | None, option])
                for each, option in _OPTIONS.items()
            ]
        else:
            parameters.append(one.replace(annotation=hints[name]))
    asked.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    asked.__annotations__ = {one.name: one.annotation for one in parameters}
    return asked
