"""What people fill in, in Discord's JSON, with the checks that Discord's own client makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .components import walk
from .constants import ComponentType, OptionType
from .message_payloads import attachment_payload
from .payloads import channel_payload, member_payload, user_payload
from .records import Attachment, Channel, Json, Upload, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .state import State

OptionValue = str | int | float | bool | User | Channel | Upload
PLAIN: dict[OptionType, tuple[type, ...]] = {
    OptionType.STRING: (str,),
    OptionType.INTEGER: (int,),
    OptionType.BOOLEAN: (bool,),
    OptionType.NUMBER: (int, float),
}
SUBCOMMANDS = (OptionType.SUB_COMMAND, OptionType.SUB_COMMAND_GROUP)


class Filling:
    """A command line being filled in."""

    def __init__(self, state: State, channel: Channel, *, focused: str | None = None) -> None:
        self._state = state
        self._channel = channel
        self._focused = focused
        self.resolved: Json = {}
        """The users, channels and files that options name, as Discord hands them over."""

    def fill(self, command: Json, path: list[str], values: Mapping[str, OptionValue]) -> list[Json]:
        """The options of `command`, whose subcommand is `path`; raises ValueError."""
        described: list[Json] = command.get("options") or []
        if path:
            name, *rest = path
            inner = next((o for o in described if o["name"] == name), None)
            if inner is None or inner["type"] not in SUBCOMMANDS:
                raise ValueError(f"/{command['name']} has no subcommand {name!r}")
            options = self.fill(inner, rest, values)
            return [{"type": inner["type"], "name": name, "options": options}]
        if any(option["type"] in SUBCOMMANDS for option in described):
            raise ValueError(f"/{command['name']} is only a group of subcommands")
        return self._fill_plain(described, values)

    def _fill_plain(self, described: list[Json], values: Mapping[str, OptionValue]) -> list[Json]:
        known = {option["name"]: option for option in described}
        unknown = sorted(values.keys() - known.keys())
        if unknown:
            raise ValueError(f"no such option: {unknown}; there are {sorted(known)}")
        # Whoever is still typing has not got to the other options yet.
        required = () if self._focused else (n for n, o in known.items() if o.get("required"))
        missing = [name for name in required if name not in values]
        if missing:
            raise ValueError(f"required and not given: {missing}")
        return [self._option(known[name], value) for name, value in values.items()]

    def _option(self, option: Json, value: OptionValue) -> Json:
        kind = OptionType(option["type"])
        filled: Json = {"name": option["name"], "type": int(kind), "value": value}
        if option["name"] == self._focused:
            if not option.get("autocomplete"):
                raise ValueError(f"option {option['name']!r} has no autocompletion")
            # While it is being typed, it may be anything.
            return {**filled, "value": str(value), "focused": True}
        if kind in PLAIN:
            _check(option, PLAIN[kind], value)
            return filled
        return {**filled, "value": self._resolve(kind, value)}

    def _resolve(self, kind: OptionType, value: OptionValue) -> str:
        if isinstance(value, User) and kind in (OptionType.USER, OptionType.MENTIONABLE):
            self._resolve_user(value)
            return str(value.id)
        if isinstance(value, Channel) and kind is OptionType.CHANNEL:
            payload = channel_payload(value, self._state.bot)
            self._hold("channels", value.id, payload | {"permissions": "0"})
            return str(value.id)
        if isinstance(value, Upload) and kind is OptionType.ATTACHMENT:
            id_ = self._state.ids.next()
            file = Attachment(id_, value.filename, value.content, value.description)
            self._state.files[id_] = file.content
            payload = attachment_payload(file, self._channel, self._state)
            self._hold("attachments", id_, payload | {"ephemeral": True})
            return str(id_)
        raise ValueError(f"{value!r} is nothing for an option of type {kind.name}")

    def _resolve_user(self, user: User) -> None:
        self._hold("users", user.id, user_payload(user))
        if self._channel.guild is not None:
            permissions = {"permissions": str(int(user.permissions))}
            self._hold("members", user.id, member_payload() | permissions)

    def _hold(self, kind: str, id_: int, payload: Json) -> None:
        self.resolved.setdefault(kind, {})[str(id_)] = payload


def _check(option: Json, types: tuple[type, ...], value: OptionValue) -> None:
    """Raise ValueError where Discord's client would not let a person send this."""
    name = option["name"]
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise ValueError(f"option {name!r} takes {types}, not {value!r}")
    choices = [choice["value"] for choice in option.get("choices") or ()]
    if choices and value not in choices:
        raise ValueError(f"option {name!r} takes one of {choices}, not {value!r}")
    size: float = len(value) if isinstance(value, str) else value  # type: ignore[assignment]
    unit = "length" if isinstance(value, str) else "value"
    least, most = option.get(f"min_{unit}"), option.get(f"max_{unit}")
    if (least is not None and size < least) or (most is not None and size > most):
        raise ValueError(f"the {unit} of option {name!r} must be {least} to {most}, not {size}")


def fill_modal(modal: Json, values: Mapping[str, str]) -> list[Json]:
    """A modal's components as they are sent back; raises ValueError."""
    inputs = [part for part in walk(modal["components"]) if "custom_id" in part]
    unknown = sorted(values.keys() - {part["custom_id"] for part in inputs})
    if unknown:
        raise ValueError(f"no such input: {unknown}; there are {[p['custom_id'] for p in inputs]}")
    return [_filled(part, values) for part in modal["components"]]


def _filled(part: Json, values: Mapping[str, str]) -> Json:
    sent: Json = {"type": part["type"], "id": part.get("id", 0)}
    if "components" in part:
        return sent | {"components": [_filled(inner, values) for inner in part["components"]]}
    if "component" in part:
        return sent | {"component": _filled(part["component"], values)}
    if part["type"] != ComponentType.TEXT_INPUT:
        if part.get("custom_id") in values:
            raise ValueError("of a modal's inputs only text inputs are modelled")
        return sent
    text = values.get(part["custom_id"], part.get("value") or "")
    least, most = part.get("min_length") or 0, part.get("max_length") or 4000
    empty_allowed = not text and part.get("required") is False
    if not empty_allowed and not max(least, 1) <= len(text) <= most:
        raise ValueError(f"{part['custom_id']!r} takes {least} to {most} characters")
    return sent | {"custom_id": part["custom_id"], "value": text}


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
