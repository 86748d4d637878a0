"""What the hands of the server share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .gateway import Gateway
    from .messages import Messages
    from .scripts import Scripts
    from .state import State


class Parts:
    """The parts of a server, for those who act on them."""

    def __init__(
        self, state: State, gateway: Gateway, messages: Messages, scripts: Scripts
    ) -> None:
        self._state = state
        self._gateway = gateway
        self._messages = messages
        self._scripts = scripts
