"""How Discord says no."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .records import Fault, Json


class Refusal(Enum):
    """HTTP status, Discord's code and Discord's words."""

    UNAUTHORIZED = (401, 0, "401: Unauthorized")
    NOT_FOUND = (404, 0, "404: Not Found")
    UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
    UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
    UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
    UNKNOWN_MEMBER = (404, 10007, "Unknown Member")
    UNKNOWN_USER = (404, 10013, "Unknown User")
    UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
    UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
    UNKNOWN_COMMAND = (404, 10063, "Unknown application command")
    DAILY_COMMAND_CREATES = (
        429,
        30034,
        "Max number of daily application command creates has been reached (200)",
    )
    TOO_LARGE = (413, 40005, "Request entity too large")
    ALREADY_ACKNOWLEDGED = (400, 40060, "Interaction has already been acknowledged.")
    FOLLOWUP_LIMIT = (
        400,
        40094,
        "This interaction has reached the maximum number of follow up messages",
    )
    MISSING_ACCESS = (403, 50001, "Missing Access")
    NOT_YOUR_MESSAGE = (403, 50005, "Cannot edit a message authored by another user")
    EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
    CANNOT_DM = (403, 50007, "Cannot send messages to this user")
    MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
    INVALID_WEBHOOK_TOKEN = (401, 50027, "Invalid Webhook Token")
    INVALID_FORM_BODY = (400, 50035, "Invalid Form Body")
    INVALID_JSON = (400, 50109, "The request body contains invalid JSON.")
    NO_HISTORY_TO_REPLY = (
        400,
        160002,
        "You cannot reply without permission to read message history",
    )
    BLOCKED_BY_AUTOMOD = (
        400,
        200000,
        "Message was blocked by automatic moderation",
    )


BY_CODE = {refusal.value[1]: refusal for refusal in Refusal if refusal.value[1]}
"""Discord's refusals by Discord's code."""


class ApiError(Exception):
    """A request that is refused.

    Its faults are recorded as violations, unless `blame` is False: some things that are refused
    no bot could have known.
    """

    def __init__(self, refusal: Refusal, *faults: Fault, blame: bool = True) -> None:
        self.status, self.code, self.message = refusal.value
        self.faults = faults
        self.blame = blame
        self.cut = False
        """Whether the line is cut before all of it has been said."""
        super().__init__(self.message)

    @property
    def body(self) -> Json:
        """Discord's error JSON."""
        body: Json = {"message": self.message, "code": self.code}
        if self.code == Refusal.INVALID_FORM_BODY.value[1]:
            body["errors"] = _tree(self.faults)
        return body


def _tree(faults: tuple[Fault, ...]) -> Json:
    """Faults by path, the way a 50035 nests them."""
    root: Json = {}
    for fault in faults:
        node = root
        for step in fault.path:
            node = node.setdefault(str(step), {})
        node.setdefault("_errors", []).append({"code": fault.code, "message": fault.message})
    return root
