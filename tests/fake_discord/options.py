"""Options of commands, in Discord's JSON, with the checks that Discord's own client makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .constants import OptionType
from .records import Channel, Json, Role, Upload, User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .resolved import Resolved

OptionValue = str | int | float | bool | User | Role | Channel | Upload
PLAIN: dict[OptionType, tuple[type, ...]] = {
    OptionType.STRING: (str,),
    OptionType.INTEGER: (int,),
    OptionType.BOOLEAN: (bool,),
    OptionType.NUMBER: (int, float),
}
NAMED: dict[OptionType, tuple[type, ...]] = {
    OptionType.USER: (User,),
    OptionType.ROLE: (Role,),
    OptionType.MENTIONABLE: (User, Role),
    OptionType.CHANNEL: (Channel,),
    OptionType.ATTACHMENT: (Upload,),
}
WHOLE_NUMBERS = 2**53
"""Integers beyond it are nothing for Discord's client."""
STRING = 6000
SUBCOMMANDS = (OptionType.SUB_COMMAND, OptionType.SUB_COMMAND_GROUP)


class Filling:
    """A command line being filled in."""

    def __init__(self, resolved: Resolved, *, focused: str | None = None) -> None:
        self._resolved = resolved
        self._focused = focused

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
        return {**filled, "value": self._resolve(option, value)}

    def _resolve(self, option: Json, value: OptionValue) -> str:
        kind, types = OptionType(option["type"]), option.get("channel_types")
        fits = isinstance(value, NAMED.get(kind, ()))
        if isinstance(value, Channel) and types and int(value.type) not in types:
            fits = False
        if not fits or not isinstance(value, User | Role | Channel | Upload):
            raise ValueError(f"{value!r} is nothing for an option of type {kind.name}")
        return self._resolved.add(value)


def command_data(command: Json, options: list[Json], resolved: Json) -> Json:
    """What an interaction says of the command that was used."""
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    if options:
        data["options"] = options
    return data | ({"resolved": resolved} if resolved else {})


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
    if abs(size) > (STRING if unit == "length" else WHOLE_NUMBERS):
        raise ValueError(f"option {name!r} takes nothing as large")
    if (least is not None and size < least) or (most is not None and size > most):
        raise ValueError(f"the {unit} of option {name!r} must be {least} to {most}, not {size}")
