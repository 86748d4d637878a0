"""Which limits hold for the body of which route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import callbacks, channels, commands, webhooks
from .callbacks import deferral_faults
from .constants import CallbackType
from .form_limits import bulk_faults, choice_faults, command_faults, modal_faults
from .limits import message_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .records import Fault, Upload

MESSAGE_ROUTES = {
    channels.MESSAGES,
    channels.MESSAGE,
    webhooks.WEBHOOK,
    webhooks.ORIGINAL,
    webhooks.MESSAGE,
}
COMMAND_ROUTES = {commands.GLOBAL, commands.GUILD}


def body_faults(method: str, route: str, body: Any, uploads: tuple[Upload, ...]) -> list[Fault]:
    """What is wrong with a request's body by Discord's limits."""
    return list(_faults(method, route, body, uploads))


def _faults(method: str, route: str, body: Any, uploads: tuple[Upload, ...]) -> Iterable[Fault]:
    if method not in ("POST", "PUT", "PATCH"):
        return ()
    if route in MESSAGE_ROUTES:
        return message_faults(body, uploads)
    if route == callbacks.ROUTE:
        return _callback_faults(body, uploads)
    if route in COMMAND_ROUTES:
        return bulk_faults(body) if method == "PUT" else command_faults(body)
    return ()


def _callback_faults(body: Any, uploads: tuple[Upload, ...]) -> Iterable[Fault]:
    if not isinstance(body, dict):
        return ()
    kind, data = body.get("type"), body.get("data")
    if kind == CallbackType.AUTOCOMPLETE_RESULT:
        choices = data.get("choices") if isinstance(data, dict) else None
        return choice_faults(choices, ("data", "choices"))
    if kind == CallbackType.MODAL:
        return modal_faults(data, ("data",))
    if kind == CallbackType.DEFERRED_CHANNEL_MESSAGE:
        return deferral_faults(body)
    return message_faults(data, uploads, ("data",))
