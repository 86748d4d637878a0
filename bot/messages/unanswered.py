"""What was asked and not answered as pages of Discord messages: questions, counts and no names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.dates import BRITISH, spoken_day
from bot.messages.answers import Embed, Page
from bot.messages.markdown import escape, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.state.unanswered import Feedback, Unanswered

_PER_PAGE = 8
# Hostile questions double in length; with the reasons they stay below an embed's total.
_PAGE_CHARACTERS = 2_400
_QUESTION_CHARACTERS = 150
_MOST_ALIKE = 3
_NO_SOURCE = "no source"
_COLOUR, _REASONS_COLOUR = 0x757575, 0x6A1B9A
_REASONS = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are alike, the most frequent first."""

    questions: tuple[Unanswered, ...]

    @property
    def count(self) -> int:
        """How often any of them came."""
        return sum(one.count for one in self.questions)

    @property
    def last(self) -> date:
        """The last day that any of them came."""
        return max(one.last for one in self.questions)


def unanswered_pages(
    groups: Sequence[Group],
    reasons: Sequence[Feedback] = (),
    *,
    more: int = 0,
    dates: str = BRITISH,
) -> tuple[Page, ...]:
    """The pages, at least one: the groups that came most often first.

    ``more`` is how many rarer questions were not looked at; ``reasons`` say why answers were not
    helpful, oldest first.
    """
    ordered = sorted(groups, key=lambda group: -group.count)
    parts = _parts([_line(group, dates) for group in ordered])
    pages = []
    for number, lines in enumerate(parts):
        embeds = [Embed("\n".join(lines), _NO_SOURCE, _COLOUR)] if lines else []
        if number == 0 and reasons:
            embeds.append(_reasons(reasons, dates))
        content = _content(ordered, number, len(parts), more)
        pages.append(Page(content, tuple(embeds), number, len(parts)))
    return tuple(pages)


def _parts(lines: Sequence[str]) -> list[list[str]]:
    """The lines of each page, at least one page: as many as fit beside the reasons."""
    parts: list[list[str]] = [[]]
    for line in lines:
        size = sum(len(one) + 1 for one in parts[-1])
        if parts[-1] and (len(parts[-1]) == _PER_PAGE or size + len(line) > _PAGE_CHARACTERS):
            parts.append([])
        parts[-1].append(line)
    return parts


def _content(groups: Sequence[Group], number: int, count: int, more: int) -> str:
    if not groups:
        return "**Nothing is unanswered**: every question that was asked here found an answer."
    page = f" · page {number + 1} of {count}" if count > 1 else ""
    asked = sum(group.count for group in groups)
    questions = sum(len(group.questions) for group in groups)
    rest = f" {more} rarer questions are in the CSV alone." if more else ""
    return (
        f"**Not answered**{page}: asked {asked} time{'s' if asked > 1 else ''}, in {questions} "
        f"wording{'s' if questions > 1 else ''}, alike ones together.{rest}"
    )


def _line(group: Group, dates: str) -> str:
    first, *rest = group.questions
    line = f"**{group.count}×** {_words(first.question)}"
    if rest:
        alike = " · ".join(_words(one.question) for one in rest[:_MOST_ALIKE])
        left = len(rest) - _MOST_ALIKE
        line += f"\n-# also: {alike}" + (f" · and {left} more" if left > 0 else "")
    return f"{line}\n-# {first.outcome.value}, last on {spoken_day(group.last, dates)}"


def _reasons(reasons: Sequence[Feedback], dates: str) -> Embed:
    lines = [f"**Not helpful** ({len(reasons)}), the newest first:"]
    for one in reversed(reasons[-_REASONS:]):
        said = _words(one.reason) or "no reason given"
        lines.append(f"{_words(one.question)}\n-# {spoken_day(one.day, dates)}: {said}")
    return Embed("\n".join(lines), _NO_SOURCE, _REASONS_COLOUR)


def _words(text: str) -> str:
    return escape(shortened(text, _QUESTION_CHARACTERS))
