"""Selects, radio buttons and checkboxes, with the checks that Discord's own client makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .constants import ComponentType
from .records import Channel, Json, Role, Upload, User

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .resolved import Resolved

Pick = str | User | Role | Channel | Upload

OF_OPTIONS = (
    ComponentType.STRING_SELECT,
    ComponentType.RADIO_GROUP,
    ComponentType.CHECKBOX_GROUP,
)
TAKES: dict[int, tuple[type, ...]] = {
    ComponentType.USER_SELECT: (User,),
    ComponentType.ROLE_SELECT: (Role,),
    ComponentType.MENTIONABLE_SELECT: (User, Role),
    ComponentType.CHANNEL_SELECT: (Channel,),
    ComponentType.FILE_UPLOAD: (Upload,),
}


def picked(part: Json, values: Sequence[Pick], resolved: Resolved) -> list[str]:
    """The values of a select as they are sent; raises ValueError for what nobody could pick.

    Of options, a value or a label names one.
    """
    name = part["custom_id"]
    if part["type"] in OF_OPTIONS:
        sent = [_option(part, value) for value in values]
    else:
        sent = [_named(part, value, resolved) for value in values]
    if len(set(sent)) < len(sent):
        raise ValueError(f"{name!r} takes nothing twice")
    least, most = _bounds(part)
    # Only in a modal is there a select that may be left alone though it asks for more.
    if not (not sent and part.get("required") is False) and not least <= len(sent) <= most:
        raise ValueError(f"{name!r} takes {least} to {most} values, not {len(sent)}")
    return sent


def defaults(part: Json) -> list[str]:
    """The options of a select that are picked to begin with."""
    return [option["value"] for option in part.get("options") or () if option.get("default")]


def _bounds(part: Json) -> tuple[int, int]:
    least, most = part.get("min_values"), part.get("max_values")
    if part["type"] == ComponentType.CHECKBOX_GROUP and most is None:
        most = len(part["options"])
    return (1 if least is None else least), (1 if most is None else most)


def _option(part: Json, value: Any) -> str:
    for option in part["options"]:
        if value in (option["value"], option["label"]):
            found: str = option["value"]
            return found
    shown = [option["value"] for option in part["options"]]
    raise ValueError(f"{part['custom_id']!r} offers {shown}, not {value!r}")


def _named(part: Json, value: Pick, resolved: Resolved) -> str:
    takes = TAKES.get(part["type"], ())
    kinds = part.get("channel_types")
    wrong_kind = isinstance(value, Channel) and kinds and int(value.type) not in kinds
    if isinstance(value, str) or not isinstance(value, takes) or wrong_kind:
        raise ValueError(f"{part['custom_id']!r} takes {takes} of types {kinds}, not {value!r}")
    return resolved.add(value)
