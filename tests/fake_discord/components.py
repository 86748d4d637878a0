"""Finding one's way in the components of messages and modals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .constants import ComponentType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .records import Json

SELECTS = (
    ComponentType.STRING_SELECT,
    ComponentType.USER_SELECT,
    ComponentType.ROLE_SELECT,
    ComponentType.MENTIONABLE_SELECT,
    ComponentType.CHANNEL_SELECT,
)

Path = tuple[str | int, ...]


def located(components: Any, at: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Every component, however deep, in order, with its place in the request."""
    if not isinstance(components, list):
        return
    for i, component in enumerate(components):
        if isinstance(component, dict):
            yield from _located_one(component, (*at, i))


def _located_one(component: Json, at: Path) -> Iterator[tuple[Path, Json]]:
    yield at, component
    yield from located(component.get("components"), (*at, "components"))
    # A section holds a button beside its text, a label its one input.
    for key in ("accessory", "component"):
        if isinstance(component.get(key), dict):
            yield from _located_one(component[key], (*at, key))


def walk(components: Any) -> list[Json]:
    """Every component, however deep, in order."""
    return [component for _, component in located(components)]


def number_components(components: list[Json]) -> list[Json]:
    """Components as Discord gives them back: each with an id, unique in its message."""
    count = 0

    def numbered(value: Any) -> Any:
        nonlocal count
        if isinstance(value, list):
            return [numbered(item) for item in value]
        if not isinstance(value, dict):
            return value
        out = {key: item for key, item in value.items() if item is not None}
        # An emoji and a media item are dictionaries too, but only components have a type.
        if "type" in out:
            count += 1
            out.setdefault("id", count)
        if out.get("type") in SELECTS:
            out = {"min_values": 1, "max_values": 1, **out}
        return {key: numbered(item) for key, item in out.items()}

    result: list[Json] = numbered(components)
    return result


def button_or_select(components: Any, custom_id: str) -> Json:
    """The component that a person uses; raises LookupError where there is none to use."""
    for part in walk(components):
        if part.get("custom_id") != custom_id:
            continue
        if part.get("disabled"):
            raise LookupError(f"{custom_id!r} is disabled")
        return part
    shown = [part.get("custom_id") for part in walk(components) if "custom_id" in part]
    raise LookupError(f"the message shows nothing with custom id {custom_id!r}, only {shown}")
