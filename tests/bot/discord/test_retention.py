"""What has grown old is deleted by one process at a time."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from bot.discord.retention import purge
from bot.settings import DiscordSettings
from bot.state import KeptAnswer, State
from tests.bot.answers import answer, document, excerpt

if TYPE_CHECKING:
    from pathlib import Path

_SOURCE = document("One was hurt.")
_DAY = 86_400.0


def test_one_process_at_a_time_deletes_what_is_older_than_was_set(tmp_path: Path) -> None:
    now = 1_000 * _DAY
    settings = DiscordSettings(kept_days=7)
    with (
        closing(State(tmp_path / "state.sqlite", clock=lambda: now)) as first,
        closing(State(tmp_path / "state.sqlite", clock=lambda: now)) as other,
    ):
        kept = KeptAnswer(1, answer(excerpt(_SOURCE)), (_SOURCE.sha256,))
        answer_id = first.answers.keep(kept, days=7)
        assert purge(first, settings) == 0
        now += 8 * _DAY
        assert other.leases.take("purge", 60)
        assert purge(first, settings) is None
        assert first.answers.kept(answer_id) is not None
        other.leases.release("purge")
        assert purge(first, settings) == 1
        assert first.answers.kept(answer_id) is None
        assert other.leases.take("purge", 60), "it is held no longer than it takes"
