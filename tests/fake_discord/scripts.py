"""Troubles that a test arranges: rate limits, failures, slow answers."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from .errors import ApiError
from .records import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from .changes import Changes


def fits(method: str, route: str, wanted_method: str, wanted_route: str) -> bool:
    """Whether a request is one of those wanted; * stands for any method or part of a route."""
    return wanted_method in ("*", method) and fnmatchcase(route, wanted_route)


@dataclass(slots=True, eq=False)
class Hold:
    """Requests that wait at the door until a test lets them in."""

    changes: Changes
    released: asyncio.Event
    waiting: int = 0

    async def arrived(self, within: float | None = None) -> None:
        """Until a request waits."""
        await self.changes.wait_for(lambda: self.waiting > 0, "held request", within)

    def release(self) -> None:
        """Let them in, and all that come later."""
        self.released.set()


@dataclass(slots=True, eq=False)
class _Script:
    method: str
    route: str
    times: int
    reply: Reply | None = None
    hold: Hold | None = None
    after: int = 0
    acted: bool = False

    def matches(self, method: str, route: str) -> bool:
        if self.times == 0 or not fits(method, route, self.method, self.route):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        return True


@dataclass(frozen=True, slots=True)
class Arranged:
    """What becomes of a request: another answer than its own, or its own, cut short.

    With `acted` its own comes about, and another is sent.
    """

    reply: Reply | None
    acted: bool = False

    def instead_of(self, answer: Callable[[], Reply]) -> Reply:
        """The arranged answer, or what `answer` gives, to be cut."""
        try:
            if self.acted and self.reply is not None:
                answer()
            return self.reply or replace(answer(), cut=True)
        except ApiError as error:
            error.cut = True
            raise


class Scripts:
    """What was arranged, in order; the first that fits a request is used up by it."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._scripts: list[_Script] = []

    def answer(
        self,
        method: str,
        route: str,
        times: int,
        reply: Reply | None,
        *,
        after: int = 0,
        acted: bool = False,
    ) -> None:
        """Answer `times` such requests with `reply`, or with their own answers, cut short.

        The first `after` of them are let through; with `acted` they are heeded all the same.
        """
        self._scripts.append(_Script(method, route, times, reply, after=after, acted=acted))

    def hold(self, method: str, route: str, *, acted: bool = False) -> Hold:
        """Let such requests wait, or with `acted` their answers."""
        hold = Hold(self._changes, asyncio.Event())
        self._scripts.append(_Script(method, route, 1_000_000, hold=hold, acted=acted))
        return hold

    def release_all(self) -> None:
        """Let everything in, so that a server can stop."""
        for script in self._scripts:
            if script.hold is not None:
                script.hold.release()

    async def intercept(self, method: str, route: str) -> Arranged | None:
        """Wait as long as arranged; returns what else was arranged, if anything was."""
        for script in self._scripts:
            after = script.hold is not None and script.acted
            if after or not script.matches(method, route):
                continue
            if script.hold is None:
                script.times -= 1
                return Arranged(script.reply, script.acted)
            await self._wait(script.hold)
        return None

    async def linger(self, method: str, route: str) -> None:
        """Wait as long as arranged, once what was asked for is done."""
        for script in self._scripts:
            if script.hold is not None and script.acted and script.matches(method, route):
                await self._wait(script.hold)

    async def _wait(self, hold: Hold) -> None:
        if not hold.released.is_set():
            hold.waiting += 1
            self._changes.notify()
            await hold.released.wait()
            hold.waiting -= 1


def too_many_requests(retry_after: float, *, everywhere: bool) -> Reply:
    """Discord's 429; `retry_after` in seconds, `everywhere` for the global limit."""
    headers = {
        # discord.py takes a 429 without it for Cloudflare's ban and gives up.
        "Via": "1.1 google",
        "Retry-After": str(math.ceil(retry_after)),
        "X-RateLimit-Scope": "global" if everywhere else "user",
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    else:
        headers |= {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": f"{time.time() + retry_after:.3f}",
            "X-RateLimit-Reset-After": f"{retry_after:.3f}",
        }
    body = {
        "message": "You are being rate limited.",
        "retry_after": retry_after,
        "global": everywhere,
    }
    return Reply(429, body, headers)


def plenty() -> dict[str, str]:
    """The headers of a bucket that is far from empty, as most answers of Discord's carry them."""
    return {
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": "49",
        "X-RateLimit-Reset": f"{time.time() + 1:.3f}",
        "X-RateLimit-Reset-After": "1.000",
    }
