"""Waiting for the server's state to come true, without sleeping."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class _Waiter:
    """One look that is repeated at every change until it finds something."""

    def __init__(self, look: Callable[[], Any]) -> None:
        self._look = look
        self.found: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def try_again(self) -> None:
        if self.found.done():
            return
        try:
            result = self._look()
        except Exception as error:  # noqa: BLE001 -- whoever waits is who has to hear of it
            self.found.set_exception(error)
            return
        if result:
            self.found.set_result(result)


class Changes:
    """Tells those who wait that something has changed."""

    def __init__(self, describe: Callable[[], str], patience: float) -> None:
        self._describe = describe
        self._waiters: dict[object, list[_Waiter]] = {}
        self._touched: set[object] = set()
        self.patience = patience

    def touch(self, about: object) -> None:
        """Say what has changed: at the next notification, those who wait for it look again.

        A thousand waits for a thousand interactions are not all worth a look at every change.
        """
        self._touched.add(about)

    def notify(self) -> None:
        """Let the waiters look again: those for anything, and those for what was touched."""
        touched, self._touched = self._touched, set()
        for about in (None, *touched):
            for waiter in tuple(self._waiters.get(about, ())):
                waiter.try_again()

    async def wait_for(
        self,
        look: Callable[[], T | None],
        what: str,
        within: float | None = None,
        *,
        about: object = None,
    ) -> T:
        """The first true result of `look`, which runs now and after every change.

        With `about` it runs after changes of that thing alone.
        `within` is in seconds; without it the server's own patience holds.
        Raises TimeoutError, which says what was awaited and what did happen.
        """
        waiter = _Waiter(look)
        waiter.try_again()
        self._waiters.setdefault(about, []).append(waiter)
        patience = self.patience if within is None else within
        try:
            found: T = await asyncio.wait_for(waiter.found, patience)
        except TimeoutError:
            raise TimeoutError(f"no {what} within {patience} s\n{self._describe()}") from None
        finally:
            self._waiters[about].remove(waiter)
            if not self._waiters[about]:
                del self._waiters[about]
        return found
