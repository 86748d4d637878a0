"""What many interactions write at once goes into the database in one transaction."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

from corpus.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.state import State

_T = TypeVar("_T")
# Others that write, other processes too, are not kept waiting for long.
_MOST = 100


class Writing:
    """Writes in a thread of its own: what comes while one transaction is written is the next."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._thread = ThreadPoolExecutor(1, "write")
        self._pending: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []
        self._task: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[], _T]) -> _T:
        """Do ``work``, which calls the state, and wait until it is in the database.

        Raises:
            StorageError: the state cannot be used.
        """
        done: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        self._pending.append((work, done))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._written())
        return await done

    def close(self) -> None:
        """Let what is being written end; begin no more."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    async def _written(self) -> None:
        while self._pending:
            batch, self._pending = self._pending[:_MOST], self._pending[_MOST:]
            works = [work for work, _ in batch]
            try:
                results = await asyncio.get_running_loop().run_in_executor(
                    self._thread, self._together, works
                )
            except BaseException as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(StorageError(f"it could not be written ({error})"))
                raise
            for (_, done), result in zip(batch, results, strict=True):
                if done.done():
                    continue
                if isinstance(result, Exception):
                    done.set_exception(result)
                else:
                    done.set_result(result)

    def _together(self, works: Sequence[Callable[[], Any]]) -> list[Any]:
        """What each gave, or the exception that it raised."""
        if len(works) > 1:
            try:
                return self._state.together(works)
            except StorageError:
                # One at a time it may work: two processes may have been in each other's way.
                pass
        return [_tried(work) for work in works]


def _tried(work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - it is raised again for whoever waits
        return error
