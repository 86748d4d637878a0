"""Troubles that a test arranges: rate limits, failures, slow and broken answers, AutoMod."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from .errors import BY_CODE
from .parts import Parts
from .records import Reply
from .scripts import Hold, fits, too_many_requests

if TYPE_CHECKING:
    from .records import Guild


class Troubles(Parts):
    """What goes wrong on purpose."""

    @property
    def routes(self) -> tuple[tuple[str, str], ...]:
        """Every method and route that the fake answers, as they are given here."""
        raise NotImplementedError

    def limit_rate(
        self,
        method: str,
        route: str,
        *,
        times: int = 1,
        retry_after: float = 0.05,
        everywhere: bool = False,
        after: int = 0,
    ) -> None:
        """Answer `times` requests of a route with 429; `retry_after` in seconds.

        `everywhere` makes it the global limit, for which discord.py holds back every request.
        The first `after` requests are let through.
        """
        self._check_route(method, route)
        reply = too_many_requests(retry_after, everywhere=everywhere)
        self._scripts.answer(method, route, times, reply, after=after)

    def fail(
        self,
        method: str,
        route: str,
        status: int | None = None,
        code: int = 0,
        *,
        times: int = 1,
        message: str | None = None,
        after: int = 0,
        acted: bool = False,
    ) -> None:
        """Answer `times` requests of a route with an error of Discord's, 503 unless told.

        A `code` of Discord's brings the status and the words that belong to it. Nothing of what
        was asked for is done, unless it has `acted` all the same. The first `after` requests are
        let through.
        """
        self._check_route(method, route)
        known = BY_CODE.get(code)
        if status is None:
            status = known.value[0] if known else HTTPStatus.SERVICE_UNAVAILABLE
        if message is None:
            message = known.value[2] if known else HTTPStatus(status).phrase
        reply = Reply(int(status), {"message": message, "code": code})
        self._scripts.answer(method, route, times, reply, after=after, acted=acted)

    def cut(
        self, method: str, route: str, *, acted: bool = True, times: int = 1, after: int = 0
    ) -> None:
        """Cut the line in the middle of the answer to `times` requests of a route.

        What was asked for has been done then; with `acted=False` it was cut before.
        """
        self._check_route(method, route)
        # Without a status: an answer that nobody got to write.
        reply = None if acted else Reply(0, cut=True)
        self._scripts.answer(method, route, times, reply, after=after)

    def hold(self, method: str, route: str, *, acted: bool = False) -> Hold:
        """Let requests of a route wait until they are released.

        With `acted` what they ask for is done first, and it is their answers that wait.
        """
        self._check_route(method, route)
        return self._scripts.hold(method, route, acted=acted)

    def forbid_words(self, guild: Guild, *keywords: str) -> None:
        """Let AutoMod refuse every public message and edit in `guild` with one of `keywords`.

        They are whole words in any case; "curfew*" and "*curfew*" go further. Without any, it
        refuses nothing more.
        """
        self._state.moderation.forbid(guild, keywords)

    def alter_text(self, old: str, new: str) -> None:
        """From now on Discord makes `new` of `old` in every text that comes in."""
        self._state.moderation.alterations.append((old, new))

    def _check_route(self, method: str, route: str) -> None:
        """Raise ValueError for what no request will ever fit: a typing error in a test."""
        if not any(fits(*one, method, route) for one in self.routes):
            known = sorted(" ".join(one) for one in self.routes)
            raise ValueError(f"no route fits {method} {route}; there are {known}")
