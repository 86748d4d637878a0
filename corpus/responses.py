"""What a server's answer says besides its page: in headers, in its status, by failing."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp

from corpus.errors import FetchError

# A server that asks for a longer rest is asked again after this one.
LONGEST_RETRY_AFTER = 7 * 24 * 3600.0

_LATER = {429, 503}
_LONGEST_VALIDATOR = 1_000
_REASONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((aiohttp.ClientConnectorDNSError,), "no host of that name is known"),
    (
        (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError),
        "its certificate cannot be trusted",
    ),
    ((aiohttp.ClientConnectorError,), "no connection can be made"),
    ((aiohttp.ServerDisconnectedError, ConnectionError), "the server ended the connection"),
    ((aiohttp.ClientPayloadError,), "what came is not as long as was announced"),
    ((aiohttp.ClientResponseError,), "the server's answer is not well formed"),
)


def conditions(etag: str | None, modified: str | None) -> dict[str, str]:
    """The headers of a request that asks whether anything has changed."""
    stated = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: kept for name, value in stated.items() if (kept := validator(value))}


def validator(value: str | None) -> str | None:
    """An ETag or Last-Modified that can be sent back as it is, or ``None``."""
    if value and len(value) <= _LONGEST_VALIDATOR and value.isascii() and value.isprintable():
        return value
    return None


def reason(error: Exception) -> str:
    """What went wrong, in people's words; ``error`` is aiohttp's or the system's."""
    for kinds, words in _REASONS:
        if isinstance(error, kinds):
            return words
    return f"it cannot be fetched ({type(error).__name__})"


def refusal(url: str, status: int, stated: str | None, now: datetime) -> FetchError:
    """The error that says that a server answered with ``status`` and no page.

    ``url`` is its address as a message shows it. ``stated`` is the answer's Retry-After, which
    counts for 429 and 503.
    """
    if status in _LATER:
        wait = retry_after(stated, now)
        when = f"in {wait:.0f} s" if wait is not None else "later"
        return FetchError(
            f"{url} asks to be left alone for now (status {status}); try again {when}",
            status=status,
            retry_after=wait,
        )
    try:
        meaning = f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        meaning = str(status)
    return FetchError(
        f"{url} answered {meaning} and no page; check the address, or try again later",
        status=status,
    )


def retry_after(stated: str | None, now: datetime) -> float | None:
    """Seconds from ``now`` on, at most `LONGEST_RETRY_AFTER`; ``None`` where nothing is stated.

    A Retry-After that is neither a number nor a date states nothing.
    """
    if stated is None:
        return None
    stated = stated.strip()
    if stated.isascii() and stated.isdigit():
        # Beyond a few digits every number is too many.
        return min(float(stated[:12]), LONGEST_RETRY_AFTER)
    try:
        until = parsedate_to_datetime(stated)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max((until - now).total_seconds(), 0.0), LONGEST_RETRY_AFTER)
