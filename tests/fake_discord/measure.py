"""Measuring the parts of a request that are what they should be, and skipping the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .records import Fault, Json

if TYPE_CHECKING:
    from collections.abc import Iterator

Path = tuple[str | int, ...]


def length(text: Any, path: Path, limit: str, most: int, least: int = 0) -> Iterator[Fault]:
    """A fault where `text` is shorter than `least` or longer than `most` characters.

    What is no text is left to the description of the API.
    """
    if not isinstance(text, str):
        return
    if len(text) < least:
        code = "BASE_TYPE_REQUIRED" if not text else "BASE_TYPE_BAD_LENGTH"
        message = "This field is required" if not text else f"Must be {least} or more in length."
        yield Fault(path, code, message, limit)
    elif len(text) > most:
        yield Fault(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.", limit)


def count(items: Any, path: Path, limit: str, most: int) -> Iterator[Fault]:
    """A fault where there are more than `most` items."""
    if isinstance(items, list) and len(items) > most:
        yield Fault(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.", limit)


def dictionaries(items: Any) -> Iterator[tuple[int, Json]]:
    """The dictionaries of a list, with their places; whatever else there is, is skipped."""
    if isinstance(items, list):
        yield from ((i, item) for i, item in enumerate(items) if isinstance(item, dict))
