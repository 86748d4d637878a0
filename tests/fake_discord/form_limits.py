"""Discord's limits on autocompletions, modals and what registers commands."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any

from .component_limits import CUSTOM_ID, select_faults, twin_faults
from .components import SELECTS, located
from .constants import CommandType, ComponentType, OptionType
from .measure import Path, count, dictionaries, length
from .records import Fault, Json

if TYPE_CHECKING:
    from collections.abc import Iterator

CHOICES = 25
CHOICE_TEXT = 100
MODAL_TITLE = 45
MODAL_COMPONENTS = 5
INPUT_LABEL = 45
LABEL_DESCRIPTION = 100
INPUT_PLACEHOLDER = 100
INPUT_VALUE = 4000
COMMAND_NAME = 32
COMMAND_DESCRIPTION = 100
COMMAND_OPTIONS = 25
COMMAND_TOTAL = 8000
COMMANDS = {CommandType.CHAT_INPUT: 100, CommandType.USER: 15, CommandType.MESSAGE: 15}


def choice_faults(choices: Any, at: Path) -> Iterator[Fault]:
    """What is wrong with suggestions, or with an option's fixed choices."""
    yield from count(choices, at, "choices", CHOICES)
    for i, choice in dictionaries(choices):
        for key in ("name", "value"):
            yield from length(choice.get(key), (*at, i, key), f"choice.{key}", CHOICE_TEXT, 1)


def modal_faults(data: Any, at: Path) -> Iterator[Fault]:
    """What is wrong with a modal."""
    if not isinstance(data, dict):
        return
    yield from length(data.get("title"), (*at, "title"), "modal.title", MODAL_TITLE, 1)
    yield from length(data.get("custom_id"), (*at, "custom_id"), "custom_id", CUSTOM_ID, 1)
    path = (*at, "components")
    too_many = list(count(data.get("components"), path, "modal.components", MODAL_COMPONENTS))
    if too_many:
        yield from too_many
        return
    if not data.get("components"):
        yield Fault(path, "BASE_TYPE_REQUIRED", "This field is required", "modal.components")
    for where, part in located(data.get("components"), path):
        yield from length(part.get("label"), (*where, "label"), "modal.label", INPUT_LABEL, 1)
        if part.get("type") == ComponentType.LABEL:
            yield from _label_faults(part, where)
        elif part.get("type") == ComponentType.TEXT_INPUT:
            yield from _input_faults(part, where)
        elif part.get("type") in SELECTS:
            yield from select_faults(part, where)
            if part.get("disabled"):
                message = "A select in a modal cannot be disabled"
                yield Fault((*where, "disabled"), "BASE_TYPE_INVALID", message, "modal.disabled")
    yield from twin_faults(data.get("components"), path)


def _label_faults(label: Json, at: Path) -> Iterator[Fault]:
    path = (*at, "description")
    yield from length(label.get("description"), path, "modal.description", LABEL_DESCRIPTION, 1)
    held = label.get("component")
    if isinstance(held, dict) and held.get("label"):
        message = "What stands in a label has no label of its own"
        path = (*at, "component", "label")
        yield Fault(path, "COMPONENT_LABEL_TWICE", message, "modal.label")


def _input_faults(part: Json, at: Path) -> Iterator[Fault]:
    yield from length(part.get("custom_id"), (*at, "custom_id"), "custom_id", CUSTOM_ID, 1)
    path = (*at, "placeholder")
    yield from length(part.get("placeholder"), path, "modal.placeholder", INPUT_PLACEHOLDER)
    if "component" not in at and not part.get("label"):
        yield Fault((*at, "label"), "BASE_TYPE_REQUIRED", "This field is required", "modal.label")
    least, most = part.get("min_length") or 0, part.get("max_length") or INPUT_VALUE
    if not (isinstance(least, int) and isinstance(most, int)):
        return
    if not 0 <= least <= most <= INPUT_VALUE:
        message = f"{least} to {most} characters"
        yield Fault((*at, "max_length"), "NUMBER_TYPE_MAX", message, "modal.length")
    else:
        least = least if part.get("value") else 0
        yield from length(part.get("value"), (*at, "value"), "modal.value", most, least)


def bulk_faults(body: Any) -> Iterator[Fault]:
    """What is wrong with a whole set of commands."""
    for i, command in dictionaries(body):
        yield from command_faults(command, (i,))
    names = Counter((one.get("type", 1), one.get("name")) for _, one in dictionaries(body))
    kinds = Counter(one.get("type", 1) for _, one in dictionaries(body))
    for kind, most in COMMANDS.items():
        if kinds[kind] > most:
            message = f"Maximum number of application commands reached ({most})."
            yield Fault((), "APPLICATION_COMMAND_TOO_MANY", message, "commands")
    for (_, name), uses in names.items():
        if uses > 1:
            message = f"Application command names must be unique: {name}"
            yield Fault((), "APPLICATION_COMMANDS_DUPLICATE_NAME", message, "command.name")


def command_faults(command: Any, at: Path = ()) -> Iterator[Fault]:
    """What is wrong with one command."""
    if not isinstance(command, dict):
        return
    slash = command.get("type", CommandType.CHAT_INPUT) == CommandType.CHAT_INPUT
    yield from _name_faults(command.get("name"), (*at, "name"), slash=slash)
    path = (*at, "description")
    most = COMMAND_DESCRIPTION if slash else 0
    yield from length(
        command.get("description"), path, "command.description", most, 1 if slash else 0
    )
    yield from _option_faults(command.get("options"), (*at, "options"))
    if _characters(command) > COMMAND_TOTAL:
        message = f"Command exceeds maximum size ({COMMAND_TOTAL})"
        yield Fault(at, "APPLICATION_COMMAND_TOO_LARGE", message, "command.total")


def _name_faults(name: Any, at: Path, *, slash: bool) -> Iterator[Fault]:
    yield from length(name, at, "command.name", COMMAND_NAME, 1)
    if slash and isinstance(name, str) and not _may_be_typed(name):
        message = "Command name is invalid"
        yield Fault(at, "APPLICATION_COMMAND_INVALID_NAME", message, "command.name")


def _may_be_typed(name: str) -> bool:
    """Letters, digits, marks, - _ ' and no capitals, in any script."""
    letters = all(c in "-_'" or unicodedata.category(c)[0] in "LNM" for c in name)
    return letters and name == name.lower()


def _option_faults(options: Any, at: Path) -> Iterator[Fault]:
    yield from count(options, at, "command.options", COMMAND_OPTIONS)
    optional_seen = False
    for i, option in dictionaries(options):
        path = (*at, i)
        yield from _name_faults(option.get("name"), (*path, "name"), slash=True)
        description = option.get("description")
        where = (*path, "description")
        yield from length(description, where, "command.description", COMMAND_DESCRIPTION, 1)
        yield from choice_faults(option.get("choices"), (*path, "choices"))
        yield from _option_faults(option.get("options"), (*path, "options"))
        if option.get("type") in (OptionType.SUB_COMMAND, OptionType.SUB_COMMAND_GROUP):
            continue
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            yield Fault(path, code, message, "command.options")
        optional_seen |= not option.get("required")


def _characters(command: Json) -> int:
    """The characters that count towards a command's 8,000."""
    own = sum(len(str(command.get(key) or "")) for key in ("name", "description"))
    choices = sum(
        len(str(choice.get(key, "")))
        for _, choice in dictionaries(command.get("choices"))
        for key in ("name", "value")
    )
    return (
        own + choices + sum(_characters(part) for _, part in dictionaries(command.get("options")))
    )
