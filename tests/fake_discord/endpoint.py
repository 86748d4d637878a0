"""A route and what answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from .records import Call, Reply


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one route."""

    method: str
    route: str
    """Discord's own template, below the base address."""
    answer: Callable[[Call], Reply]
    """Answers, or raises ApiError; at once, so that no two requests get in each other's way."""
    needs_token: bool = True
    """False where the path holds a token of its own."""
