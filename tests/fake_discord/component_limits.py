"""Discord's limits on components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .components import located, walk
from .constants import LINK_STYLE, PREMIUM_STYLE, ComponentType, MessageFlags
from .measure import Path, count, dictionaries, length
from .records import Fault, Json

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 5
ROW_BUTTONS = 5
CUSTOM_ID = 100
BUTTON_LABEL = 80
BUTTON_URL = 512
SELECT_OPTIONS = 25
SELECT_TEXT = 100
SELECT_PLACEHOLDER = 150
V2_COMPONENTS = 40
V2_TEXT = 4000


def component_faults(body: Json, at: Path) -> Iterator[Fault]:
    """What is wrong with a message's components, old style or new."""
    flags = body.get("flags")
    if isinstance(flags, int) and flags & MessageFlags.COMPONENTS_V2:
        yield from _v2_faults(body, at)
    else:
        yield from _row_faults(body.get("components"), (*at, "components"))
    yield from _part_faults(body.get("components"), (*at, "components"))


def _row_faults(components: Any, at: Path) -> Iterator[Fault]:
    yield from count(components, at, "rows", ROWS)
    for i, row in dictionaries(components):
        if row.get("type") != ComponentType.ACTION_ROW:
            message = 'Value of field "type" must be one of (1,).'
            yield Fault((*at, i, "type"), "UNION_TYPE_CHOICES", message, "rows")
            continue
        yield from count(row.get("components"), (*at, i, "components"), "buttons", ROW_BUTTONS)
        kinds = {inner.get("type") for _, inner in dictionaries(row.get("components"))}
        held = row.get("components")
        if isinstance(held, list) and len(held) > 1 and kinds != {ComponentType.BUTTON}:
            message = "A select menu needs a row of its own"
            path = (*at, i, "components")
            yield Fault(path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message, "buttons")


def _v2_faults(body: Json, at: Path) -> Iterator[Fault]:
    for key in ("content", "embeds"):
        if body.get(key):
            message = f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            code = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
            yield Fault((*at, key), code, message, "v2.legacy")
    parts = walk(body.get("components"))
    if len(parts) > V2_COMPONENTS:
        message = f"Must be {V2_COMPONENTS} or fewer in length."
        yield Fault((*at, "components"), "BASE_TYPE_MAX_LENGTH", message, "v2.components")
    displays = (part for part in parts if part.get("type") == ComponentType.TEXT_DISPLAY)
    text = sum(len(str(display.get("content", ""))) for display in displays)
    if text > V2_TEXT:
        message = "Components displayable text size exceeds maximum size of 4000"
        code = "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"
        yield Fault((*at, "components"), code, message, "v2.text")


def _part_faults(components: Any, at: Path) -> Iterator[Fault]:
    for path, part in located(components, at):
        if part.get("type") == ComponentType.BUTTON:
            yield from _button_faults(part, path)
        elif "custom_id" in part:
            yield from select_faults(part, path)
    yield from twin_faults(components, at)


def twin_faults(components: Any, at: Path) -> Iterator[Fault]:
    """A fault for every custom id that was there before."""
    seen: set[str] = set()
    for path, part in located(components, at):
        custom_id = part.get("custom_id")
        if not isinstance(custom_id, str):
            continue
        if custom_id in seen:
            message = f"Component custom id cannot be duplicated: {custom_id}"
            code = "COMPONENT_CUSTOM_ID_DUPLICATED"
            yield Fault((*path, "custom_id"), code, message, "custom_id.duplicate")
        seen.add(custom_id)


def _button_faults(button: Json, at: Path) -> Iterator[Fault]:
    yield from length(button.get("label"), (*at, "label"), "button.label", BUTTON_LABEL)
    yield from length(button.get("custom_id"), (*at, "custom_id"), "custom_id", CUSTOM_ID, 1)
    yield from length(button.get("url"), (*at, "url"), "button.url", BUTTON_URL)
    link = button.get("style") == LINK_STYLE
    if button.get("style") != PREMIUM_STYLE and link == (button.get("url") is None):
        message = "A link button needs a url, and only a link button"
        yield Fault((*at, "url"), "BASE_TYPE_REQUIRED", message, "button.url")
    if link == (button.get("custom_id") is not None) and button.get("style") != PREMIUM_STYLE:
        message = "A custom id is required, except on link buttons"
        yield Fault((*at, "custom_id"), "BASE_TYPE_REQUIRED", message, "custom_id")


def select_faults(select: Json, at: Path) -> Iterator[Fault]:
    """What is wrong with a select, in a message or a modal."""
    yield from length(select.get("custom_id"), (*at, "custom_id"), "custom_id", CUSTOM_ID, 1)
    path = (*at, "placeholder")
    yield from length(select.get("placeholder"), path, "select.placeholder", SELECT_PLACEHOLDER)
    yield from count(select.get("options"), (*at, "options"), "select.options", SELECT_OPTIONS)
    for i, option in dictionaries(select.get("options")):
        for key, least in (("label", 1), ("value", 1), ("description", 0)):
            where = (*at, "options", i, key)
            yield from length(option.get(key), where, f"select.{key}", SELECT_TEXT, least)
    yield from _range_faults(select, at)
    values = [option.get("value") for _, option in dictionaries(select.get("options"))]
    if len(set(values)) < len(values):
        message = "The specified option value is already used"
        code = "COMPONENT_SELECT_OPTION_VALUE_DUPLICATED"
        yield Fault((*at, "options"), code, message, "select.duplicate")


def _range_faults(select: Json, at: Path) -> Iterator[Fault]:
    """What is wrong with how many values a select takes."""
    least, most = select.get("min_values"), select.get("max_values")
    if select.get("type") == ComponentType.STRING_SELECT and not select.get("options"):
        yield Fault(
            (*at, "options"), "BASE_TYPE_REQUIRED", "Options are required", "select.options"
        )
        return
    least, most = (1 if least is None else least), (1 if most is None else most)
    if not (isinstance(least, int) and isinstance(most, int)):
        return
    offered = len(select["options"]) if select.get("options") else SELECT_OPTIONS
    if not least <= most <= SELECT_OPTIONS or most > offered:
        message = f"{least} to {most} values of {offered}"
        yield Fault((*at, "max_values"), "NUMBER_TYPE_MAX", message, "select.range")
