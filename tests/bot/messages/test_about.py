"""What the bot says of itself, within one message."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.messages.about import About, about_text, forgotten_text, help_text
from bot.state.forgetting import Forgotten
from corpus.document import PartialDate

_ABOUT = About(1, PartialDate(2020, 6, 26), datetime(2026, 11, 30, 9, 5, tzinfo=UTC), 7)


def test_about_says_what_is_held_and_kept() -> None:
    text = about_text(_ABOUT, "iso")
    assert "I hold 1 document; the newest is from 2020-06-26." in text
    assert "last looked at on 2026-11-30 at 09:05 UTC" in text
    assert "7 days" in text
    assert len(text) <= 2_000


def test_what_is_not_known_is_left_out() -> None:
    text = about_text(About(12_345, None, None, 30))
    assert "I hold 12,345 documents.\n" in text
    assert "looked" not in text


def test_help_has_a_line_for_each_command_and_fits() -> None:
    text = help_text([("quote", "Exact *words*."), ("ask", "Ask.")], [], ["Look!"])
    lines = text.split("\n")
    assert lines[-3:] == [
        "**/ask** Ask.", "**/quote** Exact \\*words\\*.",
        "In the menu of a message, under Apps: **Look!**",
    ]  # fmt: skip
    assert "moderators" not in text
    assert help_text([], [("settings", "Choose.")], []).endswith(
        "For moderators:\n**/settings** Choose."
    )
    many = [(f"command{n}", "x" * 90) for n in range(100)]
    assert len(help_text(many, many, [])) <= 2_000


def test_what_was_forgotten_is_counted() -> None:
    done = Forgotten({"answers": 2, "lookups": 1, "views": 0}, {"posts": 1, "follows": 0}, ())
    assert forgotten_text(done, 0) == (
        "Deleted: 2 answers, 1 look-up. Your name was taken off: 1 public message."
    )
    assert "Of 3 of the messages" in forgotten_text(done, 3)
    nothing = Forgotten({"answers": 0}, {"posts": 0}, ())
    assert forgotten_text(nothing, 0) == "Deleted: nothing, there was nothing of yours."
