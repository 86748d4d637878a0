"""Discord's published description of its HTTP API, where we have it."""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from .records import Fault, Json

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

PLACE = "METQUOTE_DISCORD_OPENAPI"
"""The environment variable that says where the description lies."""
BASE = "urn:discord:openapi"
REFERENCE_IDS = ("message_id", "channel_id", "guild_id")
SHOWN = 300
"""How much of a failed check is quoted: the values in it can be whole messages."""


def default_path() -> Path:
    """Where the description is looked for: beside the repository, unless the environment says."""
    repository = Path(__file__).resolve().parents[2]
    return Path(os.environ.get(PLACE) or repository.parent / "shared" / "discord" / "openapi.json")


class Description:
    """What the description says of routes, requests and answers."""

    def __init__(self, document: Json) -> None:
        self._paths: Json = document["paths"]
        resource = DRAFT202012.create_resource(document)
        self._registry: Registry[Any] = Registry().with_resource(BASE, resource)
        self._shapes = {re.sub(r"\{\w+\}", "{}", route): route for route in self._paths}
        self._validators: dict[str, Draft202012Validator] = {}

    def describes(self, method: str, route: str) -> bool:
        """Whether there is such a route; the names of its parameters do not matter."""
        return self._operation(method, route) is not None

    def request_faults(self, method: str, route: str, body: Any, media: str) -> list[Fault]:
        """What is wrong with a request's body, of the media type `media`."""
        operation = self._operation(method, route)
        if operation is None or body is None:
            return []
        content = operation.get("requestBody", {}).get("content", {})
        if media not in content:
            message = f"a body of type {media} is not described"
            return [Fault((), "SCHEMA", message, "schema")]
        pointer = self._pointer(method, route, "requestBody", "content", media, "schema")
        return self._faults(pointer, with_string_ids(body))

    def response_faults(self, method: str, route: str, status: int, body: Any) -> list[Fault]:
        """What is wrong with an answer of our own: the fake must not invent Discord either."""
        operation = self._operation(method, route)
        if operation is None or not 200 <= status < 300:
            return []
        described = operation["responses"].get(str(status), {}).get("content", {})
        if "application/json" not in described:
            return [] if body is None else [Fault((), "SCHEMA", f"{status} has no body", "schema")]
        steps = ("responses", str(status), "content", "application/json", "schema")
        return self._faults(self._pointer(method, route, *steps), body)

    def _operation(self, method: str, route: str) -> Json | None:
        known = self._shapes.get(re.sub(r"\{\w+\}", "{}", route))
        found: Json | None = self._paths[known].get(method.lower()) if known else None
        return found

    def _pointer(self, method: str, route: str, *steps: str) -> str:
        known = self._shapes[re.sub(r"\{\w+\}", "{}", route)]
        parts = ("paths", known, method.lower(), *steps)
        return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)

    def _faults(self, pointer: str, body: Any) -> list[Fault]:
        validator = self._validators.get(pointer)
        if validator is None:
            # Braces have no place in a URI: a pointer in a fragment has them quoted.
            quoted = pointer.replace("{", "%7B").replace("}", "%7D")
            schema = {"$ref": f"{BASE}#{quoted}"}
            validator = Draft202012Validator(schema, registry=self._registry)
            self._validators[pointer] = validator
        error = next(validator.iter_errors(body), None)
        if error is None:
            return []
        inner = _innermost(error)
        return [Fault(tuple(inner.absolute_path), "SCHEMA", inner.message[:SHOWN], "schema")]


def _innermost(error: ValidationError) -> ValidationError:
    """The error in the variant that was meant, not merely "is not valid under any of"."""
    while error.context:
        variants: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            variants.setdefault(inner.relative_schema_path[0], []).append(inner)
        meant = min(variants.values(), key=lambda inner: (_is_other_kind(inner), len(inner)))
        error = meant[0]
    return error


def _is_other_kind(errors: list[ValidationError]) -> bool:
    """Whether these errors only say that the value was another of the variants."""
    return any(
        (error.validator == "type" and not error.relative_path)
        or (error.validator in ("enum", "const") and list(error.relative_path)[-1:] == ["type"])
        for error in errors
    )


def with_string_ids(body: Any) -> Any:
    """A copy of `body` in which the ids that discord.py sends as integers are strings.

    Discord takes both; its description knows only strings.
    """
    if isinstance(body, list):
        return [with_string_ids(item) for item in body]
    if not isinstance(body, dict):
        return body
    out = {key: with_string_ids(value) for key, value in body.items()}
    for holder, keys in (("message_reference", REFERENCE_IDS), ("allowed_mentions", ())):
        part = out.get(holder)
        if isinstance(part, dict):
            out[holder] = _strings(part, (*keys, "users", "roles"))
    if isinstance(out.get("attachments"), list):
        out["attachments"] = [
            _strings(item, ("id",)) if isinstance(item, dict) else item
            for item in out["attachments"]
        ]
    return _strings(out, ("recipient_id", "sticker_ids", "messages"))


def _strings(part: Json, keys: tuple[str, ...]) -> Json:
    def text(value: Any) -> Any:
        if isinstance(value, list):
            return [text(item) for item in value]
        return str(value) if type(value) is int else value

    return {key: text(value) if key in keys else value for key, value in part.items()}


@cache
def load(path: Path) -> Description | None:
    """The description at `path`, read once; None where there is none."""
    if not path.is_file():
        return None
    return Description(json.loads(path.read_text(encoding="utf-8")))
