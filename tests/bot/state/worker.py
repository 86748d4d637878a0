"""What a process does to a state, and when it kills itself: nothing is cleaned up then.

Discord is a file here: a message that was posted is a line of it.
"""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from bot.state import State
from bot.state.corrections import Change
from bot.state.posts import Post
from corpus.document import Span
from corpus.journal import Action

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHOWN = (Span(0, 5),)
START = 1_700_000_000.0


def die() -> None:
    """As by ``kill -9``."""
    os.kill(os.getpid(), signal.SIGKILL)


def say(path: Path, line: str) -> None:
    """One line more, whole, whoever else writes."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)


def migrate(where: Path | str, statement: str) -> None:
    """Open the state, and die when ``statement`` is about to be executed."""

    def executing(_: object, __: object, said: str, *___: object) -> None:
        if statement and statement in said:
            die()

    event.listen(Engine, "before_cursor_execute", executing)
    State(where).close()


def send(state: State, log: Path, dying_at: int = 0) -> None:
    """Post everything; die after the message of that number (from 1), before it is noted."""
    number = 0
    while sending := state.outbox.claim(60):
        number += 1
        say(log, f"{sending.message.key} {sending.nonce}")
        if number == dying_at:
            die()
        shown = tuple(one for delivery in sending.deliveries for one in delivery.excerpts)
        posted = Post(sending.message.channel, 10_000 + sending.id, "follow", shown)
        say(log.with_suffix(".noted"), f"{sending.id} {state.outbox.sent(sending, posted)}")


def correct(state: State, log: Path, dying_at: int = 0) -> None:
    """Correct everything; die after that many edits, before the last is noted."""
    number = 0
    while correction := state.corrections.claim(60):
        number += 1
        say(log, f"{correction.post.message} {len(correction.changes)}")
        if number == dying_at:
            die()
        state.corrections.done(correction)


def journal(state: State, lines: int, dying_at: int = -1) -> None:
    """Handle every line for both readers; die when that line is about to be committed."""
    handled = 0

    def committing(_: object) -> None:
        if handled == dying_at:
            die()

    if dying_at >= 0:
        event.listen(state._store.engine, "commit", committing)
    follows = [one.id for one in state.follows.all()]
    for line in range(lines):
        handled = line
        change = Change(line, "letter", Action.CORRECTED, str(line))
        state.corrections.plan(change)
        state.follows.matched(change, dict.fromkeys(follows, SHOWN))


def lease(state: State, log: Path, rounds: int, dying_at: int = 0) -> None:
    """Hold the lease so often, alone; die in that round."""
    taken = 0
    while taken < rounds:
        if not state.leases.take("job", 60):
            time.sleep(0.001)
            continue
        taken += 1
        say(log, f"in {os.getpid()}")
        if taken == dying_at:
            die()
        say(log, f"out {os.getpid()}")
        state.leases.release("job")


def work(where: Path | str, action: str, *rest: Any) -> None:
    """Do one action, as a process."""
    if action == "migrate":
        migrate(where, *rest)
        return
    state = State(where, clock=lambda: START)
    if action == "journal":
        journal(state, *rest)
    else:
        actions: dict[str, Callable[..., None]] = {
            "send": send, "correct": correct, "lease": lease,
        }  # fmt: skip
        actions[action](state, *rest)
    state.close()
