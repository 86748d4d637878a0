"""Filling in a modal, with the checks that Discord's own client makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .components import located, walk
from .constants import ComponentType
from .picks import OF_OPTIONS, TAKES, Pick, defaults, picked

if TYPE_CHECKING:
    from .records import Json
    from .resolved import Resolved

FormValue = str | bool | Sequence[Pick]
INPUT_CHARACTERS = 4000


def fill_modal(modal: Json, values: Mapping[str, FormValue], resolved: Resolved) -> list[Json]:
    """A modal's components as they are sent back; raises ValueError.

    `values` are by the custom ids of the inputs, or by their labels.
    """
    names = _names(modal)
    unknown = sorted(values.keys() - names.keys())
    if unknown:
        raise ValueError(f"no such input: {unknown}; there are {sorted(names)}")
    given = {names[name]: value for name, value in values.items()}
    return [_filled(part, given, resolved) for part in modal["components"]]


def _names(modal: Json) -> dict[str, str]:
    """The custom id of each input, by itself and by its label."""
    names = {}
    for _, part in located(modal["components"]):
        if "custom_id" in part and part.get("label"):
            names[part["label"]] = part["custom_id"]
        if part.get("type") == ComponentType.LABEL:
            names[part["label"]] = part["component"]["custom_id"]
    custom_ids = [part["custom_id"] for part in walk(modal["components"]) if "custom_id" in part]
    return names | {custom_id: custom_id for custom_id in custom_ids}


def _filled(part: Json, given: Mapping[str, FormValue], resolved: Resolved) -> Json:
    sent: Json = {"type": part["type"], "id": part.get("id", 0)}
    if "components" in part:
        inner = [_filled(one, given, resolved) for one in part["components"]]
        return sent | {"components": inner}
    if "component" in part:
        return sent | {"component": _filled(part["component"], given, resolved)}
    if "custom_id" not in part:
        return sent
    return sent | {"custom_id": part["custom_id"]} | _value(part, given, resolved)


def _value(part: Json, given: Mapping[str, FormValue], resolved: Resolved) -> Json:
    kind, name = part["type"], part["custom_id"]
    if kind == ComponentType.TEXT_INPUT:
        return {"value": _text(part, given.get(name, part.get("value") or ""))}
    if kind == ComponentType.CHECKBOX:
        ticked = given.get(name, bool(part.get("default")))
        if ticked not in (True, False):
            raise ValueError(f"{name!r} takes True or False, not {ticked!r}")
        return {"value": ticked}
    if kind not in OF_OPTIONS and kind not in TAKES:
        raise ValueError(f"{name!r} is of type {kind}, which is not modelled")
    chosen = given.get(name, defaults(part))
    listed = [str(chosen)] if isinstance(chosen, str | bool) else list(chosen)
    values = picked(part, listed, resolved)
    if kind == ComponentType.RADIO_GROUP:
        return {"value": values[0] if values else None}
    return {"values": values}


def _text(part: Json, text: FormValue) -> str:
    least, most = part.get("min_length") or 0, part.get("max_length") or INPUT_CHARACTERS
    if text == "" and part.get("required") is False:
        return ""
    if isinstance(text, str) and max(least, 1) <= len(text) <= most:
        return text
    raise ValueError(f"{part['custom_id']!r} takes {least} to {most} characters, not {text!r}")
